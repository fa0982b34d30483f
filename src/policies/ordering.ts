import { and, eq, inArray, notExists, or } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { type Audience, acknowledgement, policy } from '../../db/schema/policies.ts'
import { planCampaign } from '../core/campaigns.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { isDate } from '../core/form.ts'
import type { Ctx } from '../core/workflow.ts'
import { type Addressee, peopleIn, todayOf } from './audience.ts'
import { text } from './text.ts'
import { type Version, versionOf } from './versions.ts'

export type Order = {
  versionId: string
  /** YYYY-MM-DD; due at its end, where each person is. */
  dueOn: string
  scope: 'me' | 'pilot' | 'everyone'
  /** Of a pilot: whom. Of me: the person. Of everyone nothing, because the version says it. */
  audience?: Audience
  /** Not before that day (YYYY-MM-DD); the worker opens it then. */
  opensOn?: string
}

/** What the campaign keeps of the order. */
export type Kept = { rule: Audience; opensOn?: string }

/** Refuses what must not be launched, with the way out; answers the version. `form`: the fields due and opens stand there. */
export async function launchable(ctx: Ctx, order: Order, form = false): Promise<Version> {
  const say = text(ctx.by.language).launch
  const words = text(ctx.by.language)
  const version = await versionOf(ctx, order.versionId)
  if (!version) throw new Refusal(say.noVersion)
  if (version.supersededAt) throw new Refusal(say.superseded(version.version))
  if (version.approvedBy === null) throw new Refusal(say.notApproved(version.title, version.version))
  const opensOn = order.opensOn ?? todayOf(ctx)
  if (opensOn < todayOf(ctx)) throw new Refusal(say.opensPast, form ? { opens: say.opensPast } : undefined)
  if (version.effectiveFrom && version.effectiveFrom > opensOn) {
    const sentence = say.notEffective(words.date(version.effectiveFrom))
    throw new Refusal(sentence, form ? { opens: sentence } : undefined)
  }
  if (!isDate(order.dueOn) || order.dueOn < opensOn)
    throw new Refusal(say.duePast, form ? { due: say.duePast } : undefined)
  return version
}

/**
 * Whom a launch would ask now: those of the rule who neither acknowledged this version nor are being asked already, and
 * of whom this campaign holds no row yet.
 */
export function toAsk(
  ctx: Ctx,
  versionId: string,
  audience: Audience,
  it: { campaignId?: string; limit?: number } = {},
): Promise<Addressee[]> {
  const acknowledged = ctx.db
    .select({ id: acknowledgement.id })
    .from(acknowledgement)
    .where(and(eq(acknowledgement.personId, person.id), eq(acknowledgement.versionId, versionId)))
  const asked = ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .where(
      and(
        eq(assignment.personId, person.id),
        eq(assignment.subjectId, versionId),
        or(inArray(assignment.state, ['open', 'done']), eq(assignment.campaignId, it.campaignId ?? '')),
      ),
    )
  return peopleIn(ctx, audience, { only: [notExists(acknowledged), notExists(asked)], limit: it.limit })
}

/**
 * Writes down the order. The document's row stays locked until the transaction ends, so that of two launches at once
 * the second finds the first and answers it: nobody is asked twice (T35).
 */
export async function orderLaunch(ctx: Ctx, order: Order): Promise<string> {
  const version = await launchable(ctx, order)
  await lockDocument(ctx, version.policyId)
  const running = order.scope === 'everyone' ? await runningFor(ctx, version.id) : undefined
  if (running) return running
  const rule = order.scope === 'everyone' ? version.audience : (order.audience ?? [])
  const [someone] = await toAsk(ctx, version.id, rule, { limit: 1 })
  if (!someone) throw new Refusal(text(ctx.by.language).launch.nobody)
  const opensOn = order.opensOn !== undefined && order.opensOn > todayOf(ctx) ? order.opensOn : undefined
  const id = await planCampaign(ctx, {
    workflow: 'policies',
    subjectId: version.id,
    title: text('en').campaignTitle(version.title, version.version),
    dueOn: order.dueOn,
    card: 'policies.request',
    scope: order.scope,
    audience: { rule, ...(opensOn ? { opensOn } : {}) } satisfies Kept,
  })
  await record(ctx, {
    type: 'policy.launched',
    object: version.id,
    action: ctx.turn?.do ?? 'policies.launch',
    ref: id,
    payload: { scope: order.scope, due_on: order.dueOn, opens_on: opensOn ?? null, audience: rule },
  })
  return id
}

/** Held until the transaction ends: launches of one document come one after the other. */
export const lockDocument = (ctx: Ctx, policyId: string) =>
  ctx.db.select({ id: policy.id }).from(policy).where(eq(policy.id, policyId)).for('update')

/** A campaign to everybody for that version that is prepared or running. */
export const runningFor = async (ctx: Pick<Ctx, 'db'>, versionId: string): Promise<string | undefined> =>
  (
    await ctx.db
      .select({ id: campaign.id })
      .from(campaign)
      .where(
        and(
          eq(campaign.subjectId, versionId),
          eq(campaign.scope, 'everyone'),
          inArray(campaign.state, ['planning', 'open']),
        ),
      )
  )[0]?.id
