import { chmodSync, lchownSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The system user PostgreSQL runs as; undefined: the user of this process. */
export type User = { uid: number; gid: number }

/** PostgreSQL refuses to run as root. `nobody` exists everywhere and initdb needs an entry in the password file. */
export const NOBODY: User = { uid: 65534, gid: 65534 }

/** Whether `user` may enter `folder` and every folder above it, by mode bits (an access list is not looked at). */
export function canEnter(folder: string, user: User | undefined): boolean {
  if (!user) return true
  if (!allows(statSync(folder), user, 1)) return false
  const above = dirname(folder)
  return above === folder || canEnter(above, user)
}

/** Whether `user` may read the file itself. */
export function canRead(file: string, user: User | undefined): boolean {
  return !user || allows(statSync(file), user, 4)
}

/** Hands a folder and all below it to `user`, closed to everybody else. */
export function give(path: string, user: User | undefined): void {
  if (lstatSync(path).isDirectory()) {
    for (const name of readdirSync(path)) give(join(path, name), user)
    chmodSync(path, 0o700)
  }
  if (user) lchownSync(path, user.uid, user.gid)
}

function allows(stats: Stats, user: User, bit: 1 | 4): boolean {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0
  return ((stats.mode >> shift) & bit) !== 0
}
