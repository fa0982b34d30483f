import { and, eq, isNull } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { assignment } from '../db/schema/campaigns.ts'
import { attestation, control, controlAction, controlMapping, occurrence } from '../db/schema/controls.ts'
import { controls, importOwners, importRegisters, readOwners, readRegisters } from '../src/controls/index.ts'
import { textOf } from '../src/core/md.ts'
import type { Button, Card, Reply } from '../src/core/workflow.ts'
import { makeWorld, type World } from './support/world.ts'

/** All that a person reads on a card, in order. */
function words(card: Card | undefined): string {
  if (!card) return ''
  const row = (it: {
    title: readonly { text: string }[]
    text?: readonly { text: string }[]
    status?: { label: string }
  }) => [textOf(it.title), it.text ? textOf(it.text) : '', it.status?.label ?? ''].join(' ')
  const said = card.blocks.map((block) => {
    if (block.kind === 'text') return textOf(block.text)
    if (block.kind === 'quote' || block.kind === 'heading') return block.text
    if (block.kind === 'facts') return block.facts.map((one) => `${one.label}: ${textOf(one.value)}`).join('\n')
    if (block.kind === 'rows') return block.rows.map(row).join('\n')
    if (block.kind === 'list') return block.items.map(textOf).join('\n')
    return ''
  })
  return [card.title, card.status?.label ?? '', ...said].join('\n')
}

const buttons = (card: Card | undefined): Button[] =>
  (card?.blocks ?? []).flatMap((block) => {
    if (block.kind === 'buttons') return block.buttons
    return block.kind === 'rows' ? block.rows.flatMap((row) => row.buttons ?? []) : []
  })

/** Presses the button with that label on a card, as that person. */
function press(world: World, who: string, card: Card | undefined, label: string, entries?: Record<string, string>) {
  const button = buttons(card).find((one) => one.label === label)
  if (!button || !('do' in button)) throw new Error(`no button "${label}" on: ${words(card)}`)
  const { do: name, id, with: more } = button
  return world
    .as(who)
    .do(name, { ...(id ? { id } : {}), ...(more ? { with: more } : {}), ...(entries ? { entries } : {}) })
}

const says = (reply: Reply): string =>
  [reply.say ? textOf(reply.say) : '', words(reply.card), Object.values(reply.form?.errors ?? {}).join(' ')].join('\n')

/** A company that has loaded the registers and given nothing an owner. */
async function registered() {
  const world = await makeWorld({ workflows: [controls] })
  await world.system((ctx) => importRegisters(ctx))
  return world
}

/** Some duties have an owner from the first of November 2026; each period is a calendar month unless said otherwise. */
async function company(owners: string, setUp: (world: World) => Promise<unknown> = async () => {}) {
  const world = await registered()
  await setUp(world)
  const receipt = await world.system((ctx) => importOwners(ctx, readOwners(owners, 'en')))
  expect(receipt.refused).toEqual([])
  return world
}

/** The worker does what is due at that moment. */
async function until(world: World, moment: string) {
  await world.pass(new Date(moment))
  await world.work()
}

const types = async (world: World, about: string) => (await world.entries(about)).map((one) => one.type)
const periods = (world: World) => world.db.select().from(occurrence).orderBy(occurrence.n)
const month = 'code,owner,anchored_on\nmalware-coverage,kiran@example.com,2026-11-01\n'

