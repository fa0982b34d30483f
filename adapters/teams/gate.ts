import { z } from 'zod'
import type { Activity } from './activity.ts'

/**
 * What the SDK does not ask and must be asked first (T04, T06, T07, T08): it picks its validator by what the body says,
 * skips the address when there is none, and knows no tenants. Nothing here replaces its check of the signature.
 */
export type Gate = { appId: string; tenantIds: ReadonlySet<string>; mayCall: (url: string) => boolean }

export type Verdict = 'pass' | 'unauthorized' | 'foreign'

const ISSUER = 'https://api.botframework.com'

const header = z.object({ alg: z.enum(['RS256', 'RS384', 'RS512']), kid: z.string().min(1) })
const claims = z.object({ iss: z.literal(ISSUER), aud: z.string(), serviceurl: z.string() })

export function checkGate(authorization: string | undefined, activity: Activity, gate: Gate): Verdict {
  const [, head, body] = /^Bearer ([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(authorization ?? '') ?? []
  if (head === undefined || body === undefined) return 'unauthorized'
  const claimed = claims.safeParse(decoded(body)).data
  if (!header.safeParse(decoded(head)).success || !claimed) return 'unauthorized'
  if (claimed.aud !== gate.appId) return 'unauthorized'
  if (activity.channelId !== 'msteams') return 'unauthorized'
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
