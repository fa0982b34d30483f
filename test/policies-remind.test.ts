import { describe, expect, test } from 'vitest'
import { button, buttons, click, imported, last, launch, read, said, submit } from './support/policies.ts'
import { makeWorld, type World } from './support/world.ts'

const ZONES = { kiran: 'Asia/Kathmandu', sol: 'America/Phoenix', yuki: 'Asia/Tokyo', omar: 'Europe/Lisbon' }

const acknowledge = async (world: World, who: string) => {
  const { form } = await click(world, who, button(last(world, who), 'Read and acknowledge'))
  return submit(world, who, form)
}

/** Hour by hour: what arrives, and what the clock of the person shows then. */
async function watch(world: World, hours: number) {
  const arrived: { who: string; title: string; hour: number; weekday: string }[] = []
  const had = new Map<string, number>()
  for (let n = 0; n <= hours; n++) {
    await world.work()
    for (const [who, timezone] of Object.entries(ZONES)) {
      const cards = world.chat(who)
      for (const card of cards.slice(had.get(who) ?? 0)) {
        const parts = new Intl.DateTimeFormat('en-GB', {
          timeZone: timezone,
          weekday: 'short',
          hour: '2-digit',
          hourCycle: 'h23',
        })
        const [weekday = '', hour = ''] = parts.format(world.now()).split(/[ ,]+/)
        arrived.push({ who, title: card.title, weekday, hour: Number(hour) })
      }
      had.set(who, cards.length)
    }
    await world.pass('1 hour')
  }
  return arrived
}

describe('reminders', () => {
  test('reach only those who still owe an answer, in their working hours, in every zone', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world, { audience: '[{ department: Engineering }]' }), '2026-12-04')
    await acknowledge(world, 'omar')
    const arrived = await watch(world, 24 * 16)
    expect(arrived.length).toBeGreaterThan(9)
    for (const { hour, weekday } of arrived) {
      expect(hour).toBeGreaterThanOrEqual(9)
      expect(hour).toBeLessThan(17)
      expect(['Sat', 'Sun']).not.toContain(weekday)
    }
    const of = (who: string) => arrived.filter((one) => one.who === who).map((one) => one.title)
    expect(of('omar')).toEqual(['Acknowledged: Acceptable Use v1.0'])
    for (const who of ['kiran', 'sol', 'yuki'])
      expect(of(who)).toEqual([
        'Please read: Acceptable Use v1.0',
        // Two days before, on the day, and after the weekend: two steps of one morning are one message.
        ...Array.from({ length: 3 }, () => 'A reminder: Acceptable Use v1.0'),
      ])
    // The answer comes on the reminder, and all cards of it turn into the receipt.
    await acknowledge(world, 'kiran')
    await world.work()
    for (const card of world.chat('kiran')) expect(read(card)).toContain('Receipt A-')
  }, 120_000)

  test('done at ten means no reminder at five past: also one that was posted and not yet delivered', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world), '2026-11-27')
    await world.pass(new Date('2026-11-25T10:00:00Z'))
    await acknowledge(world, 'omar')
    await world.work()
    expect(world.chat('omar')).toHaveLength(1)
  })
})

describe('after the due date', () => {
  test('the manager hears of their own reports only, with one click to remind; then the ISMS manager', async () => {
    const world = await makeWorld()
    const launched = await launch(world, await imported(world), '2026-11-27')
    await world.pass(new Date('2026-11-24T06:00:00Z'))
    await world.work()
    await acknowledge(world, 'yuki')
    await world.pass(new Date('2026-12-02T14:00:00Z'))
    await world.work()
    const digest = world.chat('lena').find((card) => card.title.startsWith('Your team'))
    expect(read(digest)).toContain('3 people of your team have not acknowledged it yet. It was due Fri 27 November.')
    for (const name of ['Omar Haddad', 'Kiran Adhikari', 'Sol Begay']) expect(read(digest)).toContain(name)
    expect(read(digest)).not.toMatch(/結城|Ravi|Dora/)
    expect(world.chat('lena').filter((card) => card.title.startsWith('Your team'))).toHaveLength(1)

    const before = world.chat('omar').length
    const first = buttons(digest)[1]
    expect(first?.label).toBe('Remind kindly')
    const omars = world.person('omar').name
    const rows = digest?.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])) ?? []
    const row = rows.find((one) => one.title[0]?.text === omars)
    const [press] = row?.buttons ?? []
    if (!press || !('do' in press)) throw new Error('no button')
    const reminded = await click(world, 'lena', press)
    expect(said(reminded)).toContain('Omar Haddad gets a kind reminder')
    const rowsNow = reminded.card?.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])) ?? []
    const his = rowsNow.find((one) => one.title[0]?.text === omars)
    expect(his).toMatchObject({ status: { label: 'Reminded today' } })
    expect(his?.buttons).toBeUndefined()
    const again = await click(world, 'lena', press)
    expect(said(again)).toContain('Omar Haddad has a reminder for today already')
    expect((await world.entries()).filter((one) => one.type === 'policy.nudged')).toHaveLength(1)
    await world.work()
    expect(world.chat('omar')).toHaveLength(before + 1)
    expect(said(await click(world, 'ravi', press))).toContain('not yours')

    await acknowledge(world, 'omar')
    await world.work()
    expect(read(world.chat('lena').find((card) => card.title.startsWith('Your team')))).not.toContain(omars)
    expect(said(await click(world, 'lena', press))).toContain('Nothing is open for Omar Haddad')

    await world.pass(new Date('2026-12-08T15:00:00Z'))
    await world.work()
    const lead = last(world, 'mei')
    expect(lead?.title).toBe('How it goes: Acceptable Use v1.0')
    expect(read(lead)).toContain('Engineering: 3')
    expect(launched.card?.title).toBe(lead?.title)
  })

  test('a digest is nobody else’s to see', async () => {
    const world = await makeWorld()
    const launched = await launch(world, await imported(world, { audience: '[{ department: Engineering }]' }))
    const id = button(launched.card, 'Stop').id
    expect((await world.as('dora').card('policies.team', id)).blocks).toEqual([])
    expect((await world.as('omar').card('policies.campaign', id)).blocks).toEqual([])
    expect((await world.as('aude').card('policies.campaign', id)).blocks).not.toEqual([])
    // Dora owns the policy.
    expect((await world.as('dora').card('policies.campaign', id)).blocks).not.toEqual([])
  })
})

