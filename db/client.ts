import type { PgAsyncDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres, { type Options, type PostgresType, type Sql } from 'postgres'
import type { Access } from './access.ts'
import { explained } from './errors.ts'
import { refuseLate, type Scope, untilLost } from './lost.ts'

/**
 * The database or a transaction in it. Columns `timestamp({ withTimezone: true })` are Dates (milliseconds); stored are
 * microseconds, and in raw `sql` rows they stay PostgreSQL's text in UTC, `2026-03-01 09:00:00.123456+00`, because
 * drizzle switches the driver's own parsing off. Raw bigint is text too.
 */
export type Db = PgAsyncDatabase<PostgresJsQueryResultHKT>

export { statement } from './statement.ts'

export type Database = { db: Db; sql: Sql; close: () => Promise<void> }

/** Statements with more parameters than this (bulk inserts, long lists) rarely repeat: preparing them only fills memory. */
const PREPARED_PARAMETERS = 100

/** Longest a statement may run, and a transaction may wait for us, in milliseconds. */
const LIMITS = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 }

/**
 * Opens a pool and checks that it works; throws one sentence that says what to do, without the password. Use `sql` for
 * what drizzle cannot say; both share the connections.
 */
export async function connect(access: Access): Promise<Database> {
  const sql = open(access, access.prepare === false ? {} : LIMITS)
  const close = () => sql.end({ timeout: 5 })
  try {
    const [row] = await sql<{ role: string }[]>`select current_user as role`
    // A pooler that ignores the settings of a connection would leave us with the owner's rights, unnoticed.
    if (access.role && row?.role !== access.role)
      throw new Error(
        `The connection pooler dropped "role=${access.role}": set DATABASE_OWNER_URL to the owner and let DATABASE_URL log in as a user of its own.`,
      )
  } catch (error) {
    await close()
    throw explained(error, access)
  }
  return { db: drizzle({ client: alwaysPrepared(sql) }), sql, close }
}

/** The bare driver on an access: time zone UTC, connections closed after a minute without work, notices dropped. */
export function open(access: Access, settings: Record<string, string | number> = {}): Sql {
  const { url, host, port, user, password, database, role, connections = 10, prepare = true } = access
  const options: Options<Record<string, PostgresType>> = {
    ...(host ? { host } : {}),
    ...(host?.startsWith('/') ? { path: `${host}/.s.PGSQL.${port ?? 5432}` } : {}),
    ...(port ? { port } : {}),
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
    ...(database ? { database } : {}),
    max: connections,
    idle_timeout: 60,
    connect_timeout: 10,
    prepare,
    onnotice: () => undefined,
    connection: { application_name: 'countersign', TimeZone: 'UTC', ...(role ? { role } : {}), ...settings },
  }
  return url ? postgres(url, options) : postgres(options)
}

/**
 * Runs work on one connection of its own and closes it whatever happens, and with it what hangs on it: session locks,
 * an open transaction, a COPY that nobody reads to the end.
 */
export async function alone<T>(access: Access, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = open({ ...access, connections: 1, prepare: false })
  try {
    const done = await work(sql)
    await sql.end()
    return done
  } catch (error) {
    await sql.end({ timeout: 0 })
    throw explained(error, access)
  }
}

/**
 * drizzle sends every statement unnamed, which costs a parse and a round trip each time; this makes the driver prepare
 * all that have parameters, inside transactions too (measured: 1.4 times the throughput). `prepare: false` on the pool wins.
 */
function alwaysPrepared<T extends object>(client: T, inside?: Scope): T {
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      if (key === 'unsafe')
        return (text: string, values: unknown[] = [], options: object = {}) => {
          refuseLate(inside)
          const prepare = values.length > 0 && values.length <= PREPARED_PARAMETERS
          return value.call(target, text, values, { ...options, prepare })
        }
      if (key === 'begin' || key === 'savepoint')
        return async (...args: unknown[]) => {
          refuseLate(inside)
          const work = args.pop() as (scope: object) => unknown
          const scope: Scope = inside ?? { isOver: false }
          try {
            return await untilLost(scope, (settled) =>
              value.call(target, ...args, (within: object) => settled(() => work(alwaysPrepared(within, scope)))),
            )
          } finally {
            // A savepoint leaves its transaction open.
            if (key === 'begin') scope.isOver = true
          }
        }
      return value
    },
  })
}
