import { beforeEach, describe, expect, test } from 'vitest'
import { attestationFile, occurrence } from '../db/schema/controls.ts'
import { controls, importOwners, importRegisters, readOwners } from '../src/controls/index.ts'
import { home } from '../src/home/index.ts'
import { newest, press, sayOf, wordsOf } from './support/incidents.ts'
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
const attest = (files: readonly string[]) =>
  press(world, 'kiran', newest(world, 'kiran'), 'Attest', { ...ANSWER, files: [...files] })
const opens = (who: string, id: string) => world.core.file(id, world.as(who).actor)

describe('whose an answer is', () => {
  test('T11 T14 who was asked once, before the duty was handed on, sees whose it is now and nothing of the answer', async () => {
    const [period] = await world.db.select().from(occurrence)
    await world.as('mei').do('controls.assign', { id: period?.actionId, entries: { owner: world.person('omar').id } })
    await world.work()
    const id = await bring('omar', 'payroll.csv')
    await world.as('omar').do('controls.attest', { id: period?.id, entries: { ...ANSWER, files: [id] } })
    await world.work()
    const [asked] = await world.sql`select id from assignment where person_id = ${world.person('kiran').id}`
    for (const guest of [false, true]) {
      await world.sql`update identity set guest = ${guest} where user_id = 'kiran'`
      expect(await opens('kiran', id)).toBeUndefined()
      for (const card of [await world.as('kiran').card('controls.request', asked?.id), newest(world, 'kiran')]) {
        const words = wordsOf(card)
        expect(words).toContain('This is with Omar Haddad now.')
        expect(words).not.toMatch(/payroll|34 computers|Operates|controls\.show|\/file\//)
      }
    }
    expect(await opens('omar', id)).toBeDefined()
    expect(wordsOf(await world.as('mei').card('controls.request', asked?.id))).toContain('34 computers')
  })

  test('T14 whoever attested keeps the answer, on their card and as a file, until their account is a guest’s', async () => {
    const id = await bring('kiran', 'coverage.csv')
    await attest([id])
    const [asked] = await world.sql`select id from assignment where person_id = ${world.person('kiran').id}`
    const [period] = await world.db.select().from(occurrence)
    const sees = async () => wordsOf(await world.as('kiran').card('controls.request', asked?.id))
    expect(await opens('kiran', id)).toBeDefined()
    expect(await sees()).toContain('34 computers')
    await world.sql`update identity set guest = true where user_id = 'kiran'`
    expect(await opens('kiran', id)).toBeUndefined()
    expect(await sees()).toContain('your account is a guest’s')
    expect(await sees()).not.toMatch(/34 computers|coverage|Operates/)
    expect(wordsOf(await world.as('kiran').card('controls.duty', period?.actionId))).not.toContain('34 computers')
  })

  test('a period that was missed, handed on and handed back is theirs who attested it, although nothing asked anew', async () => {
    const [period] = await world.db.select().from(occurrence)
    await world.pass('8 weeks')
    await world.work()
    for (const who of ['omar', 'kiran']) {
      const entries = { owner: world.person(who).id }
      await world.as('mei').do('controls.assign', { id: period?.actionId, entries })
    }
    const id = await bring('kiran', 'coverage.csv')
    await world.as('kiran').do('controls.attest', { id: period?.id, entries: { ...ANSWER, files: [id] } })
    await world.as('mei').do('controls.assign', { id: period?.actionId, entries: { owner: world.person('lev').id } })
    const [asked] = await world.sql`select id, state from assignment where subject_id = ${period?.id ?? ''}`
    expect(asked?.state).toBe('withdrawn')
    expect(await opens('kiran', id)).toBeDefined()
    expect(wordsOf(await world.as('kiran').card('controls.request', asked?.id))).toContain('34 computers')
  })
})

test('a period is attested once: a second answer is told so, and its files stay free for another form', async () => {
  const [period] = await world.db.select().from(occurrence)
  const [first, second] = [await bring('kiran', 'first.csv'), await bring('kiran', 'second.csv')]
  const send = (more: object) =>
    world.as('kiran').do('controls.attest', { id: period?.id, entries: { ...ANSWER, ...more } })
  expect((await send({ files: [first] })).say).toBeUndefined()
  const again = await send({ statement: 'Other words.', files: [second] })
  expect(sayOf(again)).toBe('This was attested before: that answer stands, and nothing new was recorded.')
  expect(wordsOf(again.card)).toContain('34 computers')
  expect(wordsOf(again.card)).not.toMatch(/Other words|second/)
  expect(await world.db.select().from(attestationFile)).toMatchObject([{ fileId: first }])
  const uploads = await world.core.uploads(world.as('kiran').actor)
  expect(new Map(uploads.map(({ id, isTaken }) => [id, isTaken]))).toEqual(
    new Map([
      [first, true],
      [second, false],
    ]),
  )
})
