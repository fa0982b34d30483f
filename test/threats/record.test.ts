import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { describe, expect, test } from 'vitest'
import { textOf } from '../../src/core/md.ts'
import type { Card } from '../../src/core/workflow.ts'
import { imported, launch } from '../support/policies.ts'
import { makeWorld } from '../support/world.ts'
import { EVERYBODY, setUpLoop } from './loop.ts'

type Via = { platform: string; identity: string; turn: string; shown: string | null }
type Row = {
  id: string
  seq: bigint
  type: string
  at: string
  actor: string
  object: string
  ref: string | null
  bytes: Uint8Array
  payload_sha256: string
  salt: Uint8Array
  payload: Uint8Array
}

const world = await makeWorld({ seed: 'the record' })
const it = await setUpLoop(world)
const sha256 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
const rows = () => world.sql<Row[]>`
  select e.id, e.seq, e.type, to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, e.actor, e.object, e.ref, e.bytes,
    e.payload_sha256, p.salt, p.payload from entry e join entry_payload p on p.entry_id = e.id order by e.seq`
const words = (card: Card) => card.blocks.map((block) => (block.kind === 'text' ? textOf(block.text) : '')).join('\n')

/** Everybody but Lena says yes to two texts; a report, a right and a control are decided. */
async function decideAll() {
  await world.pass('1 minute')
  const everyone = EVERYBODY.filter((who) => who !== 'lena')
  for (const who of everyone) {
    const [asked] = await world.sql<{ id: string }[]>`
      select id from assignment where workflow = 'policies' and person_id = ${world.person(who).id} and state = 'open'`
    await world.as(who).do('policies.acknowledge', { id: asked?.id, shown: it.version, entries: {} })
  }
  await launch(
    world,
    await imported(world, { code: 'second', title: 'Second', version: '"1.0"' }, 'Another text, as it stands.'),
  )
  for (const who of everyone) {
    const [asked] = await world.sql<{ id: string; subject_id: string }[]>`
      select id, subject_id from assignment where workflow = 'policies' and person_id = ${world.person(who).id} and state = 'open'`
    await world.as(who).do('policies.acknowledge', { id: asked?.id, shown: asked?.subject_id, entries: {} })
  }
  await world
    .as('ravi')
    .do('incidents.weakness', { id: it.report, shown: '0', entries: { reason: 'It stands open each day.' } })
  await world.as('lena').do('access.keep', { id: it.plainItem, shown: '0' })
  const upload = { type: 'text/csv', bytes: Buffer.from('machine,agent\n'), name: 'agents.csv' }
  const files = [await world.core.keep(upload, world.as('kiran').actor)]
  await world
    .as('kiran')
    .do('controls.attest', { id: it.occurrence, entries: { answer: 'operates', statement: 'All 40 machines.', files } })
}
await decideAll()

describe('T34 "I never clicked that"', () => {
  test('from the record alone: who, through which account and request, what text they had before them, what they chose, when', async () => {
    const all = await rows()
    const chosen = all.filter((row) =>
      ['policy.acknowledged', 'report.decided', 'access.decided', 'control.attested'].includes(row.type),
    )
    expect(chosen.length).toBeGreaterThanOrEqual(24)
    let written = 0
    for (const row of chosen) {
      const payload = JSON.parse(Buffer.from(row.payload).toString()) as Record<string, unknown> & { via: Via }
      expect(sha256(row.salt, row.payload)).toBe(row.payload_sha256)
      expect(payload.via, row.type).toMatchObject({ platform: 'memory', turn: expect.stringMatching(/^press-\d+$/) })
      const [account] =
        await world.sql`select platform, tenant, user_id, person_id from identity where id = ${payload.via.identity}`
      expect(account).toMatchObject({ platform: 'memory', tenant: 'test', person_id: row.actor })
      if (row.type !== 'policy.acknowledged') continue
      const [version] = await world.sql<{ body: string; sha256: string; version: string }[]>`
        select body, sha256, version from policy_version where id = ${row.object}`
      expect(payload).toMatchObject({
        content_sha256: version?.sha256,
        statement: `I have read version ${version?.version} and will follow it.`,
      })
      expect(payload.via.shown).toBe(row.object)
      const [shown] = await world.sql<{ shown: Card; first_sent_at: string }[]>`
        select d.shown, d.first_sent_at from delivery d join message m on m.id = d.message_id
        where m.subject_id = ${String(payload.assignment)} and m.person_id = ${row.actor}`
      // In Tokyo it is evening: who came to it through the inbox was not written to before.
      if (!shown?.first_sent_at) continue
      expect(words(shown.shown)).toMatch(/Receipt A-|applies to everyone/)
      expect(Date.parse(shown.first_sent_at)).toBeLessThanOrEqual(Date.parse(row.at))
      written++
    }
    expect(written).toBeGreaterThan(12)
    const decided = Object.fromEntries(
      chosen.map((row) => [row.type, JSON.parse(Buffer.from(row.payload).toString()) as Record<string, unknown>]),
    )
    expect(decided['report.decided']).toMatchObject({
      verdict: 'weakness',
      reason: 'It stands open each day.',
      via: { shown: '0' },
    })
    expect(decided['access.decided']).toMatchObject({ choice: 'keep', via: { shown: '0' } })
    expect(decided['control.attested']).toMatchObject({ answer: 'operates', statement: 'All 40 machines.' })
  })

  test('the bytes of every entry say the same as its columns and name no person’s words', async () => {
    for (const row of await rows()) {
      const frame = JSON.parse(Buffer.from(row.bytes).toString()) as Record<string, unknown>
      expect(frame).toMatchObject({
        v: 1,
        type: row.type,
        at: row.at,
        actor: row.actor,
        object: row.object,
        ref: row.ref,
        payload_sha256: row.payload_sha256,
      })
      expect(Buffer.from(row.bytes).toString()).toBe(canonicalize(frame))
      expect(Buffer.from(row.bytes).toString()).not.toMatch(/@example|parcel|machines|stands open/)
    }
  })
})

