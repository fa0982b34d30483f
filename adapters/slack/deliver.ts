import { createHash } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import { DeliveryError } from '../../src/core/errors.ts'
import type { Log } from '../../src/core/log.ts'
import type { Address, Anchor, Card } from '../../src/core/workflow.ts'
import { drawMessage, type Message } from './encode.ts'
import { deliveryError, platformCode } from './errors.ts'
import { MOST_REMEMBERED } from './limits.ts'
import type { Where } from './payload.ts'
import type { PenOptions } from './pen.ts'

/** What stands there is gone or may not be edited any more: the card is posted anew. */
const GONE = ['message_not_found', 'edit_window_closed', 'cant_update_message', 'channel_not_found']

type Deliver = (to: Address, card: Card, sent: Anchor | undefined, key: string) => Promise<Anchor>

/** Nobody's words or names ride on a message; the mark lets a message be recognised as one of ours. */
const markOf = (key: string) => ({
  event_type: 'countersign_message',
  event_payload: { key: createHash('sha256').update(key).digest('hex').slice(0, 32) },
})

/**
 * Posts or edits one card. Slack knows no idempotency key, so a post whose outcome is unknown is said to be unknown and
 * never repeated here; an edit may be repeated freely.
 */
export function makeDeliver(client: WebClient, pen: () => PenOptions, log: Log): Deliver {
  const channels = new Map<string, string>()

  async function channelOf(to: Address): Promise<string> {
    if (typeof to.channel === 'string') return to.channel
    const user = to.user
    if (typeof user !== 'string') throw new DeliveryError('an address without a user', { permanent: true })
    const known = channels.get(user)
    if (known !== undefined) return known
    const channel = await repeatable(async () => (await client.conversations.open({ users: user })).channel?.id)
    if (channel === undefined) throw new DeliveryError('conversations.open named no channel')
    const oldest = channels.keys().next().value
    if (channels.size >= MOST_REMEMBERED && oldest !== undefined) channels.delete(oldest)
    channels.set(user, channel)
    return channel
  }

  async function post(to: Address, message: Message, key: string): Promise<Where> {
    const channel = await channelOf(to)
    try {
      const posted = await client.chat.postMessage({
        channel,
        ...message,
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none',
        link_names: false,
        metadata: markOf(key),
      })
      if (posted.ts === undefined) throw new DeliveryError('chat.postMessage named no message', { unknown: true })
      return { channel: posted.channel ?? channel, ts: posted.ts }
    } catch (error) {
      if (typeof to.user === 'string' && platformCode(error) === 'channel_not_found') channels.delete(to.user)
      throw told(error)
    }
  }

  const told = (error: unknown): DeliveryError => {
    const problem = deliveryError(error)
    log.warn({ code: problem.message, permanent: problem.permanent, unknown: problem.unknown }, 'slack.delivery')
    return problem
  }

  /** What can be done twice without harm: nothing about it stays unknown. */
  async function repeatable<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      const problem = told(error)
      throw problem.unknown ? new DeliveryError(problem.message) : problem
    }
  }

  return async (to, card, sent, key) => {
    const message = drawMessage(card, pen())
    const at = whereOf(sent)
    if (!at) return post(to, message, key)
    try {
      await repeatable(() => client.chat.update({ ...at, ...message, parse: 'none', link_names: false }))
      return at
    } catch (error) {
      if (error instanceof DeliveryError && GONE.includes(error.message)) return post(to, message, key)
      throw error
    }
  }
}

const whereOf = (anchor: Anchor | undefined): Where | undefined =>
  typeof anchor?.channel === 'string' && typeof anchor.ts === 'string'
    ? { channel: anchor.channel, ts: anchor.ts }
    : undefined
