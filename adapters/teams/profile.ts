import type { Address, Profile } from '../../src/core/workflow.ts'
import { placeOf } from './actor.ts'
import type { Connector, Member } from './connector.ts'
import { deliveryError, ServiceError } from './errors.ts'

const NOBODY: Profile = { name: '', standing: 'outsider' }

/** Who somebody is, as the roster of our conversation with them says now. */
export async function fetchProfile(connector: Connector, of: Address, allowed: ReadonlySet<string>): Promise<Profile> {
  const at = placeOf(of)
  if (!at) return NOBODY
  try {
    const conversation = at.conversation ?? (await connector.openPersonal(at.serviceUrl, at.tenant, at.mri ?? at.user))
    return profileOf(await connector.member(at.serviceUrl, conversation, at.mri ?? at.user), allowed)
  } catch (error) {
    if (error instanceof ServiceError && (error.status === 403 || error.status === 404)) return NOBODY
    throw deliveryError(error)
  }
}

/**
 * Both addresses are given by the tenant's administrators: that of mail, and the one somebody signs in with. An
 * anonymous or federated person is none of ours (T15).
 */
export function profileOf(member: Member, allowed: ReadonlySet<string>): Profile {
  const tenant = member.tenantId?.toLowerCase()
  const isOurs = tenant === undefined || allowed.has(tenant)
  const known = member.aadObjectId ?? member.objectId
  const role = member.userRole ?? 'user'
  const standing = !isOurs || !known || role === 'anonymous' ? 'outsider' : role === 'guest' ? 'guest' : 'member'
  const isVouched = standing !== 'outsider'
  const [email, signInName] = [member.email, member.userPrincipalName].map((one) =>
    one?.includes('@') ? one : undefined,
  )
  return {
    name: member.name || known || '',
    standing,
    ...(email && isVouched ? { email } : {}),
    ...(signInName && signInName !== email && isVouched ? { signInName } : {}),
  }
}
