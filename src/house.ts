import type { Config } from './config.ts'
import type { House } from './core/workflow.ts'
import { workflows } from './workflows.ts'

/** What all workflows know of this installation. */
export const houseOf = (config: Config, desk: House['desk']): House => ({
  workflows,
  organisation: config.organisation,
  desk,
  workday: config.workday,
  timezone: config.timezone,
})
