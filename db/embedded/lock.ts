import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { startOf } from './process.ts'

type Holder = { pid: number; started: string }

/** Somebody else holds the folder; `pid` is theirs. */
export class Held extends Error {
  readonly pid: number
  constructor(pid: number, file: string) {
    super(`Process ${pid} already runs on this data folder: stop it first or name another folder (lock: ${file}).`)
    this.pid = pid
  }
}

/**
 * Takes the lock file for this process and returns its release. A lock whose process has ended is taken over, also when
 * its id was given to another process since: the start time is compared too. Two processes in different containers that
 * share a folder do not see each other's ids; do not share one.
 */
export function takeLock(file: string): () => void {
  const mine = `${file}.${process.pid}`
  const text = JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? '' } satisfies Holder)
  writeFileSync(mine, text)
  try {
    // A name is linked to finished content, so nobody ever reads half a lock.
    for (let attempt = 0; attempt < 100; attempt++) {
      if (linked(mine, file)) return () => release(file, text)
      const found = read(file)
      if (found === undefined) continue
      const holder = parse(found)
      if (holder && startOf(holder.pid) === holder.started) throw new Held(holder.pid, file)
      breakStale(file, found)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  throw new Error(`The lock ${file} was left half-broken by a process that ended: delete it and its .stale file.`)
}

/**
 * Removes a stale lock exactly once: the right to do so is itself a name that only one process can make, and the winner
 * looks again whether the name still stands for the stale content, because another may have finished in between.
 */
function breakStale(file: string, seen: string): void {
  const stale = `${file}.stale`
  if (!linked(file, stale)) return
  if (read(stale) === seen) rmSync(file, { force: true })
  rmSync(stale, { force: true })
}

function release(file: string, text: string): void {
  if (read(file) === text) rmSync(file, { force: true })
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST' || code === 'ENOENT') return false
    throw error
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(text) as Partial<Holder>
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined
  } catch {
    return undefined
  }
}