describe('later', () => {
  const open = async (due: string) => {
    const world = await makeWorld()
    await launch(world, await imported(world, { audience: '[{ department: Engineering }]' }), due)
    return world
  }

  test('tomorrow at ten where the person is, and the ladder keeps quiet until then', async () => {
    const world = await open('2026-12-01')
    await world.pass(new Date('2026-11-24T06:00:00Z'))
    await world.work()
    const { form } = await click(world, 'yuki', button(last(world, 'yuki'), 'Later'))
    expect(form?.values?.when).toBe('2026-11-25')
    const reply = await submit(world, 'yuki', form, { when: '2026-11-25' })
    expect(said(reply)).toBe('All right. I ask again Wed 25 November at 10:00.')
    await world.pass(new Date('2026-11-25T00:59:00Z'))
    await world.work()
    expect(world.chat('yuki')).toHaveLength(1)
    await world.pass(new Date('2026-11-25T01:00:00Z'))
    await world.work()
    expect(world.chat('yuki').map((card) => card.title)).toEqual([
      'Please read: Acceptable Use v1.0',
      'A reminder: Acceptable Use v1.0',
    ])
    expect((await world.entries()).map((one) => one.type)).toContain('policy.later')
  })

  test('on the day of a reminder there is one message, not two', async () => {
    const world = await open('2026-11-27')
    const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Later'))
    // The ladder would remind on Friday morning, the due date itself.
    await submit(world, 'omar', form, { when: 'date', day: '2026-11-27' })
    await world.pass(new Date('2026-11-27T16:00:00Z'))
    await world.work()
    expect(world.chat('omar')).toHaveLength(2)
  })

  test('never past the due date, never in the past, and never without a date', async () => {
    const world = await open('2026-11-27')
    const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Later'))
    const day = async (given: Record<string, string>) => (await submit(world, 'omar', form, given)).form?.errors
    expect((await day({ when: 'date', day: '2026-11-28' }))?.day).toContain('Not after 2026-11-27')
    expect((await day({ when: 'date', day: '2026-11-23' }))?.day).toContain('Not before 2026-11-24')
    expect((await day({ when: 'date' }))?.day).toBe('Please give the date.')
    expect((await day({ when: '2027-01-01' }))?.when).toBeDefined()
    await world.pass(new Date('2026-11-27T10:00:00Z'))
    expect(said(await world.as('omar').do('policies.later', { id: form?.id }))).toContain('due too soon')
  })
})

describe('a question', () => {
  test('goes to the owner, and the answer comes back; sent twice it is asked once', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    await launch(world, version)
    const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Ask'))
    const words = 'May I use <!channel> my [own](https://evil.example) phone? \u202eabc'
    const sent = await submit(world, 'omar', form, { question: words })
    await submit(world, 'omar', form, { question: words })
    expect(said(sent)).toContain('Sent to Dora Weiss')
    expect(await world.sql`select 1 from policy_question`).toHaveLength(1)
    await world.work()
    const asked = last(world, 'dora')
    expect(asked?.title).toBe('A question about Acceptable Use v1.0')
    expect(asked?.blocks).toContainEqual({ kind: 'quote', text: words })

    const press = button(asked, 'Answer')
    expect(said(await click(world, 'ravi', press))).toContain('not yours')
    const answering = (await click(world, 'dora', press)).form
    const done = await submit(world, 'dora', answering, { answer: 'Yes, inside the work profile.' })
    expect(done.card?.status?.label).toBe('Answered')
    await submit(world, 'dora', answering, { answer: 'No.' })
    await world.work()
    const back = last(world, 'omar')
    expect(read(back)).toContain('Dora Weiss answers:\nYes, inside the work profile.')
    expect(button(back, 'Read and acknowledge').shown).toBe(version)
    const kinds = (await world.entries(press.id)).map((one) => one.type)
    expect(kinds).toEqual(['policy.question', 'turn.denied', 'policy.answer'])
    expect((await world.as('ravi').card('policies.question', press.id)).blocks).toEqual([])
  })

  test('where the owner has left, the ISMS managers are asked', async () => {
    const world = await makeWorld()
    await launch(world, await imported(world))
    await world.leave('dora')
    const { form } = await click(world, 'omar', button(last(world, 'omar'), 'Ask'))
    expect(said(await submit(world, 'omar', form, { question: 'Who answers?' }))).toContain('Mei Tanaka-Voss')
  })
})
