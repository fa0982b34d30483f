import { localDay } from '../core/schedule.ts'
import { dateOf, dayOf, timeOf } from '../core/words.ts'
import type { Ctx } from '../core/workflow.ts'

/** Dates and times as the reader writes them; no words of ours. */
export const calendarIn = (language: string) => ({
  /** Fri 14 March */
  day: (day: string) => dayOf(day, language),
  /** 14 March 2026 */
  date: (day: string | Date, timezone = 'UTC') => dateOf(day, language, timezone),
  /** 09:41 */
  time: (at: Date, timezone: string) => timeOf(at, timezone),
  /** Fri 14 March 09:41 */
  dayAndTime: (at: Date, timezone: string) => `${dayOf(at, language, timezone)} ${timeOf(at, timezone)}`,
  /** 09:41 today, and the date before it on any other day. */
  moment: (at: Date, ctx: Pick<Ctx, 'now' | 'by'>) => {
    const { timezone } = ctx.by
    const time = timeOf(at, timezone)
    return localDay(at, timezone) === localDay(ctx.now, timezone) ? time : `${dateOf(at, language, timezone)}, ${time}`
  },
  localDay,
  /** A-10293: what a person keeps. */
  receipt: (number: number) => `A-${number}`,
})
