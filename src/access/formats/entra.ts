import { cell, email, filled, status, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason } from './text.ts'
import type { TableFormat } from './types.ts'

/**
 * Microsoft Entra ID, Users › Download users: the documented columns (objectId) and those seen since 2021 (id,
 * createdDateTime in American English). Cells may begin with = as Microsoft writes them; they are kept as text.
 */
export const entraUsers: TableFormat = {
  kind: 'table',
  name: 'entra-users',
  version: 1,
  title: 'Microsoft Entra: Download users',
  matches: (header) =>
    header.at('objectid', 'id') >= 0 && header.has('userprincipalname', 'displayname', 'usertype', 'accountenabled'),
  open(header, context) {
    context.note(note.entraFilter)
    const dates = openDates(context, 'us')
    const [id, upn, name, mail] = [
      header.at('objectid', 'id'),
      header.at('userprincipalname'),
      header.at('displayname'),
      header.at('mail'),
    ]
    const [type, department, enabled, created] = [
      header.at('usertype'),
      header.at('department'),
      header.at('accountenabled'),
      header.at('createddatetime'),
    ]
    const row = (cells: readonly string[]) => {
      const who = filled(cell(cells, id))
      if (!who) return { rejected: reason.noAccount }
      const principal = filled(cell(cells, upn)) ?? who
      const address = email(cell(cells, mail), context)
      const label = filled(cell(cells, type)) ?? 'Member or guest'
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id: who.toLowerCase(),
              label: principal,
              // A guest's principal name is made up (name_domain#EXT#@tenant), a member's may be no mailbox.
              email: address,
              name: filled(cell(cells, name)),
              kind: address ? ('human' as const) : ('unknown' as const),
              status: status(cell(cells, enabled), context),
              department: filled(cell(cells, department)),
            },
            entitlement: { key: word(label), label, privileged: 'unknown' as const },
            grantedAt: dates.time(cell(cells, created)),
            lastUsedAt: 'not read' as const,
            leaver: 'not read' as const,
            facts: { userPrincipalName: principal },
          },
        ],
      }
    }
    return { row }
  },
}
