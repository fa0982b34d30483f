import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { DrizzleQueryError } from 'drizzle-orm'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { Refusal } from '../core/errors.ts'
import { systemRandom } from '../core/id.ts'
import { faultOf, makeLog, silent } from '../core/log.ts'
import { textOf } from '../core/md.ts'
import { SYSTEM } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { houseOf } from '../house.ts'
import { clockShift, type Installation, openInstallation } from '../installation.ts'

/** What ended a command: 0 done, 1 refused or failed, 2 called wrongly, 3 done and something needs attention. */
export const EXIT = { done: 0, refused: 1, usage: 2, attention: 3 } as const

export type Session = {
  config: Config
  installation: Installation
  /** One transaction in the name of the command line. */
  within<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>
  now(): Date
  /** A line for people, on standard error: standard output belongs to the answer. */
  progress(line: string): void
}

/** What a command says in the end: words for people, facts for programs, and its exit code. */
export type Answer = { text: string; facts: unknown; code?: number }

export const config = (): Config => {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return readConfig(process.env)
}

/** Opens the installation (beside a running product too), works, and says the answer in the form that was asked for. */
export const withSession = (command: Command, work: (session: Session) => Promise<Answer>): Promise<void> =>
  answering(command, async () => {
    const settings = config()
    const installation = await openInstallation(settings, makeLog('error'), { share: true })
    try {
      const shift = await clockShift(installation.sql)
      const now = () => new Date(Date.now() + shift)
      const house = houseOf(settings, undefined, [])
      return await work({
        config: settings,
        installation,
        now,
        progress: (line) => process.stderr.write(`${line}\n`),
        within: (inside) =>
          again(() =>
            installation.db.transaction((db) =>
              inside({
                db,
                now: now(),
                random: systemRandom,
                by: SYSTEM,
                identityId: null,
                platform: 'cli',
                log: silent,
                house,
              }),
            ),
          ),
      })
    } finally {
      await installation.stop()
    }
  })

/** Beside a running product PostgreSQL may ask for a second try: serialization_failure, deadlock_detected. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const code = faultOf(error).code
      if (attempt === 4 || (code !== '40001' && code !== '40P01')) throw error
    }
  }
}

/** Runs a command that needs no database, in the same manner. */
export async function answering(command: Command, work: () => Promise<Answer>): Promise<void> {
  const json = command.optsWithGlobals<{ json?: boolean }>().json === true
  try {
    const answer = await work()
    process.stdout.write(json ? `${JSON.stringify(answer.facts)}\n` : `${answer.text}\n`)
    process.exitCode = answer.code ?? EXIT.done
  } catch (error) {
    const { sentence, problems } = sentenceOf(error)
    if (json) process.stdout.write(`${JSON.stringify({ error: sentence, ...(problems ? { problems } : {}) })}\n`)
    else process.stderr.write(`${sentence}\n`)
    process.exitCode = EXIT.refused
  }
}

function sentenceOf(error: unknown): { sentence: string; problems?: readonly string[] } {
  if (error instanceof Refusal) return { sentence: textOf(error.text) }
  if (error instanceof ConfigError) return { sentence: error.message, problems: error.problems }
  const known = error as { code?: string; path?: string; message?: string }
  if (known.code === 'ENOENT') return { sentence: `There is no file ${known.path}: check the name.` }
  if (known.code === 'EISDIR') return { sentence: `${known.path ?? 'That'} is a folder: name a file.` }
  if (known.code === 'EACCES')
    return { sentence: `${known.path} may not be read or written by this user: check its rights.` }
  // What drizzle says quotes the statement and people's data.
  if (error instanceof DrizzleQueryError)
    return {
      sentence: `The database refused a statement (${faultOf(error).code ?? 'no answer'}) and nothing was changed: look with "countersign doctor", and call it again.`,
    }
  return { sentence: known.message ?? String(error) }
}
