import { cell, email, filled, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason } from './text.ts'
import type { TableFormat } from './types.ts'

const powers = new Map<string, 'yes' | 'no'>([
  ['owner', 'yes'],
  ['maintainer', 'yes'],
  ['developer', 'no'],
  ['reporter', 'no'],
  ['planner', 'no'],
  ['guest', 'no'],
  ['minimal access', 'no'],
])

/**
 * GitLab, group › Export memberships as CSV. One row per membership: the same person may hold a right directly and by
 * inheritance, which are two grants because removing one leaves the other. The username stands for the account; a
 * pending invitation has only an address.
 */
export const gitlabMembers: TableFormat = {
  kind: 'table',
  name: 'gitlab-members',
  version: 1,
  title: 'GitLab: memberships of a group',
  matches: (header) => header.has('username', 'email', 'path', 'role', 'membership type', 'access granted'),
  open(header, context) {
    context.note(note.gitlabEmail)
    const dates = openDates(context)
    const [name, username, address, path, role] = ['name', 'username', 'email', 'path', 'role'].map((c) => header.at(c))
    const [type, state, source] = ['membership type', 'membership status', 'membership source'].map((c) => header.at(c))
    const [granted, expires, active] = ['access granted', 'access expiration', 'last activity'].map((c) => header.at(c))
    const row = (cells: readonly string[]) => {
      const read = (position: number | undefined) => filled(cell(cells, position ?? -1))
      const mail = email(read(address), context)
      const who = read(username) ?? mail
      const label = read(role)
      const where = read(path)
      if (!who) return { rejected: reason.noAccount }
      if (!label || !where) return { rejected: reason.noRole }
      const end = dates.time(read(expires))
      const over = end !== undefined && context.options.now !== undefined && end <= context.options.now.toISOString()
      const approved = !read(state) || ['approved', 'active'].includes(word(read(state) ?? ''))
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id: who.toLowerCase(),
              label: read(username) ?? who,
              email: mail,
              name: read(name),
              kind: 'unknown' as const,
              status: over || !approved ? ('inactive' as const) : ('active' as const),
            },
            entitlement: {
              key: `${word(where)} ${word(label)}`,
              label: `${label} of ${where}`,
              privileged: powers.get(word(label)) ?? ('unknown' as const),
            },
            path: [read(type), read(source)].filter(Boolean).join(': ') || undefined,
            grantedAt: dates.time(read(granted)),
            lastUsedAt: dates.lastUse(cell(cells, active ?? -1)),
            leaver: 'not read' as const,
            facts: { expiresAt: end },
          },
        ],
      }
    }
    return { row }
  },
}