describe('T32 whoever holds the application’s keys, and the owner’s slip of the hand', () => {
  const tables = [
    'entry',
    'entry_payload',
    'acknowledgement',
    'attestation',
    'attestation_file',
    'access_decision',
    'access_batch',
    'access_grant',
    'snapshot',
    'verdict',
    'report_detail',
    'policy_version',
  ]

  test.each(tables)(
    '%s: no update, no delete, no truncate; the application cannot take the guard away',
    async (table) => {
      for (const sql of [world.sql, world.owner]) {
        for (const statement of [`delete from ${table}`, `truncate ${table} cascade`])
          await expect(sql.unsafe(statement)).rejects.toThrow(/append-only|permission denied/)
      }
      const [column] = await world.owner<
        { name: string }[]
      >`select column_name as name from information_schema.columns where table_name = ${table} and data_type = 'text' order by ordinal_position limit 1`
      const change = `update ${table} set ${column?.name} = ${column?.name} || 'x'`
      await expect(world.sql.unsafe(change)).rejects.toThrow(/append-only|frozen|permission denied/)
      await expect(world.owner.unsafe(change)).rejects.toThrow(/append-only|frozen/)
      for (const statement of [
        `alter table ${table} disable trigger all`,
        `drop trigger refuse_truncate on ${table}`,
        `alter table ${table} add column x int`,
        `drop table ${table}`,
        'set session_replication_role = replica',
        'reset role; alter table entry disable trigger all',
      ])
        await expect(world.sql.unsafe(statement), statement).rejects.toThrow(/owner|permission denied/)
    },
  )
})

describe('T12 the database refuses what the code would never do', () => {
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'written',
      (error: { message: string }) => error.message,
    )

  test('a right decided by its own subject, a verdict on one’s own report', async () => {
    const { id: yuki } = world.person('yuki')
    const own = await refused(
      world.owner`update review_item set reviewer_id = subject_person_id where subject_person_id is not null`,
    )
    expect(own).toMatch(/check constraint|violates/)
    const verdict = await refused(world.owner`
      insert into verdict (id, report_id, reporter_id, n, verdict, reason, decided_by, decided_at)
      values ('ver_00000000000000000000000001', ${it.report}, ${world.person('omar').id}, 9, 'weakness', 'x', ${world.person('omar').id}, now())`)
    expect(verdict).toMatch(/verdict_not_own/)
    expect(yuki).toMatch(/^per_/)
  })
})

describe('T45 a clock that jumps', () => {
  test('back an hour while things run: the order of the record stays, nothing is asked or sent twice, nothing is late', async () => {
    const clock = await makeWorld({ seed: 'the clock' })
    await launch(clock, await imported(clock), '2026-12-04')
    const [asked] = await clock.sql<
      { id: string }[]
    >`select id from assignment where person_id = ${clock.person('omar').id}`
    const chats = () => EVERYBODY.map((who) => clock.chat(who).length)
    const before = chats()
    await clock.pass(new Date(clock.now().getTime() - 3_600_000))
    await clock.work()
    await clock.as('omar').do('policies.acknowledge', { id: asked?.id, entries: {} })
    await clock.work()
    expect(chats()).toEqual(before)
    const order = await clock.entries()
    expect(order.at(-1)?.type).toBe('policy.acknowledged')
    expect(order.map((one) => Number(one.seq))).toEqual([...order.map((one) => Number(one.seq))].sort((a, b) => a - b))
    await clock.pass('10 minutes')
    await clock.work()
    expect(chats()).toEqual(before)
    expect((await clock.sql`select 1 from assignment where step >= 4`).length).toBe(0)
  })
})
