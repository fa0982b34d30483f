import { beforeAll, describe, expect, test } from 'vitest'
import type { DemoDesk, Seat } from '../adapters/web/demo.ts'
import { openDemo } from '../src/cli/demo/index.ts'
import { makeCore } from '../src/core/core.ts'
import type { Log } from '../src/core/log.ts'
import type { Deps } from '../src/core/turn.ts'
import { makeWorker } from '../src/core/worker.ts'
import type { Actor, Core, Platform } from '../src/core/workflow.ts'
import { workflows } from '../src/workflows.ts'
import { type TestDatabase, testDatabase } from './support/database.ts'
import { wordsOf } from './support/incidents.ts'

type Made = {
  database: TestDatabase
  core: Core
  desk: DemoDesk
  complaints: string[]
  ms: number
  reopen(): Promise<DemoDesk>
  work(): Promise<number>
}

/** What a start does with an empty database. `complaints`: whatever was logged as wrong. */
async function make(): Promise<Made> {
  const database = await testDatabase()
  const { db, sql } = database
  const complaints: string[] = []
  const note = (facts: object, event: string) => void complaints.push(`${event} ${JSON.stringify(facts)}`)
  const log: Log = { info() {}, warn: note, error: note, child: () => log }
  const shift = { ms: 0 }
  const web: Platform = {
    name: 'web',
    mount: () => [],
    deliver: async (_to, _card, _sent, key) => ({ key }),
    profile: async () => ({ name: '', standing: 'member' }),
  }
  const deps: Deps = {
    db,
    house: {
      workflows,
      organisation: 'Harbourlight',
      desk: undefined,
      workday: { from: 9, to: 17, days: [1, 2, 3, 4, 5] },
      timezone: 'UTC',
      typed: (word) => word,
    },
    now: () => new Date(Date.now() + shift.ms),
    random: (size) => crypto.getRandomValues(new Uint8Array(size)),
    log,
    platforms: [web],
    wake() {},
  }
  const core = makeCore(deps)
  const stage = { deps, core, worker: makeWorker(deps, 'test'), sql, shift, access: database.accesses.app, say() {} }
  const begun = performance.now()
  const desk = await openDemo(stage)
  return {
    database,
    core,
    desk,
    complaints,
    ms: Math.round(performance.now() - begun),
    reopen: () => openDemo(stage),
    work: () => stage.worker.run(),
  }
}

const actorOf = (seat: Seat): Actor => ({ platform: 'web', tenant: 'desk', user: seat.id, address: {} })

/** Everything two companies could differ in without being another company: how much there is of what. */
async function figures({ sql }: TestDatabase): Promise<Record<string, number>> {
  const rows = await sql<{ name: string; n: number }[]>`
    select 'entry ' || type as name, count(*)::int as n from entry group by type
    union all select 'campaign ' || title || ' ' || state, count(*)::int from campaign where workflow = 'policies' group by title, state
    union all select 'assignment ' || workflow || ' ' || state, count(*)::int from assignment group by workflow, state
    union all select 'occurrence ' || state, count(*)::int from occurrence group by state
    union all select 'attestation ' || answer, count(*)::int from attestation group by answer
    union all select 'report ' || state, count(*)::int from report group by state
    union all select 'verdict ' || verdict, count(*)::int from verdict group by verdict
    union all select 'review ' || s.code || ' ' || r.state, count(*)::int from review r join system s on s.id = r.system_id group by s.code, r.state
    union all select 'item ' || coalesce(choice, 'open'), count(*)::int from review_item group by choice
    union all select 'acknowledgement ' || source, count(*)::int from acknowledgement group by source
    union all select 'delivery ' || state, count(*)::int from delivery group by state
    union all select 'snapshot ' || balanced, count(*)::int from snapshot group by balanced`
  return Object.fromEntries(rows.map((row) => [row.name, row.n]))
}

