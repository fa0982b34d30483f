import { addDays, localDay, type Workday, workingHours } from '../core/schedule.ts'

/** A report is taken on within half a working day of whoever is there first. */
const HOURS_TO_ANSWER = 4

const HOUR = 3_600_000

/**
 * When somebody will have answered: `HOURS_TO_ANSWER` working hours from the report, where the responders are, by the one
 * whose hours come first. undefined: there is nobody.
 */
export function answerBy(at: Date, timezones: readonly string[], workday: Workday): Date | undefined {
  const times = timezones.map((timezone) => afterWork(at, HOURS_TO_ANSWER, timezone, workday).getTime())
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

/**
 * The moment after that many hours of work there; nights and days off do not count.
 * Throws RangeError when a year does not hold that many.
 */
export function afterWork(at: Date, hours: number, timezone: string, workday: Workday): Date {
  const today = localDay(at, timezone)
  let left = hours * HOUR
  for (let ahead = 0; ahead <= 366; ahead++) {
    const work = workingHours(addDays(today, ahead), timezone, workday)
    const begin = Math.max(at.getTime(), work?.from ?? 0)
    const room = work ? Math.max(0, work.to - begin) : 0
    if (room > 0 && left <= room) return new Date(begin + left)
    left -= room
  }
  throw new RangeError('not that many working hours within a year')
}
