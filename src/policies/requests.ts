import type { Card, Ctx, Reply } from '../core/workflow.ts'
import { newerRequest, nextAfter, type Request, reasonFor, requestOf } from './request.ts'
import { text } from './text.ts'
import { askCard, doneCard, overCard, replacedAt, replacedCard } from './views.ts'

/** The card of an assignment as things stand: asked, done, replaced, stopped. */
export async function drawRequest(ctx: Ctx, id: string, it: { isReminder?: boolean } = {}): Promise<Card | undefined> {
  const request = await requestOf(ctx, id)
  return request && cardOf(ctx, request, it)
}

export async function cardOf(ctx: Ctx, it: Request, how: { isReminder?: boolean } = {}): Promise<Card> {
  if (it.acknowledgement) return doneCard(ctx, it, await nextAfter(ctx, it.assignment.id))
  if (it.assignment.state === 'superseded') return replacedCard(ctx, it, await newerRequest(ctx, it))
  if (it.assignment.state !== 'open' || it.campaign.state !== 'open') return overCard(ctx, it)
  return askCard(ctx, it, { ...how, reason: await reasonFor(ctx, it) })
}

/** A click on what is no longer current: nothing was recorded, here is what changed and what is asked now. */
export async function staleReply(ctx: Ctx, it: Request): Promise<Reply> {
  const say = text(ctx.by.language)
  const newer = await newerRequest(ctx, it)
  if (!newer) return { card: await cardOf(ctx, it), say: say.request.stale }
  const at = say.time(replacedAt(it, newer), ctx.by.timezone)
  return { card: replacedCard(ctx, it, newer), say: say.request.replacedNow(newer.version.version, at) }
}
