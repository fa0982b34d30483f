import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isLoopback } from './host.ts'

/**
 * The token every button carries: made from the session's own secret, so that every process can check it and nothing
 * needs to be stored. Whoever cannot read the HttpOnly cookie cannot make it (T42).
 */
export const csrfToken = (secret: string): string =>
  createHmac('sha256', secret).update('countersign desk button').digest('base64url')

export function isToken(given: string | undefined, secret: string): boolean {
  const expected = Buffer.from(csrfToken(secret))
  const found = Buffer.from(given ?? '')
  return found.length === expected.length && timingSafeEqual(found, expected)
}

/** The browser says that a page of this desk sent this; silence is a no (T42). */
export const isOwnPage = (request: IncomingMessage): boolean => request.headers['sec-fetch-site'] === 'same-origin'

/**
 * True unless the browser says that another site sent this. Browsers send `Origin: null` with the no-referrer policy,
 * so that Sec-Fetch-Site decides where it exists; a client that sends neither still needs the token.
 */
export function isSameSite(request: IncomingMessage, base: URL): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = request.headers.origin
  if (origin === undefined || origin === 'null') return true
  if (origin === base.origin) return true
  return isLoopback(base.hostname) && URL.canParse(origin) && new URL(origin).host === request.headers.host
}
