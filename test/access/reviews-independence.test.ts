import { and, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { accessDecision, review, reviewItem } from '../../db/schema/access.ts'
import { assignment } from '../../db/schema/campaigns.ts'
import { identity, personRole } from '../../db/schema/people.ts'
import { openReview } from '../../src/access/reviews.ts'
import { textOf } from '../../src/core/md.ts'
import {
  accessWorld,
  bring,
  cardOf,
  click,
  itemOf,
  items,
  type Line,
  plainExport,
  rawItems,
  register,
  reviewed,
  rowsOf,
  shareOf,
} from '../support/access.ts'
import { labelsOf, press, sayOf, wordsOf } from '../support/incidents.ts'
import type { World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await accessWorld()
  return () => world.close()
})

const LINES: Line[] = [
  { id: 'A1', who: 'kiran', role: 'Viewer' },
  { id: 'A2', who: 'lena', role: 'Viewer' },
  { id: 'A3', who: 'omar', role: 'Viewer' },
]
const deciders = async (id: string) =>
  Object.fromEntries(
    (await items(world, id)).map((item) => [item.accountId, `${item.reviewerName} (${item.reviewerRule})`]),
  )
const decisions = () => world.db.select().from(accessDecision)
const moreThan = (id: string, who: string, account: string, person: string) =>
  click(world, id, who, 'more', account, {
    choice: 'not-mine',
    reason: 'Somebody else knows.',
    person: world.person(person).id,
  })

describe('T12 nobody decides on their own access', () => {
  test("the owner's own goes to the deputy, who gets one card; the card says why", async () => {
    const id = await reviewed(world, LINES)
    expect(await deciders(id)).toEqual({
      A1: 'Lena Brandt (owner)',
      A2: 'Omar Haddad (deputy)',
      A3: 'Lena Brandt (owner)',
    })
    await world.work()
    expect(world.chat('omar')).toHaveLength(1)
    expect(wordsOf(world.chat('omar')[0])).toContain('nobody decides on their own access')
    expect(wordsOf(world.chat('omar')[0])).not.toContain('A1')
  })

  test("without a deputy to the owner's manager, without one to the ISMS manager, without anyone it does not start", async () => {
    await register(world, { deputyId: null })
    expect((await deciders(await reviewed(world, LINES))).A2).toBe('Cleo Marchetti (manager)')

    await register(world, { code: 'erp', name: 'ERP', ownerId: world.person('cleo').id })
    const bringErp = () => bring(world, plainExport([{ id: 'B1', who: 'cleo', role: 'Viewer' }]), { system: 'erp' })
    const { snapshotId } = await bringErp()
    const start = () => world.system((ctx) => openReview(ctx, { snapshotId: snapshotId ?? '', dueOn: '2026-12-07' }))
    expect((await deciders(await start())).B1).toBe('Mei Tanaka-Voss (isms-manager)')

    await register(world, { code: 'hr', name: 'HR', ownerId: world.person('cleo').id })
    await world.db.update(personRole).set({ endedAt: world.now() }).where(eq(personRole.role, 'isms-manager'))
    const hr = await bring(world, plainExport([{ id: 'C1', who: 'cleo', role: 'Viewer' }]), { system: 'hr' })
    const refused = await world
      .system((ctx) => openReview(ctx, { snapshotId: hr.snapshotId ?? '', dueOn: '2026-12-07' }))
      .catch((error) => textOf(error.text))
    expect(refused).toBe(
      'Nobody may decide on the access of Cleo Marchetti to HR: name a deputy for the system, or an ISMS manager, and start again.',
    )
    expect(await world.db.select().from(review)).toHaveLength(2)
  })

  test('direct clicks on one’s own right are refused, by every action and every account of the person', async () => {
    const id = await reviewed(world, LINES)
    const own = await itemOf(world, id, 'A2')
    // A second account of the same person, on another platform.
    await world.db.insert(identity).values({
      id: 'idn_00000000000000000000000000',
      platform: 'memory',
      tenant: 'other',
      userId: 'lena.b',
      personId: world.person('lena').id,
      address: {},
      state: 'linked',
      linkedAt: world.now(),
      createdAt: world.now(),
    })
    const second = { platform: 'memory', tenant: 'other', user: 'lena.b', address: {} }
    for (const action of ['keep', 'justify', 'remove', 'more', 'undo']) {
      const entries = { choice: 'keep', reason: 'It is mine.' }
      const turn = { do: `access.${action}`, id: own.id, shown: '0', ...(action === 'keep' ? {} : { entries }) }
      expect(sayOf(await world.as('lena').do(turn.do, turn))).toMatch(/not yours/)
      expect(sayOf(await world.core.turn({ key: `second-${action}`, by: second, ...turn }))).toMatch(/not yours/)
    }
    expect(await decisions()).toHaveLength(0)
    const denied = await world.entries(own.id)
    expect(denied.map((entry) => entry.type)).toEqual(Array(10).fill('turn.denied'))
  })

  test('not by handing it to oneself or to the subject, not back to who passed it on, and not to somebody who left', async () => {
    const id = await reviewed(world, LINES)
    const errors = async (who: string, account: string, to: string) =>
      (await moreThan(id, who, account, to)).form?.errors?.person
    expect(await errors('omar', 'A2', 'lena')).toBe(
      'Lena Brandt may not decide on their own access: please choose somebody else.',
    )
    expect(await errors('omar', 'A2', 'omar')).toMatch(/already have it/)
    expect(await errors('omar', 'A2', 'lev')).toMatch(/somebody who works here/)
    expect(await errors('omar', 'A2', 'gus')).toMatch(/somebody who works here/)
    await moreThan(id, 'lena', 'A1', 'omar')
    expect(await errors('omar', 'A1', 'lena')).toMatch(/already said that it is not theirs/)
    expect(await errors('omar', 'A1', 'kiran')).toMatch(/may not decide on their own access/)
    expect((await deciders(id)).A1).toBe('Omar Haddad (reassigned)')
  })

  test('not by a batch: rights of one’s own are never in it', async () => {
    const id = await reviewed(world, LINES)
    await press(world, 'lena', await cardOf(world, id, 'lena'), 'Keep 2 Viewer', { statement: 'yes' })
    expect((await itemOf(world, id, 'A2')).choice).toBeNull()
  })

  test('not after the owner changes: what is open moves, and the new owner’s own goes past them', async () => {
    const id = await reviewed(world, LINES)
    await register(world, { ownerId: world.person('kiran').id, deputyId: world.person('omar').id })
    expect(await deciders(id)).toEqual({
      A1: 'Omar Haddad (deputy)',
      A2: 'Omar Haddad (deputy)',
      A3: 'Kiran Adhikari (owner)',
    })
    expect(sayOf(await click(world, id, 'lena', 'keep', 'A3'))).toMatch(/not yours/)
    await click(world, id, 'kiran', 'keep', 'A3')
    expect((await itemOf(world, id, 'A3')).choice).toBe('keep')
  })

  test('not when the ISMS manager hands a share over: what is about the heir goes to somebody else', async () => {
    const id = await reviewed(world, LINES)
    const share = await shareOf(world, id, 'lena')
    const entries = { person: world.person('kiran').id, reason: 'Lena is on leave.' }
    const denied = await world.as('omar').do('access.hand-over', { id: share, entries })
    expect(sayOf(denied)).toMatch(/not yours/)
    const report = await world.as('mei').card('access.report', id)
    expect(labelsOf(report)).toContain('Hand over…')
    await world.as('mei').do('access.hand-over', { id: share, entries })
    expect(await deciders(id)).toEqual({
      A1: 'Omar Haddad (deputy)',
      A2: 'Omar Haddad (deputy)',
      A3: 'Kiran Adhikari (reassigned)',
    })
  })

  test('not even with SQL: the database refuses the reviewer, and the decision', async () => {
    const id = await reviewed(world, LINES)
    const lena = world.person('lena').id
    const own = await itemOf(world, id, 'A2')
    const raw = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error) => String(error.constraint_name ?? error.message),
      )
    expect(await raw(world.owner`update review_item set reviewer_id = ${lena} where id = ${own.id}`)).toBe(
      'review_item_independent',
    )
    const insert = (subject: string) =>
      raw(world.owner`insert into access_decision (id, item_id, version, person_id, subject_key, choice, decided_at)
        values ('dec_x', ${own.id}, 1, ${lena}, ${subject}, 'keep', now())`)
    expect(await insert(lena)).toBe('access_decision_independent')
    expect(await insert('')).toBe('access_decision_subject')
    expect(await insert(world.person('omar').id)).toBe('access_decision_subject')
    expect(await decisions()).toHaveLength(0)
  })
})

