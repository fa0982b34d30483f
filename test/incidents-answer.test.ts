import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atWork, type Workday } from '../src/core/schedule.ts'
import { afterWork, answerBy } from '../src/incidents/answer.ts'

const WEEK: Workday = { from: 9, to: 17, days: [1, 2, 3, 4, 5] }

describe('an answer is promised within four working hours', () => {
  test.each([
    ['within the day', '2026-11-23T09:00:00Z', 'UTC', '2026-11-23T13:00:00Z'],
    ['over the evening', '2026-11-23T15:30:00Z', 'UTC', '2026-11-24T11:30:00Z'],
    ['to the very end of the day', '2026-11-23T13:00:00Z', 'UTC', '2026-11-23T17:00:00Z'],
    ['in the night', '2026-11-24T02:00:00Z', 'UTC', '2026-11-24T13:00:00Z'],
    ['over the weekend', '2026-11-27T16:00:00Z', 'UTC', '2026-11-30T12:00:00Z'],
    ['on a Sunday', '2026-11-29T12:00:00Z', 'UTC', '2026-11-30T13:00:00Z'],
    ['where clocks are 5:45 ahead', '2026-11-23T09:00:00Z', 'Asia/Kathmandu', '2026-11-24T05:00:00Z'],
    ['over the night the clock goes forward', '2026-03-27T16:00:00Z', 'Europe/Berlin', '2026-03-30T11:00:00Z'],
  ])('%s', (_when, at, timezone, expected) => {
    expect(afterWork(new Date(at), 4, timezone, WEEK).toISOString()).toBe(new Date(expected).toISOString())
  })

  test('by the one whose hours come first; nobody promises nothing', () => {
    const at = new Date('2026-11-23T02:00:00Z')
    const due = answerBy(at, ['Europe/Lisbon', 'Asia/Tokyo'], WEEK)
    expect(due?.toISOString()).toBe('2026-11-23T06:00:00.000Z')
    expect(answerBy(at, [], WEEK)).toBeUndefined()
  })

  test('a company that never works promises nothing silly: it is an error, not an endless search', () => {
    expect(() => afterWork(new Date('2026-11-23T09:00:00Z'), 4, 'UTC', { ...WEEK, days: [] })).toThrow(RangeError)
  })

  test('always later, always at a working moment or its very end, and a later report is never answered earlier', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Asia/Kathmandu',
      'America/Phoenix',
      'Europe/Lisbon',
      'Pacific/Apia',
      'No/Where',
    )
    const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 0, max: 5 * 86_400_000 }), (at, zone, later) => {
        const first = afterWork(new Date(at), 4, zone, WEEK)
        const second = afterWork(new Date(at + later), 4, zone, WEEK)
        expect(first.getTime()).toBeGreaterThanOrEqual(at + 4 * 3_600_000)
        expect(second.getTime()).toBeGreaterThanOrEqual(first.getTime())
        const before = new Date(first.getTime() - 1)
        expect(atWork(before, zone, WEEK)).toEqual(before)
      }),
    )
  })
})