describe('the registers', async () => {
  const world = await makeWorld({ workflows: [controls] })
  const first = await world.system((ctx) => importRegisters(ctx))

  test('both editions are complete: 93 controls of 2022, 114 of 2013, 75 recurring duties', async () => {
    expect(first).toEqual({ controls: 207, mappings: 115, actions: 75, changed: 0 })
    const rows = await world.db.select().from(control)
    expect(rows.filter((row) => row.edition === '2022')).toHaveLength(93)
    expect(rows.filter((row) => row.edition === '2013')).toHaveLength(114)
    const themes = Map.groupBy(
      rows.filter((row) => row.edition === '2022'),
      (row) => row.theme,
    )
    expect([...themes].map(([theme, its]) => [theme, its.length])).toEqual([
      ['Organizational', 37],
      ['People', 8],
      ['Physical', 14],
      ['Technological', 34],
    ])
  })

  test('the mapping is complete both ways, and only what is new in 2022 has no predecessor', async () => {
    const [rows, pairs] = await Promise.all([world.db.select().from(control), world.db.select().from(controlMapping)])
    const codes = (edition: string) => rows.filter((row) => row.edition === edition).map((row) => row.code)
    const [from, to] = [new Set(pairs.map((one) => one.code2013)), new Set(pairs.map((one) => one.code2022))]
    expect(codes('2013').filter((code) => !from.has(code))).toEqual([])
    expect(codes('2022').filter((code) => !to.has(code))).toHaveLength(11)
    expect(
      pairs.filter((one) => !codes('2013').includes(one.code2013) || !codes('2022').includes(one.code2022)),
    ).toEqual([])
    expect(pairs.filter((one) => one.relation === 'split').map((one) => one.code2022)).toEqual(
      expect.arrayContaining(['A.5.36', 'A.8.8']),
    )
  })

  test('every duty names controls that exist, in both editions', async () => {
    const [rows, duties] = await Promise.all([world.db.select().from(control), world.db.select().from(controlAction)])
    const known = new Set(rows.map((row) => row.code))
    const named = duties.flatMap((duty) => [...duty.controls2022, ...duty.controls2013])
    expect(named.filter((code) => !known.has(code) && !code.startsWith('cl.'))).toEqual([])
  })

  test('importing again changes nothing and records nothing; a changed title is one entry with both', async () => {
    const before = (await world.entries()).length
    expect(await world.system((ctx) => importRegisters(ctx))).toEqual({
      controls: 0,
      mappings: 0,
      actions: 0,
      changed: 0,
    })
    expect(await world.entries()).toHaveLength(before)
    const registers = readRegisters()
    const renamed = registers.controls.map((one) =>
      one.code === 'A.5.18' ? { ...one, title: 'Rights of access' } : one,
    )
    const again = await world.system((ctx) => importRegisters(ctx, { ...registers, controls: renamed }))
    expect(again.changed).toBe(1)
    expect(await types(world, 'annex-a/2022/A.5.18')).toEqual(['control.changed'])
  })

  test('two at once load it once', async () => {
    const other = await makeWorld({ workflows: [controls] })
    const both = await Promise.all([1, 2].map(() => other.system((ctx) => importRegisters(ctx))))
    expect(both.reduce((sum, one) => sum + one.controls, 0)).toBe(207)
    expect(both.reduce((sum, one) => sum + one.actions, 0)).toBe(75)
  })
})

describe('owners from a file', () => {
  const bring = (world: World, file: string) => world.system((ctx) => importOwners(ctx, readOwners(file, 'en')))

  test('one bad line, and nothing of the file is taken over; each line says what is wrong', async () => {
    const world = await registered()
    const receipt = await bring(
      world,
      '\uFEFFcode;owner;anchored_on\nA.5.18;omar@example.com;\nA.99.1;omar@example.com;\nA.5.1;nobody@example.com;\nA.5.2;gus@example.com;\nA.5.18;lena@example.com;\nclock-check;lena@example.com;31.12.2026\nA.5.3;lev@example.com;\n',
    )
    expect(receipt).toMatchObject({ lines: 7, assigned: 0 })
    expect(receipt.refused).toEqual([
      { line: 3, reason: 'There is no control or duty "A.99.1".' },
      { line: 4, reason: 'Nobody active in the register has the address "nobody@example.com".' },
      { line: 5, reason: '"gus@example.com" is a guest and cannot own a control.' },
      { line: 6, reason: '"A.5.18" stands on more than one line.' },
      { line: 7, reason: '"31.12.2026" is no date as YYYY-MM-DD.' },
      { line: 8, reason: 'Nobody active in the register has the address "lev@example.com".' },
    ])
    expect(await world.db.select().from(control).where(isNull(control.ownerId))).toHaveLength(207)
  })

  test('a good file, twice: assigned, then unchanged', async () => {
    const file = 'control,owner\nA.5.18,OMAR@example.com\nA.9.2.5,omar@example.com\nclock-check,lena@example.com\n'
    const world = await registered()
    expect(await bring(world, file)).toEqual({ lines: 3, assigned: 3, unchanged: 0, refused: [] })
    expect(await bring(world, file)).toEqual({ lines: 3, assigned: 0, unchanged: 3, refused: [] })
    expect(await types(world, 'annex-a/2022/A.5.18')).toEqual(['control.assigned'])
  })

  test.each([
    ['', 'needs the columns'],
    ['title,date\na,b\n', 'needs the columns'],
    ['code,owner\n', 'no line below its header'],
    ['code,owner\nA.5.1,mei@example.com,too,much\n', 'another number of columns'],
  ])('%j is refused in one sentence', (file, words) => {
    expect(() => readOwners(file, 'en')).toThrow(
      expect.objectContaining({ text: [expect.objectContaining({ text: expect.stringContaining(words) })] }),
    )
  })
})

