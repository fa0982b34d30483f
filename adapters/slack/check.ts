import type { WebClient } from '@slack/web-api'
import { WebClient as Client } from '@slack/web-api'
import { silent } from '../../src/core/log.ts'
import type { Actor, Profile } from '../../src/core/workflow.ts'
import { actorOf } from './actor.ts'
import { clientOptions, makeClient } from './client.ts'
import { problemsOf, type SlackConfig } from './config.ts'
import { deliveryError, platformCode } from './errors.ts'
import { profileOf } from './profile.ts'

export type SlackCheck = {
  team: { id: string; name: string; url: string } | undefined
  bot: { user: string; name: string } | undefined
  scopes: string[]
  missingScopes: string[]
  /** One sentence each, with its cure; empty when everything is well. */
  problems: string[]
}

/** What works and what is missing between this configuration and Slack; `wanted` are the scopes of the manifest. */
export async function checkSlack(config: SlackConfig, wanted: readonly string[]): Promise<SlackCheck> {
  const found: SlackCheck = {
    team: undefined,
    bot: undefined,
    scopes: [],
    missingScopes: [],
    problems: problemsOf(config),
  }
  if (found.problems.length > 0) return found
  const client = makeClient(config, silent)
  try {
    const it = await client.auth.test()
    found.team = { id: it.team_id ?? '', name: it.team ?? '', url: it.url ?? '' }
    found.bot = { user: it.user_id ?? '', name: it.user ?? '' }
    // Slack names the granted scopes in a header of every answer; without it nothing can be said of them.
    const scopes = it.response_metadata?.scopes
    found.scopes = scopes ?? []
    found.missingScopes = scopes ? wanted.filter((scope) => !scopes.includes(scope)) : []
    if (config.teamIds?.length && !config.teamIds.some((id) => id === it.team_id || id === it.enterprise_id))
      found.problems.push(
        `The bot token belongs to workspace ${it.team_id}, which is not among the allowed ones: add it.`,
      )
  } catch (error) {
    found.problems.push(tokenProblem(error))
    return found
  }
  if (found.missingScopes.length > 0)
    found.problems.push(
      `The app lacks ${found.missingScopes.join(', ')}: update its manifest, then install it again to the workspace.`,
    )
  if (config.appToken) found.problems.push(...(await socketProblems(config, config.appToken)))
  return found
}

function tokenProblem(error: unknown): string {
  const code = platformCode(error)
  if (code === undefined)
    return `Slack cannot be reached (${deliveryError(error).message}): check the network, a proxy, or SLACK_API_URL.`
  return `Slack does not accept the bot token (${code}): install the app to the workspace and copy its token again.`
}

async function socketProblems(config: SlackConfig, appToken: string): Promise<string[]> {
  try {
    await new Client(appToken, clientOptions(config, silent)).apps.connections.open({})
    return []
  } catch (error) {
    const code = platformCode(error) ?? deliveryError(error).message
    return [
      `Socket Mode does not open (${code}): switch it on in the app's settings and use an app-level token with connections:write.`,
    ]
  }
}

/** The account behind a mail address, if the workspace has one: how the first administrator is found. */
export async function findByEmail(
  config: SlackConfig,
  email: string,
): Promise<{ actor: Actor; profile: Profile } | undefined> {
  const client = makeClient(config, silent)
  try {
    const allowed = await teamsOf(config, client)
    const { user } = await client.users.lookupByEmail({ email })
    return user ? memberOf(user, allowed) : undefined
  } catch (error) {
    if (platformCode(error) === 'users_not_found') return undefined
    throw deliveryError(error)
  }
}

/** Everybody of the workspace, 200 a call: to link imported people before their first click. Throws DeliveryError. */
export async function* members(config: SlackConfig): AsyncGenerator<{ actor: Actor; profile: Profile }> {
  const client = makeClient(config, silent)
  const allowed = await teamsOf(config, client)
  let cursor: string | undefined
  do {
    const page = await client.users.list({ limit: 200, include_locale: true, ...(cursor ? { cursor } : {}) })
    for (const user of page.members ?? []) {
      const it = memberOf(user, allowed)
      if (it) yield it
    }
    cursor = page.response_metadata?.next_cursor || undefined
  } while (cursor !== undefined)
}

async function teamsOf(config: SlackConfig, client: WebClient): Promise<ReadonlySet<string>> {
  if (config.teamIds && config.teamIds.length > 0) return new Set(config.teamIds)
  const { team_id } = await client.auth.test()
  return new Set(team_id === undefined ? [] : [team_id])
}

type User = Parameters<typeof profileOf>[0]

function memberOf(user: User, allowed: ReadonlySet<string>): { actor: Actor; profile: Profile } | undefined {
  const profile = profileOf(user, allowed)
  if (profile.standing !== 'member' && profile.standing !== 'guest') return undefined
  const actor = actorOf(
    { user: user.id, userTeam: user.team_id, enterprise: user.enterprise_id ?? user.enterprise_user?.enterprise_id },
    allowed,
  )
  return actor ? { actor, profile } : undefined
}
