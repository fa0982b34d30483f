import { createInterface, type Interface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { type Answer, answering, type Session, withSession } from './session.ts'

/** A setting that is asked for, and where its value is found. */
export type Key = readonly [name: string, where: string]

/** A line for people, on standard error: standard output belongs to the answer. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const isSecret = (name: string): boolean => /_(SECRET|TOKEN)$/.test(name)

/** Asks for each on the terminal, if there is one; what is left empty is not set. A secret is not shown. */
export async function ask(keys: readonly Key[]): Promise<Record<string, string>> {
  const given: Record<string, string> = {}
  if (!process.stdin.isTTY) return given
  const screen = new Screen()
  // terminal: we draw what is typed, and not the terminal itself. No history: the next question would offer the secret.
  const terminal = createInterface({ input: process.stdin, output: screen, terminal: true, historySize: 0 })
  try {
    for (const [name, where] of keys) {
      const value = (await answer(terminal, screen, name, where)).trim()
      if (value !== '') given[name] = value
    }
  } finally {
    terminal.close()
  }
  return given
}

async function answer(terminal: Interface, screen: Screen, name: string, where: string): Promise<string> {
  const hidden = isSecret(name)
  screen.isDark = false
  // Drawn at once; what comes after it is what is typed.
  const answered = terminal.question(`   ${where}${hidden ? '; it is not shown' : ''}\n   ${name}=`)
  screen.isDark = hidden
  try {
    return await answered
  } finally {
    if (hidden) process.stderr.write('\n')
  }
}

/** Standard error as readline draws on it. Dark from Enter to the next question: whoever pastes may paste a secret too. */
class Screen extends Writable {
  isDark = false

  get columns(): number {
    return process.stderr.columns
  }

  override _write(drawn: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.isDark) process.stderr.write(drawn)
    if (drawn.toString() === '\r\n') this.isDark = true
    done()
  }
}

/** Keys first, then the installation: what is wrong with them is said like any other answer, and opens no database. */
export async function withKeys(
  command: Command,
  prepare: () => Promise<void>,
  work: (session: Session) => Promise<Answer>,
): Promise<void> {
  const problem: unknown = await prepare().then(
    () => undefined,
    (error: unknown) => error,
  )
  await (problem === undefined ? withSession(command, work) : answering(command, () => Promise.reject(problem)))
}
