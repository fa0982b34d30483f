import type { IncomingMessage } from 'node:http'
export type Body = Record<string, unknown>

/**
 * The payload in a signed body, read once and from these very bytes (T03). undefined: nothing that Slack sends, such as
 * another charset, a compressed body, a field that comes twice, or something that is no object.
 */
export function parseBody(headers: IncomingMessage['headers'], raw: Uint8Array): Body | undefined {
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') return undefined
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  if (!parameters.every((one) => /^\s*(charset="?utf-8"?)?\s*$/.test(one))) return undefined
  try {
    const words = new TextDecoder('utf-8', { fatal: true }).decode(raw)
    if (type.trim() === 'application/json') return objectIn(JSON.parse(words))
    if (type.trim() !== 'application/x-www-form-urlencoded') return undefined
    const fields: Body = Object.create(null)
    for (const [name, value] of new URLSearchParams(words)) {
      if (name in fields) return undefined
      fields[name] = value
    }
    if (typeof fields.payload !== 'string') return { ...fields }
    return Object.keys(fields).length === 1 ? objectIn(JSON.parse(fields.payload)) : undefined
  } catch {
    return undefined
  }
}

const objectIn = (value: unknown): Body | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
