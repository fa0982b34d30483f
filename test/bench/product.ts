import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Product = { address: string; pid: number; ms: number; stop(): Promise<void> }

/** A folder for data that is gone afterwards. */
export function dataFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Starts the product as a person would, and waits until it says that it is ready; `ms` counts from the spawn. */
export async function startProduct(folder: string, env: Record<string, string> = {}): Promise<Product> {
  const begun = performance.now()
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, COUNTERSIGN_DATA: folder, PORT: '0', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { address } = await ready(child)
  const ms = Math.round(performance.now() - begun)
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    })
  return { address, pid: child.pid ?? 0, ms, stop }
}

function ready(child: ChildProcess): Promise<{ address: string }> {
  return new Promise((resolve, reject) => {
    let errors = ''
    child.stderr?.on('data', (text) => {
      errors += text
    })
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}: ${errors}`)))
    if (!child.stdout) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as { address: string })
    })
  })
}

/** Proportional memory (PSS) in MB of a process and everything below it; Linux only. */
export function pssOf(pid: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const stat = existsSync(`/proc/${name}/stat`) ? safeRead(`/proc/${name}/stat`) : ''
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (!Number.isNaN(parent)) parents.set(Number(name), parent)
  }
  const family = new Set([pid])
  for (let grown = true; grown; ) {
    grown = false
    for (const [child, parent] of parents)
      if (family.has(parent) && !family.has(child)) {
        family.add(child)
        grown = true
      }
  }
  let kilobytes = 0
  for (const member of family)
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(safeRead(`/proc/${member}/smaps_rollup`))?.[1] ?? 0)
  return Math.round(kilobytes / 1024)
}

function safeRead(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
