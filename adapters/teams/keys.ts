import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { CALL_MS } from './limits.ts'

/** A public key of the Bot Framework (PEM), and the channels it is published for. */
export type Key = { key: string; endorsements: readonly string[] }

export type Keys = {
  /** Asks the Bot Framework where that is due. Throws when it would have to and cannot. */
  find(kid: string, now: Date): Promise<Key | undefined>
  /** What is at hand, without asking anybody. */
  known(kid: string): Key | undefined
}

/** As the SDK has it: a key that is not there is looked for at most once an hour, all are fetched anew after a day. */
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** While Microsoft is away, keys that are there are not held up more often than once in that time. [our own choice] */
const PAUSE = 60_000

const document = z.looseObject({ jwks_uri: z.string() })
const published = z.looseObject({ keys: z.array(z.unknown()) })
const rsa = z.looseObject({
  kid: z.string().min(1),
  n: z.string().min(1),
  e: z.string().min(1),
  endorsements: z.array(z.string()).default([]),
})

/**
 * The Bot Framework's keys, remembered: one fetch at a time, however many requests wait for it (T36), and within ten
 * seconds for both documents. Keys that are there stay good while Microsoft is away.
 */
export function makeKeys(url: string, send: typeof fetch): Keys {
  let keys: ReadonlyMap<string, Key> = new Map()
  let [fetchedAt, failedAt] = [-DAY, -DAY]
  let fetching: Promise<void> | undefined

  async function refresh(at: number): Promise<void> {
    try {
      keys = await fetchKeys(url, send)
      fetchedAt = at
    } catch (error) {
      failedAt = at
      throw error
    }
  }

  return {
    known: (kid) => keys.get(kid),
    async find(kid, now) {
      const at = now.getTime()
      const known = keys.get(kid)
      if (at - fetchedAt < (known ? DAY : HOUR)) return known
      if (known && at - failedAt < PAUSE) return known
      try {
        fetching ??= refresh(at).finally(() => {
          fetching = undefined
        })
        await fetching
      } catch (error) {
        if (known) return known
        throw error
      }
      return keys.get(kid)
    },
  }
}

/** Both documents, within ten seconds. */
export async function fetchKeys(url: string, send: typeof fetch): Promise<ReadonlyMap<string, Key>> {
  const signal = AbortSignal.timeout(CALL_MS)
  const read = async <T>(from: string, shape: z.ZodType<T>): Promise<T> => {
    const response = await send(from, { signal })
    if (!response.ok) throw new Error(`keys: ${response.status}`)
    return shape.parse(await response.json())
  }
  const { jwks_uri: at } = await read(url, document)
  // A document that was tampered with must not lead us to anybody else's keys.
  if (!URL.canParse(at) || new URL(at).origin !== new URL(url).origin) throw new Error('keys: on another host')
  const { keys } = await read(at, published)
  const found = new Map(keys.flatMap(keyOf))
  // An empty answer takes nobody's keys away.
  if (found.size === 0) throw new Error('keys: none')
  return found
}

/** Keys of other kinds sign nothing for us. */
function keyOf(published: unknown): [string, Key][] {
  const { kid, n, e, endorsements } = rsa.safeParse(published).data ?? {}
  if (kid === undefined || endorsements === undefined) return []
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })
    return [[kid, { key: key.export({ type: 'spki', format: 'pem' }).toString(), endorsements }]]
  } catch {
    return []
  }
}
