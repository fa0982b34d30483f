import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { accessDecision, review, reviewItem } from '../../db/schema/access.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { isMember } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { needsReason } from './flags.ts'
import type { Item, Matter, Running } from './items.ts'
import { settle, shareOf } from './reviewers.ts'
import { text } from './text.ts'

/** How long a decision can be taken back with one click; afterwards it is changed with a reason. */
export const UNDO_MS = 15 * 60_000

export type Choice = 'keep' | 'remove' | 'change' | 'unknown'
export type Deciding = { choice: Choice; reason?: string; changeTo?: string }

/** Only the item's reviewer, never its subject, whatever was clicked (T11, T12). */
export const mayDecide = (ctx: Pick<Ctx, 'by'>, { item }: Pick<Matter, 'item'>): boolean =>
  isMember(ctx.by) && item.reviewerId === ctx.by.id && item.subjectPersonId !== ctx.by.id

/**
 * Keeps the review from being signed while something in it changes: deciders share the lock, signing takes it alone.
 * Throws a Refusal when it is signed.
 */
export async function whileOpen(ctx: Ctx, it: Running): Promise<void> {
  const [row] = await ctx.db
    .select({ state: review.state })
    .from(review)
    .where(eq(review.id, it.review.id))
    .for('share')
  if (row?.state !== 'open') throw new Refusal(text(ctx.by.language).say.signed(it.signedByName ?? it.ownerName))
}

/** The version that was on the screen; a button without one means the item as it stands. */
export const versionShown = (ctx: Ctx, item: Item): number => {
  const shown = ctx.turn?.shown
  if (shown === undefined) return item.version
  return /^\d{1,9}$/.test(shown) ? Number(shown) : -1
}

/** The item as it was on the screen, if it is that still and still theirs. */
export const unchanged = (ctx: Ctx, item: Item, version: number) =>
  and(
    eq(reviewItem.id, item.id),
    eq(reviewItem.version, version),
    eq(reviewItem.reviewerId, ctx.by.id),
    sql`${reviewItem.subjectPersonId} is distinct from ${ctx.by.id}`,
  )

/**
 * One decision. A reason is needed for everything but keeping, for the first time, a right that needs none. false: the item is
 * not what was shown any more, and nothing was recorded.
 */
export async function decide(ctx: Ctx, { item, it }: Matter, to: Deciding): Promise<boolean> {
  const say = text(ctx.by.language).say
  const reason = to.reason?.trim() ?? ''
  const isEasy = to.choice === 'keep' && !needsReason(item) && item.choice === null
  if (reason === '' && !isEasy) throw new Refusal(say.needReason, { reason: say.needReason })
  const changeTo = to.choice === 'change' ? (to.changeTo?.trim() ?? '') : ''
  if (to.choice === 'change' && changeTo === '') throw new Refusal(say.needTo, { to: say.needTo })
  await whileOpen(ctx, it)
  const version = versionShown(ctx, item)
  const [changed] = await ctx.db
    .update(reviewItem)
    .set({ choice: to.choice, version: version + 1 })
    .where(unchanged(ctx, item, version))
    .returning({ id: reviewItem.id })
  if (!changed) return false
  await write(ctx, item, version + 1, { choice: to.choice, reason, changeTo })
  await record(ctx, {
    type: 'access.decided',
    object: item.id,
    action: ctx.turn?.do ?? 'access.decide',
    ref: item.reviewId,
    payload: { ...described(item), choice: to.choice, reason, change_to: changeTo, version: version + 1 },
  })
  await settle(ctx, item.reviewId, item.assignmentId, it.system.ownerId)
  return true
}

type Written = { choice: Choice | 'not-mine' | 'undone'; reason?: string; changeTo?: string; toPersonId?: string }

/** One more line of the item's history; nothing in it is ever overwritten. */
export async function write(ctx: Ctx, item: Item, version: number, it: Written): Promise<void> {
  await ctx.db.insert(accessDecision).values({
    id: newId('dec', ctx.now, ctx.random),
    itemId: item.id,
    version,
    personId: ctx.by.id,
    subjectKey: item.subjectPersonId ?? '',
    decidedAt: ctx.now,
    ...it,
  })
}

/** What the reviewer was looking at, for the record. */
export const described = (item: Item) => ({
  account: item.accountId,
  entitlement: item.entitlementCode,
  meaning: item.meaning,
  privileged: item.privileged,
  flags: item.flags,
  before: item.choice,
})

/**
 * Takes one's own newest decision back within fifteen minutes: the item is open again, and the decision stays in the
 * history. A handing over can be taken back while the other has not decided. false: too late, or changed since.
 */
export async function undo(ctx: Ctx, { item, it }: Matter): Promise<boolean> {
  await whileOpen(ctx, it)
  const [last] = await ctx.db
    .select()
    .from(accessDecision)
    .where(
      and(
        eq(accessDecision.itemId, item.id),
        eq(accessDecision.version, item.version),
        eq(accessDecision.personId, ctx.by.id),
        gt(accessDecision.decidedAt, new Date(ctx.now.getTime() - UNDO_MS)),
      ),
    )
  if (!last || last.choice === 'undone') return false
  const wasPassedOn = last.choice === 'not-mine'
  const share = wasPassedOn ? await shareOf(ctx, it.review, it.system.name, ctx.by.id) : undefined
  const [opened] = await ctx.db
    .update(reviewItem)
    .set({
      choice: null,
      version: item.version + 1,
      ...(share
        ? { reviewerId: ctx.by.id, reviewerRule: 'reassigned' as const, assignmentId: share.assignmentId }
        : {}),
    })
    .where(
      and(
        eq(reviewItem.id, item.id),
        eq(reviewItem.version, item.version),
        wasPassedOn ? isNull(reviewItem.choice) : eq(reviewItem.reviewerId, ctx.by.id),
      ),
    )
    .returning({ id: reviewItem.id })
  if (!opened) return false
  await write(ctx, item, item.version + 1, { choice: 'undone' })
  await record(ctx, {
    type: 'access.undone',
    object: item.id,
    action: ctx.turn?.do ?? 'access.undo',
    ref: item.reviewId,
    payload: { ...described(item), decision: last.id, version: item.version + 1 },
  })
  if (share) await settle(ctx, item.reviewId, share.assignmentId, it.system.ownerId)
  await settle(ctx, item.reviewId, item.assignmentId, it.system.ownerId)
  return true
}

/** Who may take the newest decision of an item back: whoever made it, also when it passed the item on. */
export const mayUndo = (ctx: Pick<Ctx, 'by'>, { item }: Pick<Matter, 'item'>): boolean =>
  isMember(ctx.by) && item.decidedBy === ctx.by.id && item.subjectPersonId !== ctx.by.id
