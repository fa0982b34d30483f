import { beforeEach, describe, expect, test, vi } from 'vitest'
import { file, filePiece, upload } from '../../db/schema/files.ts'
import { dropFile, keepFile, readFile } from '../../src/core/files.ts'
import { sweep } from '../../src/core/sweep.ts'
import { makeWorld, seeded, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld({ workflows: [] })
  return () => world.close()
})

const bring = (who: string, text: string) =>
  world.core.keep({ type: 'text/plain', bytes: Buffer.from(text), name: `${text}.txt` }, world.as(who).actor)

/** Until another connection waits for what this one holds. */
const blocked = () =>
  vi.waitFor(
    async () => {
      const [row] = await world.owner`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`
      expect(row?.n).toBeGreaterThan(0)
    },
    { timeout: 5000 },
  )

describe('a file is put away only while nothing holds it', () => {
  test('what is brought again while the sweep is on its way to it stays, with its bytes', async () => {
    const ids = [await bring('omar', 'one'), await bring('omar', 'two')]
    await world.pass('61 minutes')
    const sweeping = await world.db.transaction(async (tx) => {
      await tx.select().from(filePiece).for('update')
      const done = sweep(world.db, world.now())
      // Both were found unseen, and the sweep waits at the first of them.
      await blocked()
      await bring('omar', 'one')
      await bring('omar', 'two')
      return { done }
    })
    await sweeping.done
    expect((await world.core.uploads(world.as('omar').actor)).map(({ id }) => id).sort()).toEqual(ids.sort())
    for (const id of ids) expect((await readFile(world.db, id))?.bytes.length).toBe(3)
  })

  test('bytes that are just being brought again hold their file until it is theirs', async () => {
    const id = await bring('omar', 'same')
    await world.db.delete(upload)
    const bytes = Buffer.from('same')
    const dropping = await world.db.transaction(async (tx) => {
      const kept = await keepFile(tx, { type: 'text/plain', bytes }, world.now(), seeded('again'))
      expect(kept.id).toBe(id)
      const dropped = dropFile(world.db, id)
      await blocked()
      const personId = world.person('mei').id
      await tx.insert(upload).values({ fileId: id, personId, name: 'same.txt', uploadedAt: world.now() })
      return { dropped }
    })
    expect(await dropping.dropped).toBe(false)
    expect((await readFile(world.db, id))?.bytes).toEqual(bytes)
  })

  test('bytes that are brought while their file is put away are written anew', async () => {
    const id = await bring('omar', 'same')
    await world.db.delete(upload)
    const bringing = await world.db.transaction(async (tx) => {
      expect(await dropFile(tx, id)).toBe(true)
      const again = bring('mei', 'same')
      await blocked()
      return { again }
    })
    const again = await bringing.again
    expect(again).not.toBe(id)
    expect(await readFile(world.db, again)).toMatchObject({ bytes: Buffer.from('same') })
    expect(await world.db.select({ id: file.id }).from(file)).toEqual([{ id: again }])
  })

  test('somebody else’s upload of it holds it', async () => {
    const id = await bring('omar', 'same')
    await bring('mei', 'same')
    expect(await dropFile(world.db, id)).toBe(false)
    expect(await world.db.select().from(upload)).toHaveLength(2)
  })
})
