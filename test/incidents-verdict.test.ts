import { asc, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { report, verdict } from '../db/schema/incidents.ts'
import { personRole } from '../db/schema/people.ts'
import { incidents } from '../src/incidents/index.ts'
import { labelsOf, newest, press, reports, sayOf, submit, wordsOf } from './support/incidents.ts'
import { makeWorld } from './support/world.ts'

const world = await makeWorld({ workflows: [incidents] })
const rowOf = async (id: string) => (await world.db.select().from(report).where(eq(report.id, id)))[0]
const verdictsOf = (id: string) =>
  world.db.select().from(verdict).where(eq(verdict.reportId, id)).orderBy(asc(verdict.n))
const typesOf = async (id: string) => (await world.entries(id)).map((one) => one.type)
const LONG = 'Checked with the sender: it was a planned exercise.'

/** Reported, and the cards stand in the chats. */
async function reported(who = 'omar', what = 'something odd') {
  const made = await reports(world, who, what)
  await world.work()
  return made
}

test('I’m on it: everybody sees who; the reporter too; the other responder may take over', async () => {
  const { id, number } = await reported()
  const reply = await press(world, 'ravi', newest(world, 'ravi', number), 'I’m on it')
  expect(reply.card?.status?.label).toBe('Being looked at')
  await world.work()
  expect(wordsOf(newest(world, 'ines', number))).toContain('Ravi Okonjo is on it since Mon 23 November, 09:00.')
  expect(wordsOf(newest(world, 'omar', number))).toContain('Ravi Okonjo has been looking at it')
  expect(reply.card && labelsOf(reply.card)).not.toContain('I’m on it')
  await press(world, 'ines', newest(world, 'ines', number), 'Take over')
  expect(await rowOf(id)).toMatchObject({ state: 'under-assessment', assessedBy: world.person('ines').id, version: 2 })
  expect(await typesOf(id)).toEqual(['report.made', 'report.assessed', 'report.assessed'])
})

test('incident: severity and reason; a number of its own; the reporter hears it in kind words, without the reason', async () => {
  const { id, number } = await reported()
  const reply = await press(world, 'ravi', newest(world, 'ravi', number), 'Incident', {
    severity: 'high',
    reason: 'INTERNAL: the disk was not encrypted',
    toReporter: 'We have locked the laptop from afar.',
  })
  const [given, ...more] = await verdictsOf(id)
  expect(more).toEqual([])
  expect(given).toMatchObject({ n: 1, verdict: 'incident', severity: 'high', decidedBy: world.person('ravi').id })
  const incident = given?.number ?? ''
  expect(incident).toMatch(/^INC-2026-\d{4}$/)
  expect(await world.db.select().from(verdict).where(eq(verdict.number, incident))).toHaveLength(1)
  expect(sayOf(reply)).toBe(`${number}: Incident ${incident}, High. The reporter is told.`)
  expect(await rowOf(id)).toMatchObject({ state: 'decided', assessedBy: world.person('ravi').id, version: 1 })
  await world.work()
  const outcome = newest(world, 'omar')
  expect(outcome?.title).toBe(`Your report ${number}`)
  expect(wordsOf(outcome)).toContain(`You were right to report this: it is a security incident (${incident})`)
  expect(wordsOf(outcome)).toContain('We have locked the laptop from afar.')
  expect(JSON.stringify(world.chat('omar'))).not.toContain('INTERNAL')
  expect(wordsOf(await world.as('omar').card('incidents.report', id))).not.toContain('INTERNAL')
  expect(wordsOf(newest(world, 'ines', number))).toContain('INTERNAL: the disk was not encrypted')
  const [, decided] = await world.entries(id)
  expect(decided).toMatchObject({
    type: 'report.decided',
    action: 'incidents.incident',
    actor: world.person('ravi').id,
  })
})

test('weakness, false alarm, no action and duplicate each end a report; the reporter hears each in its own words', async () => {
  const original = await reported('yuki', 'the first of them')
  const cases = [
    { label: 'Weakness', entries: { reason: 'Old TLS' }, told: /weak spot \(WKN-2026-\d{4}\)/ },
    { label: 'False alarm', entries: { reason: LONG }, told: /harmless/ },
    { label: 'No action', entries: { reason: LONG }, told: /nothing needs to be done/ },
    {
      label: 'Duplicate',
      entries: { of: original.id, reason: 'Same mail' },
      told: /Somebody else reported this as well/,
    },
  ]
  for (const { label, entries, told } of cases) {
    const { id, number } = await reported('sol', label)
    const reply = await press(world, 'ines', newest(world, 'ines', number), label, entries)
    expect(sayOf(reply)).toContain(number)
    await world.work()
    expect(wordsOf(newest(world, 'sol'))).toMatch(told)
    expect(wordsOf(newest(world, 'sol'))).not.toContain(original.number)
    expect((await rowOf(id))?.state).toBe('decided')
  }
})

test('a reason that is too short is refused in its field, with what was typed; nothing is decided', async () => {
  const { id, number } = await reported()
  for (const [label, reason, least] of [
    ['Incident', 'no', 3],
    ['Weakness', 'no', 3],
    ['False alarm', 'it was nothing', 20],
    ['No action', 'it was nothing', 20],
  ] as const) {
    const reply = await press(world, 'ravi', newest(world, 'ravi', number), label, { reason, severity: 'low' })
    expect(reply.form?.errors?.reason).toMatch(new RegExp(`^At least ${least} characters`))
    expect(reply.form?.values?.reason).toBe(reason)
    expect(reply.form?.shown).toBe('0')
  }
  const empty = await press(world, 'ravi', newest(world, 'ravi', number), 'Incident', { reason: ' ' })
  expect(empty.form?.errors).toEqual({ severity: 'This is needed.', reason: 'This is needed.' })
  expect((await rowOf(id))?.state).toBe('reported')
  expect(await typesOf(id)).toEqual(['report.made'])
})

test('T39 a click or a form on an older card records nothing and shows how things stand', async () => {
  const { id, number } = await reported()
  const old = newest(world, 'ines', number)
  const open = await press(world, 'ines', old, 'Weakness')
  await press(world, 'ravi', newest(world, 'ravi', number), 'I’m on it')
  const late = await submit(world, 'ines', open, { reason: 'a weak spot' })
  expect(sayOf(late)).toBe('Somebody was faster; nothing was recorded from you. This is how it stands now.')
  expect(wordsOf(late.card)).toContain('Ravi Okonjo is on it')
  expect(sayOf(await press(world, 'ines', old, 'I’m on it'))).toMatch(/Somebody was faster/)
  expect(await verdictsOf(id)).toEqual([])
  const second = await press(world, 'ines', late.card, 'Weakness', { reason: 'a weak spot, knowingly' })
  expect(sayOf(second)).toContain('Weakness WKN-')
  expect(sayOf(await press(world, 'ravi', old, 'Incident'))).toMatch(/no longer open/)
})

test('T40 two responders decide opposite things at once, fifty times: one verdict each, and the other sees it', async () => {
  for (let round = 0; round < 50; round++) {
    const { id } = await reports(world, 'kiran', `round ${round}`)
    const click = (who: string, name: string, entries: Record<string, string>) =>
      world.as(who).do(`incidents.${name}`, { id, shown: '0', entries })
    const replies = await Promise.all([
      click('ravi', 'incident', { severity: 'critical', reason: 'This is real' }),
      click('ines', 'false-alarm', { reason: LONG }),
    ])
    const given = await verdictsOf(id)
    expect(given).toHaveLength(1)
    const lost = replies.filter((reply) => sayOf(reply).startsWith('Somebody was faster'))
    expect(lost).toHaveLength(1)
    expect(lost[0]?.card?.status?.label).toBe('Decided')
    expect((await typesOf(id)).filter((type) => type === 'report.decided')).toHaveLength(1)
  }
  const numbers = await world.db.select({ number: verdict.number }).from(verdict)
  const incs = numbers.flatMap((one) => (one.number?.startsWith('INC') ? one.number : [])).sort()
  expect(incs.map((number) => Number(number.slice(-4)))).toEqual(incs.map((_, n) => n + 1))
})

test('a withdrawal and a verdict at once: one of them holds', async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await reports(world, 'kiran', 'x')
    await Promise.all([
      world.as('kiran').do('incidents.withdraw', { id }),
      world.as('ravi').do('incidents.weakness', { id, shown: '0', entries: { reason: 'a weak spot' } }),
    ])
    const row = await rowOf(id)
    expect(await verdictsOf(id)).toHaveLength(row?.state === 'decided' ? 1 : 0)
    expect(await typesOf(id)).toHaveLength(2)
  }
})

