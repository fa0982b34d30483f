import { and, asc, desc, eq, inArray, not, or, type SQL, sql } from 'drizzle-orm'
import { person } from '../../db/schema/people.ts'
import { entry } from '../../db/schema/record.ts'
import type { Ctx, Recorded } from '../core/workflow.ts'

/** Few enough for one message with two buttons a row: a row that a platform leaves out could not be reached. */
export const ROWS = 10

/** Where the reader is: (epoch, txid, seq) of an entry, which stays its place however many come in. */
export type Cursor = string

/** Which entries: all; of these types; about any of these ids; `by` one person as well. */
export type Which = { seesWho: boolean; types?: readonly string[]; about?: readonly string[]; by?: string }

/** `name`: whoever did it, null for the product itself. `isKept`: only an ISMS manager is told who. */
export type Entry = Recorded & { epoch: number; txid: string; seq: bigint; name: string | null; isKept: boolean }

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
  epoch: entry.epoch,
  txid: entry.txid,
  seq: entry.seq,
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

export async function pageOf(
  ctx: Pick<Ctx, 'db'>,
  which: Which,
  from: { before?: Place | undefined; after?: Place | undefined },
): Promise<Page> {
  const of = whereOf(which)
  if (from.after) {
    const rows = await entriesFrom(ctx, and(of, sql`${PLACE} > ${placed(from.after)}`), false)
    if (rows.length > ROWS) return { rows: rows.slice(0, ROWS).reverse(), hasNewer: true, hasOlder: true }
  }
  const before = from.after ? undefined : from.before
  const rows = await entriesFrom(ctx, before ? and(of, sql`${PLACE} < ${placed(before)}`) : of, true)
  return { rows: rows.slice(0, ROWS), hasNewer: before !== undefined, hasOlder: rows.length > ROWS }
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

type Place = { epoch: number; txid: string; seq: string }

const PLACE = sql`(${entry.epoch}, ${entry.txid}, ${entry.seq})`
const placed = ({ epoch, txid, seq }: Place) => sql`(${epoch}::integer, ${txid}::xid8, ${seq}::bigint)`

export const cursorOf = ({ epoch, txid, seq }: Entry): Cursor => `${epoch}.${txid}.${seq}`

/** undefined for what is no place: then it is the newest page. */
export function readCursor(cursor: string | undefined): Place | undefined {
  const [, epoch = '', txid = '', seq = ''] = /^(\d{1,9})\.(\d{1,18})\.(\d{1,18})$/.exec(cursor ?? '') ?? []
  return epoch === '' ? undefined : { epoch: Number(epoch), txid, seq }
}
