import { randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import { afterAll, inject, onTestFinished } from 'vitest'
import type { Accesses } from '../../db/access.ts'
import { connect, type Db, open } from '../../db/client.ts'
import { inDatabase, onServer } from './embedded.ts'

/** A migrated, empty database: `db` and `sql` as the product (the app's role), `owner` for what only tests may do. */
export type TestDatabase = { db: Db; sql: Sql; owner: Sql; accesses: Accesses; close: () => Promise<void> }

/**
 * Makes a database. At the top of the file or of a `describe` (`const { db } = await testDatabase()`) it is dropped
 * after the last test, within a test after that test, so that many small worlds do not use up the server's connections;
 * in a hook, call `close` yourself. `template: null` leaves out the migrations.
 */
export async function testDatabase(options: { template?: null } = {}): Promise<TestDatabase> {
  const server = inject('server')
  const name = `${server.template.replace(/_template$/, '')}_${process.pid}_${randomBytes(4).toString('hex')}`
  const from = options.template === null ? 'template0' : server.template
  await onServer(server.owner, (sql) => sql.unsafe(`create database ${name} template ${from}`))
  const accesses = inDatabase(server, name)
  const owner = open({ ...accesses.owner, connections: 2 })
  const { db, sql, close: closeApp } = await connect({ ...accesses.app, connections: 8 })
  let closing: Promise<void> | undefined
  const closeAll = async () => {
    await Promise.all([closeApp(), owner.end({ timeout: 5 })])
    await onServer(server.owner, (admin) => admin.unsafe(`drop database if exists ${name} with (force)`))
  }
  const close = () => (closing ??= closeAll())
  try {
    onTestFinished(close)
  } catch {
    // Not within a test: the file or the `describe` that is being collected.
    afterAll(close)
  }
  return { db, sql, owner, accesses, close }
}