test('two reports are never each other’s duplicate, also when two people say so at once', async () => {
  for (let round = 0; round < 10; round++) {
    const [a, b] = [await reports(world, 'kiran', 'a'), await reports(world, 'omar', 'b')]
    const say = (who: string, id: string, of: string) =>
      world.as(who).do('incidents.duplicate', { id, shown: '0', entries: { of, reason: 'the same' } })
    await Promise.all([say('ravi', a.id, b.id), say('ines', b.id, a.id)])
    const states = [(await rowOf(a.id))?.state, (await rowOf(b.id))?.state].sort()
    expect(states).toEqual(['decided', 'reported'])
  }
})

test('a report cannot be a duplicate of itself, of one that is withdrawn, or of something that was not offered', async () => {
  await reports(world, 'yuki', 'what it could be a duplicate of')
  const { id } = await reports(world, 'omar', 'x')
  const gone = await reports(world, 'kiran', 'y')
  await world.as('kiran').do('incidents.withdraw', { id: gone.id })
  for (const of of [id, gone.id, world.person('omar').id, 'rep_nothing']) {
    const reply = await world
      .as('ravi')
      .do('incidents.duplicate', { id, shown: '0', entries: { of, reason: 'the same' } })
    expect(Object.keys(reply.form?.errors ?? {})).toEqual(['of'])
  }
  expect((await rowOf(id))?.state).toBe('reported')
})

