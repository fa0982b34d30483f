import { cell, email, filled, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason, rule } from './text.ts'
import type { TableFormat } from './types.ts'

/**
 * Okta, Reports › Current Assignments (fields as in Okta's help page of that name). One row per person and
 * application instance; "Last login" is the last sign-in to that application. The report has no Okta id: the login
 * stands for it. Rows with a past "Unassigned on" tell of access that is gone.
 */
export const oktaAssignments: TableFormat = {
  kind: 'table',
  name: 'okta-assignments',
  version: 1,
  title: 'Okta: Current Assignments report',
  matches: (header) => header.has('user', 'login', 'application name', 'application instance', 'assigned on'),
  open(header, context) {
    context.note(note.oktaFilter)
    const dates = openDates(context)
    const [user, login, application, instance] = [
      header.at('user'),
      header.at('login'),
      header.at('application name'),
      header.at('application instance'),
    ]
    const [theirs, assigned, unassigned, used] = [
      header.at('application login'),
      header.at('assigned on'),
      header.at('unassigned on'),
      header.at('last login'),
    ]
    const row = (cells: readonly string[]) => {
      const who = filled(cell(cells, login))
      if (!who) return { rejected: reason.noAccount }
      const what = filled(cell(cells, instance)) ?? filled(cell(cells, application))
      if (!what) return { rejected: reason.noRole }
      const ended = dates.time(cell(cells, unassigned))
      if (ended && isPast(ended, context.options.now)) return { outOfScope: rule.unassigned(ended.slice(0, 10)) }
      const app = filled(cell(cells, application))
      const as = filled(cell(cells, theirs))
      const name = filled(cell(cells, user))
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id: who.toLowerCase(),
              label: name ?? who,
              email: who.includes('@') ? email(who, context) : undefined,
              name,
              kind: 'unknown' as const,
              status: 'unknown' as const,
            },
            entitlement: {
              key: word(what),
              label: app && app !== what ? `${what} (${app})` : what,
              privileged: 'unknown' as const,
            },
            path: as && word(as) !== word(who) ? as : undefined,
            grantedAt: dates.time(cell(cells, assigned)),
            lastUsedAt: dates.lastUse(cell(cells, used)),
            leaver: 'not read' as const,
          },
        ],
      }
    }
    return { row }
  },
}

/** Without a clock every end that is written down is past: the report lists what was, too. */
function isPast(time: string, now: Date | undefined): boolean {
  return now === undefined || time <= now.toISOString()
}
