import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { attestation, attestationFile, occurrence } from '../db/schema/controls.ts'
import { controls, importOwners, importRegisters, readOwners } from '../src/controls/index.ts'
import { sweep } from '../src/core/sweep.ts'
import { home } from '../src/home/index.ts'
import { labelsOf, newest, press, wordsOf } from './support/incidents.ts'
import { makeWorld, type World } from './support/world.ts'

const OWNERS = 'code,owner,anchored_on\nmalware-coverage,kiran@example.com,2026-11-01\n'
const ANSWER = { answer: 'operates', statement: 'All 34 computers report every day.' }

let world: World
beforeEach(async () => {
  world = await makeWorld({ workflows: [controls, home], desk: { address: 'https://desk.example', platform: 'web' } })
  await world.system((ctx) => importRegisters(ctx))
  await world.system((ctx) => importOwners(ctx, readOwners(OWNERS, 'en')))
  await world.work()
  return () => world.close()
})

const bring = (who: string, name: string, text = name) =>
  world.core.keep({ type: 'text/plain', bytes: Buffer.from(text), name }, world.as(who).actor)
const attest = (files?: readonly string[]) =>
  press(world, 'kiran', newest(world, 'kiran'), 'Attest', { ...ANSWER, ...(files ? { files: [...files] } : {}) })
const kept = () => world.db.select().from(attestationFile).orderBy(attestationFile.ordinal)
const opens = (who: string, id: string) => world.core.file(id, world.as(who).actor)

describe('evidence of an attestation', () => {
  test('is asked for and not needed: two clicks and two answers are enough, as before', async () => {
    const { form } = await press(world, 'kiran', newest(world, 'kiran'), 'Attest')
    expect(form?.fields.files).toMatchObject({ kind: 'file', label: 'Evidence', optional: true, max: 5 })
    expect(form?.values).toBeUndefined()
    const { card } = await attest()
    expect(labelsOf(card ?? { title: '', blocks: [] })).toEqual(['History'])
    expect(await kept()).toEqual([])
  })

  test('stands on the receipt, on the page of the duty, and by its SHA-256 in the record', async () => {
    const ids = [await bring('kiran', 'coverage.csv'), await bring('kiran', 'console <1>.png')]
    const { card } = await attest(ids)
    expect(labelsOf(card ?? { title: '', blocks: [] })).toEqual([
      'Open coverage.csv',
      'Open console _1_.png',
      'History',
    ])
    const [it] = await world.db.select().from(attestation)
    expect(await kept()).toEqual([
      { attestationId: it?.id, fileId: ids[0], ordinal: 0, name: 'coverage.csv' },
      { attestationId: it?.id, fileId: ids[1], ordinal: 1, name: 'console _1_.png' },
    ])
    const [period] = await world.db.select().from(occurrence)
    for (const who of ['kiran', 'lena', 'mei', 'aude']) {
      const page = await world.as(who).card('controls.duty', period?.actionId)
      expect(labelsOf(page)).toEqual(expect.arrayContaining(['Open coverage.csv', 'Open console _1_.png']))
    }
    const [entry] = (await world.entries(period?.id)).filter((one) => one.type === 'control.attested')
    const [row] = await world.sql`select payload from entry_payload where entry_id = ${entry?.id ?? ''}`
    const payload = Buffer.from(row?.payload).toString()
    const sha256 = createHash('sha256').update('coverage.csv').digest('hex')
    expect(JSON.parse(payload).files).toEqual([
      { id: ids[0], sha256 },
      { id: ids[1], sha256: expect.any(String) },
    ])
    expect(payload).not.toContain('coverage.csv')
  })

  test('is a link in the browser and a door in chat', async () => {
    const id = await bring('kiran', 'coverage.csv')
    const { card } = await attest([id])
    expect(wordsOf(card)).toContain(`"do":"home.door","with":{"path":"/file/${id}"}`)
    const asked = await world.sql`select id from assignment where person_id = ${world.person('kiran').id}`
    await world.sql`update identity set platform = 'web' where user_id = 'kiran'`
    const actor = { ...world.as('kiran').actor, platform: 'web' }
    expect(wordsOf(await world.core.card('controls.request', asked[0]?.id, actor))).toContain(`"href":"/file/${id}"`)
  })

  test('T20 the door to it says in chat what it is, to who may have it: a chat may hand it over in the door’s place', async () => {
    const id = await bring('kiran', 'coverage.csv')
    await attest([id])
    const door = (who: string, path = `/file/${id}`) => world.as(who).do('home.door', { with: { path } })
    const mine = await door('kiran')
    expect(mine.file).toEqual({ id, name: 'coverage.csv', size: 12 })
    expect(wordsOf(mine.card)).toContain('https://desk.example/enter/')
    const [theirs, made, other] = [
      await door('omar'),
      await door('omar', '/file/fil_00000000000000000000000000'),
      await door('kiran', '/inbox'),
    ]
    for (const reply of [theirs, made, other]) expect(Object.keys(reply).sort()).toEqual(['beside', 'card'])
  })

  test('T11 T20 who may read the duty may have the file under its name; to everybody else there is none', async () => {
    const id = await bring('kiran', 'coverage.csv')
    expect(await opens('mei', id)).toBeUndefined()
    await attest([id])
    for (const who of ['kiran', 'lena', 'mei', 'aude'])
      expect(await opens(who, id), who).toMatchObject({ name: 'coverage.csv', size: 12 })
    for (const who of ['omar', 'ravi', 'dora', 'cleo', 'gus', 'lev']) expect(await opens(who, id), who).toBeUndefined()
  })

  test('stays with whoever attested it when the duty has another owner, who has it too', async () => {
    const id = await bring('kiran', 'coverage.csv')
    await attest([id])
    const [period] = await world.db.select().from(occurrence)
    const entries = { owner: world.person('omar').id }
    await world.as('mei').do('controls.assign', { id: period?.actionId, entries })
    for (const who of ['kiran', 'omar']) expect(await opens(who, id), who).toBeDefined()
  })

  test('T10 somebody else’s file is no evidence, nor are six; nothing is written and what was typed stays', async () => {
    const theirs = await bring('omar', 'theirs.txt')
    const refused = await attest([theirs])
    expect(refused.form?.errors?.files).toContain('no longer here')
    expect(refused.form?.values).toMatchObject(ANSWER)
    const six = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => bring('kiran', `${n}.txt`)))
    expect((await attest(six)).form?.errors?.files).toBe('At most 5 files, please.')
    expect(await world.db.select().from(attestation)).toEqual([])
    expect(await kept()).toEqual([])
  })

  test('an answer sent again brings no more files; what is evidence outlives the hour of an upload', async () => {
    const [first, second] = [await bring('kiran', 'first.txt'), await bring('kiran', 'second.txt')]
    const [period] = await world.db.select().from(occurrence)
    const send = (id: string) =>
      world.as('kiran').do('controls.attest', { id: period?.id, entries: { ...ANSWER, files: [id] } })
    await Promise.all([send(first), send(second)])
    const [evidence, ...more] = await kept()
    expect(more).toEqual([])
    await world.pass('61 minutes')
    await sweep(world.db, world.now())
    const left = await world.sql`select id from file`
    expect(left).toEqual([{ id: evidence?.fileId }])
    expect(await opens('kiran', evidence?.fileId ?? '')).toBeDefined()
  })
})
