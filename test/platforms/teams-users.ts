import { createHash } from 'node:crypto'
import type { TeamsUser } from './teams-stand-in.ts'

export const TENANT = '7ea1157a-0000-4000-8000-0000000000aa'

/** Somebody of the tenant, with ids that are theirs in every test. */
export function userOf(who: string, name = ''): TeamsUser {
  const hash = createHash('sha256').update(who)
  const hex = hash.copy().digest('hex')
  const email = `${who}@${who === 'stranger' ? 'elsewhere.example' : 'example.com'}`
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    mri: `29:1${hash.digest('base64url')}`,
    name,
    email,
    userPrincipalName: email,
    userRole: who === 'gus' ? 'guest' : 'user',
    tenantId: TENANT,
  }
}
