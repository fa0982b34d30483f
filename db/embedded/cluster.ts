import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { give } from './files.ts'
import type { Home } from './home.ts'
import { asUser } from './postmaster.ts'

/** Superuser of the embedded server and owner of its tables. */
export const OWNER = 'countersign'

const run = promisify(execFile)

/** Where Windows, which has no closed sockets here, keeps the server's random password. */
export function passwordIn(home: Home): string {
  return join(home.path, 'password')
}

/** initdb works beside the final place, so that a cluster is either whole or not there. */
export async function initialise(binaries: Binaries, home: Home, cluster: string): Promise<void> {
  const half = `${cluster}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { mode: 0o700 })
  give(half, home.user)
  const isWindows = process.platform === 'win32'
  const secret = passwordIn(home)
  if (isWindows) writeFileSync(secret, randomBytes(24).toString('base64url'), { mode: 0o600 })
  const auth = isWindows ? ['-A', 'scram-sha-256', '--pwfile', secret] : ['-A', 'trust']
  const shape = ['--data-checksums', '--no-locale', '-E', 'UTF8', '--no-sync', '--no-instructions']
  try {
    await run(binaries.initdb, ['-D', half, '-U', OWNER, ...auth, ...shape], { ...asUser(home), cwd: home.path })
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (error as Error).message
    throw new Error(
      `PostgreSQL could not make its folder ${cluster} (${said}): see that it is writable and the disk has 100 MB.`,
    )
  }
  renameSync(half, cluster)
}

/** What initdb wrote must survive a power cut too; done beside the first start, which it would have doubled. */
export async function syncToDisk(binaries: Binaries, home: Home, cluster: string): Promise<void> {
  await run(binaries.initdb, ['--sync-only', '-D', cluster], { ...asUser(home), cwd: home.path }).catch(() => undefined)
}

/** A newer PostgreSQL cannot read an older one's files; the way between them is a backup. */
export function refuseOtherMajor(binaries: Binaries, cluster: string): void {
  const made = readVersion(cluster)
  if (made === String(binaries.major)) return
  throw new Error(
    `${cluster} was made by PostgreSQL ${made} and this version brings ${binaries.major}: write a backup with the version that made it, move the folder away, then restore the backup.`,
  )
}

function readVersion(cluster: string): string {
  try {
    return readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    throw new Error(`${cluster} belongs to another system user: start as the user who made it, or as root.`)
  }
}
