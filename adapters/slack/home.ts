import type { WebClient } from '@slack/web-api'
import { faultOf, type Log } from '../../src/core/log.ts'
import type { Under } from '../../src/core/under.ts'
import type { Actor, Block, Core } from '../../src/core/workflow.ts'
import { drawHome } from './encode.ts'
import { platformCode } from './errors.ts'
import { MOST_REMEMBERED } from './limits.ts'
import type { PenOptions } from './pen.ts'

/** The Home tab is the person's inbox: a card, and an action that shows it. */
const INBOX = 'home.inbox'

export type Home = {
  /** Somebody looks at it: drawn before this resolves, published in the background. */
  opened(by: Actor, hash: string | undefined, key: string): Promise<void>
  /** Somebody did something: drawn again if they have looked at it lately, never for everybody (100 calls a minute). */
  touch(by: Actor): void
}

type Seen = { hash: string | undefined; busy: boolean; again: boolean }

export function makeHome(client: WebClient, core: Core, pen: () => PenOptions, under: Under, log: Log): Home {
  const seen = new Map<string, Seen>()

  function remember(by: Actor, hash: string | undefined): Seen {
    const key = `${by.tenant}:${by.user}`
    const known = seen.get(key) ?? { hash, busy: false, again: false }
    if (hash !== undefined) known.hash = hash
    seen.delete(key)
    seen.set(key, known)
    const oldest = seen.keys().next().value
    if (seen.size > MOST_REMEMBERED && oldest !== undefined) seen.delete(oldest)
    return known
  }

  /** With the hash, a slower older drawing cannot cover a newer one; after a conflict the newest state is drawn. */
  async function publish(by: Actor, known: Seen, card = core.card(INBOX, undefined, by)): Promise<void> {
    const view = drawHome(await card, pen())
    try {
      const done = await client.views.publish({ user_id: by.user, view, ...(known.hash ? { hash: known.hash } : {}) })
      known.hash = done.view?.hash
    } catch (error) {
      if (platformCode(error) !== 'hash_conflict' || known.hash === undefined) throw error
      known.hash = undefined
      await publish(by, known)
    }
  }

  async function refresh(by: Actor, known: Seen): Promise<void> {
    if (known.busy) {
      known.again = true
      return
    }
    known.busy = true
    try {
      do {
        known.again = false
        await publish(by, known)
      } while (known.again)
    } catch (error) {
      log.warn({ what: 'views.publish', code: platformCode(error), ...faultOf(error) }, 'slack.call')
    } finally {
      known.busy = false
    }
  }

  return {
    async opened(by, hash, key) {
      const known = remember(by, hash)
      // A turn, not only a card: for many the Home tab is where they meet us first.
      const reply = await core.turn({ key, by, do: INBOX, origin: 'home' })
      const said: Block[] = reply.say ? [{ kind: 'text', text: reply.say }] : []
      const card = reply.card ?? { title: core.organisation, blocks: said }
      under.add(
        publish(by, known, Promise.resolve(card)).catch((error: unknown) =>
          log.warn({ what: 'views.publish', code: platformCode(error), ...faultOf(error) }, 'slack.call'),
        ),
      )
    },
    touch(by) {
      const known = seen.get(`${by.tenant}:${by.user}`)
      if (known) under.add(refresh(by, known))
    },
  }
}
