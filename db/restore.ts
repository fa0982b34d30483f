import type { Sql } from 'postgres'
import type { Accesses } from './access.ts'
import { type Foot, type Header, partsOf } from './backup/format.ts'
import { load } from './backup/load.ts'
import { quoted, tablesOf } from './backup/tables.ts'
import { alone } from './client.ts'
import { applied, migrate, migrationNames } from './migrate.ts'

type Options = {
  now: Date
  onTable?: (table: string, rows: number) => void
  /** Another folder of migrations (tests). */
  folder?: string
}

/** What a backup says it holds. */
export type Contents = { header: Header; foot: Foot; tables: string[] }

/** Tables that migrations fill; in a fresh database everything else is empty. */
const FILLED = ['clock', 'epoch']

/** Reads a whole backup and checks every hash; throws one sentence when it is cut, altered or something else. */
export async function inspect(file: string): Promise<Contents> {
  let header: Header | undefined
  const tables: string[] = []
  for await (const part of partsOf(file)) {
    if ('header' in part) header = part.header
    if ('table' in part) tables.push(part.table.table)
    if ('foot' in part && header) return { header, foot: part.foot, tables }
  }
  throw new Error(`${file} holds nothing: use another copy.`)
}

/**
 * Brings a backup into an empty database: the file is checked first, then the database gets the migrations the backup
 * had, all rows in one transaction, and the migrations made since. Refused, with nothing changed, when the database holds
 * anything. Transaction ids begin anew there, so a new epoch does too.
 */
export async function restore(accesses: Accesses, file: string, options: Options): Promise<Contents> {
  const contents = await inspect(file)
  const { migration } = contents.header
  const { folder } = options
  if (!migrationNames(folder).includes(migration))
    throw new Error(`${file} was written by a newer Countersign (${migration}): restore it with that version.`)
  await alone(accesses.owner, (sql) => refuseUsed(sql, migration))
  await migrate(accesses, { folder, upTo: migration })
  await alone(accesses.owner, async (sql) => {
    // By hand and not by sql.begin: after a failed COPY the connection is closed, which undoes everything.
    await sql.unsafe('begin')
    const tables = (await tablesOf(sql)).map(({ table }) => table)
    if (tables.join() !== contents.tables.join())
      throw new Error(`${file} holds other tables than this version of Countersign: it cannot be restored here.`)
    await lock(sql, tables)
    await refuseUsed(sql, migration)
    for (const table of FILLED.filter((name) => tables.includes(name))) await sql.unsafe(`delete from ${quoted(table)}`)
    await load(sql, file, options.onTable)
    if (tables.includes('epoch')) await beginEpoch(sql, contents.header, options.now)
    await sql.unsafe('commit')
  })
  await migrate(accesses, { folder })
  return contents
}

async function refuseUsed(sql: Sql, migration: string): Promise<void> {
  const last = (await applied(sql)).at(-1)
  const tables = (await tablesOf(sql)).filter(({ table }) => !FILLED.includes(table))
  for (const { table } of tables) {
    const [row] = await sql.unsafe(`select 1 from public.${quoted(table)} limit 1`)
    if (row || !last)
      throw new Error(`The database is not empty (table ${table}): restore into a new one; nothing was changed.`)
  }
  if (last && last !== migration)
    throw new Error(
      `The backup was written before migration ${last} and this database has it: restore into a database where Countersign has never run.`,
    )
}

async function lock(sql: Sql, tables: string[]): Promise<void> {
  await sql.unsafe(`set local lock_timeout = '5s'`)
  try {
    await sql.unsafe(`lock table ${tables.map(quoted).join(', ')} in access exclusive mode`)
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error
    throw new Error('Something else uses the database: stop the product, then restore again.')
  }
}

async function beginEpoch(sql: Sql, { created_at }: Header, now: Date): Promise<void> {
  await sql`insert into epoch (epoch, started_at, reason)
    select coalesce(max(epoch), 0) + 1, ${now.toISOString()}::timestamptz, ${`restored from the backup of ${created_at}`}
    from epoch`
}
