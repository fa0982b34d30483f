import { describe, expect, test } from 'vitest'
import { textOf } from '../src/core/md.ts'
import {
  button,
  buttons,
  click,
  imported,
  last,
  launch,
  publish,
  read,
  said,
  submit,
  wordsIn,
} from './support/policies.ts'
import { makeWorld } from './support/world.ts'

test('an employee is asked, reads one page and acknowledges it in two clicks', async () => {
  const world = await makeWorld()
  const version = await imported(world, { changes: 'personal AI accounts.' })
  const launched = await launch(world, version)
  expect(read(launched.card)).toContain('Acknowledged 0/12')

  const asked = last(world, 'omar')
  expect(read(asked)).toContain('Acceptable Use v1.0 · 1 minute · due Fri 4 December.')
  expect(read(asked)).toContain('New: personal AI accounts.')
  expect(read(asked)).toContain('You get this because it applies to everyone at Harbour Test.')
  expect(buttons(asked).map((one) => one.label)).toEqual(['Read and acknowledge', 'Ask', 'Later'])

  const { form } = await click(world, 'omar', button(asked, 'Read and acknowledge'))
  expect(wordsIn(form?.blocks ?? [])).toContain('Lock your screen.')
  expect(wordsIn(form?.blocks ?? [])).toContain('I have read version 1.0 and will follow it.')
  expect(form?.submit).toBe('Acknowledge')
  await world.pass('11 minutes')
  const done = await submit(world, 'omar', form)
  expect(read(done.card)).toContain('Done, 09:11. Receipt A-10000.')
  expect(read(done.card)).toContain('Nothing else is waiting for you.')

  await world.work()
  expect(read(last(world, 'omar'))).toContain('Receipt A-10000')
  const [row] = await world.sql`select * from acknowledgement`
  const [frozen] = await world.sql`select sha256 from policy_version where id = ${version}`
  expect(row).toMatchObject({
    person_id: world.person('omar').id,
    statement: 'I have read version 1.0 and will follow it.',
    language: 'en',
    content_sha256: frozen?.sha256,
    platform: 'memory',
    source: 'witnessed',
  })
  const [entry] = await world.entries(row?.id)
  expect(entry).toMatchObject({ type: 'policy.acknowledged', object: version, actor: world.person('omar').id })
})

describe('who may', () => {
  test('T10 T11 nobody acknowledges for somebody else, and the try is in the record', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world))
    const theirs = button(last(world, 'omar'), 'Read and acknowledge')
    for (const who of ['ravi', 'mei', 'gus', 'aude']) {
      const reply = await world.as(who).do(theirs.do, { id: theirs.id, shown: theirs.shown, entries: {} })
      expect(said(reply)).toContain('not yours')
    }
    expect(await world.sql`select 1 from acknowledgement`).toHaveLength(0)
    expect((await world.entries(theirs.id)).filter((one) => one.type === 'turn.denied')).toHaveLength(4)
  })

  test('a guest acknowledges too', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world))
    const { form } = await click(world, 'gus', button(last(world, 'gus'), 'Read and acknowledge'))
    expect(read((await submit(world, 'gus', form)).card)).toContain('Receipt A-')
  })
})

test('a long policy is read page by page; the last page holds the sentence, and no page can be skipped', async () => {
  const world = await makeWorld()
  const body = Array.from({ length: 6 }, (_, n) => `## Part ${n + 1}\n\n${'Handle it with care. '.repeat(50)}`).join(
    '\n\n',
  )
  await launch(world, await imported(world, {}, body))
  const first = (await click(world, 'omar', button(last(world, 'omar'), 'Read and acknowledge'))).form
  expect(first?.submit).toBe('Next page')
  expect(textOf(first?.intro ?? [])).toContain('Page 1 of 3')
  const second = (await submit(world, 'omar', first)).form
  expect(textOf(second?.intro ?? [])).toContain('Page 2 of 3')
  expect(textOf((await click(world, 'omar', button(second, 'Back'))).form?.intro ?? [])).toContain('Page 1 of 3')
  const third = (await submit(world, 'omar', second)).form
  expect(third?.submit).toBe('Acknowledge')
  const skipped = await world.as('omar').do('policies.acknowledge', { id: first?.id, shown: first?.shown, entries: {} })
  expect(textOf(skipped.form?.intro ?? [])).toContain('Page 2 of 3')
  expect(await world.sql`select 1 from acknowledgement`).toHaveLength(0)
  expect(read((await submit(world, 'omar', third)).card)).toContain('Receipt A-')
})

