import type { UsersInfoResponse, WebClient } from '@slack/web-api'
import type { Address, Profile } from '../../src/core/workflow.ts'
import { deliveryError, platformCode } from './errors.ts'

type User = NonNullable<UsersInfoResponse['user']>

/** Who somebody is, as their workspace says now. */
export async function fetchProfile(client: WebClient, of: Address, allowed: ReadonlySet<string>): Promise<Profile> {
  if (typeof of.user !== 'string') return { name: '', standing: 'outsider' }
  try {
    const { user } = await client.users.info({ user: of.user, include_locale: true })
    return profileOf(user ?? {}, allowed)
  } catch (error) {
    const code = platformCode(error)
    if (code === 'user_not_found' || code === 'user_not_visible') return { name: of.user, standing: 'outsider' }
    throw deliveryError(error)
  }
}

/** A mail address counts only when the workspace confirmed it; a stranger's, a bot's or a leaver's never does (T14). */
export function profileOf(user: User, allowed: ReadonlySet<string>): Profile {
  const standing = standingOf(user, allowed)
  const { profile } = user
  const vouched = user.is_email_confirmed !== false && (standing === 'member' || standing === 'guest')
  return {
    name: profile?.real_name || user.real_name || user.name || user.id || '',
    standing,
    ...(vouched && profile?.email ? { email: profile.email } : {}),
    ...(user.tz ? { timezone: user.tz } : {}),
    ...(user.locale ? { locale: user.locale } : {}),
  }
}

function standingOf(user: User, allowed: ReadonlySet<string>): Profile['standing'] {
  if (user.is_bot || user.is_workflow_bot || user.is_connector_bot || user.id === 'USLACKBOT') return 'bot'
  const homes = [
    user.team_id,
    user.enterprise_id,
    user.enterprise_user?.enterprise_id,
    ...(user.enterprise_user?.teams ?? []),
  ]
  if (user.is_stranger || !homes.some((home) => home !== undefined && allowed.has(home))) return 'outsider'
  if (user.deleted) return 'deleted'
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member'
}
