import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readConfig } from '../config.ts'
import { Refusal } from '../core/errors.ts'
import { say } from './keys.ts'

const FILE = '.env'

/** What was set before .env was read: there it wins over the file (process.loadEnvFile), an empty value too. */
const outside = new Set(Object.keys(process.env))

/** What is set in the environment or in .env; undefined for what is empty. */
export function setting(name: string): string | undefined {
  if (existsSync(FILE)) process.loadEnvFile(FILE)
  return process.env[name]?.trim() || undefined
}

/**
 * Takes them as settings from now on and keeps them in .env, where the last line of a name wins. Throws every problem,
 * and then nothing is kept.
 */
export function keep(
  given: Readonly<Record<string, string>>,
  words = 'Kept in .env, readable by this user only.',
): void {
  readConfig({ ...process.env, ...given })
  for (const [name, value] of Object.entries(given))
    if (outside.has(name) && process.env[name] !== value)
      throw new Refusal(
        `${name} is set in the environment, which wins over what .env would keep: set it there, or remove it there and call this again.`,
      )
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''
  const lines = Object.entries(given).map(([name, value]) => `${name}=${quoted(name, value)}\n`)
  const added = `${before === '' || before.endsWith('\n') ? '' : '\n'}${lines.join('')}`
  if (!reads(before + added, { ...parseEnv(before), ...given }))
    throw new Refusal(
      '.env would swallow a line that is added, because a quote has no end there or a space stands behind "NAME=": mend it, and call this again.',
    )
  if (!existsSync(FILE)) writeFileSync(FILE, '', { mode: 0o600 })
  chmodSync(FILE, 0o600)
  appendFileSync(FILE, added)
  Object.assign(process.env, given)
  say(`   ${words}`)
}

/** What means itself without quotes, to Node and to everything else that reads such files. */
const PLAIN = /^[\w.,:/@%+=~-]+$/

/**
 * A value so that Node reads back the same one. Nothing is escaped between quotes, so it stands between those that it
 * does not hold; between double ones Node makes `\n` a line break. https://nodejs.org/api/environment_variables.html
 */
function quoted(name: string, value: string): string {
  if (PLAIN.test(value)) return value
  const mark = ["'", '"', '`'].find((one) => !value.includes(one) && !(one === '"' && value.includes('\\n')))
  if (mark === undefined || /[\r\n\0]/.test(value))
    throw new Refusal(
      `${name} cannot be kept in .env, because it holds a line break or every kind of quote: set it in the environment.`,
    )
  return `${mark}${value}${mark}`
}

/** Whether a file of that text means exactly those settings. */
function reads(text: string, wanted: Readonly<Record<string, string | undefined>>): boolean {
  const read = parseEnv(text)
  const names = new Set([...Object.keys(read), ...Object.keys(wanted)])
  return [...names].every((name) => read[name] === wanted[name])
}
