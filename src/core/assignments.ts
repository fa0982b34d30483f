import { and, eq, sql } from 'drizzle-orm'
import { statement } from '../../db/client.ts'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { redraw, refresh } from './messages.ts'
import type { Ctx } from './workflow.ts'

export type Assignment = typeof assignment.$inferSelect & {
  campaignState: 'planning' | 'open' | 'stopped' | 'closed'
  title: string
}

export async function assignmentOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Assignment | undefined> {
  const [row] = await ctx.db
    .select({ assignment, campaignState: campaign.state, title: campaign.title })
    .from(assignment)
    .innerJoin(campaign, eq(campaign.id, assignment.campaignId))
    .where(eq(assignment.id, id))
  return row && { ...row.assignment, campaignState: row.campaignState, title: row.title }
}

/** What waits for a person of one workflow, soonest first. */
export async function openAssignments(ctx: Pick<Ctx, 'db' | 'by'>, workflow: string): Promise<Assignment[]> {
  const rows = await ctx.db
    .select({ assignment, campaignState: campaign.state, title: campaign.title })
    .from(assignment)
    .innerJoin(campaign, eq(campaign.id, assignment.campaignId))
    .where(
      and(
        eq(assignment.personId, ctx.by.id),
        eq(assignment.workflow, workflow),
        eq(assignment.state, 'open'),
        eq(campaign.state, 'open'),
      ),
    )
    .orderBy(assignment.dueAt, assignment.id)
  return rows.map((row) => ({ ...row.assignment, campaignState: row.campaignState, title: row.title }))
}

const markDone = statement((db) =>
  db
    .update(assignment)
    .set({ state: 'done', decidedAt: sql.placeholder('now'), nextAt: null })
    .where(and(eq(assignment.id, sql.placeholder('id')), eq(assignment.state, 'open')))
    .returning({ id: assignment.id })
    .prepare('mark_done'),
)

/**
 * Open → done, and in the same stroke no reminder of it goes out any more and its cards are edited. false: somebody
 * was faster, or it is no longer open: show things as they are.
 */
export async function complete(ctx: Ctx, id: string): Promise<boolean> {
  // Both at once: statements of one connection run in order, so the cards are asked for after the answer.
  const [done] = await Promise.all([markDone(ctx.db, { id, now: ctx.now }), refresh(ctx, id)])
  return done.length > 0
}

/** Ends open assignments without an answer: a newer version asks instead, the campaign was stopped, the person left. */
export async function close(
  ctx: Ctx,
  which: { campaign?: string; assignment?: string; to: 'superseded' | 'withdrawn' | 'left' },
): Promise<number> {
  const closed = await ctx.db
    .update(assignment)
    .set({ state: which.to, nextAt: null })
    .where(
      and(
        eq(assignment.state, 'open'),
        which.campaign === undefined ? undefined : eq(assignment.campaignId, which.campaign),
        which.assignment === undefined ? undefined : eq(assignment.id, which.assignment),
        which.campaign === undefined && which.assignment === undefined ? sql`false` : undefined,
      ),
    )
    .returning({ id: assignment.id })
  await redraw(
    ctx,
    closed.map((row) => row.id),
  )
  return closed.length
}
