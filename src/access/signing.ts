import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { and, eq } from 'drizzle-orm'
import { review } from '../../db/schema/access.ts'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { complete } from '../core/assignments.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { refresh } from '../core/messages.ts'
import { isMember } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { type Item, itemsOf, type Running, standings } from './items.ts'
import { text } from './text.ts'

/** Only the system's owner of this moment signs. */
export const maySign = (ctx: Pick<Ctx, 'by'>, it: Running): boolean =>
  isMember(ctx.by) && it.system.ownerId === ctx.by.id

/**
 * Exactly what is signed: RFC 8785 JSON of the export's hash and every right with who decided what, why and when. An
 * auditor makes it again from the rows and compares.
 */
function signedText(it: Running, items: readonly Item[]): string {
  const content = {
    v: 1,
    review: it.review.id,
    system: it.system.code,
    snapshot: it.review.snapshotId,
    snapshot_sha256: it.snapshotSha256,
    inactive_days: it.review.inactiveDays,
    items: items.map((item) => ({
      item: item.id,
      grant: item.fingerprint,
      account: item.accountId,
      entitlement: item.entitlementCode,
      meaning: item.meaning,
      privileged: item.privileged,
      flags: item.flags,
      reviewer: item.reviewerId,
      rule: item.reviewerRule,
      choice: item.choice,
      change_to: item.changeTo ?? '',
      reason: item.reason ?? '',
      batch: item.batchId,
      decided_by: item.decidedBy,
      decided_at: item.decidedAt?.toISOString() ?? null,
      version: item.version,
    })),
  }
  return canonicalize(content) ?? ''
}

export const signedHash = (it: Running, items: readonly Item[]): string =>
  createHash('sha256').update(signedText(it, items)).digest('hex')

/**
 * Signs the review off, bound to the hash that was on the screen. Refused while something is open (it says with whom)
 * and when anything changed since it was shown. false: it is signed already.
 */
export async function sign(ctx: Ctx, it: Running, statement: string): Promise<boolean> {
  const say = text(ctx.by.language).say
  const [locked] = await ctx.db
    .select({ state: review.state })
    .from(review)
    .where(eq(review.id, it.review.id))
    .for('update')
  if (locked?.state !== 'open') return false
  const [items, who] = await Promise.all([itemsOf(ctx, it.review.id), standings(ctx, it.review.id)])
  const missing = who.filter((one) => one.open > 0)
  if (missing.length > 0)
    throw new Refusal(say.missing(missing.map((one) => say.missingOne(one.name, one.open)).join(', ')))
  const sha256 = signedHash(it, items)
  if (ctx.turn && ctx.turn.shown !== sha256) throw new Refusal(say.listChanged)
  await ctx.db
    .update(review)
    .set({ state: 'signed', signedAt: ctx.now, signedBy: ctx.by.id, signedSha256: sha256 })
    .where(and(eq(review.id, it.review.id), eq(review.state, 'open')))
  const shares = await ctx.db
    .select({ id: assignment.id, state: assignment.state })
    .from(assignment)
    .where(eq(assignment.subjectId, it.review.id))
  for (const share of shares) {
    if (share.state === 'open') await complete(ctx, share.id)
    else await refresh(ctx, share.id)
  }
  if (it.review.campaignId !== null)
    await ctx.db
      .update(campaign)
      .set({ state: 'closed', closedAt: ctx.now })
      .where(and(eq(campaign.id, it.review.campaignId), eq(campaign.state, 'open')))
  await record(ctx, {
    type: 'review.signed',
    object: it.review.id,
    action: ctx.turn?.do ?? 'access.sign',
    ref: it.system.id,
    payload: { sha256, statement, ...tallyOf(items) },
  })
  await refresh(ctx, it.review.id)
  return true
}

/** How many of each decision, and how many of them were kept in batches. */
export function tallyOf(items: readonly Pick<Item, 'choice' | 'batchId'>[]) {
  const of = (choice: Item['choice']) => items.filter((item) => item.choice === choice).length
  return {
    items: items.length,
    keep: of('keep'),
    remove: of('remove'),
    change: of('change'),
    unknown: of('unknown'),
    open: of(null),
    batched: items.filter((item) => item.choice === 'keep' && item.batchId !== null).length,
  }
}

/** What has to be carried out after the review. */
export const removalsOf = (items: readonly Item[]): Item[] =>
  items.filter((item) => item.choice === 'remove' || item.choice === 'change')
