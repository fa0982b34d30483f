import { cell, email, filled, word } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason, rule } from './text.ts'
import type { TableFormat } from './types.ts'

/**
 * Microsoft Entra, access review history report (30 columns). It tells of rights that were reviewed: a denial that
 * was applied is a right that is gone, everything else still stood when the review ended.
 */
export const entraReviewHistory: TableFormat = {
  kind: 'table',
  name: 'entra-review-history',
  version: 1,
  title: 'Microsoft Entra: access review history',
  matches: (header) =>
    header.has('accessreviewid', 'resourcedisplayname', 'principalid', 'reviewresult', 'applieddate'),
  open(header, context) {
    context.note(note.entraHistory)
    const dates = openDates(context, 'us')
    const at = (name: string) => header.at(name.toLowerCase())
    const [id, name, upn, type] = ['PrincipalId', 'PrincipalName', 'PrincipalUPN', 'PrincipalType'].map(at)
    const [resource, resourceId, result, applied, reviewed] = [
      'ResourceDisplayName',
      'ResourceId',
      'ReviewResult',
      'AppliedDate',
      'ReviewDate',
    ].map(at)
    const row = (cells: readonly string[]) => {
      const read = (position: number | undefined) => filled(cell(cells, position ?? -1))
      const who = read(id)
      if (!who) return { rejected: reason.noAccount }
      const label = read(resource) ?? read(resourceId)
      if (!label) return { rejected: reason.noRole }
      const answer = read(result) ?? ''
      const gone = dates.time(read(applied))
      if (word(answer) === 'deny' && gone) return { outOfScope: rule.denied(gone.slice(0, 10)) }
      const address = read(upn)?.includes('#') ? undefined : email(read(upn), context)
      return {
        grants: [
          {
            system: context.options.system,
            account: {
              id: who.toLowerCase(),
              label: read(name) ?? who,
              email: address,
              name: read(name),
              kind:
                word(read(type) ?? '') === 'user'
                  ? ('human' as const)
                  : word(read(type) ?? '') === 'serviceprincipal'
                    ? ('service' as const)
                    : ('unknown' as const),
              status: 'unknown' as const,
            },
            entitlement: { key: word(read(resourceId) ?? label), label, privileged: 'unknown' as const },
            lastUsedAt: 'not read' as const,
            leaver: 'not read' as const,
            facts: { reviewResult: answer, reviewedAt: dates.time(read(reviewed)) },
          },
        ],
      }
    }
    return { row }
  },
}
