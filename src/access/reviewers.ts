import { and, eq, isNull, sql } from 'drizzle-orm'
import { review, reviewItem } from '../../db/schema/access.ts'
import { assignment } from '../../db/schema/core.ts'
import { complete } from '../core/assignments.ts'
import { assign } from '../core/campaigns.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
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

export type Moving = { id: string; version: number; subjectPersonId: string | null; assignmentId: string | null }

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
