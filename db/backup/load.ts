import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Sql } from 'postgres'
import { partsOf, type Sequences, type TableFoot, type TableHead } from './format.ts'
import { quoted } from './tables.ts'

/**
 * Copies a backup's rows into its tables, in the caller's transaction. Foreign keys are taken off and put back, so order
 * and circles do not matter and every key is checked once at the end; triggers rest, because they fired when the rows
 * were first written. Both need ownership of the tables only.
 */
export async function load(
  sql: Sql,
  file: string,
  onTable: (table: string, rows: number) => void = () => undefined,
): Promise<void> {
  const after = [...(await foreignKeysOff(sql)), ...(await triggersOff(sql))]
  let open: Copy | undefined
  for await (const part of partsOf(file)) {
    if ('table' in part) open = await copyInto(sql, part.table)
    if ('bytes' in part) await open?.write(part.bytes)
    if ('tableEnd' in part && open) {
      await open.end()
      await expectRows(sql, open.table, part.tableEnd)
      onTable(open.table, part.tableEnd.rows)
    }
    if ('sequences' in part) await setSequences(sql, part.sequences)
  }
  for (const statement of after) await sql.unsafe(statement)
}

type Copy = { table: string; write: (bytes: Buffer) => Promise<unknown>; end: () => Promise<unknown> }

/**
 * A COPY into one table. The driver drops an error that comes after the last row (a doubled key is found only then) and
 * would wait for ever; it does hand it to the query, so we listen there. Pinned by a test.
 */
async function copyInto(sql: Sql, { table, columns }: TableHead): Promise<Copy> {
  const query = sql.unsafe(`copy public.${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin`)
  const failed = new Promise<never>((_, reject) => Object.assign(query, { reject }))
  const to: Writable = await Promise.race([query.writable(), failed])
  const ended = finished(to)
  for (const promise of [failed, ended]) promise.catch(() => undefined)
  return {
    table,
    write: async (bytes) => to.write(bytes) || Promise.race([once(to, 'drain'), ended, failed]),
    end: () => {
      to.end()
      return Promise.race([ended, failed])
    },
  }
}

async function expectRows(sql: Sql, table: string, { rows }: TableFoot): Promise<void> {
  const [row] = await sql.unsafe(`select count(*)::int as rows from public.${quoted(table)}`)
  if (row?.rows !== rows) throw new Error(`Table ${table} took ${row?.rows} of ${rows} rows: nothing was restored.`)
}

async function setSequences(sql: Sql, sequences: Sequences): Promise<void> {
  for (const [name, { last, called }] of Object.entries(sequences))
    await sql`select setval(${`public.${quoted(name)}`}::regclass, ${last}::bigint, ${called})`
}

/** Drops all foreign keys and returns the statements that bring them back. */
async function foreignKeysOff(sql: Sql): Promise<string[]> {
  const keys = await sql<{ off: string; on: string }[]>`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as off,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as on
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by conname`
  for (const { off } of keys) await sql.unsafe(off)
  return keys.map((key) => key.on)
}

/** Disables all triggers of ours and returns the statements that bring them back as they were. */
async function triggersOff(sql: Sql): Promise<string[]> {
  const triggers = await sql<{ off: string; on: string }[]>`
    select format('alter table %s disable trigger %I', tgrelid::regclass, tgname) as off,
      format('alter table %s enable %s trigger %I', tgrelid::regclass,
        case tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, tgname) as on
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not tgisinternal and tgenabled <> 'D' order by tgrelid, tgname`
  for (const { off } of triggers) await sql.unsafe(off)
  return triggers.map((trigger) => trigger.on)
}