/** What a start leaves to the running product: its worker brings everybody's first cards. */
async function opened(): Promise<Made> {
  const company = await make()
  await company.work()
  return company
}

let made: Made
let seats: Seat[]
beforeAll(async () => {
  made = await opened()
  seats = await made.desk.seats()
  console.info(`the demo company was made in ${made.ms} ms`)
}, 120_000)

const seatOf = (name: string, among = seats): Seat => {
  const seat = among.find((one) => one.name === name)
  if (!seat) throw new Error(`no seat of ${name}`)
  return seat
}
const page = async (name: string, card: string, id?: string) =>
  wordsOf(await made.core.card(card, id, actorOf(seatOf(name))))
const chatAt = async (seat: Seat, { core }: Made = made) =>
  (await core.delivered(actorOf(seat))).map((one) => wordsOf(one.card))
const chat = (name: string) => chatAt(seatOf(name))

describe('the demo company', () => {
  test('is made without a complaint, by turns, imports and the worker', async () => {
    expect(made.complaints).toEqual([])
    const counts = await figures(made.database)
    expect(counts['delivery failed'] ?? 0).toBe(0)
    expect(counts['delivery parked'] ?? 0).toBe(0)
  })

  test('has a record that runs forward: what overlaps in it lies hours apart at most', async () => {
    const rows = await made.database.sql<{ back: string }[]>`
      select extract(epoch from max(latest - at)) as back
      from (select at, max(at) over (order by seq) as latest from entry) as told`
    expect(Number(rows[0]?.back)).toBeLessThan(24 * 3600)
  })

  test('leaves the clock at Monday, 23 November 2026, nine o’clock', () => {
    expect(made.desk.now().toISOString()).toMatch(/^2026-11-23T09:0\d/)
  })

  test('has policies in every state: over, late at about 60 %, replaced, just begun, and only read elsewhere', async () => {
    const counts = await figures(made.database)
    expect(counts['campaign Supplier and Cloud Security v2.0 closed']).toBe(1)
    expect(counts['assignment policies superseded']).toBeGreaterThan(0)
    expect(counts['acknowledgement imported']).toBe(41)
    const picture = await page('Mei Solberg', 'home.dashboard')
    const [, done = 0, of = 1] = /Secure Development v5\.0, due[^"]*","done":(\d+),"of":(\d+)/.exec(picture) ?? []
    expect(Number(done) / Number(of)).toBeGreaterThan(0.5)
    expect(Number(done) / Number(of)).toBeLessThan(0.7)
    expect(picture).toContain('overdue')
    expect(picture).toContain('Passwords and Authentication v1.0')
  })

  test('has controls that operate, deviate, fail, were missed and are open', async () => {
    const counts = await figures(made.database)
    for (const answer of ['operates', 'deviations', 'fails']) expect(counts[`attestation ${answer}`]).toBeGreaterThan(0)
    expect(counts['occurrence missed']).toBe(1)
    expect(counts['occurrence open']).toBeGreaterThan(10)
    expect(await page('Lorcan Whitby-Sato', 'home.inbox')).toContain('Review admin actions')
  })

  test('has a review that was signed with removals, two that run, and systems that nobody looked at', async () => {
    const counts = await figures(made.database)
    expect(counts['review player-warehouse signed']).toBe(1)
    expect(counts['review crash-desk open']).toBe(1)
    expect(counts['review github open']).toBe(1)
    expect(counts['snapshot true']).toBe(10)
    expect(counts['item remove']).toBeGreaterThanOrEqual(5)
    expect(await page('Noor Castellane', 'access.reviews')).toContain('Player Data Warehouse')
  })

  test('has reports with every verdict, one that is looked at and one that nobody took on', async () => {
    const counts = await figures(made.database)
    for (const kind of ['incident', 'weakness', 'duplicate', 'false-alarm', 'no-action'])
      expect(counts[`verdict ${kind}`]).toBeGreaterThan(0)
    expect(counts['report reported']).toBe(1)
    expect(counts['report under-assessment']).toBe(1)
    expect(counts['report withdrawn']).toBe(1)
  })

  test('has something to show at every seat worth trying, and a card in nearly every chat where it is day', async () => {
    const first = seats.filter((seat) => seat.group !== undefined)
    expect(first.length).toBe(7)
    for (const seat of first) {
      expect((await chat(seat.name)).length, seat.name).toBeGreaterThan(0)
      expect((await made.core.card('home.inbox', undefined, actorOf(seat))).blocks.length, seat.name).toBeGreaterThan(0)
    }
    // In America it is night: their cards come in their morning. A few have done all that was asked before they were sent anything.
    const awake = seats.filter((seat) => !/^(America|Pacific)/.test(seat.timezone ?? ''))
    const silent: string[] = []
    for (const seat of awake) if ((await chat(seat.name)).length === 0) silent.push(seat.name)
    expect(silent.length).toBeLessThan(awake.length * 0.1)
    expect(awake.length).toBeGreaterThan(80)
    expect(seats.filter((seat) => seat.lead).map((seat) => seat.name)).toEqual(['Mei Solberg'])
    expect(await page('Ulrike Sandvoss', 'controls.register')).toContain('A.5.1')
    expect(await page('Ulrike Sandvoss', 'home.record')).toContain('Report received')
    expect(await page('Eleni Faros', 'incidents.mine')).toContain('EVT-2026-0010')
    expect((await chat('Inês Valdemar')).at(-1)).toContain('Passwords and Authentication v1.0')
  })

  test('seats nobody who has left or has not begun', () => {
    const names = seats.map((seat) => seat.name)
    expect(names).not.toContain('Amália Torrezão')
    expect(names).not.toContain('Philippa Storrington')
  })
})

describe('another start', () => {
  test('finds the company and makes nothing again', async () => {
    const before = await figures(made.database)
    const desk = await made.reopen()
    expect(await figures(made.database)).toEqual(before)
    expect((await desk.seats()).length).toBe(seats.length)
  })

  test('after a story that broke off says what to do', async () => {
    await made.database.sql`update setting set value = '"telling"' where name = 'demo.company'`
    await expect(made.reopen()).rejects.toThrow(/half made.*delete the data folder/)
    await made.database.sql`update setting set value = '"told"' where name = 'demo.company'`
  })

  test('on a database of other people opens no seat', async () => {
    await made.database.sql`delete from setting where name = 'demo.company'`
    await expect(made.reopen()).rejects.toThrow(/anybody sit at any seat/)
    await made.database.sql`insert into setting (name, value) values ('demo.company', '"told"')`
  })
})

describe('a second company', () => {
  // Its days pass; those of the first do not.
  let company: Made
  let counts: Record<string, number>
  beforeAll(async () => {
    company = await opened()
    counts = await figures(company.database)
    return () => company.database.close()
  }, 120_000)

  test('made elsewhere is the same', async () => {
    expect(counts).toEqual(await figures(made.database))
  })

  test('three days later reminders and the digest of who is late arrive, each on its day, and the guide knows', async () => {
    const { desk } = company
    const steps = async () => (await desk.guide()).steps.map((step) => step.done)
    expect(await steps()).toEqual([false, false, false, false, false])
    const manager = seatOf('Tomás Farol', await desk.seats())
    const before = (await chatAt(manager, company)).length
    await desk.advance(3)
    expect(desk.now().toISOString()).toMatch(/^2026-11-26T09:0/)
    const news = (await chatAt(manager, company)).slice(before).join('\n')
    expect(news).toContain('A reminder')
    expect(news).toContain('Pilar Ondarreta')
    expect(await steps()).toEqual([false, false, false, true, false])
    desk.looked?.('home.record')
    expect(await steps()).toEqual([false, false, false, true, true])
  }, 60_000)
})
