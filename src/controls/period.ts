import type { controlAction } from '../../db/schema/controls.ts'
import { addDays, addPeriod, endOfDay } from '../core/schedule.ts'

export type Duty = typeof controlAction.$inferSelect

/** One period of a duty. `dueOn` is its last day: what is attested is the whole of it. */
export type Period = { n: number; from: string; to: string; dueOn: string; opensOn: string }

/** Owners are asked this many days before the end, or as many as the grace has where that is more. */
const LEAD = 14

/** A month is asked about only while this many of its days are left, so that nobody is asked for tomorrow. */
const LEFT = 14

/** The n-th period from the anchor, n from 1; each is counted from the anchor, so that a short month moves none. */
export function periodOf(duty: Pick<Duty, 'period' | 'graceDays'>, anchoredOn: string, n: number): Period {
  const from = addPeriod(anchoredOn, duty.period, n - 1)
  const to = addDays(addPeriod(anchoredOn, duty.period, n), -1)
  const early = addDays(to, -Math.max(LEAD, duty.graceDays))
  return { n, from, to, dueOn: to, opensOn: early > from ? early : from }
}

/** The first period that ends on that day or later: what lay before the duty was set up is nobody's debt. */
export function firstPeriod(duty: Pick<Duty, 'period' | 'graceDays'>, anchoredOn: string, since: string): Period {
  for (let n = 1; ; n++) {
    const period = periodOf(duty, anchoredOn, n)
    if (period.to >= since) return period
  }
}

/** Where periods begin when nobody said so: this month while enough of it is left, otherwise the next. */
export function anchorFor(today: string): string {
  const month = `${today.slice(0, 7)}-01`
  const next = addPeriod(month, 'P1M', 1)
  return addDays(today, LEFT) < next ? month : next
}

/** The last moment in which the period can be attested without a mark, where the owner is. */
export const graceEnds = (dueOn: string, graceDays: number, timezone: string): Date =>
  endOfDay(addDays(dueOn, graceDays), timezone)
