import { cell, email, fact, filled, status, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason, rule } from './text.ts'
import type { TableFormat } from './types.ts'

/**
 * Google Workspace, Directory › Users › Download users. The set of columns has changed over the years; names are
 * compared without their `[Required]` tags. The password column must be empty or stars. Suspended and archived
 * accounts are kept as inactive, because they can be switched on again; deleted ones hold nothing.
 */
export const googleUsers: TableFormat = {
  kind: 'table',
  name: 'google-workspace-users',
  version: 1,
  title: 'Google Workspace: Download users',
  matches: (header) =>
    header.has('first name', 'last name', 'email address', 'org unit path', 'status', 'last sign in'),
  open(header, context) {
    context.note(note.googleAdmins)
    const dates = openDates(context)
    const read = (name: string) => {
      const position = header.at(name)
      return (cells: readonly string[]) => cell(cells, position)
    }
    const [first, last, address, state, signIn] = [
      'first name',
      'last name',
      'email address',
      'status',
      'last sign in',
    ].map(read)
    const [unit, manager, department, employee, enrolled] = [
      'org unit path',
      'manager email',
      'department',
      'employee id',
      '2sv enrolled',
    ].map(read)
    const row = (cells: readonly string[]) => {
      const mail = email(address?.(cells), context)
      if (!mail) return { rejected: reason.noAccount }
      const said = filled(state?.(cells)) ?? ''
      if (word(said) === 'deleted') return { outOfScope: rule.noAccess(said) }
      const name = filled([first?.(cells), last?.(cells)].map((part) => part?.trim()).join(' '))
      const facts = {
        mfa: fact(enrolled?.(cells)),
        orgUnit: filled(unit?.(cells)) ?? '/',
        employeeId: filled(employee?.(cells)),
      }
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id: mail,
              label: name ?? mail,
              email: mail,
              name,
              kind: 'human' as const,
              status: status(said, context),
              manager: email(manager?.(cells), context),
              department: filled(department?.(cells)),
            },
            entitlement: { key: 'account', label: 'Workspace account', privileged: 'unknown' as const },
            lastUsedAt: dates.lastUse(signIn?.(cells)),
            leaver: 'not read' as const,
            facts,
          },
        ],
      }
    }
    return { row }
  },
}
