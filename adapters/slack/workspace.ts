import type { WebClient } from '@slack/web-api'
import type { Log } from '../../src/core/log.ts'
import type { SlackConfig } from './config.ts'
import { deliveryError } from './errors.ts'

export type Workspace = {
  /** Workspaces and organisations whose people may act. */
  allowed(): Promise<ReadonlySet<string>>
  mayReadFiles(): boolean
  /** Asks Slack who we are. Throws when the token is not accepted; a network that is down does not stop the start. */
  greet(): Promise<void>
}

/** What the token is good for: asked once, again when it failed. */
export function makeWorkspace(client: WebClient, config: SlackConfig, log: Log): Workspace {
  const named = config.teamIds && config.teamIds.length > 0 ? new Set(config.teamIds) : undefined
  let asked: Promise<ReadonlySet<string>> | undefined
  let scopes: readonly string[] = []

  async function ask(): Promise<ReadonlySet<string>> {
    const it = await client.auth.test()
    scopes = it.response_metadata?.scopes ?? []
    const own = [it.team_id, it.is_enterprise_install ? it.enterprise_id : undefined]
    return new Set(own.filter((id) => id !== undefined))
  }

  const own = (): Promise<ReadonlySet<string>> => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined
      throw deliveryError(error)
    })
    return asked
  }

  return {
    allowed: async () => named ?? own(),
    mayReadFiles: () => scopes.includes('files:read'),
    async greet() {
      try {
        await own()
      } catch (error) {
        const code = deliveryError(error).message
        if (REFUSED.includes(code))
          throw new Error(
            `Slack does not accept the bot token (${code}): install the app again and copy its new token.`,
          )
        log.warn({ code }, 'slack.unreachable')
      }
    },
  }
}

const REFUSED = ['invalid_auth', 'account_inactive', 'token_revoked', 'token_expired', 'not_authed']
