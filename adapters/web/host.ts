import type { IncomingMessage } from 'node:http'

/** Names of this very computer. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'

/**
 * Only requests for the desk's own name are answered: a page of another site whose name was pointed at this computer
 * (DNS rebinding) carries that other name. On loopback any of its names and ports will do, since a tunnel or a container
 * may show it at another port.
 */
export function isOurHost(request: IncomingMessage, base: URL): boolean {
  const host = request.headers.host ?? ''
  if (host.toLowerCase() === base.host) return true
  if (!isLoopback(base.hostname) || !/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host)) return false
  return true
}

/** The demo answers on loopback only (T49), whatever the server listens on. */
export function isFromHere(request: IncomingMessage): boolean {
  const from = request.socket.remoteAddress ?? ''
  return from === '::1' || from.startsWith('127.') || from.startsWith('::ffff:127.')
}
