import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * When a process began, in words that no later process with the same id repeats; undefined when there is no such
 * process or only its zombie is left. Windows tells only whether the id is in use.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid)
  if (process.platform === 'win32') return isSignalled(pid) ? 'running' : undefined
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
  } catch {
    return undefined
  }
}

/** True for a process that has ended but was not collected by its parent (a container whose first process does not reap). */
export function isZombie(pid: number): boolean {
  return process.platform === 'linux' && stat(pid)?.state === 'Z'
}

/** Whether `pid` works in `folder` (PostgreSQL enters its data folder); undefined where the system does not tell. */
export function worksIn(pid: number, folder: string): boolean | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder
  } catch {
    return undefined
  }
}

/** The processes whose working folder is `folder`; empty where the system does not tell. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksIn(pid, folder) === true)
}

function linuxStart(pid: number): string | undefined {
  const found = stat(pid)
  if (!found || found.state === 'Z' || found.state === 'X') return undefined
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${found.ticks}`
}

/** proc(5): the name in brackets may hold anything, so count from the last bracket; fields 3 (state) and 22 (start). */
function stat(pid: number): { state: string; ticks: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', ticks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
