import { z } from 'zod'
import { faultOf, type Log } from '../../src/core/log.ts'
import { actorOf } from './actor.ts'
import type { SlackDeps } from './config.ts'
import type { Home } from './home.ts'
import { MOST_REMEMBERED } from './limits.ts'
import { profileOf } from './profile.ts'

const envelope = z.object({
  event_id: z.string().optional(),
  team_id: z.string().optional(),
  enterprise_id: z.string().nullish(),
})
const opened = z.object({
  user: z.string(),
  tab: z.string().optional(),
  view: z.object({ hash: z.string().optional() }).optional(),
})
const person = z.object({ user: z.looseObject({ id: z.string(), team_id: z.string().optional() }) })

type Deps = Pick<SlackDeps, 'changed' | 'removed'> & {
  home: Home
  allowed: () => Promise<ReadonlySet<string>>
  log: Log
}

/**
 * Events: each is worked once per event_id. What throws is brought again by Slack, so nothing is remembered before it
 * succeeded.
 */
export function makeEvents({ home, allowed, log, changed, removed }: Deps) {
  const done = new Set<string>()

  async function work(event: { type: string }, about: z.infer<typeof envelope>): Promise<void> {
    switch (event.type) {
      case 'app_home_opened': {
        const it = opened.safeParse(event).data
        if (!it || (it.tab ?? 'home') !== 'home') return
        const by = actorOf(
          { user: it.user, team: about.team_id, enterprise: about.enterprise_id ?? undefined },
          await allowed(),
        )
        if (by) await home.opened(by, it.view?.hash, `event:${about.event_id}`)
        return
      }
      case 'team_join':
      case 'user_change': {
        const user = person.safeParse(event).data?.user
        if (!user) return
        const teams = await allowed()
        const acting = {
          user: user.id,
          userTeam: user.team_id,
          team: about.team_id,
          enterprise: about.enterprise_id ?? undefined,
        }
        const actor = actorOf(acting, teams)
        log.info({ type: event.type }, 'slack.event')
        if (actor) await changed?.(actor, profileOf(user, teams))
        return
      }
      case 'app_uninstalled':
      case 'tokens_revoked':
        log.warn({ type: event.type, team: about.team_id }, 'slack.removed')
        await removed?.(about.team_id ?? '')
        return
      default:
    }
  }

  return async (event: { type: string }, body: unknown): Promise<void> => {
    const about = envelope.safeParse(body).data ?? {}
    if (about.event_id !== undefined && done.has(about.event_id)) return
    try {
      await work(event, about)
    } catch (error) {
      log.error({ type: event.type, ...faultOf(error) }, 'slack.event')
      throw error
    }
    if (about.event_id === undefined) return
    done.add(about.event_id)
    const [oldest] = done
    if (done.size > MOST_REMEMBERED && oldest !== undefined) done.delete(oldest)
  }
}