describe('T11 nobody else’s button works', () => {
  test('another person, another role, a guest, somebody who left: the same private refusal, no decision', async () => {
    const id = await reviewed(world, LINES)
    const lena = await cardOf(world, id, 'lena')
    for (const who of ['omar', 'mei', 'cleo', 'aude', 'gus', 'kiran']) {
      expect(sayOf(await press(world, who, lena, 'Keep 2 Viewer'))).toMatch(/not yours/)
      expect(sayOf(await click(world, id, who, 'keep', 'A1'))).toMatch(/not yours/)
      expect(sayOf(await click(world, id, who, 'remove', 'A1', { reason: 'Because.' }))).toMatch(/not yours/)
    }
    expect(sayOf(await click(world, id, 'lev', 'keep', 'A1'))).toMatch(/not active here/)
    expect(await decisions()).toHaveLength(0)
  })

  test('T10 ids of other kinds and of other reviews are answered like things that do not exist', async () => {
    const id = await reviewed(world, LINES)
    const item = await itemOf(world, id, 'A1')
    const known = sayOf(await world.as('kiran').do('access.keep', { id: item.id }))
    for (const wrong of [id, item.reviewerId, 'rit_00000000000000000000000000', '', "rit_'; drop table person"])
      expect(sayOf(await world.as('kiran').do('access.keep', { id: wrong }))).toBe(known)
    expect((await world.as('kiran').card('access.report', id)).title).toBe('This is no longer there.')
    expect((await world.as('kiran').card('access.review', await shareOf(world, id, 'lena'))).title).toBe(
      'This is no longer there.',
    )
    expect((await world.as('kiran').card('access.item', item.id)).title).toBe('This is no longer there.')
  })

  test('the auditor reads everything and changes nothing', async () => {
    const id = await reviewed(world, LINES)
    expect(wordsOf(await world.as('aude').card('access.report', id))).toContain(
      'Lena Brandt · owner of the system · 0 of 2',
    )
    // Both only show: how the population was brought in, and what was recorded about it.
    expect(labelsOf(await world.as('aude').card('access.report', id))).toEqual(['Import receipt', 'Record'])
    expect(sayOf(await world.as('aude').do('access.import'))).toMatch(/not yours/)
  })
})

