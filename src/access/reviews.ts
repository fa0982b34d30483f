import { and, desc, eq } from 'drizzle-orm'
import { review, reviewItem, snapshot, system } from '../../db/schema/access.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { isSystem } from '../core/rules.ts'
import { localDay } from '../core/schedule.ts'
import type { Ctx } from '../core/workflow.ts'
import type { Receipt } from './formats/index.ts'
import { judged } from './judging.ts'
import { type Review, reviewersOf, shareOf } from './reviewers.ts'
import { settingOf } from './settings.ts'
import type { System } from './systems.ts'
import { text } from './text.ts'

const BATCH = 1000

export type Opening = {
  snapshotId: string
  /** YYYY-MM-DD */
  dueOn: string
  /** The system was asked: it really has no accounts. */
  confirmedEmpty?: boolean
}

export type Brought = {
  snapshot: typeof snapshot.$inferSelect
  system: System
  receipt: Receipt
  reviewId: string | null
}

export async function snapshotOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Brought | undefined> {
  const [row] = await ctx.db
    .select({ snapshot, system, reviewId: review.id })
    .from(snapshot)
    .innerJoin(system, eq(system.id, snapshot.systemId))
    .leftJoin(review, eq(review.snapshotId, snapshot.id))
    .where(eq(snapshot.id, id))
  return row && { ...row, receipt: row.snapshot.receipt as Receipt }
}

/**
 * Starts the review of an export: one item per grant, what stands out first, each with a reviewer who is not its
 * subject. The owner always has a share, because the owner signs. Refused while the receipt does not balance, while
 * another review of the system runs, and when somebody's rights have nobody to decide on them; then nothing is written.
 */
export async function openReview(ctx: Ctx, it: Opening): Promise<string> {
  const say = text(ctx.by.language).say
  const brought = await snapshotOf(ctx, it.snapshotId)
  if (!brought) throw new Error('openReview: no such snapshot')
  const { snapshot: of, receipt } = brought
  // One review of a system at a time: the lock makes a second start wait and then see the first.
  const [locked] = await ctx.db.select().from(system).where(eq(system.id, of.systemId)).for('update')
  if (!locked) throw new Error('openReview: no such system')
  const [running, previous] = await Promise.all([
    ctx.db.select().from(review).where(eq(review.systemId, locked.id)),
    lastSigned(ctx, locked.id),
  ])
  if (running.some((other) => other.snapshotId === of.id)) throw new Refusal(say.alreadyStarted)
  if (running.some((other) => other.state === 'open')) throw new Refusal(say.alreadyOpen(locked.name))
  if (!of.balanced) throw new Refusal(say.unbalanced)
  if (receipt.grants === 0 && !it.confirmedEmpty) throw new Refusal(say.emptyUnconfirmed)
  if (it.dueOn < localDay(ctx.now, ctx.by.timezone)) throw new Refusal(say.dueFuture, { due: say.dueFuture })
  const inactiveDays = await settingOf(ctx, 'inactiveDays')
  const opened: Review = {
    id: newId('rev', ctx.now, ctx.random),
    systemId: locked.id,
    snapshotId: of.id,
    campaignId: null,
    state: 'open',
    dueOn: it.dueOn,
    inactiveDays,
    previousId: previous?.id ?? null,
    openedAt: ctx.now,
    openedBy: isSystem(ctx.by) ? null : ctx.by.id,
    signedAt: null,
    signedBy: null,
    signedSha256: null,
  }
  const { owner, pick } = await reviewersOf(ctx, locked)
  if (owner?.state !== 'active') throw new Refusal(say.ownerLeft(locked.name))
  const items = await judged(ctx, of, opened, previous?.id)
  const withReviewer = items.map((item) => {
    const found = pick(item.personId)
    if (!found) throw new Refusal(say.noReviewer(locked.name, item.personName ?? item.accountLabel))
    return { ...item, reviewer: found }
  })
  await ctx.db.insert(review).values(opened)
  const { campaignId, assignmentId } = await shareOf(ctx, opened, locked.name, locked.ownerId)
  opened.campaignId = campaignId
  await ctx.db.update(review).set({ campaignId }).where(eq(review.id, opened.id))
  const shares = new Map([[locked.ownerId, assignmentId]])
  for (const { reviewer } of withReviewer)
    if (!shares.has(reviewer.person.id))
      shares.set(reviewer.person.id, (await shareOf(ctx, opened, locked.name, reviewer.person.id)).assignmentId)
  for (let from = 0; from < withReviewer.length; from += BATCH)
    await ctx.db.insert(reviewItem).values(
      withReviewer.slice(from, from + BATCH).map((item, n) => ({
        id: newId('rit', ctx.now, ctx.random),
        reviewId: opened.id,
        grantId: item.grantId,
        reviewerId: item.reviewer.person.id,
        reviewerRule: item.reviewer.rule,
        subjectPersonId: item.personId,
        assignmentId: shares.get(item.reviewer.person.id) ?? null,
        flags: item.flags,
        meaning: item.meaning,
        privileged: item.privileged,
        before: item.before,
        ordinal: from + n + 1,
      })),
    )
  await record(ctx, {
    type: 'review.opened',
    object: opened.id,
    action: ctx.turn?.do ?? 'access.start',
    ref: of.id,
    payload: {
      system: locked.code,
      snapshot_sha256: of.sha256,
      due_on: it.dueOn,
      inactive_days: inactiveDays,
      previous: opened.previousId,
      items: items.length,
      confirmed_empty: it.confirmedEmpty ?? false,
      reviewers: countBy(withReviewer, ({ reviewer }) => `${reviewer.person.id} ${reviewer.rule}`),
      flags: countBy(
        items.flatMap((item) => item.flags),
        (flag) => flag,
      ),
    },
  })
  return opened.id
}

const countBy = <T>(all: readonly T[], by: (one: T) => string): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(all, by)].map(([name, some]) => [name, some.length]))

async function lastSigned(ctx: Ctx, systemId: string): Promise<Review | undefined> {
  const [row] = await ctx.db
    .select()
    .from(review)
    .where(and(eq(review.systemId, systemId), eq(review.state, 'signed')))
    .orderBy(desc(review.signedAt))
    .limit(1)
  return row
}
