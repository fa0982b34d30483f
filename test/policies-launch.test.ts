import { describe, expect, test } from 'vitest'
import { person } from '../db/schema/people.ts'
import { newId } from '../src/core/id.ts'
import { textOf } from '../src/core/md.ts'
import { launchPolicy } from '../src/policies/launching.ts'
import { button, buttons, click, imported, last, launch, publish, read, said, submit } from './support/policies.ts'
import { makeWorld, seeded, type World } from './support/world.ts'

/** People without accounts, who make the company larger. */
async function crowd(world: World, count: number) {
  const random = seeded('crowd')
  const rows = Array.from({ length: count }, (_, n) => ({
    id: newId('per', world.now(), random),
    name: `Extra ${n}`,
    email: `extra-${n}@example.com`,
    department: `Hall ${n % 15}`,
    timezone: 'Europe/Lisbon',
    createdAt: world.now(),
    updatedAt: world.now(),
  }))
  for (let from = 0; from < count; from += 1000) await world.db.insert(person).values(rows.slice(from, from + 1000))
}

describe('the preview', () => {
  test('T35 of several policies none is chosen beforehand; the only one, and the one that was clicked, are', async () => {
    const world = await makeWorld()
    const first = await imported(world)
    expect((await world.as('mei').command('/isms publish')).form?.values?.version).toBe(first)
    const second = await imported(world, { code: 'labs', title: 'Labs' })
    const { form } = await world.as('mei').command('/isms publish')
    expect(form?.values?.version).toBeUndefined()
    const reply = await submit(world, 'mei', form, { due: '2026-12-11' })
    expect(Object.keys(reply.form?.errors ?? {})).toEqual(['version'])
    const clicked = await world.as('mei').do('policies.publish', { with: { version: second } })
    expect(clicked.form?.values?.version).toBe(second)
  })

  test('says who, when, and how long, before anything is sent; the first time with words to announce the bot', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    const { card } = await publish(world, version, '2026-12-11')
    expect(read(card)).toContain('12 people would be asked, due Fri 11 December.')
    expect(read(card)).toContain('Engineering: 5')
    // Most are at work; in Tokyo it is six in the evening, and the working day begins at midnight of Lisbon.
    expect(read(card)).toContain('First person is asked: Mon 23 November 09:00')
    expect(read(card)).toContain('Last person is asked: Tue 24 November 00:00')
    expect(read(card)).toContain('Sending takes: about 12 seconds')
    expect(read(card)).toContain('Reading time of all: 12 minutes')
    expect(buttons(card).map((one) => one.label)).toEqual([
      'Announcement text',
      'Send to me only',
      'Pilot group',
      'Everyone',
    ])
    const words = await click(world, 'mei', button(card, 'Announcement text'))
    expect(read(words.card)).toContain('a bot called Countersign writes to you in chat on behalf of Harbour Test')
    expect(await world.sql`select 1 from campaign`).toHaveLength(0)
  })

  test('only an ISMS manager publishes', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    for (const who of ['omar', 'aude', 'gus', 'dora']) {
      expect(said(await world.as(who).do('policies.publish'))).toContain('not yours')
      expect(
        said(await world.as(who).do('policies.everyone', { id: version, with: { due: '2026-12-11' }, entries: {} })),
      ).toContain('not yours')
    }
    expect(await world.sql`select 1 from campaign`).toHaveLength(0)
  })
})

