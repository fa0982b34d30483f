import { DeliveryError } from '../../src/core/errors.ts'
import type { Log } from '../../src/core/log.ts'
import type { Address, Anchor, Card } from '../../src/core/workflow.ts'
import { placeOf } from './actor.ts'
import type { Connector } from './connector.ts'
import { drawMessage, type Message, type Outgoing } from './encode.ts'
import { deliveryError, ServiceError } from './errors.ts'
import { MOST_REMEMBERED } from './limits.ts'
import type { Where } from './payload.ts'
import type { PenOptions } from './pen.ts'

export type Post = {
  /** Into our own conversation with one person, which is opened when there is none yet. */
  to(address: Address, message: Outgoing): Promise<Where>
  deliver(to: Address, card: Card, sent: Anchor | undefined): Promise<Anchor>
}

/**
 * Posts or edits one card. The service knows no idempotency key, so a post whose outcome is unknown is said to be unknown
 * and never repeated here; an edit may be repeated freely.
 */
export function makePost(connector: Connector, pen: () => PenOptions, log: Log): Post {
  const conversations = new Map<string, string>()

  async function conversationWith(address: Address): Promise<{ serviceUrl: string; conversation: string }> {
    const at = placeOf(address)
    if (!at) throw new DeliveryError('an address without a user', { permanent: true })
    const { serviceUrl } = at
    const known = at.conversation ?? conversations.get(at.user)
    if (known !== undefined) return { serviceUrl, conversation: known }
    const conversation = await repeatable(() => connector.openPersonal(serviceUrl, at.tenant, at.mri ?? at.user))
    const oldest = conversations.keys().next().value
    if (conversations.size >= MOST_REMEMBERED && oldest !== undefined) conversations.delete(oldest)
    conversations.set(at.user, conversation)
    return { serviceUrl, conversation }
  }

  const told = (error: unknown): DeliveryError => {
    const problem = deliveryError(error)
    log.warn({ code: problem.message, permanent: problem.permanent, unknown: problem.unknown }, 'teams.delivery')
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

  async function to(address: Address, message: Outgoing): Promise<Where> {
    const { serviceUrl, conversation } = await conversationWith(address)
    try {
      return await connector.send(serviceUrl, conversation, message)
    } catch (error) {
      throw told(error)
    }
  }

  return {
    to,
    async deliver(address, card, sent) {
      const message = drawMessage(card, pen())
      const at = whereOf(sent)
      if (!at) return to(address, alerting(message))
      try {
        await repeatable(() => connector.edit(at, message).catch((error: unknown) => Promise.reject(goneOr(error))))
        return at
      } catch (error) {
        if (error instanceof Gone) return to(address, alerting(message))
        throw error
      }
    },
  }
}

class Gone extends DeliveryError {}

/** What stood there was deleted: the card is posted anew. */
const goneOr = (error: unknown): unknown =>
  error instanceof ServiceError && error.status === 404 ? new Gone(error.code) : error

/** A message that asks for something makes itself heard; an edit never does. */
const alerting = (message: Message): Message => ({ ...message, channelData: { notification: { alert: true } } })

const whereOf = (anchor: Anchor | undefined): Where | undefined =>
  typeof anchor?.serviceUrl === 'string' && typeof anchor.conversation === 'string' && typeof anchor.id === 'string'
    ? { serviceUrl: anchor.serviceUrl, conversation: anchor.conversation, id: anchor.id }
    : undefined
