import type { Tone } from '../core/view.ts'
import type { Answered } from './duty.ts'

export type Standing =
  | 'operates'
  | 'deviations'
  | 'fails'
  | 'open'
  | 'overdue'
  | 'missed'
  | 'later'
  | 'unowned'
  | 'left'

/** Worst first: what a control with several duties is shown as. */
const ORDER: readonly Standing[] = [
  'fails',
  'missed',
  'left',
  'unowned',
  'overdue',
  'deviations',
  'open',
  'operates',
  'later',
]

export const TONE: Record<Standing, Tone> = {
  fails: 'bad',
  missed: 'bad',
  left: 'warning',
  unowned: 'warning',
  overdue: 'warning',
  deviations: 'warning',
  open: 'neutral',
  operates: 'good',
  later: 'neutral',
}

/** How one period stands for a reader whose date is `today`. */
export function standingOf({ occurrence, attestation }: Answered, today: string): Standing {
  if (attestation) return attestation.answer
  if (occurrence.state === 'missed') return 'missed'
  return occurrence.dueOn < today ? 'overdue' : 'open'
}

/**
 * How a duty stands. What does not operate stays in sight until a later period is attested otherwise, and a missed period
 * until it is attested late.
 */
export function standingOfDuty(
  owner: 'none' | 'left' | 'active',
  periods: readonly Answered[],
  today: string,
): Standing {
  if (owner === 'none') return 'unowned'
  const newest = periods.filter((one) => one.attestation).reduce<Answered | undefined>(later, undefined)
  const all = periods.filter((one) => !one.attestation).map((one) => standingOf(one, today))
  if (newest) all.push(standingOf(newest, today))
  if (owner === 'left') all.push('left')
  return worst(all)
}

const later = (one: Answered | undefined, other: Answered) =>
  one && one.occurrence.n > other.occurrence.n ? one : other

export const worst = (all: readonly Standing[]): Standing => ORDER.find((one) => all.includes(one)) ?? 'later'
