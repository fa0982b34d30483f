import type { IncomingMessage } from 'node:http'

/**
 * The raw bytes, or undefined as soon as there are more than `most` (T37). Not destroyed when it is too much: the
 * refusal still has to be written to this connection. Throws when the request breaks off.
 */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.resolve(undefined)
  // By its events: an iterator costs more than all that is done with an ordinary body.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else {
        request.pause()
        resolve(undefined)
      }
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

export class TooLarge extends Error {}

/** All bytes of a stream; throws TooLarge as soon as there are more than `most`, and reads no further. */
export async function readWhole(bytes: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > most) throw new TooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
