import { eq, inArray, sql as text } from 'drizzle-orm'
import { bigint, integer, jsonb, pgTable, text as textColumn, timestamp } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { serverAccess } from '../../db/access.ts'
import { connect, type Db } from '../../db/client.ts'
import { testDatabase } from '../support/database.ts'

const { accesses, db, sql, owner } = await testDatabase()
await owner`create table sample (id int primary key, name text, at timestamptz, big bigint, data jsonb)`
await owner`grant select, insert, update, delete on sample to countersign_app`

const sample = pgTable('sample', {
  id: integer().primaryKey(),
  name: textColumn(),
  at: timestamp({ withTimezone: true, mode: 'date' }),
  big: bigint({ mode: 'bigint' }),
  data: jsonb(),
})

/** Takes a database or a transaction alike. */
const nameOf = async (tx: Db, id: number) =>
  (await tx.select({ name: sample.name }).from(sample).where(eq(sample.id, id)))[0]?.name

/** Statements the server has prepared on the connection of this transaction. */
const preparedIn = async (tx: Db) =>
  (await tx.execute(text`select statement from pg_prepared_statements where statement like '%"sample"%'`)).length

test('plain drizzle statements with parameters are prepared, in transactions and savepoints too', async () => {
  // A connection of its own: on a pooled one the statements of others may be prepared already.
  const fresh = await connect({ ...accesses.app, connections: 1 })
  await fresh.db.transaction(async (tx) => {
    await tx.insert(sample).values({ id: 1, name: 'one' })
    await nameOf(tx, 1)
    await nameOf(tx, 2)
    await tx.transaction((inner) => inner.update(sample).set({ name: 'uno' }).where(eq(sample.id, 1)))
    expect(await nameOf(tx, 1)).toBe('uno')
    // One insert, one select used three times, one update.
    expect(await preparedIn(tx)).toBe(3)
  })
  await fresh.close()
})

test('very long lists of parameters are not prepared, and nothing is behind a pooler', async () => {
  await db.transaction(async (tx) => {
    const before = await preparedIn(tx)
    await tx
      .select()
      .from(sample)
      .where(
        inArray(
          sample.id,
          Array.from({ length: 150 }, (_, n) => n),
        ),
      )
    expect(await preparedIn(tx)).toBe(before)
  })
  const pooled = await connect({ ...accesses.owner, prepare: false })
  await pooled.db.transaction(async (tx) => {
    await nameOf(tx, 1)
    expect(await preparedIn(tx)).toBe(0)
  })
  await pooled.close()
})

test('moments come back as Dates from drizzle and as UTC text to the microsecond from raw statements', async () => {
  await sql`insert into sample values (10, 'ten', '2026-03-01T10:00:00.123456+01:00', 9007199254740993, '{"a": [1, null]}')`

  const [row] = await db.select().from(sample).where(eq(sample.id, 10))
  expect(row).toEqual({
    id: 10,
    name: 'ten',
    at: new Date('2026-03-01T09:00:00.123Z'),
    big: 9007199254740993n,
    data: { a: [1, null] },
  })
  expect(await sql`select at, big, data from sample where id = 10`).toEqual([
    { at: '2026-03-01 09:00:00.123456+00', big: '9007199254740993', data: { a: [1, null] } },
  ])
})

test('a failed transaction leaves nothing, a failed savepoint only what was outside', async () => {
  await expect(
    db.transaction(async (tx) => {
      await tx.insert(sample).values({ id: 20 })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await db.transaction(async (tx) => {
    await tx.insert(sample).values({ id: 21 })
    await tx
      .transaction(async (inner) => {
        await inner.insert(sample).values({ id: 22 })
        await inner.insert(sample).values({ id: 21 })
      })
      .catch((error: { cause?: { code?: string } }) => expect(error.cause?.code).toBe('23505'))
  })
  const ids = await db
    .select({ id: sample.id })
    .from(sample)
    .where(inArray(sample.id, [20, 21, 22]))
  expect(ids).toEqual([{ id: 21 }])
})

test('the connection has limits, the time zone UTC and the rights of the app', async () => {
  const [row] = await sql`select current_user as role, current_setting('TimeZone') as zone,
    current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`
  expect(row).toEqual({ role: 'countersign_app', zone: 'UTC', statement: '30s', idle: '1min' })
})

test('what keeps the product from its database is said in one sentence with the cure, never with the password', async () => {
  const cases: [string, RegExp][] = [
    [
      'postgres://me:s3cret@127.0.0.1:1/countersign',
      /^Cannot use the database 127.0.0.1:1\/countersign: nothing listens/,
    ],
    ['postgres://me:s3cret@nowhere.invalid/countersign', /the host name is unknown; correct it in DATABASE_URL/],
  ]
  for (const [url, sentence] of cases) {
    const error: Error = await connect({ url }).then(
      () => new Error('connected'),
      (reason: Error) => reason,
    )
    expect(error.message).toMatch(sentence)
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('s3cret')
  }
  await expect(connect({ ...accesses.owner, database: 'not_there' })).rejects.toThrow(
    /the database does not exist; run: createdb not_there/,
  )
  await expect(connect({ ...accesses.owner, role: 'not_there' })).rejects.toThrow(
    /the role not_there does not exist yet/,
  )
  for (const wrong of ['mysql://a/b', 'postgres//x', 'postgres://me:s3cret%@host/db'])
    expect(() => serverAccess(wrong)).toThrow(
      'DATABASE_URL is not an address of PostgreSQL: write postgres://user:password@host:5432/database, with special characters of the password percent-encoded.',
    )
})
