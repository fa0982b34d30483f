import type { IncomingMessage, ServerResponse } from 'node:http'
import { LONGEST_PARAMETER } from './limits.ts'

/** The cookies of a request; names and values that are too long or not plain are left out. */
export function cookiesOf(request: IncomingMessage): Map<string, string> {
  const found = new Map<string, string>()
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    const value = pair.slice(at + 1).trim()
    if (at < 1 || value.length > LONGEST_PARAMETER || !/^[\w.~-]*$/.test(value)) continue
    found.set(pair.slice(0, at).trim(), value)
  }
  return found
}

type Cookie = { name: string; value: string; secure: boolean; expires?: Date; framed?: boolean }

/**
 * `__Host-` pins a cookie to this host and path; browsers take it over https only, so that a desk on loopback uses the
 * plain name. Lax: a link in chat may open a page; no other site can post with it. `framed`: for a frame in a page of
 * another site, which sends no Lax cookie. It is partitioned, so that it is sent within pages of that very site only
 * [CHIPS: privacycg.github.io/CHIPS].
 */
export function setCookie(response: ServerResponse, { name, value, secure, expires, framed }: Cookie): void {
  const parts = [`${cookieName(name, secure)}=${value}`, 'Path=/', 'HttpOnly', `SameSite=${framed ? 'None' : 'Lax'}`]
  if (secure || framed) parts.push('Secure')
  if (framed) parts.push('Partitioned')
  if (expires !== undefined) parts.push(`Expires=${expires.toUTCString()}`)
  response.appendHeader('Set-Cookie', parts.join('; '))
}

export const dropCookie = (response: ServerResponse, cookie: Omit<Cookie, 'value' | 'expires'>): void =>
  setCookie(response, { ...cookie, value: '', expires: new Date(0) })

export const cookieName = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name)
