import type { Random } from '../../src/core/id.ts'
import type { Log } from '../../src/core/log.ts'
import type { Actor, Profile } from '../../src/core/workflow.ts'

export type SlackConfig = {
  /** xoxb-… of the app installed in the workspace. */
  botToken: string
  /** From "Basic Information"; needed unless `appToken` is set. */
  signingSecret?: string
  /** xapp-… with connections:write: Socket Mode, no public address needed. */
  appToken?: string
  /** Workspaces (T…) and organisations (E…) whose people may act; without it, the workspace of the token. */
  teamIds?: readonly string[]
  /** Another Web API than Slack's, ending in /api/: tests, Slack for government. */
  apiUrl?: string
  fetch?: typeof fetch
  /** Public address of the browser desk, for links to its paths. */
  desk?: string
}

export type SlackDeps = {
  now: () => Date
  log: Log
  random: Random
  /** Resolves after that many milliseconds; replaced in tests. */
  after?: (ms: number) => Promise<void>
  /** Somebody joined or changed (their profile as Slack vouches for it now). */
  changed?: (actor: Actor, profile: Profile) => Promise<void>
  /** The app was removed or its token revoked: nothing can be delivered until it is installed again. */
  removed?: (team: string) => Promise<void>
}

/** One sentence per problem, with its cure. */
export function problemsOf(config: SlackConfig): string[] {
  const problems: string[] = []
  if (!/^xoxb-/.test(config.botToken))
    problems.push('The bot token must start with xoxb-: copy it from "OAuth & Permissions" of your Slack app.')
  if (config.appToken !== undefined && !/^xapp-/.test(config.appToken))
    problems.push('The app-level token must start with xapp-: make one with connections:write in "Basic Information".')
  if (config.appToken === undefined && !config.signingSecret?.trim())
    problems.push(
      'The signing secret is missing: copy it from "Basic Information" of your Slack app, or use Socket Mode.',
    )
  if (config.apiUrl !== undefined && !URL.canParse(config.apiUrl))
    problems.push('The address of the Slack API is not an address: leave it out to use https://slack.com/api/.')
  for (const id of config.teamIds ?? [])
    if (!/^[TE][A-Z0-9]{2,30}$/.test(id))
      problems.push(`${id} is not the id of a Slack workspace (T…) or organisation (E…): "auth.test" names yours.`)
  return problems
}
