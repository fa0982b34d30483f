import { kindOf } from './canonical.ts'
import { cell, email, fact, filled, privilegedByName, several, status, word } from './cells.ts'
import { reason } from './text.ts'
import type { TableFormat } from './types.ts'

/**
 * Probo's CSV source: roles in a list with semicolons, three-valued is_admin and active. An account without an
 * e-mail address is read like any other; its id is external_id, else the address, else the name.
 */
export const proboSource: TableFormat = {
  kind: 'table',
  name: 'probo-source',
  version: 1,
  title: 'Probo: access source template',
  matches: (header) =>
    header.has('email', 'full_name', 'is_admin', 'external_id', 'account_type') && header.at('role', 'roles') >= 0,
  open(header, context) {
    const [address, full, roles, title] = [
      header.at('email'),
      header.at('full_name'),
      header.at('role', 'roles'),
      header.at('job_title'),
    ]
    const [admin, active, external, type] = [
      header.at('is_admin'),
      header.at('active'),
      header.at('external_id'),
      header.at('account_type'),
    ]
    const row = (cells: readonly string[]) => {
      const mail = email(cell(cells, address), context)
      const name = filled(cell(cells, full))
      const given = filled(cell(cells, external))
      const id = given ?? mail ?? name
      if (!id) return { rejected: reason.noAccount }
      if (!given) context.warn(mail ? 'id from e-mail' : 'id from name')
      const held = several(cell(cells, roles) ?? '', ';', context)
      if (held.length === 0) return { rejected: reason.noRole }
      const kind = kindOf(cell(cells, type), mail, context)
      const account = {
        id,
        label: name ?? mail ?? id,
        email: mail,
        name,
        kind,
        status: status(cell(cells, active), context),
      }
      const isAdmin = fact(cell(cells, admin))
      return {
        grants: held.map((label) => ({
          system: context.options.system,
          account,
          // is_admin is about the account: no says so of each role, yes does not tell which role it comes from.
          entitlement: {
            key: word(label),
            label,
            privileged:
              isAdmin === 'no' ? ('no' as const) : isAdmin === 'yes' ? ('yes' as const) : privilegedByName(label),
          },
          lastUsedAt: 'not read' as const,
          leaver: 'not read' as const,
          facts: { isAdmin, jobTitle: filled(cell(cells, title)) },
        })),
      }
    }
    return { row }
  },
}
