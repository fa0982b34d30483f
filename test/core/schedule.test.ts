import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addPeriod,
  atWork,
  daysBetween,
  endOfDay,
  LADDER,
  localDay,
  nextStep,
  readPeriod,
} from '../../src/core/schedule.ts'

const office = { from: 9, to: 17, days: [1, 2, 3, 4, 5] }
const iso = (at: Date | undefined) => at?.toISOString()

/** An independent reading of the clocks there, straight from the runtime. */
function clockIn(timezone: string, at: Date) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const hour = Number(parts.hour) + Number(parts.minute) / 60 + Number(parts.second) / 3600
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(String(parts.weekday)) + 1
  return { day: `${parts.year}-${parts.month}-${parts.day}`, hour, weekday }
}

describe('the end of a day where the person is', () => {
  test.each([
    ['UTC', '2026-11-23', '2026-11-23T23:59:59.999Z'],
    ['Asia/Kathmandu', '2026-11-23', '2026-11-23T18:14:59.999Z'],
    ['America/Phoenix', '2026-07-01', '2026-07-02T06:59:59.999Z'],
    ['America/Phoenix', '2026-12-01', '2026-12-02T06:59:59.999Z'],
    ['Europe/Berlin, clocks go forward', '2026-03-29', '2026-03-29T21:59:59.999Z'],
    ['Europe/Berlin, clocks go back', '2026-10-25', '2026-10-25T22:59:59.999Z'],
    ['Africa/Cairo, next midnight does not exist', '2026-04-23', '2026-04-23T21:59:59.999Z'],
    ['Africa/Cairo, the day that begins at one', '2026-04-24', '2026-04-24T20:59:59.999Z'],
    ['Africa/Cairo, its last hour comes twice', '2026-10-29', '2026-10-29T21:59:59.999Z'],
    ['America/Nuuk, its last hour is missing', '2026-03-28', '2026-03-29T00:59:59.999Z'],
    ['America/Havana, the next midnight comes twice', '2026-10-31', '2026-11-01T03:59:59.999Z'],
    ['Pacific/Kiritimati', '2026-11-23', '2026-11-23T09:59:59.999Z'],
    ['Mars/Olympus, unknown: counts as UTC', '2026-11-23', '2026-11-23T23:59:59.999Z'],
  ])('%s %s', (zone, day, expected) => {
    expect(iso(endOfDay(day, zone.split(',')[0] ?? ''))).toBe(expected)
  })
})

