import type { types } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { faultOf, type Log } from '../../src/core/log.ts'
import type { Actor } from '../../src/core/workflow.ts'
import type { SlackConfig } from './config.ts'
import type { Message } from './encode.ts'
import { deliveryError, platformCode } from './errors.ts'
import { CALL_MS } from './limits.ts'
import type { Where } from './payload.ts'

/**
 * Where an answer can appear after a click. Each says whether it worked, so that the next best place can be tried;
 * nothing throws: the click itself is done and recorded.
 */
export type Surfaces = {
  /** The id of the opened view. */
  open(trigger: string | undefined, view: types.ModalView): Promise<string | undefined>
  /** On top of the modal that is open; closing it leads back. */
  push(trigger: string | undefined, view: types.ModalView): Promise<string | undefined>
  update(viewId: string, view: types.ModalView): Promise<boolean>
  /** Through the response_url of a click or a command. */
  respond(url: string | undefined, message: Message, how: 'replace' | 'private'): Promise<boolean>
  /** Edits a message of ours. */
  edit(at: Where | undefined, message: Message): Promise<boolean>
  /** A direct message: the last resort. */
  whisper(to: Actor, message: Message): Promise<boolean>
}

const HOOKS = ['hooks.slack.com', 'hooks.slack-gov.com']
/** An edit that met a rate limit is tried once more, if that is soon. Seconds. */
const SOON = 30

export function makeSurfaces(
  client: WebClient,
  config: SlackConfig,
  log: Log,
  after: (ms: number) => Promise<void>,
): Surfaces {
  const send = config.fetch ?? fetch
  const ownOrigin = config.apiUrl ? new URL(config.apiUrl).origin : undefined

  async function attempt<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call()
    } catch (error) {
      log.warn({ what, code: platformCode(error), ...(platformCode(error) ? {} : faultOf(error)) }, 'slack.call')
      return undefined
    }
  }

  /** Addresses in a payload are followed to Slack only, never where they redirect (T28). */
  const isHook = (url: string): boolean => {
    if (!URL.canParse(url)) return false
    const { protocol, hostname, origin } = new URL(url)
    return (protocol === 'https:' && HOOKS.includes(hostname)) || (ownOrigin !== undefined && origin === ownOrigin)
  }

  return {
    async open(trigger, view) {
      if (trigger === undefined) return undefined
      const opened = await attempt('views.open', () => client.views.open({ trigger_id: trigger, view }))
      return opened?.view?.id
    },
    async push(trigger, view) {
      if (trigger === undefined) return undefined
      const opened = await attempt('views.push', () => client.views.push({ trigger_id: trigger, view }))
      return opened?.view?.id
    },
    async update(viewId, view) {
      return (await attempt('views.update', () => client.views.update({ view_id: viewId, view }))) !== undefined
    },
    async respond(url, message, how) {
      if (url === undefined || !isHook(url)) return false
      const body = JSON.stringify({
        ...message,
        ...(how === 'replace' ? { replace_original: true } : { replace_original: false, response_type: 'ephemeral' }),
        unfurl_links: false,
        unfurl_media: false,
      })
      const response = await attempt('response_url', () =>
        send(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(CALL_MS),
        }),
      )
      if (response && !response.ok) log.warn({ what: 'response_url', status: response.status }, 'slack.call')
      return response?.ok === true
    },
    async edit(at, message) {
      if (at === undefined) return false
      for (let again = false; ; again = true) {
        try {
          await client.chat.update({ ...at, ...message, parse: 'none', link_names: false })
          return true
        } catch (error) {
          const { retryAfter } = deliveryError(error)
          log.warn({ what: 'chat.update', code: platformCode(error) }, 'slack.call')
          if (again || retryAfter === undefined || retryAfter > SOON) return false
          await after(retryAfter * 1000)
        }
      }
    },
    async whisper(to, message) {
      const sent = await attempt('chat.postMessage', () =>
        client.chat.postMessage({ channel: to.user, ...message, unfurl_links: false, unfurl_media: false }),
      )
      return sent !== undefined
    },
  }
}
