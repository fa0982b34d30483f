import { count, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { accessGrant, review, snapshot } from '../../db/schema/access.ts'
import { file } from '../../db/schema/files.ts'
import { person } from '../../db/schema/people.ts'
import { openReview } from '../../src/access/reviews.ts'
import { textOf } from '../../src/core/md.ts'
import type { Reply } from '../../src/core/workflow.ts'
import { accessWorld, bring, plainExport, samplePeople } from '../support/access.ts'
import { press, sayOf, wordsOf } from '../support/incidents.ts'
import type { World } from '../support/world.ts'
import { sample } from './exports/read.ts'

let world: World
beforeEach(async () => {
  world = await accessWorld()
  return () => world.close()
})

const stored = async () => {
  const [files] = await world.db.select({ n: count() }).from(file)
  const [snapshots] = await world.db.select({ n: count() }).from(snapshot)
  const [grants] = await world.db.select({ n: count() }).from(accessGrant)
  return [files?.n, snapshots?.n, grants?.n]
}
const grants = () => world.db.select().from(accessGrant).orderBy(accessGrant.line)
const upload = (who: string, bytes: Uint8Array) =>
  world.core.keep({ type: 'text/csv', bytes, name: 'export.csv' }, world.as(who).actor)
const chosen = async (who: string, bytes: Uint8Array, more = {}): Promise<Reply> =>
  world.as(who).do('access.import', { entries: { system: 'crm', file: [await upload(who, bytes)], ...more } })

describe('an export comes in', () => {
  test('every line is accounted for, the raw file is kept by its hash, accounts find their people', async () => {
    await samplePeople(world)
    const bytes = sample('campaign-50.csv')
    const { receipt, snapshotId, links } = await bring(world, bytes, { expected: 50 })

    expect(receipt).toMatchObject({ lines: 51, header: 1, accepted: 25, rejected: [], footer: 0, balanced: true })
    expect(receipt.outOfScope).toHaveLength(25)
    expect(links).toEqual({ email: 23, none: 2, unmatched: 0, ambiguous: 0 })
    const [kept] = await world.db.select().from(snapshot)
    expect(kept).toMatchObject({ id: snapshotId, sha256: receipt.sha256, balanced: true, adapter: 'canonical' })
    expect(await world.db.select().from(file)).toMatchObject([{ sha256: receipt.sha256, size: bytes.length }])
    expect(await grants()).toHaveLength(25)
    expect(await world.entries(snapshotId)).toMatchObject([{ type: 'access.imported', object: snapshotId }])
  })

  test('a dry run reads and counts and stores nothing', async () => {
    const { receipt, snapshotId } = await bring(world, sample('campaign-50.csv'), { dryRun: true })
    expect(receipt.balanced).toBe(true)
    expect(snapshotId).toBeUndefined()
    expect(await stored()).toEqual([0, 0, 0])
  })

  test('the same file twice is one import; another outcome of it is another', async () => {
    const first = await bring(world, sample('campaign-50.csv'), { expected: 50 })
    const again = await bring(world, sample('campaign-50.csv'), { expected: 50 })
    const wrong = await bring(world, sample('campaign-50.csv'), { expected: 49 })
    expect(again.snapshotId).toBe(first.snapshotId)
    expect(wrong.snapshotId).not.toBe(first.snapshotId)
    expect(await stored()).toEqual([1, 2, 50])
  })

  test('T13 an address that two people have had is not guessed; one who left is found; a name is never used', async () => {
    await world.db
      .update(person)
      .set({ email: 'kiran@example.com' })
      .where(eq(person.id, world.person('lev').id))
    await bring(
      world,
      plainExport([
        { id: 'A1', who: 'kiran', role: 'Viewer' },
        { id: 'A2', mail: 'OMAR@example.com', role: 'Viewer' },
        { id: 'A3', who: 'Lena Brandt', mail: 'stranger@other.example', role: 'Viewer' },
        { id: 'A4', role: 'Viewer' },
      ]),
    )
    expect((await grants()).map(({ accountId, link, personId }) => [accountId, link, personId])).toEqual([
      ['A1', 'ambiguous', null],
      ['A2', 'email', world.person('omar').id],
      ['A3', 'unmatched', null],
      ['A4', 'none', null],
    ])
  })

  test('a role that changes is another right, the same role in the next export is the same one', async () => {
    await bring(world, plainExport([{ id: 'A1', who: 'omar', role: 'Viewer' }]))
    await bring(world, plainExport([{ id: 'A1', who: 'omar', role: 'viewer ' }]))
    await bring(world, plainExport([{ id: 'A1', who: 'omar', role: 'Admin' }]))
    const prints = (await grants()).map((grant) => grant.fingerprint)
    expect(prints[0]).toBe(prints[1])
    expect(prints[2]).not.toBe(prints[0])
  })
})

describe('what may not come in', () => {
  test('a shadow file is refused with a sentence, and nothing of it stays', async () => {
    await expect(bring(world, sample('linux-shadow-MUST-REFUSE.txt'))).rejects.toThrow(/shadow file/)
    expect(await stored()).toEqual([0, 0, 0])
  })

  test('a shadow file chosen in the form is refused too, and the upload is gone; what else was typed stays', async () => {
    const reply = await chosen('mei', sample('linux-shadow-MUST-REFUSE.txt'), { expected: '7' })
    expect(reply.form?.errors?.file).toMatch(/shadow file/)
    expect(reply.form?.values).toEqual({ system: 'crm', expected: '7' })
    expect(await stored()).toEqual([0, 0, 0])
  })

  test('another file from the same form, under the same key, is taken: a refusal is no answer to keep', async () => {
    const submit = async (bytes: Uint8Array) =>
      world.as('mei').do('access.import', {
        key: 'view:one',
        entries: { system: 'crm', file: [await upload('mei', bytes)] },
      })
    expect((await submit(sample('linux-shadow-MUST-REFUSE.txt'))).form?.errors?.file).toMatch(/shadow file/)
    const second = await submit(Buffer.from('handle,grade\nomar,Viewer\n'))
    expect(second.form?.errors?.file).toMatch(/No known export has these columns/)
    expect(await stored()).toEqual([0, 0, 0])
  })

  test('a refused upload that is evidence already is not taken out of the evidence', async () => {
    const bytes = Buffer.from('handle,grade\nomar,Viewer\n')
    await bring(world, bytes, { mapping: { handle: 'account_id', grade: 'role' } })
    const reply = await chosen('mei', bytes)
    expect(reply.form?.errors?.file).toMatch(/No known export has these columns/)
    expect(await stored()).toEqual([1, 1, 1])
  })

  test('a refused file is dropped for who brought it; what somebody else brought stays theirs, until it is refused too', async () => {
    const bytes = sample('linux-shadow-MUST-REFUSE.txt')
    await upload('lena', bytes)
    expect((await chosen('mei', bytes)).form?.errors?.file).toMatch(/shadow file/)
    expect(await world.core.uploads(world.as('mei').actor)).toEqual([])
    expect(await world.core.uploads(world.as('lena').actor)).toMatchObject([{ name: 'export.csv' }])
    expect((await chosen('lena', bytes)).form?.errors?.file).toMatch(/shadow file/)
    expect(await stored()).toEqual([0, 0, 0])
  })

  test('T10 only the ISMS manager and the owner of the system may bring one', async () => {
    const reply = await chosen('ravi', sample('campaign-50.csv'))
    expect(sayOf(reply)).toMatch(/not yours/)
    expect((await world.as('ravi').do('access.import')).form).toBeUndefined()
    expect((await world.as('lena').do('access.import')).form?.fields.system).toMatchObject({
      options: [{ value: 'crm', label: 'CRM' }],
    })
    expect((await stored())[1]).toBe(0)
  })

  test('an unknown system is named with the known ones', async () => {
    const refused = await bring(world, sample('campaign-50.csv'), { system: 'payroll' }).catch((error) => error)
    expect(textOf(refused.text)).toBe('There is no system “payroll”. Known: crm. Name its owner, and it is registered.')
  })
})

describe('the receipt decides whether a review may start', () => {
  test('balanced: the card says so and offers the start', async () => {
    const { card } = await chosen('lena', sample('campaign-50.csv'), { expected: '50' })
    expect(card?.status).toEqual({ label: 'Every line accounted for', tone: 'good' })
    const opened = await press(world, 'lena', card, 'Start the review', { due: '2026-12-07' })
    expect(opened.card?.title).toMatch(/^CRM: /)
    expect(await world.db.select().from(review)).toHaveLength(1)
  })

  test('unbalanced: it is kept to be looked at, and no review starts by any path', async () => {
    const { card } = await chosen('mei', sample('campaign-50.csv'), { expected: '60' })
    expect(card?.status?.label).toBe('Does not add up')
    expect(wordsOf(card)).toContain('60 rows were announced, the file has 50.')
    expect(wordsOf(card)).not.toContain('Start the review')
    const [kept] = await world.db.select().from(snapshot)
    const forced = await world.as('mei').do('access.start', { id: kept?.id, entries: { due: '2026-12-07' } })
    expect(sayOf(forced)).toMatch(/no review can start/)
    const raw = await world
      .system((ctx) => openReview(ctx, { snapshotId: kept?.id ?? '', dueOn: '2026-12-07' }))
      .catch((error) => textOf(error.text))
    expect(raw).toMatch(/no review can start/)
    expect(await world.db.select().from(review)).toHaveLength(0)
  })

  test('header only: legal, but somebody has to say that the system really has no accounts', async () => {
    const { snapshotId } = await bring(world, sample('variant-header-only.csv'))
    const start = (entries: Record<string, string>) => world.as('lena').do('access.start', { id: snapshotId, entries })
    const asked = await start({ due: '2026-12-07' })
    expect(asked.form?.errors?.empty).toBe('Please tick this to go on.')
    expect(await world.db.select().from(review)).toHaveLength(0)
    await start({ due: '2026-12-07', empty: 'yes' })
    expect(await world.db.select().from(review)).toHaveLength(1)
  })

  test('started once, though two press at the same time; a second review waits for the first to be signed', async () => {
    const { snapshotId } = await bring(world, plainExport([{ id: 'A1', who: 'omar', role: 'Viewer' }]))
    const start = (id: string | undefined) =>
      world.as('lena').do('access.start', { id, entries: { due: '2026-12-07' } })
    await Promise.all([start(snapshotId), start(snapshotId), start(snapshotId)])
    expect(await world.db.select().from(review)).toHaveLength(1)
    const next = await bring(world, plainExport([{ id: 'A1', who: 'omar', role: 'Admin' }]))
    expect(sayOf(await start(next.snapshotId))).toBe(
      'A review of CRM is still running. Sign it off before the next one starts.',
    )
  })

  test('a due date in the past keeps what was typed', async () => {
    const { snapshotId } = await bring(world, plainExport([{ id: 'A1', who: 'omar', role: 'Viewer' }]))
    const reply = await world.as('lena').do('access.start', { id: snapshotId, entries: { due: '2026-11-01' } })
    expect(reply.form?.errors?.due).toBe('Not before 2026-11-23.')
    expect(reply.form?.values?.due).toBe('2026-11-01')
  })
})
