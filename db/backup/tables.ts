import type { Sql } from 'postgres'
import type { Sequences, TableHead } from './format.ts'

/** The tables of the product and their columns that hold something of their own (generated ones are computed again). */
export async function tablesOf(sql: Sql): Promise<TableHead[]> {
  return sql<TableHead[]>`
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    group by c.relname order by c.relname`
}

/** Where the sequences stand. */
export async function sequencesOf(sql: Sql): Promise<Sequences> {
  const names = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by 1`
  const found: Sequences = {}
  for (const { name } of names) {
    const [row] = await sql.unsafe(`select last_value::text as last, is_called as called from public.${quoted(name)}`)
    if (row) found[name] = { last: String(row.last), called: row.called === true }
  }
  return found
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
