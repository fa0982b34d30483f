import { and, asc, desc, eq, inArray, not, or, type SQL, sql } from 'drizzle-orm'
import { person } from '../../db/schema/people.ts'
import { entry } from '../../db/schema/record.ts'
import type { Ctx, Recorded } from '../core/workflow.ts'

/** Few enough for one message with two buttons a row: a row that a platform leaves out could not be reached. */
export const ROWS = 10

/** Which entries: all; of these types; about any of these ids; `by` one person as well. */
export type Which = { seesWho: boolean; types?: readonly string[]; about?: readonly string[]; by?: string }

/** `name`: whoever did it, null for the product itself. `isKept`: only an ISMS manager is told who. */
export type Entry = Recorded & { name: string | null; isKept: boolean }

export type Page = { rows: Entry[]; hasNewer: boolean; hasOlder: boolean }

/** What those do who handle a report: never its reporter, who may not (T12). */
const HANDLING = ['report.assessed', 'report.decided', 'report.reopened']

/**
 * Of a report an auditor is told what became of it and who decided so; not who reported or added to it, nor who tried to
 * see it (T20). A new type of entry about a report keeps who did it until somebody says otherwise here.
 */
const isKept = sql<boolean>`(starts_with(${entry.object}, 'rep_') and ${not(inArray(entry.type, HANDLING))})`

const COLUMNS = {
  id: entry.id,
  type: entry.type,
  at: entry.at,
  actor: entry.actor,
  object: entry.object,
  action: entry.action,
  ref: entry.ref,
  name: person.name,
  isKept,
}

/** As the index entry_order has it, from one place on: however long the record is, a page reads about a page of it. */
export const entriesFrom = (ctx: Pick<Ctx, 'db'>, where: SQL | undefined, newestFirst: boolean) => {
  const order = newestFirst ? desc : asc
  return ctx.db
    .select(COLUMNS)
    .from(entry)
    .leftJoin(person, eq(person.id, entry.actor))
    .where(where)
    .orderBy(order(entry.epoch), order(entry.txid), order(entry.seq))
    .limit(ROWS + 1)
}

/** From an entry on, whose place stays however many come in: older than `before`, newer than `after`, or the newest. */
export async function pageOf(
  ctx: Pick<Ctx, 'db'>,
  which: Which,
  { before, after }: { before?: string | undefined; after?: string | undefined },
): Promise<Page> {
  const of = whereOf(which)
  if (after) {
    const rows = await entriesFrom(ctx, and(of, beyond('>', after)), false)
    if (rows.length > ROWS) return { rows: rows.slice(0, ROWS).reverse(), hasNewer: true, hasOlder: true }
  }
  const from = after ? undefined : before
  const rows = await entriesFrom(ctx, from ? and(of, beyond('<', from)) : of, true)
  return { rows: rows.slice(0, ROWS), hasNewer: from !== undefined, hasOlder: rows.length > ROWS }
}

function whereOf({ seesWho, types, about, by }: Which): SQL | undefined {
  if (types) return inArray(entry.type, [...types])
  if (!about) return undefined
  const ids = [...about]
  const of = or(
    inArray(entry.object, ids),
    inArray(entry.ref, ids),
    inArray(entry.id, ids),
    by ? eq(entry.actor, by) : undefined,
  )
  return by && !seesWho ? and(of, not(isKept)) : of
}

/** Before or after the place of that entry; of an id that nothing has, nothing. */
export const beyond = (way: '<' | '>', id: string): SQL =>
  sql`(${entry.epoch}, ${entry.txid}, ${entry.seq}) ${sql.raw(way)} (select e.epoch, e.txid, e.seq from ${entry} e where e.id = ${id})`