describe('an owner attests, month after month', () => {
  const ANSWER = { answer: 'operates', statement: '<!channel> 412 of 412 devices covered, [x](https://evil) 🛡️ שלום' }
  const chat = (world: World) => world.chat('kiran')

  /** Kiran was asked on Monday. */
  async function asked() {
    const world = await company(month)
    await world.work()
    return world
  }
  /** …and reminded on Friday, and the day of the answer is there. */
  async function reminded() {
    const world = await asked()
    await until(world, '2026-11-27T03:15:00Z')
    await world.pass(new Date('2026-11-30T04:00:00Z'))
    return world
  }
  async function attested() {
    const world = await reminded()
    await press(world, 'kiran', chat(world)[0], 'Attest', ANSWER)
    return world
  }
  /** …and asked for December too. */
  async function askedAgain() {
    const world = await attested()
    await until(world, '2026-12-17T04:00:00Z')
    return world
  }

  test('the owner is asked where the owner is, with what is needed to answer', async () => {
    // Kiran's Monday is over in a little while: 14:45 in Kathmandu is within working hours.
    const world = await asked()
    expect(chat(world)).toHaveLength(1)
    const said = words(chat(world)[0])
    expect(said).toContain('1 November 2026 to 30 November 2026')
    expect(said).toContain('A.8.7 Protection against malware')
    expect(said).toContain('2013 edition: A.12.2.1 Controls against malware')
    expect(said).toContain('Mon 30 November')
    const [it] = await periods(world)
    expect(it).toMatchObject({ n: 1, periodFrom: '2026-11-01', periodTo: '2026-11-30', dueOn: '2026-11-30' })
    expect(await types(world, it?.id ?? '')).toEqual(['occurrence.opened'])
  })

  test('the reminder waits for Friday morning in Kathmandu, because the 28th is a Saturday', async () => {
    const world = await asked()
    await until(world, '2026-11-27T03:14:00Z')
    expect(chat(world)).toHaveLength(1)
    await world.pass('1 minute')
    await world.work()
    expect(chat(world)).toHaveLength(2)
    await world.pass('1 day')
    await world.work()
    expect(chat(world)).toHaveLength(2)
  })

  test('somebody else’s button does nothing, not even the ISMS manager’s or the auditor’s click (T11)', async () => {
    const world = await asked()
    for (const who of ['omar', 'lena', 'mei', 'aude', 'gus']) {
      const reply = await press(world, who, chat(world)[0], 'Attest', { answer: 'operates', statement: 'not mine' })
      expect(says(reply)).toContain('not yours')
    }
    expect(await world.db.select().from(attestation)).toEqual([])
    const [it] = await periods(world)
    expect((await types(world, it?.id ?? '')).filter((type) => type === 'turn.denied')).toHaveLength(5)
  })

  test('two clicks: the form has no answer selected, and says that nobody is blamed', async () => {
    const world = await asked()
    const { form } = await press(world, 'kiran', chat(world)[0], 'Attest')
    expect(form?.values).toBeUndefined()
    const field = form?.fields.answer
    expect(field?.kind === 'choice' && field.options.map((one) => one.label)).toEqual([
      'Operates',
      'Operates with deviations',
      'Does not operate',
    ])
    expect(field?.kind === 'choice' && field.options[2]?.hint).toContain('You are not blamed')
  })

  test('empty and oversized answers keep the form open with what was typed', async () => {
    const world = await asked()
    const empty = await press(world, 'kiran', chat(world)[0], 'Attest', { answer: '', statement: '' })
    expect(Object.keys(empty.form?.errors ?? {})).toEqual(['answer', 'statement'])
    const long = 'x'.repeat(3001)
    const oversized = await press(world, 'kiran', chat(world)[0], 'Attest', { answer: 'operates', statement: long })
    expect(oversized.form?.errors?.statement).toContain('3001')
    expect(oversized.form?.values?.statement).toBe(long)
    const unknown = await press(world, 'kiran', chat(world)[0], 'Attest', { answer: 'perfect', statement: 'All good.' })
    expect(Object.keys(unknown.form?.errors ?? {})).toEqual(['answer'])
    expect(await world.db.select().from(attestation)).toEqual([])
  })

  test('the answer is recorded once, however often it is sent, and the card is the receipt', async () => {
    const world = await reminded()
    const replies = await Promise.all([1, 2, 3].map(() => press(world, 'kiran', chat(world)[0], 'Attest', ANSWER)))
    for (const reply of replies) expect(words(reply.card)).toContain('You attested: Operates.')
    const said = words(replies[0]?.card)
    expect(said).toContain(ANSWER.statement)
    expect(said).toContain('Next: 1 December 2026 to 31 December 2026, due on Thu 31 December.')
    expect(await world.db.select().from(attestation)).toHaveLength(1)
    const [it] = await periods(world)
    expect(it?.state).toBe('attested')
    expect(await types(world, it?.id ?? '')).toEqual(['occurrence.opened', 'control.attested'])
  })

  test('done is done: no further reminder, and every card shows it', async () => {
    const world = await attested()
    await world.pass('3 days')
    await world.work()
    expect(chat(world)).toHaveLength(2)
    for (const one of chat(world)) expect(words(one)).toContain('You attested: Operates.')
    expect(
      chat(world)
        .flatMap(buttons)
        .map((one) => one.label),
    ).toEqual(['History', 'History'])
  })

  test('the next period opens two weeks before its end, with last time’s statement at hand', async () => {
    const world = await attested()
    await until(world, '2026-12-16T04:00:00Z')
    expect(await periods(world)).toHaveLength(1)
    await world.pass('1 day')
    await world.work()
    expect((await periods(world)).map((one) => one.dueOn)).toEqual(['2026-11-30', '2026-12-31'])
    expect(words(chat(world).at(-1))).toContain('412 of 412')
    const { form } = await press(world, 'kiran', chat(world).at(-1), 'Attest')
    expect(form?.values).toEqual({ statement: expect.stringContaining('412 of 412') })
  })

  test('another answer with last time’s words is sent back; with its own it opens a finding, and nobody is blamed', async () => {
    const world = await askedAgain()
    const { form } = await press(world, 'kiran', chat(world).at(-1), 'Attest')
    const statement = String(form?.values?.statement)
    const same = await press(world, 'kiran', chat(world).at(-1), 'Attest', { answer: 'fails', statement })
    expect(same.form?.errors?.statement).toContain('what is different')
    const answer = { answer: 'fails', statement: 'The console was down since the 12th.' }
    const reply = await press(world, 'kiran', chat(world).at(-1), 'Attest', answer)
    expect(words(reply.card)).toContain('Thank you. This opens a finding; you are not blamed.')
    const board = await world.by('mei', async (ctx) => controls.dashboard?.(ctx))
    const said = words({ title: '', blocks: board ?? [] })
    expect(said).toContain('Open finding: Kiran Adhikari')
    expect(said).toContain('Operates: 1')
    expect(said).toContain('Does not operate: 1')
  })
})

