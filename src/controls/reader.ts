import { plain, type Text } from '../core/md.ts'
import { fileButton } from '../core/places.ts'
import { localDay, readPeriod } from '../core/schedule.ts'
import type { Block, Button } from '../core/view.ts'
import { dateOf, dayOf, timeOf } from '../core/words.ts'
import type { Ctx } from '../core/workflow.ts'
import type { Titled } from './duty.ts'
import { type Say, text } from './text.ts'

/** Who reads, when: what words and dates are chosen by. */
export type Reader = {
  id: string
  language: string
  today: string
  say: Say
  day: (day: string) => string
  date: (at: Date | string) => string
  /** 30 November 2026, 09:41, where the reader is: records outlive the year. */
  moment: (at: Date) => string
  fromTo: (from: string, to: string) => string
  every: (period: string) => string
  /** A file where the reader is: a link in the browser, a door in chat. */
  file: (name: string, fileId: string) => Button
}

export function readerOf(ctx: Ctx): Reader {
  const { now } = ctx
  const { id, language, timezone } = ctx.by
  const say = text(language)
  return {
    id,
    language,
    today: localDay(now, timezone),
    say,
    day: (day) => dayOf(day, language),
    date: (at) => dateOf(at, language, timezone),
    moment: (at) => `${dateOf(at, language, timezone)}, ${timeOf(at, timezone)}`,
    fromTo: (from, to) => say.periods.fromTo(dateOf(from, language), dateOf(to, language)),
    every: (period) => {
      const { count, unit } = readPeriod(period)
      return say.periods[unit](count, language)
    },
    file: (name, fileId) => fileButton(ctx, say.request.open(name), fileId),
  }
}

export const paragraph = (words: Text | string): Block => ({
  kind: 'text',
  text: typeof words === 'string' ? plain(words) : words,
})

export const muted = (words: Text | string): Block => ({
  kind: 'text',
  text: typeof words === 'string' ? plain(words) : words,
  tone: 'muted',
})

/** A.5.18 Access rights; A.8.2 …, and references that are no control of the register as they stand. */
export function titlesIn(titled: readonly Titled[], edition: '2022' | '2013', refs: readonly string[]): string {
  const known = new Map(titled.filter((one) => one.edition === edition).map((one) => [one.code, one.title]))
  return refs.map((ref) => (known.has(ref) ? `${ref} ${known.get(ref)}` : ref)).join('; ')
}
