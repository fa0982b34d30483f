import type { Context, LastUse, Time } from './types.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const never = /^never\b/i
const unsaid = /^(no[_ ]information|n\/?a|not[_ ]supported|unknown|none|null|-+|—)$/i

const clock = String.raw`(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(AM|PM)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?`
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${clock}$`, 'i')
const named = new RegExp(String.raw`^(\d{1,2})[ -]([a-z]{3})[a-z]*\.?[ ,-]+(\d{4})${clock}$`, 'i')
const namedFirst = new RegExp(String.raw`^([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})${clock}$`, 'i')
const numbers = new RegExp(String.raw`^(\d{1,2})([/.])(\d{1,2})\2(\d{4})${clock}$`, 'i')

/** `us`: the vendor writes month/day/year. */
export type Dialect = 'us' | undefined

type Parts = { year: number; month: number; day: number; rest: (string | undefined)[] }

/** The time a cell names, 'ambiguous' when day and month could change places, or undefined when it cannot be read. */
export function readTime(text: string, dialect?: Dialect): Time | 'ambiguous' | undefined {
  const parts = split(text.trim(), dialect)
  if (parts === 'ambiguous' || !parts) return parts
  const { year, month, day, rest } = parts
  const [hour, minute, second, fraction, half, zone] = rest
  const h = half ? (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0) : Number(hour ?? 0)
  if (month < 1 || month > 12 || h > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return undefined
  const milliseconds = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'))
  const local = Date.UTC(year, month - 1, day, h, Number(minute ?? 0), Number(second ?? 0), milliseconds)
  const read = new Date(local)
  if (year < 1970 || read.getUTCDate() !== day) return undefined
  return new Date(local - minutesOf(zone) * 60_000).toISOString() as Time
}

function split(text: string, dialect: Dialect): Parts | 'ambiguous' | undefined {
  let found = yearFirst.exec(text)
  if (found) return { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]), rest: found.slice(4) }
  found = named.exec(text)
  if (found) return { year: Number(found[3]), month: monthOf(found[2]), day: Number(found[1]), rest: found.slice(4) }
  found = namedFirst.exec(text)
  if (found) return { year: Number(found[3]), month: monthOf(found[1]), day: Number(found[2]), rest: found.slice(4) }
  found = numbers.exec(text)
  if (!found) return undefined
  const [first, second, year, rest] = [Number(found[1]), Number(found[3]), Number(found[4]), found.slice(5)]
  const month = { year, month: first, day: second, rest }
  const day = { year, month: second, day: first, rest }
  // A dot is written day first; AM and PM come from files in American English.
  if (found[2] === '.' || first > 12) return day
  return dialect === 'us' || rest[4] || second > 12 || first === second ? month : 'ambiguous'
}

function monthOf(name: string | undefined): number {
  return months.indexOf((name ?? '').toLowerCase()) + 1
}

function minutesOf(zone: string | undefined): number {
  const found = zone ? /^([+-])(\d\d):?(\d\d)?$/.exec(zone) : null
  if (!found) return 0
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0))
}

export type Dates = {
  lastUse(text: string | undefined): LastUse
  /** undefined when empty, not there or not readable */
  time(text: string | undefined): Time | undefined
}

/** Exports repeat their dates; a small memory keeps a million of them cheap. */
const remembered = 4096

export function openDates(context: Context, dialect?: Dialect): Dates {
  const known = new Map<string, LastUse | 'ambiguous' | 'unreadable'>()
  const look = (text: string) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const trimmed = text.trim()
    const read =
      !trimmed || unsaid.test(trimmed)
        ? 'unknown'
        : never.test(trimmed)
          ? 'never'
          : (readTime(trimmed, dialect) ?? 'unreadable')
    if (known.size >= remembered) known.clear()
    if (text.length <= 64) known.set(text, read)
    return read
  }
  const lastUse = (text: string | undefined): LastUse => {
    if (text === undefined) return 'not read'
    const read = look(text)
    if (read !== 'ambiguous' && read !== 'unreadable') return read
    context.warn(read === 'ambiguous' ? 'ambiguous date' : 'unreadable date')
    return 'unknown'
  }
  const time = (text: string | undefined) => {
    const read = lastUse(text)
    return read === 'never' || read === 'unknown' || read === 'not read' ? undefined : read
  }
  return { lastUse, time }
}