describe('a period that is missed', () => {
  const steps = ['2026-11-27', '2026-11-30', '2026-12-01', '2026-12-03']

  /** Kiran was asked and answered none of four reminders. */
  async function reminded() {
    const world = await company(month)
    await world.work()
    for (const day of steps) await until(world, `${day}T03:15:00Z`)
    return world
  }
  /** …and the manager was told. */
  async function escalated() {
    const world = await reminded()
    await until(world, '2026-12-07T08:00:00Z')
    return world
  }
  /** …and the grace is over, and the ISMS manager was told. */
  async function missed() {
    const world = await escalated()
    await until(world, '2026-12-07T18:16:00Z')
    await until(world, '2026-12-10T09:00:00Z')
    return world
  }

  test('four reminders, then the manager hears of it, then the ISMS manager, each at work', async () => {
    const world = await reminded()
    expect(world.chat('kiran')).toHaveLength(1 + steps.length)
    expect(world.chat('lena')).toHaveLength(0)
    await until(world, '2026-12-07T03:15:00Z')
    // 04:15 in Berlin: the manager's card waits for the manager's morning.
    expect(world.chat('lena')).toHaveLength(0)
    await until(world, '2026-12-07T08:00:00Z')
    expect(words(world.chat('lena')[0])).toContain('Kiran Adhikari has not attested yet')
    expect(world.chat('kiran')).toHaveLength(1 + steps.length)
    expect(world.chat('mei')).toHaveLength(0)
  })

  test('after the grace it is marked, once, by whichever worker comes first', async () => {
    const world = await escalated()
    await until(world, '2026-12-07T18:14:00Z')
    expect((await periods(world))[0]?.state).toBe('open')
    await world.pass('2 minutes')
    await Promise.all([world.work(), world.work(), world.work()])
    const [it] = await periods(world)
    expect(it).toMatchObject({ state: 'missed', missedAt: world.now() })
    expect(await types(world, it?.id ?? '')).toEqual(['occurrence.opened', 'occurrence.missed'])
    await until(world, '2026-12-10T09:00:00Z')
    expect(words(world.chat('mei').at(-1))).toContain('reminders and the manager did not settle it')
  })

  test('it stays in sight: in the inbox, on the page, on the dashboard', async () => {
    const world = await missed()
    const waiting = await world.by('kiran', async (ctx) => controls.waiting?.(ctx))
    expect(waiting?.map((one) => one.row.status?.label)).toEqual(['Missed'])
    const page = await press(world, 'mei', world.chat('mei').at(-1), 'History')
    expect(words(page.card)).toContain('Marked as missed, 7 December 2026')
    const board = await world.by('mei', async (ctx) => controls.dashboard?.(ctx))
    expect(words({ title: '', blocks: board ?? [] })).toContain('Kiran Adhikari did not attest; due Mon 30 November.')
  })

  test('attested late, the answer stands beside the mark, with the true date, and the next period comes as if nothing was', async () => {
    const world = await missed()
    await until(world, '2026-12-17T05:00:00Z')
    const answer = { answer: 'deviations', statement: 'Two build machines were uncovered until the 9th.' }
    const reply = await press(world, 'kiran', world.chat('kiran')[0], 'Attest', answer)
    expect(words(reply.card)).toContain('the mark stays, and your answer stands beside it')
    const rows = await periods(world)
    expect(rows.map((one) => one.state)).toEqual(['missed', 'open'])
    const [said] = await world.db.select().from(attestation)
    expect(said).toMatchObject({ answer: 'deviations', attestedAt: world.now() })
    await world.work()
    expect(words(world.chat('lena')[0])).toContain('Settled: Kiran Adhikari attested Operates with deviations')
    const page = await world.as('aude').card('controls.duty', rows[0]?.actionId)
    expect(words(page)).toContain('Missed, attested late')
  })
})

