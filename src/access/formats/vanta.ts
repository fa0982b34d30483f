import { cell, email, filled, privilegedByName, several, status, word } from './cells.ts'
import { openDates } from './dates.ts'
import { reason } from './text.ts'
import type { Account, TableFormat } from './types.ts'

/** Vanta's access file: the owner cell holds an address or one of three sentences; roles stand in a comma list. */
export const vantaAccess: TableFormat = {
  kind: 'table',
  name: 'vanta-access',
  version: 1,
  title: 'Vanta: access file template',
  matches: (header) => header.has('account name', 'account owner', 'role', 'status', 'access appropriate'),
  open(header, context) {
    const dates = openDates(context)
    const [id, owner, roles, state, created] = [
      'account name',
      'account owner',
      'role',
      'status',
      'date created (utc)',
    ].map((name) => header.at(name))
    const row = (cells: readonly string[]) => {
      const read = (position: number | undefined) => cell(cells, position ?? -1)
      const who = filled(read(id))
      if (!who) return { rejected: reason.noAccount }
      const held = several(read(roles) ?? '', ',', context)
      if (held.length === 0) return { rejected: reason.noRole }
      const said = filled(read(owner)) ?? ''
      const account: Account = {
        id: who,
        label: who,
        email: said.includes('@') ? email(said, context) : undefined,
        kind: said.includes('@') ? 'human' : (owners.get(word(said)) ?? 'unknown'),
        status: status(read(state), context),
      }
      return {
        grants: held.map((label) => ({
          system: context.options.system,
          account,
          entitlement: { key: word(label), label, privileged: privilegedByName(label) },
          grantedAt: dates.time(read(created)),
          lastUsedAt: 'not read' as const,
          leaver: 'not read' as const,
          facts: { owner: said },
        })),
      }
    }
    return { row }
  },
}

const owners = new Map<string, Account['kind']>([
  ['not a person', 'service'],
  ['external user', 'human'],
  ['no owner', 'unknown'],
])
