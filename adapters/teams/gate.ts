import { z } from 'zod'
import type { Activity } from './activity.ts'

/**
 * What the SDK does not ask and must be asked first (T04, T06, T07, T08): it picks its validator by what the body says,
 * skips the address when there is none, and knows no tenants. Nothing here replaces its check of the signature.
 */
export type Gate = { appId: string; tenantIds: ReadonlySet<string>; mayCall: (url: string) => boolean }

export type Verdict = 'pass' | 'unauthorized' | 'foreign'

const ISSUER = 'https://api.botframework.com'

/** Ours; others of the same service (a web chat, the emulator) are none of ours. */
export const CHANNEL = 'msteams'

const header = z.object({ alg: z.enum(['RS256', 'RS384', 'RS512']), kid: z.string().min(1) })
const claims = z.object({
  iss: z.literal(ISSUER),
  aud: z.string(),
  serviceurl: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
})

type Bearer = { header: z.infer<typeof header>; claims: z.infer<typeof claims>; signed: string; signature: string }

/** What a token says of itself, as long as it is one of the Bot Framework; believed only with its signature. */
export function bearerOf(authorization: string | undefined): Bearer | undefined {
  const [, signed = '', head = '', body = '', signature = ''] =
    /^Bearer (([\w-]+)\.([\w-]+))\.([\w-]+)$/.exec(authorization ?? '') ?? []
  const made = header.safeParse(decoded(head)).data
  const claimed = claims.safeParse(decoded(body)).data
  return made && claimed ? { header: made, claims: claimed, signed, signature } : undefined
}

export function checkGate(authorization: string | undefined, activity: Activity, gate: Gate): Verdict {
  const claimed = bearerOf(authorization)?.claims
  if (!claimed || claimed.aud !== gate.appId) return 'unauthorized'
  if (activity.channelId !== CHANNEL) return 'unauthorized'
  const { serviceUrl } = activity
  if (serviceUrl === undefined || claimed.serviceurl !== serviceUrl || !gate.mayCall(serviceUrl)) return 'unauthorized'
  return tenantOf(activity, gate.tenantIds) === undefined ? 'foreign' : 'pass'
}

/** Both places name a tenant of ours and agree, or there is none (T08). */
export function tenantOf(activity: Activity, allowed: ReadonlySet<string>): string | undefined {
  const [one, other] = [activity.conversation?.tenantId, activity.channelData?.tenant?.id]
  const tenant = (one ?? other)?.toLowerCase()
  if (tenant === undefined || (other ?? one)?.toLowerCase() !== tenant) return undefined
  return allowed.has(tenant) ? tenant : undefined
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