describe('T35 nobody writes to everyone by a slip of the hand', () => {
  test('first to me, then a pilot, then everyone; nobody is asked twice', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    const { card } = await publish(world, version)
    await click(world, 'mei', button(card, 'Send to me only'))
    await world.work()
    expect(read(last(world, 'mei'))).toContain('because you sent it to yourself first')
    expect(world.chat('omar')).toHaveLength(0)

    const pilot = (await click(world, 'mei', button(card, 'Pilot group'))).form
    const nobody = await submit(world, 'mei', pilot)
    expect(nobody.form?.errors?.first).toBe('Choose a department or a person.')
    await submit(world, 'mei', pilot, { department: 'Legal', first: world.person('ravi').id })
    await world.work()
    expect(read(last(world, 'ravi'))).toContain('because you are in the pilot group')
    expect(world.chat('dora')).toHaveLength(1)

    const everyone = (await click(world, 'mei', button(card, 'Everyone'))).form
    expect(textOf(everyone?.intro ?? [])).toContain('9 people')
    await submit(world, 'mei', everyone)
    await world.work()
    for (const who of ['mei', 'ravi', 'dora', 'omar']) expect(world.chat(who)).toHaveLength(1)
    const [twice] = await world.sql`
      select person_id from assignment group by person_id having count(*) > 1`
    expect(twice).toBeUndefined()
  })

  test('above fifty people the number is typed; a double click, even at once, makes one campaign', async () => {
    const world = await makeWorld()
    await crowd(world, 60)
    const version = await imported(world)
    const { card } = await publish(world, version)
    const { form } = await click(world, 'mei', button(card, 'Everyone'))
    expect(form?.fields.count?.label).toBe('Type the number of people (72)')
    for (const typed of ['', '71', 'seventy-two'])
      expect((await submit(world, 'mei', form, { count: typed })).form?.errors?.count).toBeDefined()
    expect(await world.sql`select 1 from campaign`).toHaveLength(0)
    const both = await Promise.all([1, 2].map(() => submit(world, 'mei', form, { count: '72' })))
    expect(both.map((reply) => reply.card?.status?.label).filter((label) => label === 'Running')).not.toHaveLength(0)
    await world.work()
    expect(await world.sql`select 1 from campaign`).toHaveLength(1)
    expect(await world.sql`select 1 from assignment`).toHaveLength(72)
    expect(world.chat('omar')).toHaveLength(1)
    const opened = (await world.entries()).filter(
      (one) => one.type === 'campaign.opened' || one.type === 'policy.launched',
    )
    expect(opened.map((one) => [one.type, one.actor])).toEqual([
      ['policy.launched', world.person('mei').id],
      ['campaign.opened', world.person('mei').id],
    ])
  })

  test('a large launch is written piece by piece by the worker, and can be stopped before anybody is asked', async () => {
    const world = await makeWorld()
    await crowd(world, 2400)
    const { card } = await publish(world, await imported(world))
    const { form } = await click(world, 'mei', button(card, 'Everyone'))
    const reply = await submit(world, 'mei', form, { count: '2412' })
    expect(reply.card?.status?.label).toBe('Being prepared')
    expect(world.chat('omar')).toHaveLength(0)
    await world.work()
    const [row] = await world.sql`select state, population_count from campaign`
    expect(row).toMatchObject({ state: 'open', population_count: 2412 })
    expect(world.chat('omar')).toHaveLength(1)
  }, 60_000)

  test('the command line launches in pieces of their own transactions, with progress', async () => {
    const world = await makeWorld()
    await crowd(world, 1500)
    const version = await imported(world)
    const seen: number[] = []
    const order = { versionId: version, dueOn: '2026-12-11', scope: 'everyone' as const }
    const id = await launchPolicy(world.system, order, (done) => seen.push(done))
    expect(seen).toEqual([1000, 1512])
    const [row] = await world.sql`select state from campaign where id = ${id}`
    expect(row?.state).toBe('open')
  }, 60_000)
})

describe('whom a rule reaches', () => {
  const asked = async (audience: string, facts = {}) => {
    const world = await makeWorld()
    const version = await imported(world, { audience, ...facts })
    await launch(world, version)
    const rows = await world.sql<{ email: string }[]>`
      select person.email from assignment join person on person.id = assignment.person_id order by email`
    return { world, version, people: rows.map((row) => row.email.replace('@example.com', '')) }
  }

  test('departments and roles together; managers are those whom somebody active reports to', async () => {
    const { people, world } = await asked('[{ department: Legal }, { role: manager }]')
    expect(people).toEqual(['cleo', 'dora', 'lena', 'mei'])
    await world.work()
    expect(read(last(world, 'dora'))).toContain('applies to your part of Harbour Test: you are in Legal')
    expect(read(last(world, 'lena'))).toContain('you manage people')
  })

  test('contractors and roles of the register; leavers and people who have not started are left out', async () => {
    const { people } = await asked('[{ employment: contractor }, { role: responder }, { employment: guest }]')
    expect(people).toEqual(['gus', 'ines', 'ravi', 'sol'])
    const world = await makeWorld()
    await world.owner`update person set started_on = '2026-12-01' where email = 'omar@example.com'`
    await world.owner`update person set ended_on = '2026-11-20' where email = 'ravi@example.com'`
    await launch(world, await imported(world))
    const rows = await world.sql`select person_id from assignment`
    const ids = rows.map((row) => row.person_id)
    expect(ids).toHaveLength(10)
    expect(ids).not.toContain(world.person('omar').id)
    expect(ids).not.toContain(world.person('lev').id)
  })

  test('nobody to ask is said, and no empty campaign is made', async () => {
    const world = await makeWorld()
    const version = await imported(world, { audience: '[{ department: Nowhere }]' })
    const { card } = await publish(world, version)
    expect(read(card)).toContain('0 people would be asked')
    const reply = await world
      .as('mei')
      .do('policies.everyone', { id: version, with: { due: '2026-12-11' }, entries: {} })
    expect(said(reply)).toContain('There is nobody to ask')
    expect(await world.sql`select 1 from campaign`).toHaveLength(0)
  })
})

test('a pilot of a newer version asks only the pilot about it; the others go on with the older one', async () => {
  const world = await makeWorld()
  await launch(world, await imported(world))
  const next = await imported(world, { version: '"2.0"', changes: 'Own phones.' })
  const { card } = await publish(world, next)
  const { form } = await click(world, 'mei', button(card, 'Pilot group'))
  await submit(world, 'mei', form, { first: world.person('ravi').id })
  await world.work()
  expect(read(world.chat('ravi')[0])).toContain('Replaced: Acceptable Use v1.0')
  expect(read(last(world, 'ravi'))).toContain('Acceptable Use v2.0')
  expect(read(last(world, 'omar'))).toContain('Acceptable Use v1.0')
  const opened = await click(world, 'omar', button(last(world, 'omar'), 'Read and acknowledge'))
  expect(read((await submit(world, 'omar', opened.form)).card)).toContain('Receipt A-')
})
