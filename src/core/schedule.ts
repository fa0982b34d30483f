import { TZDate, tzOffset } from '@date-fns/tz'
// The package's index would load its thousand files: most of the time a start takes.
import { addMonths } from 'date-fns/addMonths'

/** Working hours where the person is: hours of the local clock (9.5 is half past nine) and ISO weekdays, 1 Monday to 7 Sunday. */
export type Workday = { from: number; to: number; days: readonly number[] }

export type IsHoliday = (day: string) => boolean

export type Step = {
  kind: 'remind' | 'overdue' | 'escalate'
  /** Local calendar days from the due date; negative before it. */
  daysFromDue: number
  /** Taken only when at least this many days lie between the first card and the due date. */
  window?: number
  to: 'person' | 'manager' | 'isms-manager'
}

/**
 * Few, widening, capped, then somebody else is asked. Three before the due date (a week for planning, two days for doing,
 * the morning itself), two after it; then the person is left alone and the manager hears of it, and at last the ISMS
 * manager. Ladders of the field that repeat daily are what people complain about most; caps of four or five with growing
 * gaps are what those who measured it settled on. A short window skips the early ones: the first card was only just sent.
 */
export const LADDER: readonly Step[] = [
  { kind: 'remind', daysFromDue: -7, window: 14, to: 'person' },
  { kind: 'remind', daysFromDue: -2, window: 5, to: 'person' },
  { kind: 'remind', daysFromDue: 0, window: 1, to: 'person' },
  { kind: 'overdue', daysFromDue: 1, to: 'person' },
  { kind: 'overdue', daysFromDue: 3, to: 'person' },
  { kind: 'escalate', daysFromDue: 5, to: 'manager' },
  { kind: 'escalate', daysFromDue: 10, to: 'isms-manager' },
]

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** As if clocks there showed UTC. */
const asShown = (at: Date, timezone: string): string =>
  new Date(at.getTime() + offset(at.getTime(), timezone)).toISOString()

/** The calendar date (YYYY-MM-DD) of that moment where the person is. */
export const localDay = (at: Date, timezone: string): string => asShown(at, timezone).slice(0, 10)

/** What a clock shows there (HH:MM). */
export const localTime = (at: Date, timezone: string): string => asShown(at, timezone).slice(11, 16)

export const addDays = (day: string, days: number): string => isoDay(utc(day) + days * DAY)

/** Calendar days from one date to another; negative when `to` comes first. */
export const daysBetween = (from: string, to: string): number => Math.round((utc(to) - utc(from)) / DAY)

/** The last moment of that date where the person is: whatever the clock does that night, the next moment is another date. */
export const endOfDay = (dueOn: string, timezone: string): Date =>
  new Date(wallClock(utc(dueOn) + DAY, timezone, 'midnight') - 1)

/**
 * The same moment when the person is at work, otherwise the moment work begins next.
 * Throws RangeError when no working day comes within a year: working hours and holidays leave none.
 */
export function atWork(at: Date, timezone: string, workday: Workday, isHoliday: IsHoliday = () => false): Date {
  const today = localDay(at, timezone)
  for (let ahead = 0; ahead <= 366; ahead++) {
    const hours = workingHours(addDays(today, ahead), timezone, workday, isHoliday)
    if (hours && at.getTime() < hours.to) return new Date(Math.max(at.getTime(), hours.from))
  }
  throw new RangeError('no working day within a year')
}

type Ladder = { dueOn: string; timezone: string; workday: Workday; createdAt: Date; isHoliday?: IsHoliday }

/**
 * What is to be done next, at `step` or above: the first step that lies after `after`. Of the steps that time has already
 * passed by (the worker was down) only the newest is still done, at the next working moment, so that nobody gets a
 * storm. null: the ladder is at its end. The moment is always within working hours, never on the day of the first card,
 * and no two steps share a day.
 */
export function nextStep(
  it: Ladder & { step: number; after: Date },
): { step: number; kind: Step['kind']; at: Date } | null {
  const planned = plan(it).filter(({ step }) => step >= it.step)
  const next = planned.find(({ at }) => at > it.after)
  const missed = planned.findLast(({ at }) => at <= it.after)
  if (!missed) return next ?? null
  const at = atWork(it.after, it.timezone, it.workday, it.isHoliday)
  return next && localDay(next.at, it.timezone) <= localDay(at, it.timezone) ? next : { ...missed, at }
}

