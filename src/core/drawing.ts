import type { Span, Text } from './md.ts'
import type { Card, Tone } from './view.ts'

/** What every chat platform needs to draw words, whatever its format is. */

/** Bidirectional controls can turn words around (T22); NUL and other control characters are refused by chat platforms. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const UNWANTED = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

export const clean = (text: string): string => text.replace(UNWANTED, '').toWellFormed()

/** At most `max` code units, with an ellipsis where something is missing; no character is cut in half. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const room = text.slice(0, Math.max(0, max - 1))
  const whole = /[\ud800-\udbff]$/.test(room) ? room.slice(0, -1) : room
  return `${whole.trimEnd()}…`
}

/** Long text in several parts of at most `max` characters, broken between words where there are any. */
export function parts(text: Text, max: number): Text[] {
  const all: Span[][] = [[]]
  let room = max
  for (const span of text) {
    let rest = span.text
    while (rest.length > room) {
      const space = rest.lastIndexOf(' ', room)
      let at = space > room / 2 ? space + 1 : room
      if (/[\ud800-\udbff]/.test(rest[at - 1] ?? '')) at--
      if (at > 0) all.at(-1)?.push({ ...span, text: rest.slice(0, at) })
      rest = rest.slice(at)
      all.push([])
      room = max
    }
    if (rest !== '') all.at(-1)?.push({ ...span, text: rest })
    room -= rest.length
  }
  return all.filter((part) => part.length > 0)
}

const SIGN: Record<Tone, string> = { neutral: '•', good: '✓', warning: '!', bad: '✕' }

/** One word and a sign: never colour alone. */
export const statusText = (status: NonNullable<Card['status']>): string => `${SIGN[status.tone]} ${status.label}`

/** Places of a bar of progress. */
const BAR = 12

/** A bar in text, which every client draws and every screen reader skips; the words beside it say the same. */
export function barOf(done: number, of: number): { bar: string; percent: number } {
  const share = of > 0 ? Math.min(1, Math.max(0, done / of)) : 0
  const full = Math.floor(share * BAR)
  return { bar: '█'.repeat(full) + '░'.repeat(BAR - full), percent: Math.floor(share * 100) }
}

/** Ends a switch over a union: a new kind does not compile until it is drawn. */
export function never(kind: never): never {
  throw new Error(`not drawn: ${JSON.stringify(kind)}`)
}