describe('an owner who has left', () => {
  /** Kiran owned three things, was asked, and left; `old` is the card as it stood then. */
  async function orphaned() {
    const world = await company(`${month}web-filter-review,kiran@example.com,2026-11-01\nA.8.7,kiran@example.com,\n`)
    await world.work()
    const old = world.chat('kiran')[0]
    await world.leave('kiran')
    await world.pass('2 hours')
    await world.work()
    return { world, old }
  }

  test('the ISMS manager is asked once who takes over, and the leaver is asked no more', async () => {
    const { world, old } = await orphaned()
    await world.work()
    expect(world.chat('mei')).toHaveLength(1)
    const said = words(world.chat('mei')[0])
    expect(said).toContain('Kiran Adhikari owned 3 things')
    expect(said).toContain('A.8.7 Protection against malware')
    expect(says(await press(world, 'kiran', old, 'Attest'))).toContain('not active here')
    await world.pass('4 days')
    await world.work()
    expect(world.chat('kiran')).toHaveLength(1)
    expect(await types(world, world.person('kiran').id)).toContain('control.orphaned')
  })

  test('a guest, a leaver or nobody cannot take it', async () => {
    const { world } = await orphaned()
    for (const who of ['gus', 'lev', 'kiran']) {
      const reply = await press(world, 'mei', world.chat('mei')[0], 'Hand over all', { owner: world.person(who).id })
      expect(Object.keys(reply.form?.errors ?? {})).toEqual(['owner'])
    }
    const nobody = await press(world, 'mei', world.chat('mei')[0], 'Hand over all', { owner: 'cleo@example.com' })
    expect(nobody.form?.errors?.owner).toContain('choose a person')
  })

  test('only the ISMS manager hands over', async () => {
    const { world } = await orphaned()
    const entries = { owner: world.person('omar').id }
    for (const who of ['omar', 'lena', 'aude'])
      expect(says(await press(world, who, world.chat('mei')[0], 'Hand over all', entries))).toContain('not yours')
  })

  test('the heir is asked about what is open, once, and can answer', async () => {
    const { world } = await orphaned()
    const reply = await press(world, 'mei', world.chat('mei')[0], 'Hand over all', { owner: world.person('omar').id })
    expect(says(reply)).toContain('Omar Haddad owns all 3 now.')
    expect(words(reply.card)).toContain('has a new owner')
    await world.pass('3 days')
    await world.work()
    const card = world.chat('omar')[0]
    expect(words(card)).toContain('1 November 2026 to 30 November 2026')
    const answer = { answer: 'operates', statement: 'Coverage checked after the hand-over.' }
    expect(words((await press(world, 'omar', card, 'Attest', answer)).card)).toContain('You attested: Operates.')
    const states = await world.db.select({ state: assignment.state }).from(assignment)
    expect(states.map((one) => one.state).sort()).toEqual(['done', 'left'])
    expect(
      await world.db
        .select()
        .from(control)
        .where(eq(control.ownerId, world.person('omar').id)),
    ).toHaveLength(1)
  })
})

