import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { accessGrant, review, reviewItem } from '../../db/schema/access.ts'
import { refresh } from '../core/messages.ts'
import type { Ctx } from '../core/workflow.ts'
import { FLAGS } from './flags.ts'

/**
 * What a right means was written down while it is under review: rights still undecided are explained at once. Their
 * version rises, so a click on the old words is refused; what was decided keeps the words it was decided on.
 */
export async function explainItems(
  ctx: Ctx,
  systemId: string,
  code: string,
  it: { meaning: string; privileged: boolean },
): Promise<void> {
  const rows = await ctx.db
    .select({
      id: reviewItem.id,
      flags: reviewItem.flags,
      granted: accessGrant.privileged,
      reviewId: reviewItem.reviewId,
      assignmentId: reviewItem.assignmentId,
    })
    .from(reviewItem)
    .innerJoin(review, and(eq(review.id, reviewItem.reviewId), eq(review.state, 'open')))
    .innerJoin(accessGrant, eq(accessGrant.id, reviewItem.grantId))
    .where(and(eq(review.systemId, systemId), eq(accessGrant.entitlementCode, code), isNull(reviewItem.choice)))
    .for('update', { of: reviewItem })
  for (const isPrivileged of [true, false]) {
    const some = rows.filter((row) => (it.privileged || row.granted === 'yes') === isPrivileged)
    const groups = Map.groupBy(some, (row) => JSON.stringify(row.flags))
    for (const group of groups.values()) {
      const kept = new Set(group[0]?.flags.filter((flag) => flag !== 'no-meaning' && flag !== 'privileged'))
      if (isPrivileged) kept.add('privileged')
      await ctx.db
        .update(reviewItem)
        .set({
          meaning: it.meaning,
          privileged: isPrivileged ? 'yes' : 'no',
          flags: FLAGS.filter((flag) => kept.has(flag)),
          version: sql`${reviewItem.version} + 1`,
        })
        .where(
          inArray(
            reviewItem.id,
            group.map((row) => row.id),
          ),
        )
    }
  }
  const subjects = new Set(rows.flatMap((row) => [row.reviewId, ...(row.assignmentId ? [row.assignmentId] : [])]))
  for (const subject of subjects) await refresh(ctx, subject)
}
