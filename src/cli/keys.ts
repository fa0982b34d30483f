import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { type Answer, answering, type Session, withSession } from './session.ts'

/** A setting that is asked for, and where its value is found. */
export type Key = readonly [name: string, where: string]

/** A line for people, on standard error: standard output belongs to the answer. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** Asks for each on the terminal, if there is one; what is left empty is not set. */
export async function ask(keys: readonly Key[]): Promise<Record<string, string>> {
  const given: Record<string, string> = {}
  if (!process.stdin.isTTY) return given
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  for (const [name, where] of keys) {
    const value = (await terminal.question(`   ${where}\n   ${name}=`)).trim()
    if (value !== '') given[name] = value
  }
  terminal.close()
  return given
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