describe('handing over by hand', async () => {
  const world = await company(month)

  test('the first owner’s card says who has it now, and its button is dead', async () => {
    const world = await company(month)
    await world.work()
    const [duty] = await world.db.select().from(controlAction).where(eq(controlAction.code, 'malware-coverage'))
    const before = world.chat('kiran')[0]
    const reply = await world
      .as('mei')
      .do('controls.assign', { id: duty?.id, entries: { owner: world.person('omar').id } })
    expect(says(reply)).toContain('Omar Haddad owns')
    await world.work()
    expect(words(world.chat('kiran')[0])).toContain('This is with Omar Haddad now.')
    expect(says(await press(world, 'kiran', before, 'Attest'))).toContain('not yours')
    expect(words(world.chat('omar')[0])).toContain('Did this operate')
    const again = await world
      .as('mei')
      .do('controls.assign', { id: duty?.id, entries: { owner: world.person('omar').id } })
    expect(again.form?.errors?.owner).toContain('already')
  })

  test('a control of Annex A gets an owner the same way; what does not exist and what is not yours read alike (T20)', async () => {
    const entries = { owner: world.person('omar').id }
    await world.as('mei').do('controls.assign', { id: '2022/A.8.7', entries })
    expect(words(await world.as('omar').card('controls.control', '2022/A.8.7'))).toContain('Owner: Omar Haddad')
    const [missing, forbidden] = await Promise.all([
      world.as('mei').do('controls.assign', { id: '2022/A.99.9', entries }),
      world.as('omar').do('controls.assign', { id: '2022/A.8.7', entries }),
    ])
    expect(missing).toEqual(forbidden)
    expect(await world.as('omar').card('controls.control', '2022/A.5.1')).toEqual(
      await world.as('omar').card('controls.control', '2022/A.99.9'),
    )
  })

  test.each(['asg_', 'per_01', 'act_zzzzzzzzzzzzzzzzzzzzzzzzzz', '', '2022', "'; drop table control --"])(
    'the wrong kind of id %j is turned away at the door',
    async (id) => {
      const reply = await world.as('mei').do('controls.attest', { id, entries: { answer: 'operates', statement: 'x' } })
      expect(says(reply)).toContain('not yours')
    },
  )
})