describe('"not mine"', () => {
  test('the other gets it at once with the reason kept, and it can be taken back before they decide', async () => {
    const id = await reviewed(world, LINES)
    const passed = await moreThan(id, 'lena', 'A1', 'yuki')
    expect(sayOf(passed)).toBe('1 handed over.')
    await world.pass('5 minutes')
    await world.work()
    await world.pass(new Date('2026-11-24T01:00:00Z'))
    await world.work()
    expect(rowsOf(await cardOf(world, id, 'yuki'))).toHaveLength(1)
    expect(world.chat('yuki')).toHaveLength(1)
    expect(sayOf(await click(world, id, 'lena', 'undo', 'A1'))).toMatch(/15 minutes are over/)

    await moreThan(id, 'lena', 'A3', 'yuki')
    await press(world, 'lena', await cardOf(world, id, 'lena'), 'Undo')
    expect((await deciders(id)).A3).toBe('Lena Brandt (reassigned)')
    // Passing it on again is no loop: it was taken back.
    await moreThan(id, 'lena', 'A3', 'yuki')
    expect((await deciders(id)).A3).toBe('結城 優希 (reassigned)')
  })

  test('a share is done with its last decision, and open again when something comes back', async () => {
    const id = await reviewed(world, LINES)
    const state = async () =>
      (
        await world.db
          .select()
          .from(assignment)
          .where(and(eq(assignment.subjectId, id), eq(assignment.personId, world.person('omar').id)))
      )[0]?.state
    await click(world, id, 'omar', 'keep', 'A2')
    expect(await state()).toBe('done')
    expect((await cardOf(world, id, 'omar')).status?.label).toBe('Done')
    await click(world, id, 'omar', 'undo', 'A2')
    expect(await state()).toBe('open')
    await click(world, id, 'omar', 'keep', 'A2')
    await moreThan(id, 'lena', 'A1', 'omar')
    expect(await state()).toBe('open')
    await click(world, id, 'omar', 'keep', 'A1')
    await click(world, id, 'lena', 'keep', 'A3')
    expect(labelsOf(await cardOf(world, id, 'lena'))).toContain('Sign off…')
  })
})

describe('T40 two at once', () => {
  test('opposite clicks on one right: exactly one decision, the other is told', async () => {
    const id = await reviewed(world, LINES)
    const item = await itemOf(world, id, 'A1')
    const turn = { id: item.id, shown: '0' }
    const replies = await Promise.all([
      ...Array.from({ length: 4 }, () => world.as('lena').do('access.keep', turn)),
      ...Array.from({ length: 4 }, () =>
        world.as('lena').do('access.remove', { ...turn, entries: { reason: 'No need.' } }),
      ),
    ])
    expect(await decisions()).toHaveLength(1)
    expect(replies.filter((reply) => sayOf(reply).includes('in the meantime'))).toHaveLength(7)
    const [row] = (await rawItems(world, id)).filter((one) => one.id === item.id)
    expect(row).toMatchObject({ version: 1, choice: (await decisions())[0]?.choice })
  })

  test('the last two decisions at the same moment still complete the share', async () => {
    await register(world, { ownerId: world.person('cleo').id, deputyId: world.person('lena').id })
    const id = await reviewed(world, [
      { id: 'A1', who: 'cleo', role: 'Viewer' },
      { id: 'A2', who: 'cleo', role: 'Editor' },
    ])
    await Promise.all([click(world, id, 'lena', 'keep', 'A1'), click(world, id, 'lena', 'keep', 'A2')])
    const states = (await world.db.select().from(assignment)).map((row) => row.state).sort()
    expect(states).toEqual(['done', 'open'])
  })

  test('signing and deciding at the same time: what is signed is what stands', async () => {
    const id = await reviewed(world, [{ id: 'A1', who: 'kiran', role: 'Viewer' }])
    await click(world, id, 'lena', 'keep', 'A1')
    const card = await cardOf(world, id, 'lena')
    const sign = press(world, 'lena', card, 'Sign off…', { statement: 'yes' })
    const change = click(world, id, 'lena', 'more', 'A1', { choice: 'remove', reason: 'On second thought.' })
    await Promise.all([sign, change])
    const [row] = await world.db.select().from(review)
    const [item] = await world.db.select().from(reviewItem)
    expect([row?.state, item?.choice]).toEqual(row?.state === 'signed' ? ['signed', 'keep'] : ['open', 'remove'])
  })
})
