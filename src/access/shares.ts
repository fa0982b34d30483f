import { eq } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { isMember } from '../core/rules.ts'
import type { Card, Ctx } from '../core/workflow.ts'
import { itemsHandedOn, itemsOf, itemsOfReviewer, type Running, runningOf, standings } from './items.ts'
import type { Place } from './place.ts'
import { reviewCard } from './review-view.ts'
import { removalsOf, signedHash } from './signing.ts'

/** A reviewer's share of a review, as its assignment names it. */
export type ShareRow = { id: string; personId: string; it: Running }

export async function shareRow(ctx: Pick<Ctx, 'db'>, assignmentId: string): Promise<ShareRow | undefined> {
  const [row] = await ctx.db
    .select({
      id: assignment.id,
      personId: assignment.personId,
      subjectId: assignment.subjectId,
      workflow: assignment.workflow,
    })
    .from(assignment)
    .where(eq(assignment.id, assignmentId))
  const it = row?.workflow === 'access' ? await runningOf(ctx, row.subjectId) : undefined
  return row && it && { id: row.id, personId: row.personId, it }
}

/** Nobody but the reviewer: their card holds other people's rights. */
export const isTheirs = (ctx: Pick<Ctx, 'by'>, share: ShareRow): boolean =>
  isMember(ctx.by) && share.personId === ctx.by.id

/** The reviewer's card from the data of this moment. */
export async function drawShare(ctx: Ctx, { id, personId, it }: ShareRow, place: Place): Promise<Card> {
  const isOwner = it.system.ownerId === personId
  const [mine, handedOn, who] = await Promise.all([
    itemsOfReviewer(ctx, it.review.id, personId),
    itemsHandedOn(ctx, it.review.id, personId),
    standings(ctx, it.review.id),
  ])
  const isDecided = who.every((one) => one.open === 0)
  // Only the owner signs, and only then does the whole review have to be read.
  const all = isOwner && isDecided ? await itemsOf(ctx, it.review.id) : undefined
  const toSign = all && it.review.state === 'open' ? signedHash(it, all) : undefined
  const removals = all ? removalsOf(all).length : 0
  const { language, timezone } = ctx.by
  return reviewCard({ assignmentId: id, isOwner, it, mine, handedOn, standings: who, toSign, removals }, place, {
    language,
    timezone,
    now: ctx.now,
  })
}

/** The card of a review for whoever acts, where they have a share of it. */
export async function drawMine(ctx: Ctx, reviewId: string, place: Place): Promise<Card | undefined> {
  const rows = await ctx.db
    .select({ id: assignment.id, personId: assignment.personId })
    .from(assignment)
    .where(eq(assignment.subjectId, reviewId))
  const row = rows.find((one) => one.personId === ctx.by.id)
  const it = row && (await runningOf(ctx, reviewId))
  return row && it && drawShare(ctx, { ...row, it }, place)
}
