import { execFile, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { give } from './files.ts'
import type { Home } from './home.ts'
import { isZombie, processesIn, startOf, worksIn } from './process.ts'

/** A running server: its process, the folder of its socket (or 127.0.0.1 on Windows) and its port. */
export type Postmaster = { pid: number; host: string; port: number }

/** A socket's path may have 108 bytes on Linux and 104 on macOS, `/.s.PGSQL.5432` included. */
const LONGEST_SOCKET_FOLDER = 84
/** Begin of the path of a socket folder that had to leave the home. */
export const TEMPORARY = join(tmpdir(), 'countersign-socket-')
const PATIENCE = 60_000
const LOG_LIMIT = 5_000_000

/**
 * The server that already runs on this cluster, left by a process that was killed; undefined when there is none. What a
 * dead server left behind and PostgreSQL itself would stumble over (the lock of a zombie, or of an id that another
 * process has now) is removed, but never while a process still works in the cluster.
 */
export async function adopt(cluster: string): Promise<Postmaster | undefined> {
  for (let waited = 0; waited < PATIENCE; waited += 20) {
    const found = readPidFile(cluster)
    if (!found) return undefined
    const isOurs = startOf(found.pid) !== undefined && worksIn(found.pid, cluster) !== false
    if (!isOurs) return clearRemains(cluster, found)
    if (found.isReady) return { pid: found.pid, host: found.host, port: found.port }
    await pause(20)
  }
  throw new Error(
    `PostgreSQL in ${cluster} is starting or stopping for more than a minute: look into postgres.log beside it.`,
  )
}

/** Starts the server and waits until it takes connections; `onExit` is called when it ends after that. */
export async function launch(
  binaries: Binaries,
  home: Home,
  cluster: string,
  address: { host: string; port: number },
  settings: Record<string, string>,
  onExit: () => void,
): Promise<Postmaster> {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const logFile = join(home.path, 'postgres.log')
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT) truncateSync(logFile)
  const logged = existsSync(logFile) ? statSync(logFile).size : 0
  const log = openSync(logFile, 'a', 0o600)
  // A group of its own: Ctrl-C in the terminal must reach us only, so that we finish our work before the database goes.
  const child = spawn(binaries.postgres, ['-D', cluster, ...args], {
    ...asUser(home),
    cwd: home.path,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
  })
  let isReady = false
  let hasEnded = false
  child.once('error', () => {
    hasEnded = true
  })
  child.once('exit', () => {
    hasEnded = true
    if (isReady) onExit()
  })
  closeSync(log)
  child.unref()
  for (let waited = 0; waited < PATIENCE && !hasEnded; waited += 5) {
    const found = readPidFile(cluster)
    if (found?.pid === child.pid && found?.isReady) {
      isReady = true
      return { pid: found.pid, ...address }
    }
    await pause(5)
  }
  const said = readFileSync(logFile, 'utf8').slice(logged).trim().split('\n').at(-1) ?? ''
  throw new Error(`PostgreSQL did not start (${said}): look into ${logFile}, or set DATABASE_URL to a server.`)
}

/** Fast shutdown: running transactions are rolled back, everything committed is on disk when this resolves. */
export async function shutdown(binaries: Binaries, cluster: string, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    await promisify(execFile)(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w'])
    return
  }
  signal(pid, 'SIGINT')
  for (let waited = 0; startOf(pid) !== undefined; waited += 5) {
    // Immediate shutdown: as safe as a power cut, the next start recovers from the log.
    if (waited === PATIENCE / 2) signal(pid, 'SIGQUIT')
    await pause(5)
  }
}

/** A folder for the socket that only PostgreSQL's user and root can enter: in the home, or in tmp when the path is too long. */
export function socketFolder(home: Home): string {
  const near = join(home.path, 'socket')
  const isShort = Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER && !near.includes(',')
  if (isShort) mkdirSync(near, { recursive: true, mode: 0o700 })
  const folder = isShort ? near : mkdtempSync(TEMPORARY)
  give(folder, home.user)
  return folder
}

/** How to run one of PostgreSQL's programs: as its user, and without our environment, which may hold secrets. */
export function asUser(home: Home): { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } {
  return { ...home.user, ...(process.platform === 'win32' ? {} : { env: { LC_ALL: 'C', TZ: 'UTC' } }) }
}

type PidFile = { pid: number; port: number; host: string; isReady: boolean }

/** The lines of postmaster.pid: id, data folder, start, port, socket folder, listen address, shared memory, status. */
function readPidFile(cluster: string): PidFile | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  const host = lines[4] || '127.0.0.1'
  return { pid, port: Number(lines[3]), host, isReady: lines[7]?.trim() === 'ready' }
}

async function clearRemains(cluster: string, found: PidFile): Promise<undefined> {
  // The servers of a dead postmaster notice and leave by themselves; two sets on one cluster would destroy it.
  for (let waited = 0; processesIn(cluster).length > 0; waited += 20) {
    if (waited > PATIENCE) {
      const [left] = processesIn(cluster)
      throw new Error(`Process ${left} of an earlier PostgreSQL still works in ${cluster}: end it, then start again.`)
    }
    await pause(20)
  }
  // PostgreSQL clears the lock of a process that is simply gone, with checks of its own.
  if (startOf(found.pid) === undefined && !isZombie(found.pid)) return undefined
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
  rmSync(join(found.host, `.s.PGSQL.${found.port}.lock`), { force: true })
  return undefined
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
