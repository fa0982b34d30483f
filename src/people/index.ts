import type { Workflow } from '../core/workflow.ts'
import { leaveOnTime } from './leaving.ts'
import { happenings } from './record.ts'

/** The register of people: kept true by files, and by the days on which somebody leaves. */
export const people: Workflow = { name: 'people', actions: {}, cards: {}, commands: [], tick: leaveOnTime, happenings }