describe('at work', () => {
  test.each([
    ['inside the hours: the same moment', 'UTC', '2026-11-23T10:30:00Z', '2026-11-23T10:30:00.000Z'],
    ['too early: when work begins', 'UTC', '2026-11-23T03:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['at the very end: the next morning', 'UTC', '2026-11-23T17:00:00Z', '2026-11-24T09:00:00.000Z'],
    ['Friday evening: Monday', 'UTC', '2026-11-27T18:00:00Z', '2026-11-30T09:00:00.000Z'],
    ['Kathmandu begins at 03:15 UTC', 'Asia/Kathmandu', '2026-11-23T00:00:00Z', '2026-11-23T03:15:00.000Z'],
    ['Kathmandu is over at 11:15 UTC', 'Asia/Kathmandu', '2026-11-23T11:15:00Z', '2026-11-24T03:15:00.000Z'],
    ['Berlin, Monday after clocks went forward', 'Europe/Berlin', '2026-03-27T16:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['Berlin, Monday after clocks went back', 'Europe/Berlin', '2026-10-23T16:00:00Z', '2026-10-26T08:00:00.000Z'],
    ['Phoenix keeps its clock in summer', 'America/Phoenix', '2026-07-01T00:00:00Z', '2026-07-01T16:00:00.000Z'],
    ['Phoenix keeps its clock in winter', 'America/Phoenix', '2026-12-01T00:00:00Z', '2026-12-01T16:00:00.000Z'],
  ])('%s', (_, zone, at, expected) => {
    expect(iso(atWork(new Date(at), zone, office))).toBe(expected)
  })

  test('a holiday is no working day', () => {
    const christmas = (day: string) => day === '2026-12-25'
    expect(iso(atWork(new Date('2026-12-24T20:00:00Z'), 'UTC', office, christmas))).toBe('2026-12-28T09:00:00.000Z')
  })

  test('hours that begin in the hour that clocks skip begin after it', () => {
    const night = { from: 2.5, to: 6, days: [7] }
    expect(iso(atWork(new Date('2026-03-29T00:00:00Z'), 'Europe/Berlin', night))).toBe('2026-03-29T01:30:00.000Z')
  })

  test('hours that end in the hour that clocks skip end before it', () => {
    const night = { from: 0, to: 2.5, days: [7] }
    const at = new Date('2026-03-29T00:45:00Z')
    expect(iso(atWork(at, 'Europe/Berlin', night))).toBe('2026-04-04T22:00:00.000Z')
  })

  test('no working day at all is an error, not an endless search', () => {
    expect(() => atWork(new Date(0), 'UTC', { ...office, days: [] })).toThrow(RangeError)
  })
})

describe('the ladder of reminders', () => {
  const base = { dueOn: '2026-12-16', timezone: 'UTC', workday: office, createdAt: new Date('2026-11-23T09:00:00Z') }

  /** Everything that a worker that is never down would do. */
  function walk(it: typeof base) {
    const taken: string[] = []
    let next = nextStep({ ...it, step: 0, after: it.createdAt })
    while (next) {
      taken.push(`${next.kind} ${localDay(next.at, it.timezone)}`)
      next = nextStep({ ...it, step: next.step + 1, after: next.at })
    }
    return taken
  }

  test('three reminders, two after the due date, then the manager, then the ISMS manager', () => {
    expect(walk(base)).toEqual([
      'remind 2026-12-09',
      'remind 2026-12-14',
      'remind 2026-12-16',
      'overdue 2026-12-17',
      // +3 is Saturday, +5 Monday: both would come on Monday, so the escalation stands for both.
      'escalate 2026-12-21',
      'escalate 2026-12-28',
    ])
  })

  test.each([
    ['a week: no reminder a week before', '2026-11-30', ['remind 2026-11-27', 'remind 2026-11-30']],
    ['three days: only the morning itself', '2026-11-26', ['remind 2026-11-26']],
    ['due today: nothing before', '2026-11-23', []],
    ['due on Sunday: the last reminder comes on Friday, once', '2026-12-06', ['remind 2026-12-04']],
  ])('a window of %s', (_, dueOn, expected) => {
    expect(walk({ ...base, dueOn }).filter((step) => step.startsWith('remind'))).toEqual(expected)
  })

  test('asked after the due date already: the grace counts from the asking', () => {
    expect(walk({ ...base, dueOn: '2026-11-01' })).toEqual([
      'overdue 2026-11-24',
      'overdue 2026-11-26',
      'escalate 2026-11-30',
      'escalate 2026-12-03',
    ])
  })

  test('after days of silence only the newest step is made up for, and then the ladder goes on', () => {
    const after = new Date('2026-12-15T13:00:00Z')
    const now = nextStep({ ...base, step: 0, after })
    expect(now).toEqual({ step: 1, kind: 'remind', at: after })
    const later = nextStep({ ...base, step: 2, after })
    expect(later).toEqual({ step: 2, kind: 'remind', at: new Date('2026-12-16T09:00:00Z') })
  })

  test('awake again at night: the step of that morning stands for the missed one', () => {
    const now = nextStep({ ...base, step: 0, after: new Date('2026-12-16T03:00:00Z') })
    expect(now).toEqual({ step: 2, kind: 'remind', at: new Date('2026-12-16T09:00:00Z') })
  })

  test('at its end there is nothing more', () => {
    expect(nextStep({ ...base, step: LADDER.length, after: base.createdAt })).toBeNull()
  })
})

describe('periods', () => {
  test.each([
    ['2026-01-31', 'P1M', 1, '2026-02-28'],
    ['2028-01-31', 'P1M', 1, '2028-02-29'],
    ['2026-01-31', 'P1M', 2, '2026-03-31'],
    ['2026-01-31', 'P3M', 1, '2026-04-30'],
    ['2026-11-30', 'P3M', 1, '2027-02-28'],
    ['2026-11-30', 'P3M', 2, '2027-05-30'],
    ['2028-02-29', 'P1Y', 1, '2029-02-28'],
    ['2028-02-29', 'P12M', 4, '2032-02-29'],
    ['2026-12-31', 'P1D', 1, '2027-01-01'],
    ['2026-03-28', 'P2W', 1, '2026-04-11'],
    ['2026-03-28', 'P1M', 0, '2026-03-28'],
    ['2026-03-31', 'P1M', -1, '2026-02-28'],
  ])('%s and %s × %i is %s', (anchor, period, n, expected) => {
    expect(addPeriod(anchor, period, n)).toBe(expected)
  })

  test.each(['', 'P', 'P0M', 'P-1M', 'P1H', 'PT1H', 'P1Y2M', 'monthly', 'P99999D'])('%s is no period', (period) => {
    expect(() => readPeriod(period)).toThrow(RangeError)
  })
})

const zones = [
  'UTC',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'America/Phoenix',
  'America/New_York',
  'Asia/Tokyo',
  'Africa/Cairo',
  'America/Havana',
  'Australia/Lord_Howe',
  'America/Nuuk',
  'Pacific/Kiritimati',
  'America/St_Johns',
]
const zone = fc.constantFrom(...zones)
const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
const dayOf = moment.map((at) => at.toISOString().slice(0, 10))
const workday = fc
  .record({
    hours: fc.uniqueArray(fc.integer({ min: 0, max: 48 }), { minLength: 2, maxLength: 2 }),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  })
  .map(({ hours, days }) => ({ from: Math.min(...hours) / 2, to: Math.max(...hours) / 2, days }))
const months = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']
const holiday = fc
  .constantFrom(...months)
  .map((month) => (day: string) => day.slice(5, 8) === `${month}-` && day < '2031')

describe('always', () => {
  test('nobody is reached outside working hours, on a day off or on a holiday', () => {
    fc.assert(
      fc.property(moment, zone, workday, holiday, (at, timezone, hours, isHoliday) => {
        const then = atWork(at, timezone, hours, isHoliday)
        const there = clockIn(timezone, then)
        expect(then.getTime()).toBeGreaterThanOrEqual(at.getTime())
        expect(there.hour).toBeGreaterThanOrEqual(hours.from)
        expect(there.hour).toBeLessThan(hours.to)
        expect(hours.days).toContain(there.weekday)
        expect(isHoliday(there.day)).toBe(false)
        expect(atWork(then, timezone, hours, isHoliday)).toEqual(then)
      }),
    )
  })

  test('a later moment never leads to an earlier one', () => {
    fc.assert(
      fc.property(moment, fc.nat(10 * 86_400_000), zone, workday, (at, later, timezone, hours) => {
        const one = atWork(at, timezone, hours)
        const two = atWork(new Date(at.getTime() + later), timezone, hours)
        expect(two.getTime()).toBeGreaterThanOrEqual(one.getTime())
      }),
    )
  })

  test('the end of a day is still that day, and the next moment is the next', () => {
    fc.assert(
      fc.property(dayOf, zone, (day, timezone) => {
        const end = endOfDay(day, timezone)
        expect(clockIn(timezone, end).day).toBe(day)
        expect(localDay(end, timezone)).toBe(day)
        expect(clockIn(timezone, new Date(end.getTime() + 1)).day).toBe(addDays(day, 1))
      }),
    )
  })

  test('the ladder climbs: at work, one push a day, none on the first day, reminders by the due date', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: -20, max: 60 }),
        zone,
        workday,
        fc.array(fc.nat(6 * 86_400_000), { maxLength: 12 }),
        (createdAt, days, timezone, hours, delays) => {
          const dueOn = addDays(localDay(createdAt, timezone), days)
          const it = { dueOn, timezone, workday: hours, createdAt }
          const pushed: string[] = []
          let step = 0
          let now = createdAt
          for (const delay of [...delays, 0, 0, 0, 0, 0, 0, 0, 0]) {
            const next = nextStep({ ...it, step, after: now })
            if (!next) break
            expect(next.step).toBeGreaterThanOrEqual(step)
            expect(next.at.getTime()).toBeGreaterThanOrEqual(now.getTime())
            expect(next.kind).toBe(LADDER[next.step]?.kind)
            const there = clockIn(timezone, next.at)
            expect(hours.days).toContain(there.weekday)
            expect(there.hour).toBeGreaterThanOrEqual(hours.from)
            expect(there.hour).toBeLessThan(hours.to)
            expect(there.day > localDay(createdAt, timezone)).toBe(true)
            if (next.kind === 'remind') expect(there.day <= dueOn).toBe(true)
            expect(pushed).not.toContain(there.day)
            pushed.push(there.day)
            step = next.step + 1
            now = new Date(next.at.getTime() + delay)
          }
          expect(pushed.length).toBeLessThanOrEqual(LADDER.length)
        },
      ),
    )
  })

  test('periods do not drift: every one begins where the last ended, on the anchor’s day or the month’s last', () => {
    fc.assert(
      fc.property(dayOf, fc.integer({ min: 1, max: 24 }), fc.integer({ min: 0, max: 60 }), (anchor, count, n) => {
        const one = addPeriod(anchor, `P${count}M`, n)
        const two = addPeriod(anchor, `P${count}M`, n + 1)
        expect(two > one).toBe(true)
        expect(daysBetween(one, two)).toBeGreaterThanOrEqual(28 * count)
        const day = Number(anchor.slice(8))
        expect(two.slice(8) === anchor.slice(8) || Number(two.slice(8)) < day).toBe(true)
        if (Number(two.slice(8)) < day) expect(addDays(two, 1).slice(8)).toBe('01')
      }),
    )
  })
})
