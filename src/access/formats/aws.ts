import { cell, fact, filled } from './cells.ts'
import { type Dates, openDates } from './dates.ts'
import { note, reason } from './text.ts'
import type { LastUse, TableFormat } from './types.ts'

// AWS kept no record of use before these days, so what was made earlier may have been used unseen.
// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
const passwordsTracked = '2014-10-20'
const keysTracked = '2015-04-22'

/**
 * AWS IAM credential report. One grant per way to sign in: console password, two access keys, two signing
 * certificates; a user without any is kept as an account. The ARN stands for the account.
 */
export const awsCredentialReport: TableFormat = {
  kind: 'table',
  name: 'aws-credential-report',
  version: 1,
  title: 'AWS: IAM credential report',
  matches: (header) =>
    header.has('user', 'arn', 'user_creation_time', 'password_enabled', 'mfa_active', 'access_key_1_active'),
  open(header, context) {
    context.note(note.awsPermissions)
    const dates = openDates(context)
    const row = (cells: readonly string[]) => {
      const read = (name: string) => cell(cells, header.at(name))
      const arn = filled(read('arn'))
      const user = filled(read('user'))
      if (!arn || !user) return { rejected: reason.noAccount }
      const root = user === '<root_account>'
      const made = read('user_creation_time')
      const held = waysIn(read, root, made, dates)
      const account = {
        id: arn,
        label: root ? 'root user' : user,
        kind: root ? ('break-glass' as const) : ('unknown' as const),
        status: held.length > 0 ? ('active' as const) : ('inactive' as const),
      }
      if (held.length === 0)
        held.push({ key: 'account', label: 'IAM user without credentials', since: made, used: 'not read' })
      return {
        grants: held.map(({ key, label, since, used }) => ({
          system: context.options.system,
          account,
          entitlement: { key, label, privileged: root ? ('yes' as const) : ('unknown' as const) },
          grantedAt: dates.time(since),
          lastUsedAt: used,
          leaver: 'not read' as const,
          facts: { mfa: fact(read('mfa_active')) },
        })),
      }
    }
    return { row }
  },
}

type WayIn = { key: string; label: string; since: string | undefined; used: LastUse }

function waysIn(
  read: (name: string) => string | undefined,
  root: boolean,
  made: string | undefined,
  dates: Dates,
): WayIn[] {
  const ways: WayIn[] = []
  // The root user always has a password; the report says "not_supported" for it.
  if (root || fact(read('password_enabled')) === 'yes') {
    const used = certain(read('password_last_used'), made, passwordsTracked, dates)
    ways.push({ key: 'console password', label: 'Console password', since: made, used })
  }
  for (const n of [1, 2]) {
    if (fact(read(`access_key_${n}_active`)) === 'yes') {
      const since = read(`access_key_${n}_last_rotated`)
      const used = certain(read(`access_key_${n}_last_used_date`), since, keysTracked, dates)
      ways.push({ key: `access key ${n}`, label: `Access key ${n}`, since, used })
    }
    if (fact(read(`cert_${n}_active`)) === 'yes') {
      ways.push({
        key: `signing certificate ${n}`,
        label: `Signing certificate ${n}`,
        since: read(`cert_${n}_last_rotated`),
        used: 'not read',
      })
    }
  }
  return ways
}

/** "N/A" and "no_information" on an active credential mean never used, when it was made after AWS began to record. */
function certain(text: string | undefined, since: string | undefined, tracked: string, dates: Dates): LastUse {
  const used = dates.lastUse(text)
  if (used !== 'unknown' || !filled(text)) return used
  const start = dates.time(since)
  return start !== undefined && start > tracked ? 'never' : 'unknown'
}
