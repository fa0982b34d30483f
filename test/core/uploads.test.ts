import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { file, upload } from '../../db/schema/files.ts'
import { keepFile, readFile } from '../../src/core/files.ts'
import { sweep } from '../../src/core/sweep.ts'
import { EmptyFile } from '../../src/core/uploads.ts'
import { action, type Workflow } from '../../src/core/workflow.ts'
import { makeWorld, type World } from '../support/world.ts'

/** A workflow that asks for files and forgets to ask whose they are. */
const taken: string[][] = []
const held = new Set<string>()
const trusting: Workflow = {
  name: 'trusting',
  actions: {
    take: action({
      may: () => true,
      asks: {
        fields: { files: { kind: 'file', label: 'Files', max: 2 } },
        form: () => ({ title: 'Take', submit: 'Take' }),
      },
      run: async (_ctx, _subject, { files }) => {
        taken.push(files as string[])
        const [id = ''] = files as string[]
        return { say: [{ text: 'Taken.' }], file: { id, name: 'held.txt', size: 4 } }
      },
    }),
  },
  file: async (_ctx, id) => (held.has(id) ? 'held.txt' : undefined),
  cards: {},
  commands: [],
}

let world: World
beforeEach(async () => {
  taken.length = 0
  world = await makeWorld({ workflows: [trusting] })
  return () => world.close()
})

const bring = (who: string, text: string, name = `${text}.txt`) =>
  world.core.keep({ type: 'text/plain', bytes: Buffer.from(text), name }, world.as(who).actor)
const take = (who: string, ...files: string[]) => world.as(who).do('trusting.take', { entries: { files } })
const mine = (who: string) => world.core.uploads(world.as(who).actor)
const GONE = 'A file is no longer here: it is kept for one hour. Please add it again.'

test('a file with nothing in it is not kept: it is evidence of nothing', async () => {
  await expect(bring('omar', '', 'empty.txt')).rejects.toBeInstanceOf(EmptyFile)
  expect(await mine('omar')).toEqual([])
  expect(await world.db.select().from(file)).toEqual([])
})

describe('a form takes files of the person who brought them, and of nobody else', () => {
  test('T10 T20 somebody else’s file, a made-up one and one of the house are answered alike, and nothing is done', async () => {
    const own = await bring('omar', 'mine')
    const theirs = await bring('mei', 'theirs')
    const house = await world.system((ctx) =>
      keepFile(ctx.db, { bytes: Buffer.from('policy'), type: 'text/plain' }, ctx.now, ctx.random),
    )
    for (const id of [theirs, house.id, 'fil_00000000000000000000000000']) {
      const reply = await take('omar', own, id)
      expect(reply.form?.errors).toEqual({ files: GONE })
      expect(reply.form?.values).toEqual({ files: [own, id] })
    }
    expect((await take('omar', 'fil_1')).form?.errors?.files).toBe('Please choose one of the answers offered.')
    expect(taken).toEqual([])
    await take('omar', own)
    expect(taken).toEqual([[own]])
  })

  test('the same bytes brought by both belong to both', async () => {
    const [one, other] = [await bring('omar', 'same'), await bring('mei', 'same')]
    expect(other).toBe(one)
    await take('omar', one)
    await take('mei', one)
    expect(taken).toEqual([[one], [one]])
  })

  test('the same file twice counts once; more than the form takes are sent back', async () => {
    const ids = [await bring('omar', 'a'), await bring('omar', 'b'), await bring('omar', 'c')]
    expect((await take('omar', ...ids)).form?.errors?.files).toBe('At most 2 files, please.')
    await take('omar', ids[0] ?? '', ids[0] ?? '', ids[1] ?? '')
    expect(taken).toEqual([ids.slice(0, 2)])
  })

  test('after its hour an upload is gone, and the form says so', async () => {
    const id = await bring('omar', 'late')
    await world.pass('61 minutes')
    await sweep(world.db, world.now())
    expect((await take('omar', id)).form?.errors?.files).toBe(GONE)
    expect(await readFile(world.db, id)).toBeUndefined()
  })
})

