import { asc, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { accessBatch, accessDecision, review } from '../../db/schema/access.ts'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { runningOf } from '../../src/access/items.ts'
import { openReview } from '../../src/access/reviews.ts'
import { signedHash } from '../../src/access/signing.ts'
import { defineEntitlement } from '../../src/access/systems.ts'
import { textOf } from '../../src/core/md.ts'
import {
  accessWorld,
  bring,
  cardOf,
  click,
  itemOf,
  items,
  type Line,
  reviewed,
  rowsOf,
  samplePeople,
} from '../support/access.ts'
import { buttonsOf, labelsOf, press, sayOf, submit, wordsOf } from '../support/incidents.ts'
import type { World } from '../support/world.ts'
import { sample } from './exports/read.ts'

let world: World
beforeEach(async () => {
  world = await accessWorld()
  return () => world.close()
})

/** Two that stand out and three ordinary ones. */
const LINES: Line[] = [
  { id: 'A1', who: 'kiran', role: 'Viewer' },
  { id: 'A2', who: 'yuki', role: 'Viewer' },
  { id: 'A3', who: 'sol', role: 'Viewer' },
  { id: 'A4', who: 'lev', role: 'Editor' },
  { id: 'A5', who: 'ravi', role: 'Admin' },
]
const accountsOf = async (id: string) => (await items(world, id)).map((item) => item.accountId)
const choices = async (id: string) =>
  Object.fromEntries((await items(world, id)).map((item) => [item.accountId, item.choice]))
const decisions = () => world.db.select().from(accessDecision).orderBy(asc(accessDecision.version))
const lena = (id: string) => cardOf(world, id, 'lena')
const decideFlagged = async (id: string) => {
  await click(world, id, 'lena', 'remove', 'A4', { reason: 'Left in spring.' })
  await click(world, id, 'lena', 'justify', 'A5', { reason: 'Runs the desk at night.' })
}
const KEEP = 'Keep 3 Viewer'

describe('a review opens', () => {
  test('from a sample export to the owner in chat: what stands out comes first, nothing is chosen beforehand', async () => {
    await samplePeople(world)
    const { receipt, snapshotId } = await bring(world, sample('campaign-50.csv'), { expected: 50 })
    expect(receipt.balanced).toBe(true)
    await world.system((ctx) => openReview(ctx, { snapshotId: snapshotId ?? '', dueOn: '2026-12-07' }))
    await world.work()

    const [card] = world.chat('lena')
    expect(card?.title).toBe('CRM: 25 accounts, 4 need you, about 6 minutes')
    expect(card?.status?.label).toBe('Due Mon 7 December')
    const rows = card ? rowsOf(card) : []
    expect(rows.map((row) => textOf(row.title))).toEqual([
      'User 00024 · A00024 · no e-mail',
      'User 00020 · A00020 · no e-mail',
      'User 00002 · A00002 · example.com',
      'User 00034 · A00034 · example.com',
    ])
    expect(rows.map((row) => row.status?.label)).toEqual(['Nobody known', 'No owner', 'Privileged', 'Privileged'])
    expect(textOf(rows[2]?.text ?? [])).toBe(
      'admin: Gives and takes rights. Privileged, so keeping it needs a reason · last used 20 September 2026.',
    )
    expect(rows[0]?.buttons?.map((button) => button.label)).toEqual(['Keep, with a reason', 'Remove', 'More…'])
    expect(rows[2]?.buttons?.[0]?.label).toBe('Keep, with a reason')
    expect(wordsOf(card)).not.toMatch(/"value"|selected/)
    expect(labelsOf(card ?? { title: '', blocks: [] }).filter((label) => label.startsWith('Keep '))).toEqual([])
  })

  test('each reason to look twice is told in words', async () => {
    const id = await reviewed(world, [
      { id: 'F1', who: 'lev', role: 'Viewer' },
      { id: 'F2', who: 'omar', role: 'Viewer', hr: 'terminated' },
      { id: 'F3', mail: 'old@gone.example', role: 'Viewer' },
      { id: 'F4', role: 'Viewer', type: 'service', used: '' },
      { id: 'F5', who: 'kiran', role: 'Viewer', used: '2026-05-01' },
      { id: 'F6', who: 'yuki', role: 'Viewer', used: 'never' },
      { id: 'F7', who: 'ravi', role: 'Admin' },
      { id: 'F8', who: 'ines', role: 'Auditing' },
      { id: 'F9', who: 'sol', role: 'Viewer', used: '' },
    ])
    const flags = Object.fromEntries((await items(world, id)).map((item) => [item.accountId, item.flags]))
    expect(flags).toEqual({
      F1: ['leaver'],
      F2: ['leaver'],
      F3: ['orphan'],
      F4: ['unowned'],
      F5: ['inactive'],
      F6: ['inactive'],
      F7: ['privileged'],
      F8: ['no-meaning'],
      // Unknown is not unused: it recommends nothing.
      F9: [],
    })
    const words = wordsOf(await lena(id))
    for (const said of [
      'Has left the company',
      'Nobody in the register has old@gone.example',
      'Nobody is named as the owner of this account',
      'Not used for 206 days (your limit is 90)',
      'Was never used',
      'Auditing (nobody has written down what it means)',
    ])
      expect(words).toContain(said)
  })

  test('eight on a card, the next eight after a click', async () => {
    const id = await reviewed(
      world,
      Array.from({ length: 19 }, (_, n) => ({ id: `P${String(n).padStart(2, '0')}`, role: 'Viewer' })),
    )
    const first = await lena(id)
    expect(rowsOf(first)).toHaveLength(8)
    const second = (await press(world, 'lena', first, 'Next 8')).card
    const third = (await press(world, 'lena', second, 'Next 3')).card
    expect(rowsOf(third ?? first).map((row) => textOf(row.title))).toEqual(
      ['P16', 'P17', 'P18'].map((account) => `${account} · ${account} · no e-mail`),
    )
    const kept = (await press(world, 'lena', second, 'Keep, with a reason', { reason: 'A program of ours.' })).card
    expect(
      rowsOf(kept ?? first)
        .slice(0, 8)
        .map((row) => textOf(row.title).slice(0, 3))[0],
    ).toBe('P09')
  })

  test('one of somebody who has left, or of nobody, asks why too', async () => {
    const other = await reviewed(world, [
      { id: 'Z1', role: 'Viewer' },
      { id: 'Z2', who: 'lev', role: 'Viewer' },
    ])
    for (const account of ['Z1', 'Z2']) {
      const reply = await click(world, other, 'lena', 'keep', account)
      expect(reply.form?.do, account).toBe('access.justify')
      expect(textOf(reply.form?.intro ?? [])).toContain('Nobody who works here is known to need')
      expect((await itemOf(world, other, account)).choice).toBeNull()
      await submit(world, 'lena', reply, { reason: 'Until the hand-over on Friday.' })
      expect(await itemOf(world, other, account)).toMatchObject({
        choice: 'keep',
        reason: 'Until the hand-over on Friday.',
      })
    }
  })

  test('T52 names that look alike are marked, and the id and mail domain stand beside them', async () => {
    const id = await reviewed(world, [
      { id: 'X1', who: 'Аnna Smith', mail: 'anna@examp1e.example', role: 'Viewer' },
      { id: 'X2', who: 'An\u200Bna Smith', mail: 'anna@other.example', role: 'Viewer' },
      { id: 'X3', who: '<!channel> [x](https://evil.example)', mail: 'x@other.example', role: 'Viewer' },
      { id: 'X4', who: '結城 Yuki', mail: 'y@other.example', role: 'Viewer' },
    ])
    expect(rowsOf(await lena(id)).map((row) => textOf(row.title))).toEqual([
      'Аnna Smith · X1 · examp1e.example · mixed alphabets: compare the id',
      'An\uFFFDna Smith · X2 · other.example · hidden characters: compare the id',
      '<!channel> [x](https://evil.example) · X3 · other.example',
      '結城 Yuki · X4 · other.example',
    ])
    expect(rowsOf(await lena(id)).flatMap((row) => row.title.filter((span) => span.href))).toEqual([])
  })
})

describe('one right is decided', () => {
  let id: string
  beforeEach(async () => {
    id = await reviewed(world, LINES)
  })

  test('an ordinary one is kept in one click; the record says who, what and what it meant', async () => {
    const reply = await click(world, id, 'lena', 'keep', 'A1')
    expect(wordsOf(reply.card)).toContain('"done":1,"of":5')
    const item = await itemOf(world, id, 'A1')
    expect(item).toMatchObject({ choice: 'keep', version: 1, decidedBy: world.person('lena').id })
    expect(await world.entries(item.id)).toMatchObject([
      { type: 'access.decided', actor: world.person('lena').id, action: 'access.keep', ref: id },
    ])
  })

  test('a privileged one asks why, also when the plain button is sent', async () => {
    const reply = await click(world, id, 'lena', 'keep', 'A5')
    expect(reply.form?.do).toBe('access.justify')
    expect((await itemOf(world, id, 'A5')).choice).toBeNull()
    const empty = await submit(world, 'lena', reply, { reason: '  ' })
    expect(empty.form?.errors?.reason).toBe('This is needed.')
    await submit(world, 'lena', reply, { reason: 'On duty until June.' })
    expect(await itemOf(world, id, 'A5')).toMatchObject({ choice: 'keep', reason: 'On duty until June.' })
  })

  test('removing needs a reason; without one what was typed stays and nothing is recorded', async () => {
    const asked = await click(world, id, 'lena', 'more', 'A4', { choice: 'remove', to: 'typed before' })
    expect(asked.form?.errors?.reason).toBe('Please say why, in a sentence.')
    expect(asked.form?.values).toMatchObject({ choice: 'remove', to: 'typed before' })
    expect(await decisions()).toHaveLength(0)
    await click(world, id, 'lena', 'remove', 'A4', { reason: 'Left in spring.' })
    expect(await itemOf(world, id, 'A4')).toMatchObject({ choice: 'remove', reason: 'Left in spring.' })
  })

  test('changing says to what; not knowing is an answer, and is listed as a gap', async () => {
    const asked = await click(world, id, 'lena', 'more', 'A1', { choice: 'change', reason: 'Only reads now.' })
    expect(asked.form?.errors?.to).toBe('Please say which right it should be.')
    await click(world, id, 'lena', 'more', 'A1', { choice: 'change', reason: 'Only reads now.', to: 'Reader' })
    await click(world, id, 'lena', 'more', 'A4', { choice: 'unknown', reason: 'Nobody in the team knows it.' })
    expect(await itemOf(world, id, 'A1')).toMatchObject({ choice: 'change', changeTo: 'Reader' })
    const report = await world.as('mei').card('access.report', id)
    expect(wordsOf(report)).toContain('Rights nobody could explain')
    expect(wordsOf(await world.as('mei').card('access.removals', id))).toContain('change to Reader')
  })

  test('undo within fifteen minutes opens it again; nothing is overwritten; later it is changed with a reason', async () => {
    await click(world, id, 'lena', 'keep', 'A1')
    await world.pass('14 minutes')
    const back = await press(world, 'lena', await lena(id), 'Undo')
    expect(wordsOf(back.card)).toContain('"done":0,"of":5')
    expect((await decisions()).map((one) => one.choice)).toEqual(['keep', 'undone'])

    await click(world, id, 'lena', 'keep', 'A1')
    await world.pass('16 minutes')
    expect(labelsOf(await lena(id))).not.toContain('Undo')
    expect(sayOf(await click(world, id, 'lena', 'undo', 'A1'))).toMatch(/15 minutes are over/)
    const bare = await click(world, id, 'lena', 'more', 'A1', { choice: 'keep' })
    expect(bare.form?.errors?.reason).toBeTruthy()
    await click(world, id, 'lena', 'more', 'A1', { choice: 'remove', reason: 'I was wrong.' })
    expect((await decisions()).map((one) => one.choice)).toEqual(['keep', 'undone', 'keep', 'remove'])
    expect((await choices(id)).A1).toBe('remove')
    const types = (await world.entries((await itemOf(world, id, 'A1')).id)).map((entry) => entry.type)
    expect(types).toEqual(['access.decided', 'access.undone', 'access.decided', 'access.decided'])
  })

  test('a double click is one decision; a redelivered one gets the same answer', async () => {
    const item = await itemOf(world, id, 'A1')
    const turn = { id: item.id, shown: '0', key: 'the-same-click' }
    const [first, again] = [
      await world.as('lena').do('access.keep', turn),
      await world.as('lena').do('access.keep', turn),
    ]
    expect(again).toEqual(first)
    const other = await world.as('lena').do('access.keep', { id: item.id, shown: '0' })
    expect(sayOf(other)).toMatch(/decided or changed in the meantime/)
    expect(await decisions()).toHaveLength(1)
  })

  test('T39 a click on words that changed records nothing and shows the new ones', async () => {
    const before = await lena(id)
    await world.system((ctx) =>
      defineEntitlement(ctx, {
        system: 'crm',
        code: 'Viewer',
        meaning: 'Reads and exports everything.',
        privileged: true,
      }),
    )
    const item = await itemOf(world, id, 'A1')
    expect(item).toMatchObject({ privileged: 'yes', flags: ['privileged'], meaning: 'Reads and exports everything.' })
    const stale = await world.as('lena').do('access.keep', { id: item.id, shown: '0' })
    expect(sayOf(stale)).toMatch(/Nothing was recorded/)
    expect(wordsOf(stale.card)).toContain('Reads and exports everything.')
    expect(wordsOf(before)).not.toContain('exports')
    expect(await decisions()).toHaveLength(0)
  })

  test('its page tells everything that was ever decided about it', async () => {
    await click(world, id, 'lena', 'keep', 'A1')
    await click(world, id, 'lena', 'undo', 'A1')
    await click(world, id, 'lena', 'remove', 'A1', { reason: 'Moved on.' })
    const card = await world.as('aude').card('access.item', (await itemOf(world, id, 'A1')).id)
    expect(rowsOf(card).map((row) => textOf(row.title))).toEqual([
      '23 November 2026 10:00 · Lena Brandt: kept',
      '23 November 2026 10:00 · Lena Brandt: taken back',
      '23 November 2026 10:00 · Lena Brandt: to be removed',
    ])
    expect(wordsOf(card)).toContain('Moved on.')
  })
})

describe('the rest is kept together', () => {
  let id: string
  beforeEach(async () => {
    id = await reviewed(world, LINES)
  })

  test('only after the flagged ones, with a statement that is true, and undone as one', async () => {
    expect(labelsOf(await lena(id))).not.toContain(KEEP)
    await decideFlagged(id)
    const opened = await press(world, 'lena', await lena(id), KEEP)
    expect(opened.form?.fields.statement).toMatchObject({
      statement: 'Keep 3. I checked the flagged ones only, not each of these.',
    })
    expect(wordsOf({ title: '', blocks: opened.form?.blocks ?? [] })).toContain('kiran@example.com')
    const unticked = await submit(world, 'lena', opened)
    expect(unticked.form?.errors?.statement).toBeTruthy()
    const kept = await submit(world, 'lena', opened, { statement: 'yes' })
    expect(await choices(id)).toMatchObject({ A1: 'keep', A2: 'keep', A3: 'keep', A4: 'remove', A5: 'keep' })
    const [batch] = await world.db.select().from(accessBatch)
    expect(batch).toMatchObject({ count: 3, rowsSha256: opened.form?.shown, personId: world.person('lena').id })
    expect(batch?.statement).toMatch(/^Keep 3\. I checked the flagged ones only/)
    expect(await world.entries(batch?.id)).toMatchObject([{ type: 'access.decided', action: 'access.keep-rest' }])

    await press(world, 'lena', kept.card, 'Undo')
    expect(await choices(id)).toMatchObject({ A1: null, A2: null, A3: null, A4: 'remove', A5: 'keep' })
    expect((await decisions()).filter((one) => one.batchId === batch?.id).map((one) => one.choice)).toEqual([
      'keep',
      'keep',
      'keep',
      'undone',
      'undone',
      'undone',
    ])
    expect((await world.entries(batch?.id)).map((entry) => entry.type)).toEqual(['access.decided', 'access.undone'])
  })

  test('a row that changed after the form was opened makes the batch refused; nothing is swept in', async () => {
    await decideFlagged(id)
    const opened = await press(world, 'lena', await lena(id), KEEP)
    await world.system((ctx) =>
      defineEntitlement(ctx, { system: 'crm', code: 'viewer', meaning: 'Reads more than before.', privileged: false }),
    )
    const refused = await submit(world, 'lena', opened, { statement: 'yes' })
    expect(sayOf(refused)).toMatch(/This list changed since you opened it/)
    expect(await choices(id)).toMatchObject({ A1: null, A2: null, A3: null })
    const again = await press(world, 'lena', refused.card, KEEP, { statement: 'yes' })
    expect(wordsOf(again.card)).toContain('please sign off')
  })

  test('a made-up batch is refused: flagged rights, another right, no revision', async () => {
    const share = buttonsOf(await lena(id)).flatMap((button) =>
      'do' in button && button.do === 'access.show' ? [button.id] : [],
    )
    const asg = share[0] ?? (await world.db.select().from(assignment))[0]?.id
    const send = (right: string, shown?: string) =>
      world.as('lena').do('access.keep-rest', { id: asg, with: { right }, shown, entries: { statement: 'yes' } })
    expect(sayOf(await send('viewer'))).toMatch(/flagged first/)
    await decideFlagged(id)
    expect(sayOf(await send('viewer'))).toMatch(/list changed/)
    expect(sayOf(await send('admin', 'x'))).toMatch(/Nothing of this is open/)
    expect(await choices(id)).toMatchObject({ A1: null, A2: null, A3: null })
  })

  test('the second review calls unchanged what is, and shows what is not', async () => {
    await decideFlagged(id)
    await press(world, 'lena', await lena(id), KEEP, { statement: 'yes' })
    await press(world, 'lena', await lena(id), 'Sign off…', { statement: 'yes' })
    await world.pass('30 days')
    const next = await reviewed(
      world,
      [
        { id: 'A1', who: 'kiran', role: 'Viewer', used: '2026-12-20' },
        { id: 'A2', who: 'yuki', role: 'Admin', used: '2026-12-20' },
        { id: 'A4', who: 'lev', role: 'Editor', used: '2026-12-20' },
        { id: 'A9', who: 'omar', role: 'Viewer', used: '2026-12-20' },
      ],
      '2027-01-15',
    )
    const flags = Object.fromEntries((await items(world, next)).map((item) => [item.accountId, item.flags]))
    expect(flags).toEqual({ A4: ['leaver', 'still-there'], A2: ['privileged', 'changed'], A9: ['new'], A1: [] })
    expect(wordsOf(await lena(next))).toContain('had Viewer when last reviewed')
    await click(world, next, 'lena', 'remove', 'A4', { reason: 'Still there.' })
    await click(world, next, 'lena', 'remove', 'A2', { reason: 'Never agreed.' })
    await click(world, next, 'lena', 'keep', 'A9')
    expect(labelsOf(await lena(next))).toContain('Keep 1 unchanged Viewer')
  })
})

describe('the review is signed off', () => {
  let id: string
  beforeEach(async () => {
    id = await reviewed(world, LINES)
  })
  const decideAll = async () => {
    await world.work()
    await decideFlagged(id)
    await press(world, 'lena', await lena(id), KEEP, { statement: 'yes' })
  }
  const stored = async () => (await world.db.select().from(review).where(eq(review.id, id)))[0]

  test('not while something is open: it says what is missing', async () => {
    await decideFlagged(id)
    expect(labelsOf(await lena(id))).not.toContain('Sign off…')
    const forced = await world.as('lena').do('access.sign', { id, shown: 'anything', entries: { statement: 'yes' } })
    expect(sayOf(forced)).toBe('Not everything is decided yet: Lena Brandt has 3 open.')
    expect((await stored())?.state).toBe('open')
  })

  test('only by the owner of the system', async () => {
    await decideAll()
    const card = await lena(id)
    const button = buttonsOf(card).find((one) => one.label === 'Sign off…')
    const shown = button && 'do' in button ? button.shown : undefined
    for (const who of ['mei', 'omar', 'cleo', 'aude', 'gus']) {
      const reply = await world.as(who).do('access.sign', { id, shown, entries: { statement: 'yes' } })
      expect(sayOf(reply)).toMatch(/not yours/)
    }
    expect((await stored())?.state).toBe('open')
  })

  test('bound to the hash of exactly what is signed; the card in chat keeps it; the share and the campaign end', async () => {
    await decideAll()
    const opened = await press(world, 'lena', await lena(id), 'Sign off…')
    const signed = await submit(world, 'lena', opened, { statement: 'yes' })
    const it = await stored()
    expect(it).toMatchObject({ state: 'signed', signedBy: world.person('lena').id, signedSha256: opened.form?.shown })
    expect(wordsOf(signed.card)).toContain(it?.signedSha256)
    const running = await runningOf({ db: world.db }, id)
    if (!running) throw new Error('gone')
    expect(signedHash(running, await items(world, id))).toBe(it?.signedSha256)
    expect(await world.entries(id)).toContainEqual(expect.objectContaining({ type: 'review.signed' }))
    expect(await world.db.select().from(assignment)).toMatchObject([{ state: 'done' }])
    expect(await world.db.select().from(campaign)).toMatchObject([{ state: 'closed' }])
    await world.work()
    expect(wordsOf(world.chat('lena')[0])).toContain(it?.signedSha256)
    const removals = await press(world, 'lena', signed.card, 'To be removed or changed (1)')
    expect(wordsOf(removals.card)).toContain('Left in spring.')
  })

  test('the hash changes when anything changes, and a sign-off of the older state is refused', async () => {
    await decideAll()
    const opened = await press(world, 'lena', await lena(id), 'Sign off…')
    await click(world, id, 'lena', 'more', 'A1', { choice: 'keep', reason: 'Looked again.' })
    const refused = await submit(world, 'lena', opened, { statement: 'yes' })
    expect(sayOf(refused)).toMatch(/Nothing was recorded/)
    expect((await stored())?.state).toBe('open')
    const fresh = await press(world, 'lena', refused.card, 'Sign off…')
    expect(fresh.form?.shown).not.toBe(opened.form?.shown)
    await submit(world, 'lena', fresh, { statement: 'yes' })
    expect((await stored())?.state).toBe('signed')
  })

  test('T39 afterwards nothing moves: no decision, no undo, no second signature', async () => {
    await decideAll()
    await press(world, 'lena', await lena(id), 'Sign off…', { statement: 'yes' })
    const before = await decisions()
    for (const action of ['keep', 'undo'])
      expect(sayOf(await click(world, id, 'lena', action, 'A1'))).toMatch(/signed this review off/)
    expect(sayOf(await click(world, id, 'lena', 'remove', 'A1', { reason: 'Too late.' }))).toMatch(
      /signed this review off/,
    )
    const [batch] = await world.db.select().from(accessBatch)
    expect(sayOf(await world.as('lena').do('access.undo-batch', { id: batch?.id }))).toMatch(/signed this review off/)
    const first = await stored()
    await world.pass('1 day')
    await world.as('lena').do('access.sign', { id, shown: first?.signedSha256 ?? '', entries: { statement: 'yes' } })
    expect(await stored()).toEqual(first)
    expect(await decisions()).toEqual(before)
  })
})

describe('time passes', () => {
  test('reminders tell counts only, stop with the last decision, and climb to the manager', async () => {
    const id = await reviewed(world, LINES, '2026-11-27')
    await world.work()
    await world.pass(new Date('2026-11-30T09:00:00Z'))
    await world.work()
    const reminder = world.chat('lena').at(-1)
    expect(reminder?.title).toBe('CRM: 5 rights are waiting for your decision')
    expect(wordsOf(reminder)).not.toMatch(/kiran|A1|Viewer/i)
    await world.pass(new Date('2026-12-03T09:00:00Z'))
    await world.work()
    const late = world.chat('cleo').at(-1)
    expect(wordsOf(late)).toContain('Lena Brandt has 5 of 5 still open')
    expect(wordsOf(late)).not.toMatch(/kiran|Viewer/i)

    await decideFlagged(id)
    await press(world, 'lena', await lena(id), KEEP, { statement: 'yes' })
    await press(world, 'lena', await lena(id), 'Sign off…', { statement: 'yes' })
    const sent = world.chat('lena').length
    await world.pass('3 weeks')
    await world.work()
    expect(world.chat('lena')).toHaveLength(sent)
  })

  test('the inbox, /isms reviews and the dashboard say where it stands', async () => {
    const id = await reviewed(world, LINES)
    expect(wordsOf(await world.as('lena').card('home.inbox'))).toContain('5 open, 2 need you')
    const list = (await world.as('lena').command('/isms reviews')).card
    expect(labelsOf(list ?? { title: '', blocks: [] })).toEqual(['Open', 'Whole review', 'Import an export…'])
    await decideFlagged(id)
    const board = wordsOf(await world.as('mei').card('home.dashboard'))
    expect(board).toContain('2 of 5 decided, due Mon 7 December')
    expect(board).toContain('1 kept, 1 to be removed, 0 to be changed, 0 nobody knows')
    expect(wordsOf(await world.as('omar').card('home.dashboard'))).not.toContain('CRM')
  })

  test('a reviewer who leaves: what is open goes to the next by the rule, the record says so', async () => {
    const id = await reviewed(world, LINES)
    await click(world, id, 'lena', 'keep', 'A1')
    await world.leave('lena')
    await world.work()
    const open = (await items(world, id)).filter((item) => item.choice === null)
    expect(new Set(open.map((item) => `${item.reviewerName} ${item.reviewerRule}`))).toEqual(
      new Set(['Omar Haddad deputy']),
    )
    expect(await world.entries(id)).toContainEqual(
      expect.objectContaining({ type: 'access.reassigned', actor: 'system' }),
    )
    expect(world.chat('omar').at(-1)?.title).toMatch(/^CRM: 4 people/)
  })

  test('an item order that was shown stays as it was', async () => {
    const id = await reviewed(world, LINES)
    expect(await accountsOf(id)).toEqual(['A4', 'A5', 'A1', 'A2', 'A3'])
  })
})