test('T39 a newer version replaces the old card: a click on it records nothing and shows what changed', async () => {
  const world = await makeWorld()
  await launch(world, await imported(world))
  const old = button(last(world, 'omar'), 'Read and acknowledge')
  const opened = (await click(world, 'omar', old)).form
  await click(world, 'ravi', button(last(world, 'ravi'), 'Read and acknowledge')).then((reply) =>
    submit(world, 'ravi', reply.form),
  )
  await world.pass('30 minutes')
  const next = await imported(world, { version: '"2.0"', changes: 'Own phones.' })
  await launch(world, next, '2026-12-11')

  const late = await submit(world, 'omar', opened)
  expect(said(late)).toBe('Version 2.0 replaced this at 09:30. Nothing was recorded. Here is what changed.')
  expect(read(late.card)).toContain('New: Own phones.')
  expect(button(late.card, 'Read and acknowledge').shown).toBe(next)
  expect(await world.sql`select 1 from acknowledgement where person_id = ${world.person('omar').id}`).toHaveLength(0)

  expect(read(world.chat('omar')[0])).toContain('Replaced: Acceptable Use v1.0')
  expect(read(world.chat('ravi')[0])).toContain('Acknowledged: Acceptable Use v1.0')
  const done = await click(world, 'omar', button(late.card, 'Read and acknowledge'))
  expect(read((await submit(world, 'omar', done.form)).card)).toContain('Acceptable Use v2.0')
  const kinds = (await world.entries()).map((one) => one.type)
  expect(kinds.filter((type) => type === 'policy.superseded')).toHaveLength(1)
  const again = await publish(world, old.shown ?? '')
  expect(again.form?.errors ?? again.say).toBeDefined()
})

test('T39 the same form sent with another version than the one asked for is refused', async () => {
  const world = await makeWorld()
  await launch(world, await imported(world))
  const it = button(last(world, 'omar'), 'Read and acknowledge')
  const reply = await world.as('omar').do(it.do, { id: it.id, shown: 'pov_00000000000000000000000000', entries: {} })
  expect(said(reply)).toContain('Nothing was recorded')
  expect(await world.sql`select 1 from acknowledgement`).toHaveLength(0)
})

test('T40 fifty rounds of double clicks from two devices: one row and one entry each, and the same receipt', async () => {
  const world = await makeWorld()
  const all = ['omar', 'ravi', 'ines', 'dora', 'lena']
  for (let round = 0; round < 10; round++) {
    await launch(world, await imported(world, { code: `policy-${round}`, title: `Policy ${round}` }))
    for (const who of all) {
      const it = button(last(world, who), 'Read and acknowledge')
      const both = await Promise.all(
        [1, 2].map(() => world.as(who).do(it.do, { id: it.id, shown: it.shown, entries: {} })),
      )
      const receipts = both.map((reply) => /Receipt (A-\d+)/.exec(read(reply.card))?.[1])
      expect(receipts[0]).toBeDefined()
      expect(receipts[1]).toBe(receipts[0])
    }
  }
  expect(await world.sql`select 1 from acknowledgement`).toHaveLength(50)
  expect((await world.entries()).filter((one) => one.type === 'policy.acknowledged')).toHaveLength(50)
}, 60_000)

test('T17 somebody who left while the form was open records nothing; the duty is closed as left and stays', async () => {
  const world = await makeWorld()
  const version = await imported(world)
  const launched = await launch(world, version)
  const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Read and acknowledge'))
  await world.leave('omar')
  expect(said(await submit(world, 'omar', form))).toContain('not active')
  await world.pass('3 weeks')
  await world.work()
  const [row] = await world.sql`select state from assignment where person_id = ${world.person('omar').id}`
  expect(row?.state).toBe('left')
  expect(await world.sql`select 1 from acknowledgement`).toHaveLength(0)
  expect(launched.card?.title).toContain('Acceptable Use')
})

test('stop works at once: nothing more is sent, the cards say so, and what was agreed to stays', async () => {
  const world = await makeWorld()
  const launched = await launch(world, await imported(world))
  const { form } = await click(world, 'ravi', button(last(world, 'ravi'), 'Read and acknowledge'))
  await submit(world, 'ravi', form)
  const stopping = (await click(world, 'mei', button(launched.card, 'Stop'))).form
  const stopped = await submit(world, 'mei', stopping, { reason: 'The wrong text' })
  expect(stopped.card?.status?.label).toBe('Stopped')
  await world.pass('2 weeks')
  await world.work()
  expect(read(last(world, 'omar'))).toContain('This was stopped.')
  expect(world.chat('omar')).toHaveLength(1)
  expect(read(last(world, 'ravi'))).toContain('Receipt A-')
  expect(await world.sql`select 1 from acknowledgement`).toHaveLength(1)
})

test('acknowledgements and versions are never changed or deleted: the database refuses', async () => {
  const world = await makeWorld()
  await launch(world, await imported(world))
  const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Read and acknowledge'))
  await submit(world, 'omar', form)
  const { owner } = world
  await expect(owner`update acknowledgement set statement = 'no'`).rejects.toThrow('append-only')
  await expect(owner`delete from acknowledgement`).rejects.toThrow('append-only')
  await expect(owner`truncate acknowledgement`).rejects.toThrow('append-only')
  await expect(owner`update policy_version set body = 'other'`).rejects.toThrow('frozen')
  await expect(owner`delete from policy_version`).rejects.toThrow()
  const text = await owner`select statement, source from acknowledgement`
  expect(text).toEqual([{ statement: 'I have read version 1.0 and will follow it.', source: 'witnessed' }])
})
