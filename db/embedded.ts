import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Access, type Accesses, APP_ROLE } from './access.ts'
import { open } from './client.ts'
import { type Binaries, installed, prepare } from './embedded/binaries.ts'
import { initialise, OWNER, passwordIn, refuseOtherMajor, syncToDisk } from './embedded/cluster.ts'
import { clusterIn, type Home, homeOf } from './embedded/home.ts'
import { Held, takeLock } from './embedded/lock.ts'
import { adopt, launch, type Postmaster, shutdown, socketFolder } from './embedded/postmaster.ts'

export type Log = { info(text: string): void; warn(text: string): void }

/** A running database of our own. `stop` shuts it down; nothing committed is lost without it either. */
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

/** Small on purpose: one organisation, one process, PSS of the idle whole below 250 MB. */
const SETTINGS: Record<string, string> = {
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  max_wal_senders: '0',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The server's log is no place for people's names and texts: no statements, no values of a violated key.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/**
 * Starts PostgreSQL in a local folder, or adopts the one a killed process left running there. Reached by a socket that
 * only this system user can open; on Windows, which the tests do not cover, by 127.0.0.1 and a random password. Throws
 * one sentence when another process holds the folder, the version does not fit or the server cannot start.
 */
export async function startEmbedded(options: Options): Promise<Embedded> {
  const { folder, log } = options
  const home = homeOf(folder, options.elsewhere ?? '/var/lib/countersign')
  if (home.elsewhere)
    log.info(
      `${folder} is closed to the user PostgreSQL runs as; the database is in ${home.path} (see postgres.location)`,
    )
  const binaries = prepare(options.package ?? installed(), home)
  const lock = join(home.path, 'countersign.lock')
  let release: () => void
  try {
    release = takeLock(lock)
  } catch (error) {
    if (options.share && error instanceof Held) return joined(home)
    throw error
  }
  try {
    return await started(options, home, binaries, release)
  } catch (error) {
    release()
    throw error
  }
}

async function started(options: Options, home: Home, binaries: Binaries, release: () => void): Promise<Embedded> {
  const cluster = clusterIn(home.path)
  const isFirst = !existsSync(join(cluster, 'PG_VERSION'))
  if (isFirst) await initialise(binaries, home, cluster)
  refuseOtherMajor(binaries, cluster)
  home.settle()
  const postmaster = (await adopt(cluster)) ?? (await launched(options, home, binaries, cluster))
  if (postmaster.adopted) options.log.warn(`adopted the PostgreSQL that an ended process left running in ${cluster}`)
  const signalled = () => process.kill(postmaster.pid, 'SIGINT')
  // The last resort when nobody calls stop: leave no server behind. After kill -9 the next start adopts it.
  if (process.platform !== 'win32') process.once('exit', signalled)
  const synced = isFirst ? syncToDisk(binaries, home, cluster) : Promise.resolve()
  const accesses = accessesOf(home, postmaster)
  await makeDatabase(accesses)
  const stop = async () => {
    process.removeListener('exit', signalled)
    await synced
    await shutdown(binaries, cluster, postmaster.pid)
    if (postmaster.host !== join(home.path, 'socket')) rmSync(postmaster.host, { recursive: true, force: true })
    release()
  }
  let stopping: Promise<void> | undefined
  return { ...accesses, home: home.path, adopted: postmaster.adopted, stop: () => (stopping ??= stop()) }
}

async function joined(home: Home): Promise<Embedded> {
  const postmaster = await adopt(clusterIn(home.path))
  if (!postmaster)
    throw new Error(`The product on this data folder is starting or stopping (${home.path}): try again in a moment.`)
  return { ...accessesOf(home, postmaster), home: home.path, adopted: true, stop: async () => undefined }
}

async function launched(options: Options, home: Home, binaries: Binaries, cluster: string): Promise<Postmaster> {
  const isWindows = process.platform === 'win32'
  const address = isWindows ? { host: '127.0.0.1', port: await freePort() } : { host: socketFolder(home), port: 5432 }
  return launch(binaries, home, cluster, address, {
    ...SETTINGS,
    // Since 18 reading runs in worker processes; ours would idle.
    ...(binaries.major >= 18 ? { io_method: 'sync' } : {}),
    ...(isWindows
      ? { listen_addresses: '127.0.0.1' }
      : { listen_addresses: '', unix_socket_directories: address.host, unix_socket_permissions: '0700' }),
    port: String(address.port),
    ...options.settings,
  })
}

function accessesOf(home: Home, { host, port }: Postmaster): Accesses {
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
