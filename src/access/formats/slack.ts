import { cell, email, fact, filled, word } from './cells.ts'
import { note, reason, rule } from './text.ts'
import type { TableFormat } from './types.ts'

const roles = new Map<string, 'yes' | 'no' | 'unknown'>([
  ['primary owner', 'yes'],
  ['primary org owner', 'yes'],
  ['org owner', 'yes'],
  ['workspace owner', 'yes'],
  ['owner', 'yes'],
  ['org admin', 'yes'],
  ['workspace admin', 'yes'],
  ['admin', 'yes'],
  ['member', 'no'],
  ['invited member', 'no'],
  ['multi-channel guest', 'no'],
  ['single-channel guest', 'no'],
  ['bot', 'unknown'],
])

/**
 * Slack, Manage members › Export full member list. The status column holds the role, so a deactivated account shows
 * no role any more and holds no access. A guest's end of access is a Unix time in seconds.
 */
export const slackMembers: TableFormat = {
  kind: 'table',
  name: 'slack-members',
  version: 1,
  title: 'Slack: member list',
  matches: (header) => header.has('username', 'email', 'status', 'billing-active', 'userid'),
  open(header, context) {
    context.note(note.slackChannels)
    const [username, address, state, userId] = [
      header.at('username'),
      header.at('email'),
      header.at('status'),
      header.at('userid'),
    ]
    const [full, shown, mfa, sso, ends] = ['fullname', 'displayname', 'has-2fa', 'has-sso', 'expiration-timestamp'].map(
      (name) => header.at(name),
    )
    const row = (cells: readonly string[]) => {
      const read = (position: number | undefined) => cell(cells, position ?? -1)
      const id = filled(read(userId))
      if (!id) return { rejected: reason.noAccount }
      const label = filled(read(state))
      if (!label) return { rejected: reason.noRole }
      const said = word(label)
      if (said === 'deactivated') return { outOfScope: rule.noAccess(label) }
      const privileged = roles.get(said)
      if (!privileged) context.warn('unknown word')
      const end = Number(filled(read(ends)) ?? Number.NaN)
      const expired = context.options.now !== undefined && end * 1000 <= context.options.now.getTime()
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id,
              label: filled(read(shown)) ?? filled(read(username)) ?? id,
              email: email(read(address), context),
              name: filled(read(full)),
              kind: said === 'bot' ? ('service' as const) : ('human' as const),
              status: expired ? ('inactive' as const) : ('active' as const),
            },
            entitlement: { key: said, label, privileged: privileged ?? 'unknown' },
            lastUsedAt: 'not read' as const,
            leaver: 'not read' as const,
            facts: {
              mfa: fact(read(mfa)),
              sso: fact(read(sso)),
              ...(Number.isSafeInteger(end) ? { endsAt: isoOf(end) } : {}),
            },
          },
        ],
      }
    }
    return { row }
  },
}

/** Seconds past what a Date can hold stay as they are. */
function isoOf(seconds: number): string {
  const time = new Date(seconds * 1000)
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString()
}
