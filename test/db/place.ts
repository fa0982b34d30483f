import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const isRoot = process.getuid?.() === 0

/** A temporary folder, removed after the test; open to every user so that the cluster stays in it, unless `closed`. */
export function place(closed?: 'closed'): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-place-'))
  chmodSync(folder, closed ? 0o700 : 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A child of Node that ends with the test at the latest; `said` waits until it has printed a line that fits. */
export function child(script: string, ...args: string[]) {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const started = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void started.kill('SIGKILL'))
  const lines: string[] = []
  const said = new EventEmitter()
  createInterface({ input: started.stdout })
    .on('line', (line) => said.emit('line', line, lines.push(line)))
    .on('close', () => said.emit('end'))
  const until = (isIt: (line: string, count: number) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const found = lines.find((line, index) => isIt(line, index + 1))
      if (found !== undefined) resolve(found)
      said.on('line', (line, count) => isIt(line, count) && resolve(line))
      said.once('end', () => reject(new Error(`The child ended and had said: ${lines.join(' | ')}`)))
    })
  return { lines, said: until, kill: () => killed(started) }
}

/** kill -9, and every line it had printed before is read. */
async function killed(started: ChildProcess): Promise<void> {
  const closed = once(started, 'close')
  started.kill('SIGKILL')
  await closed
}

/** A folder of migrations as drizzle-kit writes it, from names to SQL. */
export function migrations(statements: Record<string, string>): string {
  const folder = place()
  for (const [name, sql] of Object.entries(statements)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'migration.sql'), sql)
  }
  return folder
}