test('opened again for a reason: the first verdict stays, a second is given, the incident keeps its number', async () => {
  const { id, number } = await reported()
  await press(world, 'ravi', newest(world, 'ravi', number), 'Incident', { severity: 'low', reason: 'minor' })
  await world.work()
  const [first] = await verdictsOf(id)
  const form = await press(world, 'ines', newest(world, 'ines', number), 'Open again', { reason: '' })
  expect(form.form?.errors).toEqual({ reason: 'This is needed.' })
  await submit(world, 'ines', form, { reason: 'A second laptop is gone' })
  await world.work()
  expect(await rowOf(id)).toMatchObject({ state: 'under-assessment', assessedBy: world.person('ines').id })
  expect(wordsOf(newest(world, 'omar', number))).toContain('Your report is being looked at again.')
  expect(wordsOf(newest(world, 'ravi', number))).toContain('A second laptop is gone')
  expect(JSON.stringify(world.chat('omar'))).not.toContain('second laptop')

  await press(world, 'ines', newest(world, 'ines', number), 'Incident', { severity: 'critical', reason: 'a series' })
  await world.work()
  const both = await verdictsOf(id)
  expect(both[0]).toEqual(first)
  expect(both[1]).toMatchObject({ n: 2, severity: 'critical', number: null })
  expect(wordsOf(newest(world, 'omar'))).toContain(`security incident (${first?.number})`)
  expect(wordsOf(await world.as('mei').card('incidents.report', id))).toContain(`Incident ${first?.number}, Critical`)
  expect(await typesOf(id)).toEqual(['report.made', 'report.decided', 'report.reopened', 'report.decided'])
  expect(
    sayOf(await world.as('ravi').do('incidents.reopen', { id, shown: '0', entries: { reason: 'once more' } })),
  ).toMatch(/Somebody was faster/)
})