/** Every step with its moment, in order. Where weekends push two onto one day, the later step stands for both. */
function plan(it: Ladder): { step: number; kind: Step['kind']; at: Date }[] {
  const createdOn = localDay(it.createdAt, it.timezone)
  // Asked only after the due date (handed over late): the grace of the later steps counts from the asking.
  const askedBy = createdOn > it.dueOn ? createdOn : it.dueOn
  const steps = LADDER.flatMap(({ kind, daysFromDue, window }, step) => {
    if (window !== undefined && daysBetween(createdOn, it.dueOn) < window) return []
    const at = morning(addDays(daysFromDue > 0 ? askedBy : it.dueOn, daysFromDue), kind === 'remind' ? -1 : 1, it)
    return localDay(at, it.timezone) > createdOn ? [{ step, kind, at }] : []
  })
  return steps.filter(({ at }, n) => at.getTime() !== steps[n + 1]?.at.getTime())
}

/** The start of work on that day; on a day off, of the working day before (a reminder must come in time) or after it. */
function morning(day: string, direction: 1 | -1, { timezone, workday, isHoliday = () => false }: Ladder): Date {
  for (let away = 0; away <= 366; away++) {
    const hours = workingHours(addDays(day, away * direction), timezone, workday, isHoliday)
    if (hours) return new Date(hours.from)
  }
  throw new RangeError('no working day within a year')
}

/** When work begins and ends on that date there, in milliseconds; undefined on a day off. */
export function workingHours(day: string, timezone: string, workday: Workday, isHoliday: IsHoliday = () => false) {
  const weekday = new Date(utc(day)).getUTCDay() || 7
  if (!workday.days.includes(weekday) || isHoliday(day)) return undefined
  const from = wallClock(utc(day) + workday.from * HOUR, timezone, 'from')
  const to = wallClock(utc(day) + workday.to * HOUR, timezone, 'to')
  return from < to ? { from, to } : undefined
}

/**
 * The n-th period's first day, counted from the anchor each time, so that nothing drifts: 31 January and a month is 28
 * or 29 February, and two months 31 March again. `period` is an ISO 8601 duration of one unit: P10D, P2W, P3M, P1Y.
 */
export function addPeriod(anchor: string, period: string, n: number): string {
  const { count, unit } = readPeriod(period)
  if (unit === 'D' || unit === 'W') return addDays(anchor, n * count * (unit === 'W' ? 7 : 1))
  return isoDay(addMonths(new TZDate(utc(anchor), 'UTC'), n * count * (unit === 'Y' ? 12 : 1)).getTime())
}

/** Throws RangeError for what is no such duration. */
export function readPeriod(period: string): { count: number; unit: 'D' | 'W' | 'M' | 'Y' } {
  const found = /^P([1-9]\d{0,3})([DWMY])$/.exec(period)
  if (!found) throw new RangeError(`not a period such as P10D, P2W, P3M or P1Y: ${period}`)
  return { count: Number(found[1]), unit: found[2] as 'D' | 'W' | 'M' | 'Y' }
}

const utc = (day: string): number => Date.parse(`${day}T00:00:00Z`)

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Offsets found before, by zone and minute: people of one zone are asked about the same mornings again and again. */
const offsets = new Map<string, number>()
const MOST_OFFSETS = 20_000

/** East of Greenwich is positive. A zone this runtime does not know counts as UTC: a late card is better than none. */
function offset(at: number, timezone: string): number {
  const name = `${timezone} ${Math.floor(at / 60_000)}`
  const known = offsets.get(name)
  if (known !== undefined) return known
  const minutes = tzOffset(timezone, new Date(at))
  const found = Number.isNaN(minutes) ? 0 : Math.round(minutes * 60_000)
  if (offsets.size >= MOST_OFFSETS) offsets.clear()
  offsets.set(name, found)
  return found
}

/**
 * The moment at which clocks there show `local` (a wall-clock time written as if it were UTC). Twice a year one wall-clock
 * time comes twice or not at all. Work then starts at the later and ends at the earlier reading, so that nobody is
 * reached outside the hours; midnight is the first moment of the date. Limit: a gap that begins just before midnight.
 */
function wallClock(local: number, timezone: string, meaning: 'from' | 'to' | 'midnight'): number {
  const readings = [local - offset(local - DAY, timezone), local - offset(local + DAY, timezone)]
  const shown = readings.filter((at) => at + offset(at, timezone) === local)
  if (meaning === 'to') return Math.min(...(shown.length > 0 ? shown : readings))
  if (meaning === 'midnight' && shown.length > 0) return Math.min(...shown)
  return Math.max(...(shown.length > 0 ? shown : readings))
}
