import type { Verdict, Verdicts } from './access.ts'

const keep = (reason: string): Verdict => ({ do: 'justify', entries: { reason } })
const remove = (reason: string): Verdict => ({ do: 'remove', entries: { reason } })

/** Player Data Warehouse, September: everything that stood out was decided. By account. */
const WAREHOUSE: Record<string, Verdict> = {
  'PW-0126': remove('Left in May. The account was forgotten when the team moved.'),
  'PW-0130': keep('Runs the yearly study in winter and needs the same tables again.'),
  'PW-0162': remove('Has not used it since February; reports for partners come from the dashboards now.'),
  'PW-0167': {
    do: 'more',
    entries: { choice: 'change', to: 'analyst', reason: 'Needs figures, never single players.' },
  },
}

const WHY: Record<string, string> = {
  admin: 'One of two administrators; the on-call rota needs both.',
  engineer: 'Builds and mends the nightly jobs; changes go through review.',
  'raw-reader': 'Works on fraud and cheating cases, which need the account behind a session.',
}

export const warehouseVerdicts: Verdicts = (item) =>
  WAREHOUSE[item.accountId] ??
  keep(
    item.subjectPersonId === null && item.privileged !== 'yes'
      ? 'Program of a supplier, owned by the data team; its key was changed in August.'
      : (WHY[item.entitlementCode] ?? 'Used every week; checked with the team lead.'),
  )

/** Crash Desk, this Monday: the owner has begun. What is left is the visitor's. */
const CRASH_DESK: Record<string, Verdict> = {
  'CD-0152': remove(
    'Left at the end of September and was still signing in on 12 November. Told the security team as well.',
  ),
  'CD-0269': remove('Not used for almost a year; asked him, he does not miss it.'),
  'CD-0295': remove('The nightly report was switched off in 2024.'),
}

export const crashDeskVerdicts: Verdicts = (item) => CRASH_DESK[item.accountId]
