import type { Log } from '../../src/core/log.ts'
import type { Connector } from './connector.ts'
import type { Message } from './encode.ts'
import { deliveryError } from './errors.ts'
import { EDIT_AGAIN_SECONDS, SOON_SECONDS } from './limits.ts'
import type { Where } from './payload.ts'

type Deps = { connector: Connector; after: (ms: number) => Promise<void>; log: Log }

export type Edits = {
  /**
   * Edits the message that was clicked, or that a form was opened from. Nothing throws: the click itself is done. The core
   * takes the message for answered, so an edit that did not get through is tried again; twice is no harm.
   */
  edit(at: Where | undefined, message: Message): Promise<void>
  /** For everybody else: their edits are newer than one that is still being tried. */
  connector: Connector
}

export function makeEdits({ connector, after, log }: Deps): Edits {
  /** The newest edit of each message that is being tried: an older one must not come through after it. */
  const newest = new Map<string, Message>()
  const nameOf = ({ conversation, id }: Where): string => `${conversation}/${id}`

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

  return {
    async edit(at, message) {
      if (!at) return
      const which = nameOf(at)
      newest.set(which, message)
      for (const otherwise of [...EDIT_AGAIN_SECONDS, undefined]) {
        const wait = await tried(at, message, otherwise)
        if (wait === undefined) break
        await after(wait * 1000)
        if (newest.get(which) !== message) break
      }
      if (newest.get(which) === message) newest.delete(which)
    },
    connector: {
      ...connector,
      edit(at, message) {
        newest.delete(nameOf(at))
        return connector.edit(at, message)
      },
    },
  }
}
