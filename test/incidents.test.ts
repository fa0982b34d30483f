import { asc, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { report } from '../db/schema/incidents.ts'
import { personRole } from '../db/schema/people.ts'
import { entryPayload } from '../db/schema/record.ts'
import { incidents } from '../src/incidents/index.ts'
import { labelsOf, newest, press, reports, sayOf, submit, wordsOf } from './support/incidents.ts'
import { makeWorld, type World } from './support/world.ts'

/** Mentions, links, emoji, text from right to left, CJK, SQL, and what no database keeps. */
const NASTY = [
  '<!channel> <!here> <@U123> @everyone',
  '[click](https://evil.example) **bold** `code`',
  '🔥👩‍👩‍👧‍👦 \u202Egnirts desrever\u202C',
  '数据库泄露了，客户名单在网上',
  'نص من اليمين إلى اليسار',
  'tab\tand "quotes" \\ \' ; drop table report; --',
  'half a pair \uD83D and a NUL \u0000 end',
]

let world: World
beforeEach(async () => {
  world = await makeWorld({ workflows: [incidents] })
  return () => world.close()
})

const rows = () => world.db.select().from(report).orderBy(asc(report.number))

describe('reporting', () => {
  test('one sentence after the command and one click; the number is told and stands in the database', async () => {
    const opened = await world.as('omar').command('/incident lost laptop in a taxi')
    expect(opened.form?.values?.what).toBe('lost laptop in a taxi')
    const asked = Object.entries(opened.form?.fields ?? {})
    expect(asked.filter(([, field]) => !field.optional).map(([name]) => name)).toEqual(['what'])

    const reply = await submit(world, 'omar', opened)
    expect(sayOf(reply)).toBe(
      'Thank you. EVT-2026-0001 was recorded: 09:00. On duty: Inês Caldeira, Ravi Okonjo. One of them answers by 13:00.',
    )
    expect(await rows()).toMatchObject([
      {
        number: 'EVT-2026-0001',
        what: 'lost laptop in a taxi',
        category: 'not-sure',
        ongoing: 'unknown',
        personalData: 'unknown',
        audience: 'responders',
        origin: 'command',
        state: 'reported',
        reporterId: world.person('omar').id,
      },
    ])
    const [made] = await world.entries(opened.form?.id)
    expect(made).toMatchObject({ type: 'report.made', actor: world.person('omar').id, action: 'incidents.report' })
    expect(Buffer.from(made?.bytes ?? []).toString()).not.toContain('laptop')
    const [kept] = await world.db
      .select()
      .from(entryPayload)
      .where(eq(entryPayload.entryId, made?.id ?? ''))
    expect(Buffer.from(kept?.payload ?? []).toString()).toContain('lost laptop')
  })

  test('the receipt stands in the chat of the reporter, the triage card in that of every responder', async () => {
    const { number } = await reports(world, 'omar', 'a stranger on the third floor')
    await world.work()
    const receipt = newest(world, 'omar')
    expect(receipt?.title).toBe(`Your report ${number}`)
    expect(labelsOf(receipt ?? { title: '', blocks: [] })).toEqual(['Add detail', 'Withdraw'])
    expect(wordsOf(receipt)).toContain(
      'You can’t get in trouble for reporting. Don’t test it further, don’t delete anything.',
    )
    for (const who of ['ravi', 'ines']) {
      const card = newest(world, who)
      expect(card?.title).toBe(`Report ${number}`)
      expect(card?.blocks).toContainEqual({ kind: 'quote', text: 'a stranger on the third floor' })
      expect(card && labelsOf(card)).toEqual([
        'I’m on it',
        'Incident',
        'Weakness',
        'False alarm',
        'No action',
        'Duplicate',
        'Look at it',
      ])
    }
    for (const who of ['mei', 'lena', 'cleo', 'dora', 'aude', 'kiran', 'gus']) expect(world.chat(who)).toEqual([])
  })

  test('T36 a double submit of one form makes one report, also at the same moment, and no number is skipped', async () => {
    const opened = await world.as('omar').command('/incident lost badge')
    const replies = await Promise.all([1, 2, 3, 4].map(() => submit(world, 'omar', opened)))
    expect(new Set(replies.map(sayOf)).size).toBe(1)
    expect(sayOf(await submit(world, 'omar', opened, { what: 'something else' }))).toContain('EVT-2026-0001')
    expect(await rows()).toHaveLength(1)
    expect((await world.entries(opened.form?.id)).map((one) => one.type)).toEqual(['report.made'])
    expect((await reports(world, 'kiran', 'next')).number).toBe('EVT-2026-0002')
  })

  test('T36 who sends many within an hour is told, kindly, that all are kept and that one can be added to', async () => {
    for (let n = 1; n <= 5; n++) await reports(world, 'omar', `mail ${n}`)
    await world.work()
    expect(wordsOf(newest(world, 'omar'))).not.toContain('within an hour')
    await reports(world, 'omar', 'mail 6')
    await world.work()
    expect(wordsOf(newest(world, 'omar'))).toContain('These are 6 reports of yours within an hour. Every one is kept')
    expect(await rows()).toHaveLength(6)
    await world.pass('1 hour')
    await reports(world, 'omar', 'mail 7')
    await world.work()
    expect(wordsOf(newest(world, 'omar'))).not.toContain('within an hour')
  })

  test('a guest and a contractor may report; somebody who left may not', async () => {
    expect((await reports(world, 'gus', 'a door stood open')).number).toBe('EVT-2026-0001')
    expect((await reports(world, 'sol', 'a strange mail')).number).toBe('EVT-2026-0002')
    expect((await world.as('lev').command('/incident hello')).form).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['blanks', '  \n\t '],
    ['too much', 'x'.repeat(3001)],
  ])('%s is not sent: the form stays open with what was typed', async (_what, what) => {
    const opened = await world.as('omar').command('/incident')
    const reply = await submit(world, 'omar', opened, { what, ongoing: 'yes' })
    expect(reply.form?.errors?.what).toMatch(/needed|At most 3000 characters; this has 3001/)
    expect(reply.form?.values).toMatchObject({ what, ongoing: 'yes' })
    expect(reply.form?.id).toBe(opened.form?.id)
    expect(await rows()).toEqual([])
    const second = await submit(world, 'omar', reply, { what: 'now it fits' })
    expect(sayOf(second)).toContain('EVT-2026-0001')
  })

  test('an answer that was not offered is refused, in the field', async () => {
    const opened = await world.as('omar').command('/incident x')
    const reply = await submit(world, 'omar', opened, { audience: 'the-whole-world' })
    expect(Object.keys(reply.form?.errors ?? {})).toEqual(['audience'])
    expect(await rows()).toEqual([])
  })

  test('T21 T22 nasty words stay what they are, as a quotation and never as markup', async () => {
    for (const what of NASTY) {
      const opened = await world.as('omar').command('/incident')
      await submit(world, 'omar', opened, { what })
      await world.work()
      const kept = what.replaceAll('\u0000', '').toWellFormed()
      expect((await rows()).map((one) => one.what)).toContain(kept)
      expect(newest(world, 'ravi')?.blocks).toContainEqual({ kind: 'quote', text: kept })
    }
  })

  test('a message is carried along: its words are filled in, author, link and time go with the report', async () => {
    const carried = {
      text: 'Your parcel waits, log in here',
      author: 'Unknown <!channel>',
      link: 'https://chat.example/archives/C1/p1',
      at: '2026-11-23T08:40:00Z',
    }
    const opened = await world.as('kiran').do('incidents.report', { carried, origin: 'message' })
    expect(opened.form?.values?.what).toBe(carried.text)
    const reply = await submit(world, 'kiran', opened, { what: 'Phishing, two of us got it' })
    expect(sayOf(reply)).toContain('EVT-2026-0001')
    expect(await rows()).toMatchObject([
      { what: 'Phishing, two of us got it', carried, origin: 'message', occurredAt: new Date(carried.at) },
    ])
    await world.work()
    const card = newest(world, 'ravi')
    expect(card?.blocks).toContainEqual({ kind: 'quote', text: carried.text })
    expect(wordsOf(card)).toContain('by Unknown <!channel>:')
    expect(wordsOf(card)).toContain('Mon 23 November, 08:40')
    expect(JSON.stringify(card)).not.toContain('"href"')
  })

  test.each([
    ['界'.repeat(20_000), /^界{999}…$/],
    ['"\\\n\u0001'.repeat(5000), /^"\\.*…$/s],
  ])('a carried message of any length opens a form every platform can show', async (text, kept) => {
    const link = `https://chat.example/${'x'.repeat(2000)}`
    const carried = { text, link }
    const opened = await world.as('omar').do('incidents.report', { carried })
    expect(String(opened.form?.values?.what).length).toBe(3000)
    expect(JSON.stringify(opened.form?.with).length).toBeLessThan(3000)
    expect(sayOf(await submit(world, 'omar', opened))).toContain('EVT-2026-0001')
    expect((await rows())[0]?.carried?.text).toMatch(kept)
  })

  test('the platform’s own id of an author becomes the name we know', async () => {
    const opened = await world.as('kiran').do('incidents.report', { carried: { text: 'x', author: 'yuki' } })
    await submit(world, 'kiran', opened)
    expect((await rows())[0]?.carried).toEqual({ text: 'x', author: '結城 優希' })
  })

  test('a message without words, a picture, still brings its author and link along', async () => {
    const carried = { text: '', author: 'omar', link: 'https://chat.example/p2' }
    const opened = await world.as('kiran').do('incidents.report', { carried })
    const refused = await submit(world, 'kiran', opened)
    expect(refused.form?.errors?.what).toBe('This is needed.')
    await submit(world, 'kiran', refused, { what: 'a screenshot of our customer list' })
    expect((await rows())[0]?.carried).toEqual({ ...carried, author: 'Omar Haddad' })
    await world.work()
    expect(wordsOf(newest(world, 'ravi'))).toContain('https://chat.example/p2')
  })

  test('forged parameters change nothing but what is quoted', async () => {
    const forged: Record<string, string>[] = [
      { carried: 'x\u0000\uD800', at: 'never', link: 'javascript:alert(1)' },
      { carried: '<!channel>'.repeat(1000), author: 'y'.repeat(5000), origin: '<b>' },
      { link: '', at: '9999-01-01T00:00:00Z', carried: 'future' },
      { constructor: 'x', text: '5' },
    ]
    for (const parameters of forged) {
      const opened = await world.as('omar').command('/incident x')
      const it = { id: opened.form?.id, with: { origin: 'A;B', ...parameters }, entries: { what: 'x' } }
      expect(sayOf(await world.as('omar').do('incidents.report', it))).toContain('EVT-2026-')
    }
    const kept = await rows()
    expect(new Set(kept.map((one) => one.origin))).toEqual(new Set(['button']))
    expect(kept.map((one) => one.occurredAt)).toEqual([null, null, null, null])
    expect(kept[1]?.carried?.author).toHaveLength(100)
    await world.work()
    for (const card of world.chat('ravi')) expect(JSON.stringify(card)).not.toContain('"href"')
  })

  test('a wrong kind of id, and the id of somebody else’s report, make no report', async () => {
    const { id } = await reports(world, 'omar', 'mine')
    for (const wrong of [world.person('omar').id, 'rep_', 'rep_zzz', "rep_' or 1=1", id.replace('rep', 'asg')])
      expect(sayOf(await world.as('kiran').do('incidents.report', { id: wrong, entries: { what: 'x' } }))).toMatch(
        /not yours/,
      )
    const taken = await world.as('kiran').do('incidents.report', { id, entries: { what: 'x' } })
    expect(sayOf(taken)).toBe('There is no such report, or it is not for you.')
    expect(await rows()).toHaveLength(1)
  })
})

describe('afterwards', () => {
  test('the reporter adds a detail; it stands on the responders’ cards, and who is on it is told anew', async () => {
    await reports(world, 'omar', 'lost laptop')
    await world.work()
    const added = await press(world, 'omar', newest(world, 'omar'), 'Add detail', { more: 'It was a blue one' })
    expect(sayOf(added)).toBe('Added to EVT-2026-0001.')
    await world.work()
    expect(world.chat('ravi')).toHaveLength(1)
    expect(newest(world, 'ravi')?.blocks).toContainEqual({ kind: 'quote', text: 'It was a blue one' })
    await press(world, 'ravi', newest(world, 'ravi'), 'I’m on it')
    await press(world, 'omar', newest(world, 'omar'), 'Add detail', { more: 'The taxi was number 12' })
    await world.work()
    expect(world.chat('ravi')).toHaveLength(2)
    expect(world.chat('ines')).toHaveLength(1)
    expect(newest(world, 'ines')?.blocks).toContainEqual({ kind: 'quote', text: 'The taxi was number 12' })
  })

  test('withdrawn before a decision: it stays, says so everywhere, and takes no verdict until it is opened again', async () => {
    const { id } = await reports(world, 'omar', 'nothing after all')
    await world.work()
    const triage = newest(world, 'ravi')
    const reply = await press(world, 'omar', newest(world, 'omar'), 'Withdraw')
    expect(wordsOf(reply.card)).toContain('You withdrew this report.')
    await world.work()
    expect(newest(world, 'ravi')?.status?.label).toBe('Withdrawn')
    expect(wordsOf(newest(world, 'ravi'))).toContain('nothing after all')
    expect(sayOf(await press(world, 'ravi', triage, 'Weakness'))).toMatch(/no longer open/)
    const late = await world
      .as('ravi')
      .do('incidents.weakness', { id, shown: '0', entries: { reason: 'an open door' } })
    expect(sayOf(late)).toMatch(/Somebody was faster/)
    expect((await world.entries(id)).map((one) => one.type)).toEqual(['report.made', 'report.withdrawn'])
    await world.as('omar').do('incidents.withdraw', { id })
    expect((await world.entries(id)).length).toBe(2)
    expect(sayOf(await world.as('omar').do('incidents.detail', { id }))).toMatch(/You withdrew this report/)

    await press(world, 'ravi', newest(world, 'ravi'), 'Open again', { reason: 'Two others saw it too' })
    expect((await rows())[0]).toMatchObject({ state: 'under-assessment', assessedBy: world.person('ravi').id })
  })

  test('once decided it can’t be withdrawn, but added to: the decider hears of it', async () => {
    const { id } = await reports(world, 'omar', 'odd pop-up')
    await world.work()
    await press(world, 'ravi', newest(world, 'ravi'), 'Weakness', { reason: 'Old browser' })
    expect(sayOf(await world.as('omar').do('incidents.withdraw', { id }))).toMatch(/already decided/)
    await press(world, 'omar', await world.as('omar').card('incidents.receipt', id), 'Add detail', {
      more: 'Again today',
    })
    await world.work()
    expect(world.chat('ravi')).toHaveLength(2)
    expect((await rows())[0]?.state).toBe('decided')
  })

  test('my reports: mine with how they stand; a responder sees what is open first', async () => {
    await reports(world, 'omar', 'one')
    await reports(world, 'kiran', 'two')
    const mine = await world.as('omar').command('/isms reports')
    expect(wordsOf(mine.card)).toContain('EVT-2026-0001')
    expect(wordsOf(mine.card)).not.toContain('EVT-2026-0002')
    const open = await world.as('ravi').command('/isms reports')
    expect(wordsOf(open.card)).toMatch(/EVT-2026-0001.*EVT-2026-0002/)
    expect(wordsOf((await world.as('yuki').command('/isms reports')).card)).toContain(
      'You have reported nothing so far.',
    )
    const page = await press(world, 'omar', mine.card, 'Look')
    expect(wordsOf(page.card)).toContain('"one"')
  })
})

describe('time passes', () => {
  test('nobody is on it in the promised time: the responders are reminded once and the ISMS manager is asked once', async () => {
    const { id } = await reports(world, 'omar', 'server room is hot')
    await world.work()
    await world.pass('239 minutes')
    await world.work()
    expect(world.chat('ravi')).toHaveLength(1)
    expect(world.chat('mei')).toEqual([])
    await world.pass('1 minute')
    await Promise.all([world.work(), world.work()])
    await world.pass('3 days')
    await world.work()
    for (const who of ['ravi', 'ines']) expect(world.chat(who)).toHaveLength(2)
    expect(world.chat('mei')).toHaveLength(1)
    expect(newest(world, 'mei')?.status?.label).toBe('Late')
    expect(wordsOf(newest(world, 'omar'))).toContain(
      'Nobody answered in time; we are sorry. Asked as well: Mei Tanaka-Voss.',
    )
    const told = await world.entries(id)
    expect(told.map((one) => one.type)).toEqual(['report.made', 'report.escalated'])
    expect(told[1]?.actor).toBe('system')

    await press(world, 'mei', newest(world, 'mei'), 'I’m on it')
    await world.work()
    expect(wordsOf(newest(world, 'omar'))).toContain('Mei Tanaka-Voss has been looking at it')
  })

  test('somebody is on it: no reminder, whatever time it takes', async () => {
    await reports(world, 'omar', 'x')
    await world.work()
    await press(world, 'ravi', newest(world, 'ravi'), 'I’m on it')
    await world.pass('2 weeks')
    await world.work()
    expect(world.chat('ravi')).toHaveLength(1)
    expect(world.chat('mei')).toEqual([])
  })

  test('T17 whoever was on it leaves: it is open again, and after its time everybody is asked', async () => {
    const { id } = await reports(world, 'omar', 'x')
    await world.work()
    await press(world, 'ravi', newest(world, 'ravi'), 'I’m on it')
    await world.pass('2 days')
    await world.leave('ravi')
    await world.work()
    expect((await world.entries(id)).map((one) => one.type)).toEqual([
      'report.made',
      'report.assessed',
      'report.returned',
      'report.escalated',
    ])
    expect(world.chat('ines')).toHaveLength(2)
    await press(world, 'mei', newest(world, 'mei'), 'I’m on it')
    expect((await world.entries(id)).at(-1)?.type).toBe('report.assessed')
    expect(await world.work()).toBeGreaterThan(0)
    expect(await world.work()).toBe(0)
  })

  test('reported by night, an answer is promised for the next working day', async () => {
    await world.pass(new Date('2026-11-27T22:15:00Z'))
    const { reply } = await reports(world, 'omar', 'x')
    expect(sayOf(reply)).toContain('answers by Mon 30 November, 13:00.')
  })

  test('no responder: the ISMS manager gets it at once, and the reporter is told whom to call', async () => {
    await Promise.all([world.leave('ravi'), world.leave('ines')])
    const { id, reply } = await reports(world, 'omar', 'x')
    expect(sayOf(reply)).toContain('Nobody is on duty. Urgent? Call Mei Tanaka-Voss or your manager.')
    await world.work()
    expect(wordsOf(newest(world, 'mei'))).toContain('There is no responder for this report')
    expect((await world.entries(id)).map((one) => one.type)).toEqual(['report.made', 'report.escalated'])
  })

  test('nobody at all: kept, and laid before the first who comes', async () => {
    await Promise.all(['ravi', 'ines', 'mei'].map((who) => world.leave(who)))
    const { id, reply } = await reports(world, 'omar', 'x')
    expect(sayOf(reply)).toContain('Nobody is on duty. Urgent? Call your manager.')
    await world.work()
    const newcomer = { personId: world.person('kiran').id, role: 'responder' as const, grantedAt: world.now() }
    await world.db.insert(personRole).values(newcomer)
    await world.work()
    expect(newest(world, 'kiran')?.title).toBe('Report EVT-2026-0001')
    expect((await world.entries(id)).map((one) => one.type)).toEqual(['report.made', 'report.escalated'])
    await world.pass('3 days')
    await world.work()
    expect(world.chat('kiran')).toHaveLength(2)
    expect(await world.work()).toBe(0)
  })
})

describe('what waits and what is counted', () => {
  test('a responder’s own assessments first, then the oldest; nothing for the reporter', async () => {
    const first = await reports(world, 'omar', 'one')
    await reports(world, 'kiran', 'two')
    const third = await reports(world, 'yuki', 'three')
    await world.as('ravi').do('incidents.take', { id: third.id })
    const titles = async (who: string) =>
      ((await world.by(who, (ctx) => incidents.waiting?.(ctx) ?? Promise.resolve([]))) ?? []).map(({ row }) =>
        row.title.map((span) => span.text).join(''),
      )
    expect(await titles('ravi')).toEqual([
      'EVT-2026-0003 waits for your decision',
      'EVT-2026-0001 waits for an answer',
      'EVT-2026-0002 waits for an answer',
    ])
    expect(await titles('ines')).toEqual(['EVT-2026-0001 waits for an answer', 'EVT-2026-0002 waits for an answer'])
    for (const who of ['omar', 'mei', 'aude', 'dora', 'gus']) expect(await titles(who)).toEqual([])
    expect(first.number).toBe('EVT-2026-0001')
  })

  test('the dashboard counts by state and gives the median time to a decision', async () => {
    const made = []
    for (const who of ['omar', 'kiran', 'yuki', 'sol']) made.push(await reports(world, who, 'secret words'))
    await world.pass('30 minutes')
    await world.as('ravi').do('incidents.weakness', { id: made[0]?.id, entries: { reason: 'a weak spot' } })
    await world.pass('90 minutes')
    await world.as('ravi').do('incidents.weakness', { id: made[1]?.id, entries: { reason: 'a weak spot' } })
    await world.as('sol').do('incidents.withdraw', { id: made[3]?.id })
    await world.pass('5 hours')
    const blocks = await world.by('mei', (ctx) => incidents.dashboard?.(ctx) ?? Promise.resolve([]))
    const facts = blocks.flatMap((block) => (block.kind === 'facts' ? block.facts : []))
    expect(Object.fromEntries(facts.map((one) => [one.label, one.value[0]?.text]))).toEqual({
      New: '1',
      'Not answered in time': '1',
      'Being looked at': '0',
      Decided: '2',
      Withdrawn: '1',
      Decisions: 'Weakness 2',
      'Median time to a decision': '1 hour',
      'Visible to the security team only': '4',
    })
    expect(JSON.stringify(blocks)).not.toContain('secret')
  })
})
