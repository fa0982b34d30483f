import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { file } from '../../db/schema/files.ts'
import { delivery } from '../../db/schema/messages.ts'
import { identity } from '../../db/schema/people.ts'
import { receipt } from '../../db/schema/record.ts'
import { keepFile, readFile } from '../../src/core/files.ts'
import { matchWaiting } from '../../src/core/introduce.ts'
import { post } from '../../src/core/messages.ts'
import { sweep } from '../../src/core/sweep.ts'
import { importPolicies } from '../../src/policies/importing.ts'
import { makeWorld, seeded } from '../support/world.ts'

const world = await makeWorld()
const bytes = (text: string) => new TextEncoder().encode(text)

test('an upload that became nothing is gone after an hour; a file in use stays, and is not asked about again', async () => {
  const policy = `---\ntitle: Doors\nversion: "1.0"\nowner: mei@example.com\napproved_by: cleo@example.com\napproved_on: 2026-11-01\neffective_from: 2026-11-01\nreview_on: 2027-11-01\naudience: everyone\nclassification: internal\ncontrols: [A.7.1]\nsummary: Doors.\nchanges: ""\n---\n\nClose them.\n`
  const [outcome] = await world.system((ctx) => importPolicies(ctx, [{ name: 'doors.md', bytes: bytes(policy) }]))
  expect(outcome?.outcome).toBe('new')
  const upload = await keepFile(
    world.db,
    { bytes: bytes('given up'), type: 'text/plain' },
    world.now(),
    seeded('upload'),
  )
  await sweep(world.db, world.now())
  expect(await readFile(world.db, upload.id)).toBeDefined()
  await world.pass('61 minutes')
  await sweep(world.db, world.now())
  expect(await readFile(world.db, upload.id)).toBeUndefined()
  const left = await world.db.select({ keptAt: file.keptAt }).from(file)
  expect(left).toEqual([{ keptAt: world.now() }])
})

test('answers to clicks are put away after three days, not before', async () => {
  await world.db.insert(receipt).values({ turnKey: 'memory:test:old', reply: {}, createdAt: world.now() })
  await world.pass('2 days')
  await sweep(world.db, world.now())
  expect(await world.db.select().from(receipt).where(eq(receipt.turnKey, 'memory:test:old'))).toHaveLength(1)
  await world.pass('2 days')
  await sweep(world.db, world.now())
  expect(await world.db.select().from(receipt).where(eq(receipt.turnKey, 'memory:test:old'))).toHaveLength(0)
})

test('a message that found no account waits for one', async () => {
  const yuki = world.person('yuki')
  await world.db
    .update(identity)
    .set({ state: 'unmatched', personId: null, linkedAt: null, email: yuki.email })
    .where(eq(identity.userId, 'yuki'))
  await world.system((ctx) => post(ctx, { key: 'hello', to: yuki.id, card: 'home.help', subject: yuki.id }))
  await world.work()
  expect(world.chat('yuki')).toHaveLength(0)
  await world.system((ctx) => matchWaiting(ctx))
  await world.work()
  expect(world.chat('yuki').map((card) => card.title)).toEqual(['Help'])
})

test('after its lease ran out, a late worker does not overwrite what the next one wrote', async () => {
  const omar = world.person('omar')
  await world.system((ctx) => post(ctx, { key: 'slow', to: omar.id, card: 'home.help', subject: omar.id }))
  const deliver = world.platform.deliver
  const first = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  world.platform.deliver = async () => {
    world.platform.deliver = deliver
    arrived.resolve()
    await first.promise
    throw new Error('the first one was too slow')
  }
  const late = world.work()
  await arrived.promise
  await world.pass('2 minutes')
  await world.work()
  first.resolve()
  await late
  const rows = await world.db
    .select({ state: delivery.state, problem: delivery.problem })
    .from(delivery)
    .where(sql`message_id = (select id from message where message_key = 'slow')`)
  expect(rows).toEqual([{ state: 'sent', problem: null }])
})
