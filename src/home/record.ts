import { and, desc, eq, not, or, sql } from 'drizzle-orm'
import { person } from '../../db/schema/people.ts'
import { entry } from '../../db/schema/record.ts'
import { isId } from '../core/id.ts'
import { has } from '../core/rules.ts'
import type { Card, Ctx } from '../core/workflow.ts'
import { text } from './text.ts'

const ENTRIES = 40

/** Of an incident report the record tells an auditor that it was made and how it went on, not by whom (T20). */
const ofReport = sql<boolean>`starts_with(${entry.object}, 'rep_')`

/** The entries themselves: of one thing, of one person, or the newest of all. Ids and types only, no payloads. */
export async function recordCard(ctx: Ctx, about: string | undefined): Promise<Card> {
  const say = text(ctx.by.language)
  const seesWho = has(ctx.by, 'isms-manager')
  const bySomebody = about ? eq(entry.actor, about) : undefined
  const which = about
    ? or(eq(entry.object, about), eq(entry.ref, about), seesWho ? bySomebody : and(bySomebody, not(ofReport)))
    : undefined
  const [rows, [total]] = await Promise.all([
    ctx.db
      .select({
        id: entry.id,
        at: entry.at,
        type: entry.type,
        actor: entry.actor,
        object: entry.object,
        name: person.name,
        isShut: ofReport,
      })
      .from(entry)
      .leftJoin(person, eq(person.id, entry.actor))
      .where(which)
      // As the index entry_order has it: otherwise the newest forty sort the whole record.
      .orderBy(desc(entry.epoch), desc(entry.txid), desc(entry.seq))
      .limit(ENTRIES),
    ctx.db.select({ count: sql<number>`count(*)::int` }).from(entry).where(which),
  ])
  if (rows.length === 0) return { title: say.record, blocks: [{ kind: 'text', text: say.recordEmpty }] }
  const older = (total?.count ?? 0) - rows.length
  return {
    title: say.record,
    blocks: [
      { kind: 'text', text: say.recordIntro, tone: 'muted' },
      {
        kind: 'table',
        caption: say.record,
        columns: Object.values(say.columns),
        rows: rows.map((row) => [
          row.at.toISOString().slice(0, 19).replace('T', ' '),
          row.type,
          row.isShut && !seesWho ? say.notTold : (row.name ?? say.system),
          isId('per', row.object) ? say.person : row.object,
          row.id,
        ]),
      },
      ...(older > 0 ? [{ kind: 'text' as const, text: [{ text: say.older(older) }], tone: 'muted' as const }] : []),
    ],
  }
}
