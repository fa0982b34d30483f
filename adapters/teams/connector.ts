import { z } from 'zod'
import { DeliveryError } from '../../src/core/errors.ts'
import type { Egress } from './egress.ts'
import type { Message, Outgoing } from './encode.ts'
import { ServiceError, tokenError } from './errors.ts'
import { ROSTER_PAGE } from './limits.ts'
import type { Where } from './payload.ts'
import type { Sdk } from './sdk.ts'

/** The Bot Connector's REST routes that we use. [learn.microsoft.com, Bot Connector API reference] */
export type Connector = {
  /** The personal conversation with one person; the same one each time. `member`: their id on Teams or in Entra. */
  openPersonal(serviceUrl: string, tenant: string, member: string): Promise<string>
  send(serviceUrl: string, conversation: string, message: Outgoing): Promise<Where>
  /** A new post in a channel, which is the root of a thread. */
  startThread(at: { serviceUrl: string; tenant: string; channel: string }, message: Message): Promise<void>
  edit(at: Where, message: Message): Promise<void>
  remove(at: Where): Promise<void>
  member(serviceUrl: string, conversation: string, id: string): Promise<Member>
  /** Everybody of a team or chat, page by page. */
  members(serviceUrl: string, conversation: string): AsyncGenerator<Member>
}

const member = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  aadObjectId: z.string().nullish(),
  objectId: z.string().nullish(),
  email: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  tenantId: z.string().nullish(),
  userRole: z.string().nullish(),
})
export type Member = z.infer<typeof member>

const made = z.looseObject({ id: z.string().min(1) })
const page = z.looseObject({ members: z.array(member).default([]), continuationToken: z.string().nullish() })
const failure = z.looseObject({ error: z.looseObject({ code: z.string().max(100) }) })

export function makeConnector(botId: string, egress: Egress, token: Sdk['token']): Connector {
  async function call<T>(
    method: string,
    serviceUrl: string,
    path: string,
    shape: z.ZodType<T>,
    body?: object,
  ): Promise<T> {
    // Before a token is asked for: what a database says must not lead our bearer anywhere else (T07).
    if (!egress.mayCall(serviceUrl))
      throw new DeliveryError('an address that is not of the service', { permanent: true })
    const url = `${serviceUrl.replace(/\/+$/, '')}/v3/conversations${path}`
    const ask = async (anew: boolean) =>
      egress.fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${await token(anew).catch((error: unknown) => Promise.reject(tokenError(error)))}`,
          ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    let response = await ask(false)
    // A token that ran out or was revoked: nothing was done, so asking once more repeats nothing.
    if (response.status === 401) response = await ask(true)
    const answer: unknown = await response.json().catch(() => ({}))
    if (response.ok) return shape.parse(answer)
    const after = Number(response.headers.get('retry-after'))
    const code = failure.safeParse(answer).data?.error.code ?? `http_${response.status}`
    throw new ServiceError(response.status, code, after > 0 ? after : undefined)
  }
  const at = encodeURIComponent
  return {
    async openPersonal(serviceUrl, tenant, id) {
      const asked = {
        bot: { id: botId },
        members: [{ id }],
        isGroup: false,
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      }
      return (await call('POST', serviceUrl, '', made, asked)).id
    },
    async send(serviceUrl, conversation, message) {
      const { id } = await call('POST', serviceUrl, `/${at(conversation)}/activities`, made, {
        ...message,
        from: { id: botId },
      })
      return { serviceUrl, conversation, id }
    },
    async startThread({ serviceUrl, tenant, channel }, message) {
      await call('POST', serviceUrl, '', made, {
        bot: { id: botId },
        isGroup: true,
        tenantId: tenant,
        channelData: { channel: { id: channel }, tenant: { id: tenant } },
        activity: { ...message, from: { id: botId } },
      })
    },
    async edit({ serviceUrl, conversation, id }, message) {
      await call('PUT', serviceUrl, `/${at(conversation)}/activities/${at(id)}`, z.unknown(), {
        ...message,
        id,
        from: { id: botId },
      })
    },
    async remove({ serviceUrl, conversation, id }) {
      await call('DELETE', serviceUrl, `/${at(conversation)}/activities/${at(id)}`, z.unknown())
    },
    member: (serviceUrl, conversation, id) => call('GET', serviceUrl, `/${at(conversation)}/members/${at(id)}`, member),
    async *members(serviceUrl, conversation) {
      let next = ''
      do {
        const query = `?pageSize=${ROSTER_PAGE}${next === '' ? '' : `&continuationToken=${at(next)}`}`
        const found = await call('GET', serviceUrl, `/${at(conversation)}/pagedmembers${query}`, page)
        yield* found.members
        next = found.continuationToken ?? ''
      } while (next !== '')
    },
  }
}
