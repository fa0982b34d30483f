import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Access, type Accesses, APP_ROLE } from './access.ts'
import { open } from './client.ts'
import { installed, prepare } from './embedded/binaries.ts'
import { initialise, OWNER, passwordIn, refuseOtherMajor, syncToDisk } from './embedded/cluster.ts'
import { clusterIn, type Home, homeOf } from './embedded/home.ts'
import { Held, takeLock } from './embedded/lock.ts'
import { adopt } from './embedded/postmaster.ts'
import { type Log, serve } from './embedded/server.ts'

/** A running database of our own. `stop` shuts it down; without it nothing committed is lost either. */
export type Embedded = Accesses & { home: string; adopted: boolean; stop: () => Promise<void> }

type Options = {
  /** The data folder; made when missing. */
  folder: string
  log: Log
  /** Join the database of a product that runs on the folder, instead of refusing (commands beside a running product). */
  share?: boolean
  /** PostgreSQL settings on top of ours (tests). */
  settings?: Record<string, string>
  /** Where homes go that PostgreSQL's user could not enter; see `homeOf`. */
  elsewhere?: string
  /** The folder of the PostgreSQL package (tests). */
  package?: string
}

const DATABASE = 'countersign'

/**
 * Starts PostgreSQL in a local folder, or adopts the one a killed process left running there. Reached by a socket that
 * only this system user can open; on Windows, which the tests do not cover, by 127.0.0.1 and a random password. Throws
 * one sentence when another process holds the folder, the version does not fit or the server cannot start.
 */
export async function startEmbedded(options: Options): Promise<Embedded> {
  const { folder, log } = options
  const home = homeOf(folder, options.elsewhere ?? '/var/lib/countersign')
  if (home.elsewhere)
    log.info(`${folder} is closed to PostgreSQL's user, so the database is in ${home.path} (see postgres.location)`)
  let release: () => void
  try {
    release = takeLock(join(home.path, 'countersign.lock'))
  } catch (error) {
    if (options.share && error instanceof Held) return joined(home)
    throw error
  }
  try {
    return await started(options, home, release)
  } catch (error) {
    release()
    throw error
  }
}

async function started(options: Options, home: Home, release: () => void): Promise<Embedded> {
  const binaries = prepare(options.package ?? installed(), home)
  const cluster = clusterIn(home.path)
  const isFirst = !existsSync(cluster)
  if (isFirst) await initialise(binaries, home, cluster)
  refuseOtherMajor(binaries, cluster)
  home.settle()
  const server = await serve(binaries, home, cluster, options.log, options.settings)
  const synced = isFirst ? syncToDisk(binaries, home, cluster) : Promise.resolve()
  const stop = async () => {
    await synced
    await server.stop()
    release()
  }
  const accesses = accessesOf(home, server)
  try {
    await makeDatabase(accesses)
  } catch (error) {
    await stop()
    throw error
  }
  let stopping: Promise<void> | undefined
  return { ...accesses, home: home.path, adopted: server.adopted, stop: () => (stopping ??= stop()) }
}

async function joined(home: Home): Promise<Embedded> {
  const found = await adopt(clusterIn(home.path))
  if (!found)
    throw new Error(`The product on this data folder is starting or stopping (${home.path}): try again in a moment.`)
  return { ...accessesOf(home, found), home: home.path, adopted: true, stop: async () => undefined }
}

function accessesOf(home: Home, { host, port }: { host: string; port: number }): Accesses {
  const password = process.platform === 'win32' ? readFileSync(passwordIn(home), 'utf8') : undefined
  const access: Access = { host, port, database: DATABASE, ...(password ? { password } : {}) }
  return { owner: { ...access, user: OWNER }, app: { ...access, user: APP_ROLE } }
}

async function makeDatabase({ owner, app }: Accesses): Promise<void> {
  const sql = open({ ...owner, database: 'postgres', connections: 1 })
  try {
    const roles = await sql`select 1 from pg_roles where rolname = ${APP_ROLE}`
    // No statement takes a parameter here; the password is ours and base64url.
    const secret = app.password ? ` password '${app.password}'` : ''
    if (roles.length === 0) await sql.unsafe(`create role ${APP_ROLE} login${secret}`)
    const found = await sql`select 1 from pg_database where datname = ${DATABASE}`
    if (found.length === 0) await sql.unsafe(`create database ${DATABASE}`)
  } finally {
    await sql.end()
  }
}
