import type { Platform } from '../../src/core/workflow.ts'
import { typedAs } from './commands.ts'
import { PLATFORM, type WebConfig, type WebDeps } from './config.ts'
import { GATHER_MS } from './limits.ts'
import { makeLive } from './live.ts'
import { makeReplies } from './replies.ts'
import { makeRoutes } from './routes.ts'

export type { WebConfig, WebDeps } from './config.ts'
export type { DemoDesk, Seat } from './demo.ts'

/**
 * The browser desk: the third platform. What is delivered here stands in the core's own table and is read back from
 * there, so delivering means telling open pages to look again.
 */
export function web(config: WebConfig, deps: WebDeps): Platform {
  const live = makeLive(config.demo ? GATHER_MS.demo : GATHER_MS.company)
  return {
    name: PLATFORM,
    typed: typedAs,
    mount: (core) => makeRoutes({ config, deps, core, live, replies: makeReplies() }),
    async deliver(_to, _card, _sent, key) {
      live.changed()
      return { key }
    },
    // Who a browser person is comes from the register itself: the session was opened for a person, not for an account.
    profile: async () => ({ name: '', standing: 'member' }),
    stop: async () => live.close(),
  }
}
