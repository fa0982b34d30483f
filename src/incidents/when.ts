import { localDay } from '../core/schedule.ts'
import { dayOf, timeOf } from '../core/words.ts'
import type { Ctx } from '../core/workflow.ts'
import { text } from './text.ts'

/** Who looks, and when: words, dates and rights follow from it. */
export type Look = Pick<Ctx, 'by' | 'now'>

export const sayTo = (look: Look) => text(look.by.language)

/** 14:30 today, otherwise with its day, where the reader is. */
export function when(look: Look, at: Date): string {
  const { timezone, language } = look.by
  const clock = timeOf(at, timezone)
  if (localDay(at, timezone) === localDay(look.now, timezone)) return clock
  return text(language).time.at(dayOf(at, language, timezone), clock)
}

/** Always with its day, for cards that stay in a chat and for the history. */
export const dayAndTime = ({ by }: Look, at: Date): string =>
  text(by.language).time.at(dayOf(at, by.language, by.timezone), timeOf(at, by.timezone))

const MINUTE = 60_000

/** 12 minutes ago; only where a card is drawn anew each time it is looked at, for in a chat it would soon be untrue. */
export function ago(look: Look, at: Date): string {
  const { time } = sayTo(look)
  const since = look.now.getTime() - at.getTime()
  return since < MINUTE ? time.now : time.ago(span(look.by.language, since))
}

/** A length of time in its largest fitting unit, rounded down. */
export function span(language: string, milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE))
  const { time } = text(language)
  if (minutes < 60) return time.minutes(minutes, language)
  if (minutes < 48 * 60) return time.hours(Math.floor(minutes / 60), language)
  return time.days(Math.floor(minutes / (24 * 60)), language)
}
