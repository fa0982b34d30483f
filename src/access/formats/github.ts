import { cell, email, fact, filled, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason } from './text.ts'
import type { TableFormat } from './types.ts'

/**
 * GitHub, organisation › People › Export › CSV. The login stands for the account (the file has no id). The address is
 * a verified one of the organisation's domains, else the SAML NameID when that is an address.
 */
export const githubMembers: TableFormat = {
  kind: 'table',
  name: 'github-members',
  version: 1,
  title: 'GitHub: members of an organisation',
  matches: (header) => header.at('login', 'username') >= 0 && header.has('role', 'tfa_enabled', 'is_public'),
  open(header, context) {
    context.note(note.githubOutside)
    const dates = openDates(context)
    const [login, name, role, active] = [
      header.at('login', 'username'),
      header.at('name'),
      header.at('role'),
      header.at('last_active'),
    ]
    const [second, shown, saml] = [header.at('tfa_enabled'), header.at('is_public'), header.at('saml_name_id')]
    const verified = header.at('github com verified domain emails', 'verified_domain_emails')
    const row = (cells: readonly string[]) => {
      const who = filled(cell(cells, login))
      if (!who) return { rejected: reason.noAccount }
      const label = filled(cell(cells, role))
      if (!label) return { rejected: reason.noRole }
      const domain = filled(cell(cells, verified))?.split(/[,; ]+/)[0]
      const nameId = filled(cell(cells, saml))
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id: who.toLowerCase(),
              label: who,
              email: email(domain, context) ?? (nameId?.includes('@') ? email(nameId, context) : undefined),
              name: filled(cell(cells, name)),
              kind: 'unknown' as const,
              status: 'active' as const,
            },
            entitlement: { key: word(label), label, privileged: privileged(label) },
            lastUsedAt: dates.lastUse(cell(cells, active)),
            leaver: 'not read' as const,
            facts: { mfa: fact(cell(cells, second)), publicMember: fact(cell(cells, shown)) },
          },
        ],
      }
    }
    return { row }
  },
}

function privileged(role: string): 'yes' | 'no' | 'unknown' {
  const said = word(role)
  if (said === 'owner' || said === 'admin') return 'yes'
  return said === 'member' ? 'no' : 'unknown'
}
