import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Access, type Accesses, placeOf, serverAccess } from '../../db/access.ts'
import { open } from '../../db/client.ts'
import { startOf } from '../../db/embedded/process.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { migrate } from '../../db/migrate.ts'

/** What every test file needs to make a database of its own; handed from the run to its workers as JSON. */
export type TestServer = Accesses & { template: string }

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer
  }
}

/** Rows of tests need not outlive a power cut. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }
const FOLDER = 'countersign-test-'
const quiet = { info: () => undefined, warn: () => undefined }

/**
 * One server per run: PostgreSQL of our own in a temporary folder, or the server of DATABASE_URL (its user must be
 * allowed to create databases and roles). Names carry the process id and a random part, so runs may overlap.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.DATABASE_URL
  const { accesses, stop } = url ? { accesses: serverAccess(url), stop: async () => undefined } : await ownServer()
  const run = `countersign_test_${process.pid}_${randomBytes(3).toString('hex')}`
  const server = { ...accesses, template: `${run}_template` }
  await onServer(accesses.owner, (sql) => sql.unsafe(`create database ${server.template}`))
  await migrate(inDatabase(accesses, server.template))
  project.provide('server', server)
  return async () => {
    if (url) await dropAll(accesses.owner, run)
    await stop()
  }
}

/** The same ways in, to another database of the server. */
export function inDatabase({ owner, app }: Accesses, database: string): Accesses {
  return { owner: { ...owner, database }, app: { ...app, database } }
}

/** Runs work on a short connection to the server's own database. */
export async function onServer<T>(owner: Access, work: (sql: ReturnType<typeof open>) => Promise<T>): Promise<T> {
  const sql = open({ ...owner, connections: 1 })
  try {
    return await work(sql)
  } catch (error) {
    throw new Error(`The test server ${placeOf(owner)} failed: ${(error as Error).message}`, { cause: error })
  } finally {
    await sql.end()
  }
}

async function ownServer(): Promise<{ accesses: Accesses; stop: () => Promise<void> }> {
  await sweep()
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  const { owner, app, home, stop } = await startEmbedded({ folder, log: quiet, settings: FAST, elsewhere: tmpdir() })
  const remove = async () => {
    await stop()
    for (const path of new Set([home, folder])) rmSync(path, { recursive: true, force: true })
  }
  return { accesses: { owner, app }, stop: remove }
}

/** A run that was killed leaves its server behind: stop it and take its folder away. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER))) {
    const pid = Number(name.slice(FOLDER.length).split('-')[0])
    if (!pid || startOf(pid)) continue
    const folder = join(tmpdir(), name)
    // Another run may be sweeping the same folder; whoever holds its lock does the work.
    const left = await startEmbedded({ folder, log: quiet, elsewhere: tmpdir() }).catch(() => undefined)
    if (!left) continue
    await left.stop()
    for (const path of new Set([left.home, folder])) rmSync(path, { recursive: true, force: true })
  }
}

async function dropAll(owner: Access, run: string): Promise<void> {
  await onServer(owner, async (sql) => {
    const left = await sql<{ datname: string }[]>`select datname from pg_database where datname like ${`${run}%`}`
    for (const { datname } of left) await sql.unsafe(`drop database if exists ${datname} with (force)`)
  })
}