describe('what a person brought', () => {
  test('is listed for its hour, the newest first, at most ten; nobody sees another’s', async () => {
    for (let n = 1; n <= 12; n++) {
      await bring('omar', `${n}`)
      await world.pass('1 minute')
    }
    await bring('mei', 'other')
    const listed = await mine('omar')
    expect(listed.map((one) => one.name)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `${n}.txt`))
    expect(listed[0]).toEqual({
      id: expect.stringMatching(/^fil_/),
      name: '12.txt',
      size: 2,
      at: expect.any(Date),
      isTaken: false,
    })
    await world.pass('55 minutes')
    expect((await mine('omar')).map((one) => one.name)).toEqual(['12.txt', '11.txt', '10.txt', '9.txt', '8.txt'])
  })

  test('the same file again has the newer name and time, and stays for another hour', async () => {
    const id = await bring('omar', 'same', 'first.txt')
    await world.pass('50 minutes')
    await bring('omar', 'same', '../<second>.txt')
    await world.pass('50 minutes')
    await sweep(world.db, world.now())
    expect(await mine('omar')).toEqual([{ id, name: '_second_.txt', size: 4, at: expect.any(Date), isTaken: false }])
    expect(await readFile(world.db, id)).toBeDefined()
    await world.pass('11 minutes')
    await sweep(world.db, world.now())
    expect(await world.db.select().from(file)).toEqual([])
    expect(await world.db.select().from(upload)).toEqual([])
  })

  test('an upload of something in use goes, the file stays and is not taken for a mere upload', async () => {
    const id = await bring('omar', 'evidence')
    await world.owner`create table holder (file_id text references file (id))`
    await world.owner`insert into holder values (${id})`
    await world.pass('61 minutes')
    await sweep(world.db, world.now())
    expect(await world.db.select().from(upload)).toEqual([])
    expect(await world.db.select({ keptAt: file.keptAt }).from(file).where(eq(file.id, id))).toEqual([
      { keptAt: world.now() },
    ])
  })

  test('what a form took is still listed, as taken; brought again it is new', async () => {
    const [one, other] = [await bring('omar', 'one'), await bring('omar', 'other')]
    await take('omar', one, 'fil_00000000000000000000000000')
    expect((await mine('omar')).filter((it) => it.isTaken)).toEqual([])
    await take('omar', one)
    expect(new Map((await mine('omar')).map((it) => [it.id, it.isTaken]))).toEqual(
      new Map([
        [one, true],
        [other, false],
      ]),
    )
    await bring('omar', 'one')
    expect((await mine('omar')).filter((it) => it.isTaken)).toEqual([])
  })

  test('T17 somebody who left, and an account that was switched off, bring nothing and are shown nothing', async () => {
    await bring('omar', 'before')
    await world.leave('omar')
    await expect(bring('omar', 'after')).rejects.toThrow('not known here')
    expect(await mine('omar')).toEqual([])
    await world.sql`update identity set state = 'ended' where user_id = 'mei'`
    await expect(bring('mei', 'after')).rejects.toThrow('not known here')
    expect(await world.db.select({ id: upload.personId }).from(upload)).toHaveLength(1)
  })
})

test('a file in an answer is answered again to a click that is delivered twice; its bytes are asked for with the rights of that moment', async () => {
  const id = await bring('omar', 'held')
  const { actor } = world.as('omar')
  const turn = { key: 'twice', by: actor, do: 'trusting.take', entries: { files: [id] } }
  const [first, again] = [await world.core.turn(turn), await world.core.turn(turn)]
  expect(first.file).toEqual({ id, name: 'held.txt', size: 4 })
  expect(again).toEqual(first)
  expect(taken).toHaveLength(1)
  expect(await world.core.file(id, actor)).toBeUndefined()
  held.add(id)
  expect(await world.core.file(id, actor)).toMatchObject({ name: 'held.txt', size: 4, type: 'text/plain' })
  await world.leave('omar')
  expect(await world.core.file(id, actor)).toBeUndefined()
})
