import { and, eq, isNull, sql } from 'drizzle-orm'
import { review, reviewItem } from '../../db/schema/access.ts'
import { assignment } from '../../db/schema/campaigns.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { personById } from '../core/people.ts'
import type { Ctx } from '../core/workflow.ts'
import { type Review, type Rule, reviewersOf, settle, shareOf } from './reviewers.ts'
import type { System } from './systems.ts'
import { text } from './text.ts'

type Moving = { id: string; version: number; subjectPersonId: string | null; assignmentId: string | null }

/**
 * Items move to `to`; those that are about `to` go on to whoever the rule names. Guarded by their versions: an item that
 * changed in the meantime stays where it is. Answers how many moved; who had them is settled.
 */
export async function moveItems(
  ctx: Ctx,
  it: {
    review: Review
    system: System
    items: readonly Moving[]
    to?: string
    rule?: Rule
    reason: string
    from: string
  },
): Promise<number> {
  const { pick } = await reviewersOf(ctx, it.system)
  const chosen = it.items.map((item) => {
    const isFree = it.to !== undefined && it.to !== item.subjectPersonId
    const found = isFree ? undefined : pick(item.subjectPersonId, it.from)
    const target = isFree
      ? { id: it.to ?? '', rule: it.rule ?? 'reassigned' }
      : found && { id: found.person.id, rule: found.rule }
    return { item, target }
  })
  const stuck = chosen.find(({ target }) => target === undefined)
  if (stuck) {
    const subject = stuck.item.subjectPersonId ? await personById(ctx.db, stuck.item.subjectPersonId) : undefined
    throw new Refusal(text(ctx.by.language).say.noReviewer(it.system.name, subject?.name ?? ''))
  }
  let moved = 0
  for (const group of Map.groupBy(chosen, ({ target }) => `${target?.id} ${target?.rule}`).values()) {
    const target = group[0]?.target
    if (!target) continue
    const share = await shareOf(ctx, it.review, it.system.name, target.id)
    const wanted = JSON.stringify(group.map(({ item }) => ({ id: item.id, version: item.version })))
    const rows = await ctx.db
      .update(reviewItem)
      .set({
        reviewerId: target.id,
        reviewerRule: target.rule,
        assignmentId: share.assignmentId,
        version: sql`${reviewItem.version} + 1`,
      })
      .where(
        and(
          isNull(reviewItem.choice),
          sql`(${reviewItem.id}, ${reviewItem.version}) in (select id, version from jsonb_to_recordset(${wanted}::text::jsonb) as t(id text, version int))`,
        ),
      )
      .returning({ id: reviewItem.id })
    moved += rows.length
    await record(ctx, {
      type: 'access.reassigned',
      object: it.review.id,
      action: ctx.turn?.do ?? 'access.reassign',
      ref: target.id,
      payload: { from: it.from, to: target.id, rule: target.rule, reason: it.reason, items: rows.map((row) => row.id) },
    })
    await settle(ctx, it.review.id, share.assignmentId, it.system.ownerId)
  }
  const before = new Set(it.items.map((item) => item.assignmentId))
  for (const assignmentId of before) await settle(ctx, it.review.id, assignmentId, it.system.ownerId)
  return moved
}

/** What somebody has open in a review. */
export const openItems = (ctx: Pick<Ctx, 'db'>, reviewId: string, personId: string): Promise<Moving[]> =>
  ctx.db
    .select({
      id: reviewItem.id,
      version: reviewItem.version,
      subjectPersonId: reviewItem.subjectPersonId,
      assignmentId: reviewItem.assignmentId,
    })
    .from(reviewItem)
    .where(and(eq(reviewItem.reviewId, reviewId), eq(reviewItem.reviewerId, personId), isNull(reviewItem.choice)))
    .then((rows) => rows)

/** A system has a new owner: what the former one has open in running reviews goes to the new one, or past them (T12). */
export async function changeOwner(ctx: Ctx, system: System, formerId: string): Promise<void> {
  const running = await ctx.db
    .select()
    .from(review)
    .where(and(eq(review.systemId, system.id), eq(review.state, 'open')))
    .for('update')
  for (const it of running) {
    await shareOf(ctx, it, system.name, system.ownerId)
    const items = await openItems(ctx, it.id, formerId)
    await moveItems(ctx, {
      review: it,
      system,
      items,
      to: system.ownerId,
      rule: 'owner',
      reason: 'new owner',
      from: formerId,
    })
    const [former] = await ctx.db
      .select({ id: assignment.id })
      .from(assignment)
      .where(and(eq(assignment.subjectId, it.id), eq(assignment.personId, formerId)))
    if (former) await settle(ctx, it.id, former.id, system.ownerId)
  }
}
