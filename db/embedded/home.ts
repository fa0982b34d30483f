import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { canEnter, NOBODY, type User } from './files.ts'

/** Where the cluster, its socket, log and lock live, and as whom PostgreSQL runs. */
export type Home = { path: string; user: User | undefined; elsewhere: boolean; settle: () => void }

type Pointer = { home: string; made: boolean }

/**
 * Finds the home for a data folder: the folder itself, or, when we are root and PostgreSQL's user could not enter it
 * (below /root, say), a folder under `elsewhere` that a pointer file in the data folder names. `settle` is called once
 * the cluster is made: from then on a missing home is a loss to report, not an empty start.
 */
export function homeOf(folder: string, elsewhere: string): Home {
  const isRoot = process.getuid?.() === 0
  const real = usable(folder, isRoot ? 0o711 : 0o700)
  const file = join(real, 'postgres.location')
  if (existsSync(file)) return pointed(file, isRoot)
  const user = isRoot ? ownerOf(clusterIn(real)) : undefined
  if (canEnter(real, user)) return { path: real, user, elsewhere: false, settle: () => undefined }
  // A random part, so that a deleted data folder made anew starts empty and never finds the rows of the old one.
  const name = `${createHash('sha256').update(real).digest('hex').slice(0, 12)}-${randomBytes(4).toString('hex')}`
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 })
  writePointer(file, { home: join(realpathSync(elsewhere), name), made: false })
  return pointed(file, isRoot)
}

/** The cluster's own folder in a home. */
export function clusterIn(home: string): string {
  return join(home, 'postgres')
}

function pointed(file: string, isRoot: boolean): Home {
  const { home, made } = JSON.parse(readFileSync(file, 'utf8')) as Pointer
  if (made && !existsSync(join(clusterIn(home), 'PG_VERSION')))
    throw new Error(
      `${file} says the database is in ${home}, but it is not there: bring that folder back, or delete ${file} to start with an empty database.`,
    )
  mkdirSync(home, { recursive: true, mode: 0o711 })
  const settle = () => {
    if (!made) writePointer(file, { home, made: true })
  }
  return { path: home, user: isRoot ? ownerOf(clusterIn(home)) : undefined, elsewhere: true, settle }
}

/** An existing cluster keeps its user, so a folder first used by an ordinary user also works for root. */
function ownerOf(cluster: string): User {
  if (!existsSync(cluster)) return NOBODY
  const { uid, gid } = statSync(cluster)
  return uid === 0 ? NOBODY : { uid, gid }
}

function usable(folder: string, mode: number): string {
  try {
    mkdirSync(folder, { recursive: true, mode })
    accessSync(folder, constants.W_OK | constants.X_OK)
    return realpathSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(
      `${folder} cannot be used as the data folder (${code}): start as its owner, or name another folder.`,
    )
  }
}

function writePointer(file: string, pointer: Pointer): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(pointer)}\n`)
  renameSync(`${file}.new`, file)
}
