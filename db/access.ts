/** The role the product works as: reads and writes rows, owns nothing, changes no table's shape. */
export const APP_ROLE = 'countersign_app'

/**
 * One way into the database: an address of a server, or its parts (`host` may be the folder of a socket). May hold a
 * password: never log it, say `placeOf` instead.
 */
export type Access = {
  url?: string
  host?: string
  port?: number
  user?: string
  password?: string
  database?: string
  /** Taken when a connection opens, in place of the rights of the user who logs in. */
  role?: string
  /** Most connections of the pool. */
  connections?: number
  /** false behind pgbouncer in transaction mode: no prepared statements and no settings at connection. */
  prepare?: boolean
}

/** Owner for migrations and restore, app for everything else. */
export type Accesses = { owner: Access; app: Access }

/**
 * The two ways into a server. With one address the app logs in as the owner and takes the app's role at connection; with
 * an owner address of its own, the app logs in as it is, which is stronger: no statement can then take rights back.
 */
export function serverAccess(url: string, ownerUrl?: string, options: { prepare?: boolean } = {}): Accesses {
  checkUrl('DATABASE_URL', url)
  if (ownerUrl) checkUrl('DATABASE_OWNER_URL', ownerUrl)
  if (ownerUrl && new URL(ownerUrl).username !== new URL(url).username)
    return { owner: { url: ownerUrl }, app: { url, ...options } }
  return { owner: { url: ownerUrl ?? url }, app: { url, role: APP_ROLE, ...options } }
}

/** The user who logs in. */
export function userOf(access: Access): string | undefined {
  return access.user ?? (access.url ? decodeURIComponent(new URL(access.url).username) || undefined : undefined)
}

/** Where it is, in words for a log: never a user's password. */
export function placeOf(access: Access): string {
  if (!access.url) return `${access.host ?? 'localhost'}/${access.database ?? ''}`
  const { host, pathname } = new URL(access.url)
  return `${host}${access.database ? `/${access.database}` : pathname}`
}

// The error of `new URL` carries the address, password and all, so it must not travel on as a cause.
function checkUrl(name: string, value: string): void {
  const isRight =
    URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol) && !/%(?![0-9a-f]{2})/i.test(value)
  if (!isRight)
    throw new Error(
      `${name} is not an address of PostgreSQL: write postgres://user:password@host:5432/database, with special characters of the password percent-encoded.`,
    )
}