test('T12 a responder does not decide what they reported themselves; the other one does', async () => {
  const { id, number, reply } = await reported('ravi', 'I clicked it')
  expect(sayOf(reply)).toContain('Inês Caldeira is on duty')
  expect(newest(world, 'ravi', number)?.title).toBe(`Your report ${number}`)
  const own = await world.as('ravi').card('incidents.report', id)
  expect(labelsOf(own)).toEqual(['Add detail', 'Withdraw'])
  for (const name of ['take', 'incident', 'weakness', 'false-alarm', 'no-action', 'duplicate', 'reopen']) {
    for (const entries of [undefined, { severity: 'low', reason: LONG, of: id }])
      expect(sayOf(await world.as('ravi').do(`incidents.${name}`, { id, shown: '0', entries }))).toMatch(
        /You reported this yourself, so somebody else decides/,
      )
  }
  expect(await typesOf(id)).toEqual(['report.made'])
  await press(world, 'ines', newest(world, 'ines', number), 'Weakness', { reason: 'training needed' })
  expect((await rowOf(id))?.state).toBe('decided')
})

test('T12 the database refuses a verdict on one’s own report, whoever writes it', async () => {
  const { id } = await reports(world, 'ravi', 'mine')
  const row = {
    id: 'ver_00000000000000000000000001',
    reportId: id,
    n: 1,
    verdict: 'weakness' as const,
    reason: 'because I say so',
    decidedBy: world.person('ravi').id,
    decidedAt: world.now(),
  }
  const refused = (reporterId: string) =>
    world.db
      .insert(verdict)
      .values({ ...row, reporterId })
      .then(
        () => 'written',
        (error: { cause?: { constraint_name?: string } }) => error.cause?.constraint_name,
      )
  expect(await refused(world.person('ravi').id)).toBe('verdict_not_own')
  expect(await refused(world.person('omar').id)).toBe('verdict_whose')
})

test('T12 the only responder reports: it goes to the ISMS manager, who decides', async () => {
  const small = await makeWorld({ workflows: [incidents] })
  const ines = small.person('ines').id
  await small.db.update(personRole).set({ endedAt: small.now() }).where(eq(personRole.personId, ines))
  const { id, number, reply } = await reports(small, 'ravi', 'my own mistake')
  expect(sayOf(reply)).toContain('Nobody is on duty. Urgent? Call Mei Tanaka-Voss or your manager.')
  await small.work()
  await press(small, 'mei', newest(small, 'mei', number), 'No action', { reason: LONG })
  const given = await small.db.select().from(verdict).where(eq(verdict.reportId, id))
  expect(given).toMatchObject([{ decidedBy: small.person('mei').id }])
})

test('T10 T11 somebody else’s button, a wrong kind of id and a forged id decide nothing', async () => {
  const { id } = await reports(world, 'omar', 'x')
  const missing = 'rep_01m83t4cm08cjcnfrhzry5241z'
  const words = new Set<string>()
  for (const who of ['omar', 'kiran', 'lena', 'gus', 'aude', 'dora', 'cleo'])
    for (const name of ['take', 'weakness', 'reopen']) {
      const reply = await world.as(who).do(`incidents.${name}`, { id, shown: '0', entries: { reason: LONG } })
      words.add(sayOf(reply))
      expect(reply.card ?? reply.form).toBeUndefined()
    }
  for (const wrong of [missing, world.person('omar').id, '', 'rep_', `${id}'--`])
    words.add(sayOf(await world.as('ravi').do('incidents.weakness', { id: wrong, entries: { reason: LONG } })))
  for (const who of ['kiran', 'ravi', 'lena']) words.add(sayOf(await world.as(who).do('incidents.withdraw', { id })))
  words.add(sayOf(await world.as('kiran').do('incidents.detail', { id, entries: { more: 'not mine' } })))
  expect([...words]).toEqual(['This is not yours, or it is no longer there. Type inbox to see what waits for you.'])
  expect(await rowOf(id)).toMatchObject({ state: 'reported', version: 0 })
  expect((await typesOf(id)).filter((type) => type !== 'turn.denied')).toEqual(['report.made'])
})

test('what was decided and said stays: the database refuses to change or delete it', async () => {
  const { id, number } = await reported()
  await world.as('omar').do('incidents.detail', { id, entries: { more: 'It was the second time' } })
  await press(world, 'ravi', newest(world, 'ravi', number), 'Weakness', { reason: 'a weak spot' })
  for (const statement of ['update verdict set reason = reason || $$ edited $$', 'delete from report_detail'])
    await expect(world.owner.unsafe(statement)).rejects.toThrow(/append-only/)
})