describe('periods', () => {
  test('the last day of February keeps its place: yearly from a leap day, monthly from the 31st', async () => {
    const world = await company(
      'code,owner,anchored_on\nmalware-coverage,omar@example.com,2026-10-31\nbc-exercise,omar@example.com,2024-02-29\n',
    )
    for (const at of ['2027-02-15', '2027-03-20', '2028-02-20']) {
      await world.pass(new Date(`${at}T12:00:00Z`))
      await world.work()
    }
    const duties = new Map((await world.db.select().from(controlAction)).map((one) => [one.id, one.code]))
    const spans = (code: string) =>
      periods(world).then((rows) =>
        rows.filter((row) => duties.get(row.actionId) === code).map((row) => `${row.periodFrom} ${row.periodTo}`),
      )
    expect(await spans('bc-exercise')).toEqual(['2026-02-28 2027-02-27', '2027-02-28 2028-02-28'])
    expect((await spans('malware-coverage')).slice(0, 6)).toEqual([
      '2026-10-31 2026-11-29',
      '2026-11-30 2026-12-30',
      '2026-12-31 2027-01-30',
      '2027-01-31 2027-02-27',
      '2027-02-28 2027-03-30',
      '2027-03-31 2027-04-29',
    ])
  })

  test('several workers at once open each period once, and ask once', async () => {
    const world = await company(month)
    await Promise.all([world.work(), world.work(), world.work(), world.work()])
    expect(await periods(world)).toHaveLength(1)
    expect(world.chat('kiran')).toHaveLength(1)
  })

  test('what lay before the duty was set up is nobody’s debt', async () => {
    const world = await company('code,owner,anchored_on\nmalware-coverage,omar@example.com,2020-01-01\n')
    await world.work()
    expect((await periods(world)).map((one) => one.periodFrom)).toEqual(['2026-11-01'])
  })

  test('without a date periods begin with a month of which enough is left', async () => {
    const world = await company('code,owner\nmalware-coverage,omar@example.com\n')
    const [duty] = await world.db
      .select()
      .from(controlAction)
      .where(and(eq(controlAction.code, 'malware-coverage')))
    expect(duty?.anchoredOn).toBe('2026-12-01')
    await world.work()
    expect(await periods(world)).toEqual([])
  })

  test('a start that has been used cannot be moved', async () => {
    const world = await company(month)
    await world.work()
    const moved = readOwners('code,owner,anchored_on\nmalware-coverage,kiran@example.com,2026-06-01\n', 'en')
    const receipt = await world.system((ctx) => importOwners(ctx, moved))
    expect(receipt.refused).toEqual([{ line: 2, reason: expect.stringContaining('has begun') }])
  })
})

describe('looking', async () => {
  const world = await company(`${month}A.5.18,omar@example.com,\n`)
  await world.work()

  test('the ISMS manager’s word shows the register of 2022, and every page of both editions can be turned', async () => {
    let { card } = await world.as('mei').command('/isms controls')
    expect(card?.title).toBe('Controls of Annex A, 2022')
    const seen = new Set<string>()
    for (;;) {
      for (const block of card?.blocks ?? [])
        if (block.kind === 'rows') for (const row of block.rows) seen.add(textOf(row.title))
      if (!buttons(card).some((one) => one.label === 'Next page')) break
      card = (await press(world, 'mei', card, 'Next page')).card
    }
    expect(seen.size).toBe(93)
    const old = (await press(world, 'mei', card, 'Edition 2013')).card
    expect(words(old)).toContain('114 controls')
    expect(words(old)).toContain('now A.5.1')
  })

  test('one control by its code: where it came from, and what is done about it', async () => {
    const { card } = await world.as('aude').command('/isms controls a.8.7')
    expect(words(card)).toContain('A.12.2.1 Controls against malware (one to one)')
    expect(words(card)).toContain('Coverage and last update of protection')
    const { card: fresh } = await world.as('mei').command('/isms controls A.5.7')
    expect(words(fresh)).toContain('New in 2022')
  })

  test('an owner’s word shows what is the owner’s; others see that they own nothing; a guest nothing at all', async () => {
    expect(words((await world.as('kiran').command('/isms controls')).card)).toContain('Waiting for you')
    expect(words((await world.as('omar').command('/isms controls')).card)).toContain('A.5.18 Access rights')
    expect(words((await world.as('dora').command('/isms controls')).card)).toContain('You own no control')
    expect(says(await world.as('gus').command('/isms controls'))).toContain('not yours')
    expect(says(await world.as('omar').do('controls.register'))).toContain('not yours')
  })

  test('the page of a duty is for its owner, the manager, the ISMS manager and the auditor', async () => {
    const [it] = await periods(world)
    for (const who of ['kiran', 'lena', 'mei', 'aude'])
      expect(words(await world.as(who).card('controls.duty', it?.actionId))).toContain('Coverage and last update')
    for (const who of ['omar', 'gus', 'cleo'])
      expect(words(await world.as(who).card('controls.duty', it?.actionId))).not.toContain('Coverage')
  })
})
