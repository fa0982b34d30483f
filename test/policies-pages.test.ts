import { describe, expect, test } from 'vitest'
import type { Button } from '../src/core/view.ts'
import { button, buttons, click, imported, last, launch, publish, read, submit } from './support/policies.ts'
import { makeWorld } from './support/world.ts'

describe('what applies to me, and what did I agree to', () => {
  test('is answered by one word: each policy with its state, and earlier versions with their receipts', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world))
    await launch(world, await imported(world, { code: 'labs', title: 'Labs', audience: '[{ department: Legal }]' }))
    await imported(world, { code: 'to-come', title: 'To Come', effective_from: '2027-01-01' })
    const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Read and acknowledge'))
    await submit(world, 'omar', form)
    const mine = await world.as('omar').command('/isms policies')
    expect(read(mine.card)).toContain('1 policy applies to you, and nothing is open.')
    expect(read(mine.card)).toContain('Acceptable Use v1.0 You agreed on 23 November 2026, receipt A-10000.')
    expect(read(mine.card)).not.toMatch(/Labs|To Come/)
    expect(read((await world.as('dora').command('/isms policies')).card)).toContain(
      'Labs v1.0 Waits for you, due Fri 4 December.',
    )

    await launch(world, await imported(world, { version: '"2.0"' }))
    const later = read((await world.as('omar').command('/isms policies')).card)
    expect(later).toContain('Acceptable Use v2.0 Waits for you')
    expect(later).toContain(
      'What you agreed to before\nAcceptable Use v1.0 You agreed on 23 November 2026, receipt A-10000.',
    )
  })

  test('a version as a page: facts, text, other versions; whole in the browser, page by page in chat', async () => {
    const world = await makeWorld({ desk: { address: 'https://isms.example', platform: 'web' } })
    const body = Array.from({ length: 6 }, (_, n) => `## Part ${n + 1}\n\n${'Handle it with care. '.repeat(50)}`).join(
      '\n\n',
    )
    await imported(world)
    const version = await imported(world, { version: '"2.0"', controls: '[A.5.10]', review_on: '2027-11-16' }, body)
    const page = await world.as('omar').card('policies.policy', version)
    expect(read(page)).toContain('Approved: by Cleo Marchetti on 16 November 2026')
    expect(read(page)).toContain('Owner: Dora Weiss')
    expect(read(page)).toContain('Page 1 of 3')
    expect(read(page)).not.toContain('Part 6')
    const end = await world.as('omar').do('policies.read', { id: version, with: { page: '99' } })
    expect(read(end.card)).toContain('Part 6')
    expect(read(end.card)).toContain('Other versions\nAcceptable Use v1.0')
    expect(button(page, 'Whole text in the browser')).toMatchObject({
      do: 'home.door',
      with: { path: `/card/policies.policy/${version}` },
    })
  })

  test('whoever is asked acknowledges where they have read it, and nobody else is offered it', async () => {
    const world = await makeWorld({ desk: { address: 'https://isms.example', platform: 'web' } })
    const version = await imported(world)
    await launch(world, version)
    const page = await world.as('omar').card('policies.policy', version)
    const { form } = await click(world, 'omar', button(page, 'Acknowledge'))
    const done = await submit(world, 'omar', form)
    expect(done.card?.title).toBe('Acknowledged: Acceptable Use v1.0')
    expect(buttons(await world.as('omar').card('policies.policy', version)).map((one) => one.label)).not.toContain(
      'Acknowledge',
    )
    const gone = await imported(world, { version: '"2.0"' })
    expect(buttons(await world.as('omar').card('policies.policy', gone)).map((one) => one.label)).not.toContain(
      'Acknowledge',
    )
  })

  test('the register: every policy with owner, approval, next review and how many agreed; for leads and auditors', async () => {
    const world = await makeWorld()
    await imported(world, { review_on: '2026-11-01' })
    await imported(world, { code: 'draft', title: 'Draft', approved_by: undefined, approved_on: undefined })
    const card = await world.as('aude').card('policies.register')
    expect(read(card)).toContain('2 policies')
    expect(read(card)).toContain(
      'Owner Dora Weiss · approved by Cleo Marchetti on 16 November 2026 · next review 1 November 2026 · 0 acknowledgements',
    )
    const rows = card.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : []))
    expect(rows.map((row) => row.status?.label)).toEqual(['Review is late', 'Not approved'])
    expect(buttons(card).map((one) => one.label)).not.toContain('Publish')
    expect(buttons(await world.as('mei').card('policies.register')).map((one) => one.label)).toContain('Publish')
    expect((await world.as('omar').card('policies.register')).blocks).toEqual([])
  })

  test('the inbox and the dashboard show what runs', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world))
    const inbox = (await world.as('omar').command('/isms')).card
    expect(read(inbox)).toContain('Acceptable Use v1.0 · 1 minute · due Fri 4 December.')
    const { form } = await click(world, 'omar', button(inbox, 'Read and acknowledge'))
    await submit(world, 'omar', form)
    expect(read((await world.as('mei').command('/isms status')).card)).toContain(
      'Acceptable Use v1.0, due Fri 4 December 1/12',
    )
    const way = button((await world.as('mei').command('/isms status')).card, 'Acceptable Use v1.0')
    expect(read((await click(world, 'mei', way)).card)).toContain('How it goes')
  })

  test('a trial stands on the dashboard under a name of its own beside the campaign of everybody', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    await click(world, 'mei', button((await publish(world, version)).card, 'Send to me only'))
    await world.work()
    await launch(world, version)
    const { card } = await world.as('mei').command('/isms status')
    expect(read(card)).toContain('Acceptable Use v1.0 (one person), due Fri 4 December 0/1')
    // Mei is asked once, in her trial.
    expect(read(card)).toContain('Acceptable Use v1.0, due Fri 4 December 0/11')
    const trial = await click(world, 'mei', button(card, 'Acceptable Use v1.0 (one person)'))
    expect(read(trial.card)).toContain('Sent to one person only')
  })

  test('what waits next stands on the receipt, with the way to it', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world))
    await launch(world, await imported(world, { code: 'labs', title: 'Labs' }), '2026-12-11')
    const { form } = await click(world, 'omar', button(world.chat('omar')[0], 'Read and acknowledge'))
    const { card } = await submit(world, 'omar', form)
    expect(read(card)).toContain('One more thing waits for you.')
    const next = await click(world, 'omar', button(card, 'Next: Labs v1.0'))
    expect(read(next.card)).toContain('Labs v1.0 · 1 minute')
  })
})

