import { WebClient, type WebClientOptions } from '@slack/web-api'
import type { Log } from '../../src/core/log.ts'
import type { SlackConfig } from './config.ts'
import { CALL_MS, UNKNOWN_WAIT_SECONDS } from './limits.ts'
import { quietLogger } from './logger.ts'

/**
 * How we talk to the Web API: one try, ten seconds. The defaults would wait for ever, pause every call of the client for
 * one 429, and repeat a message that may have arrived; trying again is the outbox's business.
 */
export const clientOptions = (config: SlackConfig, log: Log): WebClientOptions => ({
  ...(config.apiUrl ? { slackApiUrl: config.apiUrl.endsWith('/') ? config.apiUrl : `${config.apiUrl}/` } : {}),
  logger: quietLogger(log),
  timeout: CALL_MS,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  fetch: patient(config.fetch ?? fetch),
})

export const makeClient = (config: SlackConfig, log: Log): WebClient =>
  new WebClient(config.botToken, clientOptions(config, log))

/** A 429 without Retry-After would be thrown as a plain Error without its kind (node-slack-sdk 1421). */
function patient(inner: typeof fetch): NonNullable<WebClientOptions['fetch']> {
  return async (url, init) => {
    const response = await inner(url, init as RequestInit)
    if (response.status !== 429 || Number(response.headers.get('retry-after')) > 0) return response
    const headers = new Headers(response.headers)
    headers.set('retry-after', String(UNKNOWN_WAIT_SECONDS))
    return new Response(null, { status: 429, headers })
  }
}
