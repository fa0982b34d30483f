import { createHash } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { accessBatch, accessDecision, reviewItem } from '../../db/schema/access.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import type { Ctx } from '../core/workflow.ts'
import { UNDO_MS, whileOpen } from './decisions.ts'
import { type Item, isOrdinary, type Running } from './items.ts'
import { settle } from './reviewers.ts'
import { text } from './text.ts'

const CHUNK = 1000

/** What may be kept together of one right: open, ordinary, and the reviewer's own. */
export const restOf = (mine: readonly Item[], entitlementCode: string): Item[] =>
  mine.filter((item) => item.choice === null && isOrdinary(item) && item.entitlementCode === entitlementCode)

/** Names exactly these rows with exactly these words: SHA-256 of their ids, versions and meanings. */
export const rowsHash = (items: readonly Item[]): string =>
  createHash('sha256')
    .update(JSON.stringify(items.map((it) => [it.id, it.version, it.meaning]).toSorted()))
    .digest('hex')

export type Batch = { it: Running; items: readonly Item[]; statement: string; assignmentId: string | null }

/**
 * Keeps the rows that were on the screen, together, with the reviewer's statement. All of them or none: a row that
 * changed since makes the whole batch refused, and one that came later is not swept in.
 */
export async function keepTogether(ctx: Ctx, { it, items, statement, assignmentId }: Batch): Promise<string> {
  const say = text(ctx.by.language).say
  const [first] = items
  if (!first) throw new Refusal(say.nothingToKeep)
  if (ctx.turn?.shown !== rowsHash(items)) throw new Refusal(say.listChanged)
  await whileOpen(ctx, it)
  const wanted = JSON.stringify(items.map(({ id, version }) => ({ id, version })))
  const kept = await ctx.db
    .update(reviewItem)
    .set({ choice: 'keep', version: sql`${reviewItem.version} + 1` })
    .where(
      and(
        sql`(${reviewItem.id}, ${reviewItem.version}) in (select id, version from jsonb_to_recordset(${wanted}::text::jsonb) as t(id text, version int))`,
        eq(reviewItem.reviewerId, ctx.by.id),
        isNull(reviewItem.choice),
        eq(reviewItem.privileged, 'no'),
        sql`${reviewItem.flags} = '[]'::jsonb and ${reviewItem.meaning} <> ''`,
        sql`${reviewItem.subjectPersonId} is distinct from ${ctx.by.id}`,
      ),
    )
    .returning({ id: reviewItem.id, version: reviewItem.version, subjectKey: reviewItem.subjectKey })
  if (kept.length !== items.length) throw new Refusal(say.listChanged)
  const batchId = newId('bat', ctx.now, ctx.random)
  const { reviewId, entitlementCode } = first
  const by = { personId: ctx.by.id, decidedAt: ctx.now }
  await ctx.db.insert(accessBatch).values({
    id: batchId,
    reviewId,
    entitlementCode,
    count: kept.length,
    rowsSha256: rowsHash(items),
    statement,
    ...by,
  })
  await writeAll(ctx, kept, { choice: 'keep', batchId })
  await record(ctx, {
    type: 'access.decided',
    object: batchId,
    action: ctx.turn?.do ?? 'access.keep-rest',
    ref: reviewId,
    payload: {
      choice: 'keep',
      entitlement: entitlementCode,
      meaning: first.meaning,
      count: kept.length,
      rows_sha256: rowsHash(items),
      statement,
      items: kept.map((row) => row.id),
    },
  })
  await settle(ctx, reviewId, assignmentId, it.system.ownerId)
  return batchId
}

type Row = { id: string; version: number; subjectKey: string }

async function writeAll(
  ctx: Ctx,
  rows: readonly Row[],
  it: { choice: 'keep' | 'undone'; batchId: string },
): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK)
    await ctx.db.insert(accessDecision).values(
      rows.slice(from, from + CHUNK).map((row) => ({
        id: newId('dec', ctx.now, ctx.random),
        itemId: row.id,
        version: row.version,
        personId: ctx.by.id,
        subjectKey: row.subjectKey,
        decidedAt: ctx.now,
        ...it,
      })),
    )
}

export const batchOf = async (ctx: Pick<Ctx, 'db'>, id: string) =>
  (await ctx.db.select().from(accessBatch).where(eq(accessBatch.id, id)))[0]

/** Takes a batch back within fifteen minutes. What was changed singly since stays. Answers how many are open again. */
export async function undoBatch(ctx: Ctx, it: Running, batch: typeof accessBatch.$inferSelect): Promise<number> {
  await whileOpen(ctx, it)
  if (batch.decidedAt.getTime() <= ctx.now.getTime() - UNDO_MS) return 0
  const opened = await ctx.db
    .update(reviewItem)
    .set({ choice: null, version: sql`${reviewItem.version} + 1` })
    .from(accessDecision)
    .where(
      and(
        eq(accessDecision.itemId, reviewItem.id),
        eq(accessDecision.version, reviewItem.version),
        eq(accessDecision.batchId, batch.id),
        eq(accessDecision.choice, 'keep'),
        eq(accessDecision.personId, ctx.by.id),
        eq(reviewItem.reviewerId, ctx.by.id),
        gt(accessDecision.decidedAt, new Date(ctx.now.getTime() - UNDO_MS)),
      ),
    )
    .returning({
      id: reviewItem.id,
      version: reviewItem.version,
      subjectKey: reviewItem.subjectKey,
      assignmentId: reviewItem.assignmentId,
    })
  if (opened.length === 0) return 0
  await writeAll(ctx, opened, { choice: 'undone', batchId: batch.id })
  await record(ctx, {
    type: 'access.undone',
    object: batch.id,
    action: ctx.turn?.do ?? 'access.undo-batch',
    ref: batch.reviewId,
    payload: { count: opened.length, items: opened.map((row) => row.id) },
  })
  await settle(ctx, batch.reviewId, opened[0]?.assignmentId ?? null, it.system.ownerId)
  return opened.length
}
