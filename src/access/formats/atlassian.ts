import { cell, email, filled, privilegedByName, several, status, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason } from './text.ts'
import type { LastUse, TableFormat } from './types.ts'

/**
 * Atlassian Administration › Export users. Columns "Last seen in <product> - <site>" carry the site's name; groups
 * stand in one cell or, pivoted, in columns "Group n". One grant per group and one for an organisation role; an
 * account with neither still is an account. Last use is the latest over all products: the file does not tell which
 * group was used.
 */
export const atlassianUsers: TableFormat = {
  kind: 'table',
  name: 'atlassian-users',
  version: 1,
  title: 'Atlassian: Export users',
  matches: (header) => header.has('user id', 'user name', 'email', 'user status', 'org role'),
  open(header, context) {
    context.note(note.atlassianFilter)
    const dates = openDates(context)
    const [id, name, address, state, added, org] = [
      'user id',
      'user name',
      'email',
      'user status',
      'added to org',
      'org role',
    ].map((column) => header.at(column))
    const positions = (wanted: RegExp) =>
      header.names.flatMap((column, position) => (wanted.test(column) ? [position] : []))
    const seen = positions(/^last seen in /)
    const groups = positions(/^(group membership|groups|group \d+)$/)
    const row = (cells: readonly string[]) => {
      const read = (position: number | undefined) => cell(cells, position ?? -1)
      const who = filled(read(id))
      if (!who) return { rejected: reason.noAccount }
      const mail = email(read(address), context)
      const account = {
        id: who,
        label: filled(read(name)) ?? mail ?? who,
        email: mail,
        name: filled(read(name)),
        kind: mail ? ('human' as const) : ('unknown' as const),
        status: status(read(state), context),
      }
      const grant = (key: string, label: string, privileged: 'yes' | 'unknown') => ({
        system: context.options.system,
        account,
        entitlement: { key, label, privileged },
        grantedAt: dates.time(read(added)),
        lastUsedAt: latest(seen.map((position) => dates.lastUse(read(position)))),
        leaver: 'not read' as const,
      })
      const role = filled(read(org))
      const held = several(groups.map(read).join(','), ',', context)
      const grants = held.map((group) => grant(`group ${word(group)}`, group, privilegedByName(group)))
      if (role && word(role) !== 'none') grants.unshift(grant(`org role ${word(role)}`, role, privilegedByName(role)))
      return { grants: grants.length > 0 ? grants : [grant('account', 'Account without groups', 'unknown')] }
    }
    return { row }
  },
}

/** One unknown product keeps "never" from being certain. */
export function latest(uses: readonly LastUse[]): LastUse {
  const times = uses.filter((use) => use !== 'never' && use !== 'unknown' && use !== 'not read')
  if (times.length > 0) return times.reduce((most, use) => (use > most ? use : most))
  if (uses.length === 0) return 'not read'
  return uses.every((use) => use === 'never') ? 'never' : 'unknown'
}
