import type { Log } from '../../src/core/log.ts'
import type { Connector } from './connector.ts'
import type { Message } from './encode.ts'
import { deliveryError } from './errors.ts'
import { EDIT_AGAIN_SECONDS, SOON_SECONDS } from './limits.ts'
import type { Where } from './payload.ts'

type Deps = { connector: Connector; after: (ms: number) => Promise<void>; log: Log }

/**
 * Edits the message that was clicked, or that a form was opened from. Nothing throws: the click itself is done. The core
 * takes the message for answered, so an edit that did not get through is tried again; twice is no harm.
 */
export function makeEdit({ connector, after, log }: Deps) {
  /** The newest edit of each message that is under way: an older one must not come through after it. */
  const newest = new Map<string, Message>()

  /** Seconds until it may be tried again; undefined: it is done, or never will be. */
  async function tried(at: Where, message: Message, otherwise: number | undefined): Promise<number | undefined> {
    try {
      await connector.edit(at, message)
      return undefined
    } catch (error) {
      const problem = deliveryError(error)
      log.warn({ what: 'edit', code: problem.message }, 'teams.call')
      if (problem.permanent || otherwise === undefined) return undefined
      const wait = problem.retryAfter ?? otherwise
      return wait > SOON_SECONDS ? undefined : wait
    }
  }

  return async (at: Where | undefined, message: Message): Promise<void> => {
    if (!at) return
    const which = `${at.conversation}/${at.id}`
    newest.set(which, message)
    for (const otherwise of [...EDIT_AGAIN_SECONDS, undefined]) {
      const wait = await tried(at, message, otherwise)
      if (wait === undefined) break
      await after(wait * 1000)
      if (newest.get(which) !== message) return
    }
    if (newest.get(which) === message) newest.delete(which)
  }
}
