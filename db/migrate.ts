import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as apply } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import type { Sql } from 'postgres'
import { type Accesses, userOf } from './access.ts'
import { alone } from './client.ts'
import { grantApp, makeAppRole } from './roles.ts'

/** drizzle-kit's folder: one folder per migration, `<time>_<name>/migration.sql`. Forward only. */
const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url))

const OLDEST = 150_000

type Options = {
  folder?: string
  /** Stop after this migration (restore of an older backup). */
  upTo?: string
}

/**
 * Brings the database to this version and gives the app's role its rights; returns the names of the migrations it ran.
 * Any number of processes may do so at once: one works, the others wait and find nothing to do. All pending migrations
 * run in one transaction, so a failing one leaves the database as it was.
 */
export async function migrate({ owner, app }: Accesses, options: Options = {}): Promise<string[]> {
  return alone(owner, async (sql) => {
    await refuseOldServer(sql)
    await sql`select pg_advisory_lock(hashtextextended('countersign:migrate', 0))`
    const known = readMigrationFiles({ migrationsFolder: options.folder ?? MIGRATIONS })
    const before = await applied(sql)
    refuseNewer(
      before,
      known.map((migration) => migration.name ?? ''),
    )
    await makeAppRole(sql, memberOf({ owner, app }))
    const wanted = known.filter(({ name = '' }) => !options.upTo || name <= options.upTo)
    const pending = wanted.map(({ name = '' }) => name).filter((name) => !before.includes(name))
    if (pending.length > 0) await apply(wanted, drizzle({ client: sql }), { migrationsFolder: '' })
    await grantApp(sql)
    return pending
  })
}

/** Names of the migrations this version knows, oldest first. */
export function migrationNames(folder = MIGRATIONS): string[] {
  return readMigrationFiles({ migrationsFolder: folder }).map((migration) => migration.name ?? '')
}

/** Names of the migrations a database has had, oldest first; empty for a fresh one. */
export async function applied(sql: Sql): Promise<string[]> {
  const [found] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as yes`
  if (!found?.yes) return []
  const rows = await sql<{ name: string }[]>`select name from drizzle.__drizzle_migrations order by id`
  return rows.map((row) => row.name)
}

function refuseNewer(inDatabase: string[], known: string[]): void {
  const strange = inDatabase.filter((name) => !known.includes(name))
  if (strange.length > 0)
    throw new Error(
      `The database was changed by a newer Countersign (${strange.at(-1)}): run that version, or restore a backup made before.`,
    )
}

async function refuseOldServer(sql: Sql): Promise<void> {
  const [row] = await sql`select current_setting('server_version_num')::int as number, version() as text`
  if (Number(row?.number) < OLDEST)
    throw new Error(`Countersign needs PostgreSQL 15 or newer, this server is ${row?.text}: upgrade it.`)
}

/** Who must be able to act as the app's role: the user of DATABASE_URL, unless it logs in as that role itself. */
function memberOf({ owner, app }: Accesses): string | undefined {
  return app.role ? userOf(owner) : userOf(app)
}