test('a campaign in which everybody has answered is over by itself', async () => {
  const world = await makeWorld()
  const launched = await launch(world, await imported(world, { audience: '[{ department: Legal }]' }))
  const { form } = await click(world, 'dora', button(last(world, 'dora'), 'Read and acknowledge'))
  await submit(world, 'dora', form)
  await world.work()
  const card = await world.as('mei').card('policies.campaign', button(launched.card, 'Stop').id)
  expect(card.status?.label).toBe('Over')
  expect(read(card)).toContain('Acknowledged 1/1')
  expect(read(last(world, 'dora'))).toContain('Receipt A-')
})

test('T21 T22 T23 nasty names and titles stay plain text on every card', async () => {
  const world = await makeWorld()
  const nasty = '<!channel> [x](https://evil.example) **b** 🦊 שלום {$root.x}'
  await world.owner`update person set name = ${nasty} where email in ('omar@example.com', 'dora@example.com')`
  await world.owner`update person set department = ${'=cmd|x'} where email = 'omar@example.com'`
  const version = await imported(world, {
    title: '"<!here> _Use_ [y](https://evil.example)"',
    changes: '"See [z](https://evil.example) <!here>"',
  })
  const launched = await launch(world, version, '2026-11-27')
  await world.pass(new Date('2026-12-03T14:00:00Z'))
  await world.work()
  const id = button(launched.card, 'Stop').id
  const cards = [
    ...['omar', 'lena', 'mei', 'dora'].flatMap((who) => world.chat(who)),
    launched.card,
    await world.as('mei').card('policies.campaign', id),
    await world.as('mei').card('policies.policy', version),
    await world.as('mei').card('policies.register'),
    await world.as('omar').card('policies.mine'),
  ]
  expect(cards.length).toBeGreaterThan(10)
  const text = JSON.stringify(cards)
  expect(text).toContain('<!channel> [x](https://evil.example) **b** 🦊')
  // No address that a person typed became a link, and none of it became bold by itself.
  expect(text).not.toContain('"href":"https://evil.example"')
  const hrefs: Button[] = cards.flatMap(
    (card) => card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])) ?? [],
  )
  expect(hrefs.filter((one) => 'href' in one)).toEqual([])
})
