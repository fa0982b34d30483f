import type { Config } from './config.ts'
import { makeTyped } from './core/typed.ts'
import type { House, Platform } from './core/workflow.ts'
import { workflows } from './workflows.ts'

/** What all workflows know of this installation. `platforms` may still grow: they are asked when something is said. */
export const houseOf = (config: Config, desk: House['desk'], platforms: readonly Platform[]): House => ({
  workflows,
  organisation: config.organisation,
  desk,
  workday: config.workday,
  timezone: config.timezone,
  typed: makeTyped(workflows, platforms, desk),
})
