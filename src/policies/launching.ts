import { and, eq, inArray, lt, notExists, sql } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { policyVersion } from '../../db/schema/policies.ts'
import { close } from '../core/assignments.ts'
import { fillCampaign, openCampaign, stopCampaign } from '../core/campaigns.ts'
import { record } from '../core/entries.ts'
import { refresh } from '../core/messages.ts'
import type { Ctx } from '../core/workflow.ts'
import { todayOf } from './audience.ts'
import { type Kept, lockDocument, type Order, orderLaunch, toAsk } from './ordering.ts'
import { type Version, versionOf } from './versions.ts'

/** People of one piece of a launch. */
const BATCH = 1000

export type Step = { written: number; isOpen: boolean }

/**
 * One piece of a launch in this transaction: up to a thousand people, or, when all are written, the flip to "open" and
 * the end of older versions. undefined: nothing to do (not yet its day, open, stopped, or another process is at it).
 */
export async function advance(ctx: Ctx, campaignId: string): Promise<Step | undefined> {
  const [row] = await ctx.db
    .select()
    .from(campaign)
    .where(and(eq(campaign.id, campaignId), eq(campaign.state, 'planning')))
    .for('update', { skipLocked: true })
  if (!row) return undefined
  const { rule, opensOn } = row.audience as Kept
  if (opensOn !== undefined && opensOn > todayOf(ctx)) return undefined
  const version = await versionOf(ctx, row.subjectId)
  if (!version) throw new Error('advance: a campaign without its version')
  await lockDocument(ctx, version.policyId)
  if (version.supersededAt) {
    await stopCampaign(ctx, campaignId, 'superseded')
    return undefined
  }
  const people = await toAsk(ctx, version.id, rule, { campaignId, limit: BATCH })
  if (people.length > 0) {
    const plan = { workflow: 'policies', subjectId: version.id, title: row.title, dueOn: row.dueOn }
    await fillCampaign(
      ctx,
      campaignId,
      { ...plan, card: 'policies.request', scope: row.scope, audience: rule, people },
      people,
    )
    return { written: people.length, isOpen: false }
  }
  await openCampaign(ctx, campaignId)
  await replaceOlder(ctx, version, row.scope === 'everyone' ? undefined : campaignId)
  await refresh(ctx, campaignId)
  return { written: 0, isOpen: true }
}

/**
 * The newer version asks instead. After a launch to everyone the older versions are superseded for good; after a trial
 * only those who take part are no longer asked about the older one.
 */
async function replaceOlder(ctx: Ctx, version: Version, trial: string | undefined): Promise<void> {
  const older = ctx.db
    .select({ id: policyVersion.id })
    .from(policyVersion)
    .where(and(eq(policyVersion.policyId, version.policyId), lt(policyVersion.ordinal, version.ordinal)))
  const open = await ctx.db
    .select({ id: assignment.id, campaignId: assignment.campaignId })
    .from(assignment)
    .where(
      and(
        eq(assignment.state, 'open'),
        inArray(assignment.subjectId, older),
        trial === undefined
          ? undefined
          : sql`${assignment.personId} in (select person_id from assignment where campaign_id = ${trial})`,
      ),
    )
  if (trial === undefined)
    for (const id of new Set(open.map((one) => one.campaignId))) await close(ctx, { campaign: id, to: 'superseded' })
  else for (const { id } of open) await close(ctx, { assignment: id, to: 'superseded' })
  if (trial !== undefined) return
  const replaced = await ctx.db
    .update(policyVersion)
    .set({ supersededAt: ctx.now })
    .where(and(inArray(policyVersion.id, older), sql`${policyVersion.supersededAt} is null`))
    .returning({ id: policyVersion.id })
  for (const { id } of replaced)
    await record(ctx, {
      type: 'policy.superseded',
      object: id,
      action: ctx.turn?.do ?? 'policies.launch',
      ref: version.id,
      payload: { by_version: version.version, still_open: open.length },
    })
}

/**
 * A whole launch from the command line: each piece in a transaction of its own, with progress. One that broke off is
 * finished by calling again, or by the worker. Answers the campaign.
 */
export async function launchPolicy(
  within: <T>(work: (ctx: Ctx) => Promise<T>) => Promise<T>,
  order: Order,
  progress: (done: number) => void = () => {},
): Promise<string> {
  const id = await within((ctx) => orderLaunch(ctx, order))
  let done = 0
  for (;;) {
    const step = await within((ctx) => advance(ctx, id))
    if (step === undefined || step.isOpen) return id
    done += step.written
    progress(done)
  }
}

/** Campaigns whose day has come or whose launch is under way: one piece of one of them. */
export async function continueLaunches(ctx: Ctx): Promise<number> {
  const planned = await ctx.db
    .select({ id: campaign.id })
    .from(campaign)
    .where(
      and(
        eq(campaign.workflow, 'policies'),
        eq(campaign.state, 'planning'),
        sql`coalesce(${campaign.audience} ->> 'opensOn', '') <= ${todayOf(ctx)}`,
      ),
    )
    .orderBy(campaign.createdAt)
    .limit(1)
  for (const { id } of planned) if (await advance(ctx, id)) return 1
  return 0
}

/** Campaigns in which nobody is asked any more are over. */
export async function closeFinished(ctx: Ctx): Promise<number> {
  const closed = await ctx.db
    .update(campaign)
    .set({ state: 'closed', closedAt: ctx.now })
    .where(
      and(
        eq(campaign.workflow, 'policies'),
        eq(campaign.state, 'open'),
        notExists(
          ctx.db
            .select({ id: assignment.id })
            .from(assignment)
            .where(and(eq(assignment.campaignId, campaign.id), eq(assignment.state, 'open'))),
        ),
      ),
    )
    .returning({ id: campaign.id })
  for (const { id } of closed) await refresh(ctx, id)
  return closed.length
}
