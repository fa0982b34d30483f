import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { personRole } from '../db/schema/people.ts'
import type { Facts, Log } from '../src/core/log.ts'
import { incidents } from '../src/incidents/index.ts'
import { labelsOf, newest, press, reports, sayOf, wordsOf } from './support/incidents.ts'
import { makeWorld } from './support/world.ts'

const lines: string[] = []
const keep = (facts: Facts, event: string) => void lines.push(JSON.stringify([facts, event]))
const log: Log = {
  info: keep,
  warn: keep,
  error: keep,
  child(facts) {
    keep(facts, 'child')
    return log
  },
}
const world = await makeWorld({ workflows: [incidents], log })

const CANARY = 'canary-7f3a'
const EVERYBODY = ['mei', 'ravi', 'ines', 'omar', 'lena', 'cleo', 'dora', 'aude', 'gus', 'kiran', 'yuki', 'sol']

/** What one person sees of a report: as a page, by its button, in the list, in the inbox. */
async function sights(who: string, id: string) {
  const as = world.as(who)
  const [page, shown, list, triage, receipt, outcome] = await Promise.all([
    as.card('incidents.report', id),
    as.do('incidents.show', { id }),
    as.command('/isms reports'),
    as.card('incidents.triage', id),
    as.card('incidents.receipt', id),
    as.card('incidents.outcome', id),
  ])
  const waiting = await world.by(who, (ctx) => incidents.waiting?.(ctx) ?? Promise.resolve([]))
  return JSON.stringify([page, shown, list, triage, receipt, outcome, waiting])
}

async function whoSees(id: string, words: string) {
  const seeing: string[] = []
  for (const who of EVERYBODY) if ((await sights(who, id)).includes(words)) seeing.push(who)
  return seeing
}

test.each([
  ['by default the reporter, responders, the ISMS manager and the DPO', {}, ['mei', 'ravi', 'ines', 'omar', 'dora']],
  ['without personal data no DPO', { personalData: 'no' }, ['mei', 'ravi', 'ines', 'omar']],
  [
    'with the manager also the reporter’s manager',
    { audience: 'manager', personalData: 'no' },
    ['mei', 'ravi', 'ines', 'omar', 'lena'],
  ],
  [
    'an open one every member, but no guest',
    { audience: 'open', personalData: 'no' },
    ['mei', 'ravi', 'ines', 'omar', 'lena', 'cleo', 'dora', 'aude', 'kiran', 'yuki', 'sol'],
  ],
])('T18 who reads it: %s', async (_who, entries, expected) => {
  const words = `${CANARY}-${Math.abs(JSON.stringify(entries).length)}`
  const { id } = await reports(world, 'omar', words, entries)
  expect(await whoSees(id, words)).toEqual(expected)
})

test('T18 T19 the words stand in no title, no notification, no chat but the responders’, and in no log', async () => {
  const words = `${CANARY}-everywhere`
  const { id, number } = await reports(world, 'omar', words)
  await world.work()
  await press(world, 'omar', newest(world, 'omar', number), 'Add detail', { more: `${words} more` })
  const reason = `${words} is the internal reason`
  await press(world, 'ravi', newest(world, 'ravi', number), 'I’m on it')
  await world.work()
  await press(world, 'ravi', newest(world, 'ravi', number), 'False alarm', { reason })
  await world.work()
  await world.as('ines').do('incidents.reopen', { id, entries: { reason } })
  await world.pass('1 day')
  await world.work()
  const reading = EVERYBODY.filter((who) => JSON.stringify(world.chat(who)).includes(words))
  expect(reading).toEqual(['ravi', 'ines'])
  for (const who of EVERYBODY)
    for (const card of world.chat(who)) expect(`${card.title} ${card.status?.label}`).not.toContain(CANARY)
  expect(lines.join()).not.toContain(CANARY)
  for (const one of await world.entries()) expect(Buffer.from(one.bytes).toString()).not.toContain(CANARY)
  const list = (await world.as('ravi').command('/isms reports')).card
  const titles = list?.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows.map((row) => row.title) : []))
  expect(titles?.length).toBeGreaterThan(0)
  expect(JSON.stringify([list?.title, list?.status, titles, list && labelsOf(list)])).not.toContain(CANARY)
})

test('an auditor sees that there is one and how it ended, not what it says, who made it, or why', async () => {
  const words = `${CANARY}-audited`
  const { id, number } = await reports(world, 'omar', words, { category: 'malfunction' })
  await world.as('ravi').do('incidents.incident', { id, entries: { severity: 'high', reason: `${words} because` } })
  const page = await world.as('aude').card('incidents.report', id)
  expect(page.title).toBe(`Report ${number}`)
  expect(wordsOf(page)).toMatch(/Incident INC-2026-\d{4}, High, decided by Ravi Okonjo/)
  expect(wordsOf(page)).toContain(`A reason of ${`${words} because`.length} characters is on record.`)
  for (const secret of [CANARY, 'Omar', 'Software or a device']) expect(JSON.stringify(page)).not.toContain(secret)
  expect(labelsOf(page)).toEqual(['Record'])
  const list = (await world.as('aude').command('/isms reports')).card
  expect(wordsOf(list)).toContain(`${number} · Private report`)
  expect(sayOf(await world.as('aude').do('incidents.detail', { id }))).toMatch(/not yours/)
})

test('an open report shows an auditor the reason, a colleague not', async () => {
  const { id } = await reports(world, 'omar', 'open door', { audience: 'open' })
  await world.as('ravi').do('incidents.weakness', { id, entries: { reason: 'INTERNAL lock' } })
  expect(wordsOf(await world.as('aude').card('incidents.report', id))).toContain('INTERNAL lock')
  const seen = wordsOf(await world.as('kiran').card('incidents.report', id))
  expect(seen).toContain('open door')
  expect(seen).not.toContain('INTERNAL')
})

test('T20 a report that is missing and one that is not yours look alike, on every way', async () => {
  const { id } = await reports(world, 'omar', 'x', { personalData: 'no' })
  const missing = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`
  for (const who of ['kiran', 'lena', 'cleo', 'gus', 'dora']) {
    expect(await sights(who, id)).toBe(await sights(who, missing))
    expect(JSON.stringify(world.chat(who))).not.toContain(id)
  }
})

test('somebody who is no responder any more sees nothing of it on the next look', async () => {
  const words = `${CANARY}-former`
  const { id } = await reports(world, 'omar', words)
  const personId = world.person('kiran').id
  await world.db.insert(personRole).values({ personId, role: 'responder', grantedAt: world.now() })
  expect(await sights('kiran', id)).toContain(words)
  await world.db.update(personRole).set({ endedAt: world.now() }).where(eq(personRole.personId, personId))
  expect(await sights('kiran', id)).not.toContain(words)
  expect(sayOf(await world.as('kiran').do('incidents.take', { id }))).toMatch(/not yours/)
})

test('T18 where personal data is involved the DPO is told at once, and of nothing else', async () => {
  const { id, number } = await reports(world, 'omar', 'A list of players went to the wrong address', {
    personalData: 'yes',
  })
  const other = await reports(world, 'omar', 'A door stood open', { personalData: 'unknown' })
  await world.work()
  const chat = world.chat('dora')
  expect(chat.filter((card) => card.title.includes(number))).toHaveLength(1)
  expect(chat.filter((card) => card.title.includes(other.number))).toHaveLength(0)
  expect(await sights('dora', id)).toContain('wrong address')
})
