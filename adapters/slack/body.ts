import type { IncomingMessage } from 'node:http'
import { BODY } from './limits.ts'

/**
 * The raw bytes, or undefined as soon as there are more than anybody needs (T37). Not destroyed when it is too much: the
 * refusal still has to be written to this connection. Throws when the request breaks off.
 */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > BODY) return Promise.resolve(undefined)
  // By its events: an iterator costs more than all that is done with an ordinary body.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY) chunks.push(chunk)
      else {
        request.pause()
        resolve(undefined)
      }
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

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
