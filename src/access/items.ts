import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { accessDecision, accessGrant, review, reviewItem, snapshot, system } from '../../db/schema/access.ts'
import { person } from '../../db/schema/people.ts'
import type { Ctx } from '../core/workflow.ts'

const decider = alias(person, 'decider')
const subject = alias(person, 'subject')
const reviewer = alias(person, 'reviewer')

const COLUMNS = {
  id: reviewItem.id,
  reviewId: reviewItem.reviewId,
  reviewerId: reviewItem.reviewerId,
  reviewerName: reviewer.name,
  reviewerRule: reviewItem.reviewerRule,
  subjectPersonId: reviewItem.subjectPersonId,
  subjectName: subject.name,
  assignmentId: reviewItem.assignmentId,
  flags: reviewItem.flags,
  meaning: reviewItem.meaning,
  privileged: reviewItem.privileged,
  before: reviewItem.before,
  choice: reviewItem.choice,
  version: reviewItem.version,
  ordinal: reviewItem.ordinal,
  line: accessGrant.line,
  fingerprint: accessGrant.fingerprint,
  accountId: accessGrant.accountId,
  accountLabel: accessGrant.accountLabel,
  accountName: accessGrant.accountName,
  accountEmail: accessGrant.accountEmail,
  accountKind: accessGrant.accountKind,
  accountStatus: accessGrant.accountStatus,
  link: accessGrant.link,
  entitlementCode: accessGrant.entitlementCode,
  entitlementLabel: accessGrant.entitlementLabel,
  path: accessGrant.path,
  grantedAt: accessGrant.grantedAt,
  lastUsed: accessGrant.lastUsed,
  decidedBy: accessDecision.personId,
  decidedByName: decider.name,
  decidedAt: accessDecision.decidedAt,
  decision: accessDecision.choice,
  reason: accessDecision.reason,
  changeTo: accessDecision.changeTo,
  batchId: accessDecision.batchId,
}

/** One right under review, with the newest thing that was decided about it. */
export type Item = Awaited<ReturnType<typeof select>>[number]

const select = (ctx: Pick<Ctx, 'db'>, where: SQL | undefined) =>
  ctx.db
    .select(COLUMNS)
    .from(reviewItem)
    .innerJoin(accessGrant, eq(accessGrant.id, reviewItem.grantId))
    .innerJoin(reviewer, eq(reviewer.id, reviewItem.reviewerId))
    .leftJoin(subject, eq(subject.id, reviewItem.subjectPersonId))
    .leftJoin(
      accessDecision,
      and(eq(accessDecision.itemId, reviewItem.id), eq(accessDecision.version, reviewItem.version)),
    )
    .leftJoin(decider, eq(decider.id, accessDecision.personId))
    .where(where)
    .orderBy(asc(reviewItem.ordinal))

export const itemsOf = (ctx: Pick<Ctx, 'db'>, reviewId: string): Promise<Item[]> =>
  select(ctx, eq(reviewItem.reviewId, reviewId))

export const itemsOfReviewer = (ctx: Pick<Ctx, 'db'>, reviewId: string, personId: string): Promise<Item[]> =>
  select(ctx, and(eq(reviewItem.reviewId, reviewId), eq(reviewItem.reviewerId, personId)))

/** What this person passed on to somebody who has not decided it. */
export const itemsHandedOn = (ctx: Pick<Ctx, 'db'>, reviewId: string, personId: string): Promise<Item[]> =>
  select(
    ctx,
    and(
      eq(reviewItem.reviewId, reviewId),
      isNull(reviewItem.choice),
      eq(accessDecision.choice, 'not-mine'),
      eq(accessDecision.personId, personId),
    ),
  )

/** A right, its review and its system: what a click on it needs. */
export type Matter = { item: Item; it: Running }

export async function matterOf(ctx: Pick<Ctx, 'db'>, itemId: string): Promise<Matter | undefined> {
  const [item] = await select(ctx, eq(reviewItem.id, itemId))
  const it = item && (await runningOf(ctx, item.reviewId))
  return item && it && { item, it }
}

export type Running = {
  review: typeof review.$inferSelect
  system: typeof system.$inferSelect
  ownerName: string
  /** When the export shows the system: as its bringer said, else when it reached us. */
  takenAt: Date
  snapshotSha256: string
  signedByName: string | null
}

const signer = alias(person, 'signer')

export async function runningOf(ctx: Pick<Ctx, 'db'>, reviewId: string): Promise<Running | undefined> {
  const [row] = await ctx.db
    .select({
      review,
      system,
      ownerName: person.name,
      extractedAt: snapshot.extractedAt,
      receivedAt: snapshot.receivedAt,
      snapshotSha256: snapshot.sha256,
      signedByName: signer.name,
    })
    .from(review)
    .innerJoin(system, eq(system.id, review.systemId))
    .innerJoin(snapshot, eq(snapshot.id, review.snapshotId))
    .innerJoin(person, eq(person.id, system.ownerId))
    .leftJoin(signer, eq(signer.id, review.signedBy))
    .where(eq(review.id, reviewId))
  return row && { ...row, takenAt: row.extractedAt ?? row.receivedAt }
}

export type Standing = {
  personId: string
  name: string
  assignmentId: string | null
  rule: Item['reviewerRule']
  of: number
  open: number
  flagged: number
}

/** Who decides how much of a review, and how much of it is open. */
export const standings = (ctx: Pick<Ctx, 'db'>, reviewId: string): Promise<Standing[]> =>
  ctx.db
    .select({
      personId: reviewItem.reviewerId,
      name: reviewer.name,
      assignmentId: sql<string | null>`min(${reviewItem.assignmentId})`,
      rule: sql<Item['reviewerRule']>`min(${reviewItem.reviewerRule})`,
      of: sql<number>`count(*)::int`,
      open: sql<number>`count(*) filter (where ${reviewItem.choice} is null)::int`,
      flagged: sql<number>`count(*) filter (where ${reviewItem.choice} is null and jsonb_array_length(${reviewItem.flags}) > 0)::int`,
    })
    .from(reviewItem)
    .innerJoin(reviewer, eq(reviewer.id, reviewItem.reviewerId))
    .where(eq(reviewItem.reviewId, reviewId))
    .groupBy(reviewItem.reviewerId, reviewer.name)
    .orderBy(reviewer.name)
    .then((rows) => rows)

/** Everything that was ever decided about a right, in order. */
export const historyOf = (ctx: Pick<Ctx, 'db'>, itemId: string) =>
  ctx.db
    .select({ decision: accessDecision, name: decider.name })
    .from(accessDecision)
    .innerJoin(decider, eq(decider.id, accessDecision.personId))
    .where(eq(accessDecision.itemId, itemId))
    .orderBy(asc(accessDecision.version))

/** May be kept together: nothing stands out, the right is not privileged, and it is written down what it means. */
export const isOrdinary = (it: Pick<Item, 'flags' | 'privileged' | 'meaning'>): boolean =>
  it.flags.length === 0 && it.privileged === 'no' && it.meaning !== ''
