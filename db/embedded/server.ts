import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { adopt, launch, type Postmaster, shutdown, socketFolder, TEMPORARY } from './postmaster.ts'

export type Log = { info(text: string): void; warn(text: string): void }

/** A server that is looked after: started again when it ends by itself, ended with this process. */
export type Server = { host: string; port: number; adopted: boolean; stop: () => Promise<void> }

/** Small on purpose: one organisation, one process, memory of the idle whole below 250 MB. */
const SETTINGS: Record<string, string> = {
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  max_wal_senders: '0',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  // Disks without moving parts, and tables that grow from nothing to a launch for everybody: plans follow keys.
  random_page_cost: '1.1',
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The server's log is no place for people's names and texts: no statements, no values of a violated key.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

const RESTARTS = 3

/** Adopts the server that works on the cluster, or starts one. An adopted server is not started again. */
export async function serve(
  binaries: Binaries,
  home: Home,
  cluster: string,
  log: Log,
  settings: Record<string, string> = {},
): Promise<Server> {
  const left = await adopt(cluster)
  if (left) log.warn(`adopted the PostgreSQL that an ended process left running in ${cluster}`)
  const address = left ?? (await newAddress(home))
  const all = { ...SETTINGS, ...settingsOf(binaries, address), ...settings }
  const state = { stopping: false, restarts: 0 }
  const start = (): Promise<Postmaster> => launch(binaries, home, cluster, address, all, ended)
  const ended = () => {
    if (state.stopping) return
    log.warn(`PostgreSQL in ${cluster} ended by itself: see postgres.log beside it`)
    if (state.restarts++ < RESTARTS) running = adopt(cluster).then((found) => found ?? start())
    running.catch((error: Error) => log.warn(error.message))
  }
  let running = left ? Promise.resolve(left) : start()
  let pid = (await running).pid
  // The last resort when nobody calls stop: leave no server behind. After kill -9 the next start adopts it.
  const atExit = () => process.kill(pid, 'SIGINT')
  if (process.platform !== 'win32') process.once('exit', atExit)
  const stop = async () => {
    state.stopping = true
    pid = (await running.catch(() => ({ pid }))).pid
    process.removeListener('exit', atExit)
    await shutdown(binaries, cluster, pid)
    if (address.host.startsWith(TEMPORARY)) rmSync(address.host, { recursive: true, force: true })
  }
  return { host: address.host, port: address.port, adopted: left !== undefined, stop }
}

function settingsOf(binaries: Binaries, { host, port }: { host: string; port: number }): Record<string, string> {
  const reach: Record<string, string> =
    process.platform === 'win32'
      ? { listen_addresses: host }
      : { listen_addresses: '', unix_socket_directories: host, unix_socket_permissions: '0700' }
  // Since 18 files are read by worker processes; ours would idle.
  return { ...reach, port: String(port), ...(binaries.major >= 18 ? { io_method: 'sync' } : {}) }
}

async function newAddress(home: Home): Promise<{ host: string; port: number }> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await freePort() }
  return { host: socketFolder(home), port: 5432 }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new Error('No free port on 127.0.0.1: end another program.'))
      })
    })
  })
}
