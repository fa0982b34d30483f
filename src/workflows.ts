import { access } from './access/index.ts'
import { controls } from './controls/index.ts'
import type { Workflow } from './core/workflow.ts'
import { home } from './home/index.ts'
import { incidents } from './incidents/index.ts'
import { people } from './people/index.ts'
import { policies } from './policies/index.ts'

/** Every loop of the ISMS that this installation runs, in the order people see them. */
export const workflows: readonly Workflow[] = [home, policies, controls, access, incidents, people]
