import { and, eq, isNull, sql } from 'drizzle-orm'
import { type review, reviewItem } from '../../db/schema/access.ts'
import { assignment } from '../../db/schema/campaigns.ts'
import { complete } from '../core/assignments.ts'
import { assign } from '../core/campaigns.ts'
import { refresh } from '../core/messages.ts'
import { managerOf, peopleById, peopleWithRole, personById } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import { nextStep } from '../core/schedule.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import type { System } from './systems.ts'
import { text } from './text.ts'

export type Rule = (typeof reviewItem.$inferSelect)['reviewerRule']
export type Review = typeof review.$inferSelect
export type Reviewer = { person: Person; rule: Rule }

/**
 * Who may decide, in this order: the owner, the deputy, the owner's manager, the ISMS managers. `pick` takes the first
 * who is not the subject (T12); the answer names its rule, which is recorded with the item.
 */
export async function reviewersOf(ctx: Pick<Ctx, 'db'>, system: System) {
  const [named, managers] = await Promise.all([
    peopleById(ctx.db, [system.ownerId, ...(system.deputyId ? [system.deputyId] : [])]),
    peopleWithRole(ctx.db, 'isms-manager'),
  ])
  const owner = named.get(system.ownerId)
  const deputy = system.deputyId === null ? undefined : named.get(system.deputyId)
  const manager = owner && (await managerOf(ctx.db, owner))
  const all: { person: Person | undefined; rule: Rule }[] = [
    { person: owner, rule: 'owner' },
    { person: deputy, rule: 'deputy' },
    { person: manager, rule: 'manager' },
    ...managers.map((person) => ({ person, rule: 'isms-manager' as const })),
  ]
  const able = all.filter((it): it is Reviewer => it.person !== undefined && isMember(it.person))
  const pick = (subject: string | null, not?: string): Reviewer | undefined =>
    able.find(({ person }) => person.id !== subject && person.id !== not)
  return { owner, pick }
}

/** The person's share of the review's campaign: made when there is none, opened again when it was done. */
export async function shareOf(
  ctx: Ctx,
  it: Review,
  systemName: string,
  personId: string,
): Promise<{ campaignId: string; assignmentId: string }> {
  if (it.campaignId !== null) {
    const [known] = await ctx.db
      .select({ id: assignment.id, state: assignment.state })
      .from(assignment)
      .where(and(eq(assignment.campaignId, it.campaignId), eq(assignment.personId, personId)))
    if (known) {
      if (known.state !== 'open') await reopen(ctx, known.id)
      return { campaignId: it.campaignId, assignmentId: known.id }
    }
  }
  return assign(ctx, {
    workflow: 'access',
    subjectId: it.id,
    title: text('en').campaign(systemName),
    personId,
    dueOn: it.dueOn,
    ...(it.campaignId === null ? {} : { campaignId: it.campaignId }),
    card: 'access.review',
  })
}

async function reopen(ctx: Ctx, assignmentId: string): Promise<void> {
  const [row] = await ctx.db.select().from(assignment).where(eq(assignment.id, assignmentId)).for('update')
  const who = row && (await personById(ctx.db, row.personId))
  if (!row || !who || row.state === 'open') return
  const { timezone } = who
  const { dueOn, createdAt } = row
  const { workday } = ctx.house
  const next = nextStep({ step: Math.max(0, row.step), dueOn, timezone, workday, createdAt, after: ctx.now })
  await ctx.db
    .update(assignment)
    .set({ state: 'open', decidedAt: null, step: next?.step ?? row.step, nextAt: next?.at ?? null })
    .where(eq(assignment.id, assignmentId))
}

/**
 * After every change of somebody's items: their share is done when nothing is open, and open again when something is.
 * The owner's share is done by signing off. Locks the share first, so that of two last clicks one sees the other.
 */
export async function settle(ctx: Ctx, reviewId: string, assignmentId: string | null, ownerId: string): Promise<void> {
  if (assignmentId !== null) {
    const [share] = await ctx.db.select().from(assignment).where(eq(assignment.id, assignmentId)).for('update')
    const [left] = await ctx.db
      .select({ open: sql<number>`count(*)::int` })
      .from(reviewItem)
      .where(and(eq(reviewItem.assignmentId, assignmentId), isNull(reviewItem.choice)))
    const isOpen = (left?.open ?? 0) > 0
    if (share && share.personId !== ownerId && !isOpen) await complete(ctx, assignmentId)
    else {
      if (isOpen && share?.state === 'done') await reopen(ctx, assignmentId)
      await refresh(ctx, assignmentId)
    }
  }
  await refreshOthers(ctx, reviewId, ownerId, assignmentId)
}

/** The whole review, and the owner's card that tells who is still open. */
async function refreshOthers(ctx: Ctx, reviewId: string, ownerId: string, but: string | null): Promise<void> {
  const [owners] = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .where(and(eq(assignment.subjectId, reviewId), eq(assignment.personId, ownerId)))
  await refresh(ctx, reviewId)
  if (owners && owners.id !== but) await refresh(ctx, owners.id)
}
