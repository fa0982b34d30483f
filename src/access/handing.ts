import { eq } from 'drizzle-orm'
import { accessDecision, reviewItem } from '../../db/schema/access.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { personById } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { described, unchanged, versionShown, whileOpen, write } from './decisions.ts'
import type { Matter } from './items.ts'
import { settle, shareOf } from './reviewers.ts'
import { text } from './text.ts'

/**
 * "Not mine": the item goes to the person named, never to its subject and never back to somebody who passed it on
 * already. false: it changed in the meantime.
 */
export async function handOn(
  ctx: Ctx,
  { item, it }: Matter,
  toPersonId: string | undefined,
  why: string,
): Promise<boolean> {
  const say = text(ctx.by.language).say
  const refuse = (sentence: string) => new Refusal(sentence, { person: sentence })
  if (why.trim() === '') throw new Refusal(say.needReason, { reason: say.needReason })
  if (toPersonId === undefined) throw refuse(say.needPerson)
  if (toPersonId === ctx.by.id) throw refuse(say.notYourself)
  const heir = await personById(ctx.db, toPersonId)
  if (!heir || !isMember(heir)) throw refuse(say.notHere)
  if (heir.id === item.subjectPersonId) throw refuse(say.subject(heir.name))
  if (await passedOn(ctx, item.id, heir.id)) throw refuse(say.loop(heir.name))
  await whileOpen(ctx, it)
  const version = versionShown(ctx, item)
  const share = await shareOf(ctx, it.review, it.system.name, heir.id)
  const [moved] = await ctx.db
    .update(reviewItem)
    .set({
      choice: null,
      reviewerId: heir.id,
      reviewerRule: 'reassigned',
      assignmentId: share.assignmentId,
      version: version + 1,
    })
    .where(unchanged(ctx, item, version))
    .returning({ id: reviewItem.id })
  if (!moved) return false
  await write(ctx, item, version + 1, { choice: 'not-mine', reason: why.trim(), toPersonId: heir.id })
  await record(ctx, {
    type: 'access.reassigned',
    object: item.id,
    action: ctx.turn?.do ?? 'access.more',
    ref: item.reviewId,
    payload: { ...described(item), from: ctx.by.id, to: heir.id, reason: why.trim(), version: version + 1 },
  })
  await settle(ctx, item.reviewId, share.assignmentId, it.system.ownerId)
  await settle(ctx, item.reviewId, item.assignmentId, it.system.ownerId)
  return true
}

/** Has this person passed the item on, and not taken that back? */
async function passedOn(ctx: Ctx, itemId: string, personId: string): Promise<boolean> {
  const rows = await ctx.db
    .select({ choice: accessDecision.choice, personId: accessDecision.personId })
    .from(accessDecision)
    .where(eq(accessDecision.itemId, itemId))
    .orderBy(accessDecision.version)
  return rows.some(
    (row, n) => row.choice === 'not-mine' && row.personId === personId && rows[n + 1]?.choice !== 'undone',
  )
}
