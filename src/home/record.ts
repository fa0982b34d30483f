import { desc, eq, or, sql } from 'drizzle-orm'
import { entry, person } from '../../db/schema/core.ts'
import { isId } from '../core/id.ts'
import type { Card, Ctx } from '../core/workflow.ts'
import { text } from './text.ts'

const ENTRIES = 40

/** The entries themselves: of one thing, of one person, or the newest of all. Ids and types only, no payloads. */
export async function recordCard(ctx: Ctx, about: string | undefined): Promise<Card> {
  const say = text(ctx.by.language)
  const which = about ? or(eq(entry.object, about), eq(entry.ref, about), eq(entry.actor, about)) : undefined
  const [rows, [total]] = await Promise.all([
    ctx.db
      .select({
        id: entry.id,
        at: entry.at,
        type: entry.type,
        actor: entry.actor,
        object: entry.object,
        name: person.name,
      })
      .from(entry)
      .leftJoin(person, eq(person.id, entry.actor))
      .where(which)
      .orderBy(desc(entry.seq))
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
          row.name ?? say.system,
          isId('per', row.object) ? 'person' : row.object,
          row.id,
        ]),
      },
      ...(older > 0 ? [{ kind: 'text' as const, text: [{ text: say.older(older) }], tone: 'muted' as const }] : []),
    ],
  }
}
