import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { policy, policyVersion } from '../../db/schema/policies.ts'
import { progressOf } from '../core/campaigns.ts'
import { has } from '../core/rules.ts'
import type { Block, Button, Card, Ctx } from '../core/workflow.ts'
import { recordButton } from './record.ts'
import { text } from './text.ts'
import { VERSION, type Version } from './versions.ts'

export type Campaign = typeof campaign.$inferSelect & { version: Version }

export async function campaignOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Campaign | undefined> {
  const [row] = await campaigns(ctx).where(and(eq(campaign.id, id), eq(campaign.workflow, 'policies')))
  return row && { ...row.campaign, version: row.version }
}

const campaigns = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .select({ campaign, version: VERSION })
    .from(campaign)
    .innerJoin(policyVersion, eq(policyVersion.id, campaign.subjectId))
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .$dynamic()

/** Leads, auditors and the owner of the policy see how it goes, with counts and departments, never a ranking of people. */
export const seesCampaign = (ctx: Ctx, it: Campaign): boolean =>
  has(ctx.by, 'isms-manager', 'auditor') || it.version.ownerId === ctx.by.id

const TONE = { planning: 'neutral', open: 'neutral', stopped: 'warning', closed: 'good' } as const

export async function campaignCard(ctx: Ctx, it: Campaign): Promise<Card> {
  const say = text(ctx.by.language)
  const [progress, late] = await Promise.all([progressOf(ctx, it.id), lateBy(ctx, it.id)])
  const isRunning = it.state === 'open' || it.state === 'planning'
  const buttons: Button[] = [
    ...(has(ctx.by, 'isms-manager', 'auditor') ? [{ label: say.roster.button, do: 'policies.roster', id: it.id }] : []),
    ...recordButton(ctx, it.id),
    ...(isRunning && has(ctx.by, 'isms-manager')
      ? [{ label: say.stop.button, do: 'policies.stop', id: it.id, style: 'danger' as const, asks: true }]
      : []),
  ]
  return {
    title: say.campaign.title(it.version.title, it.version.version),
    status: { label: say.campaign.states[it.state], tone: TONE[it.state] },
    blocks: [
      { kind: 'text', text: say.campaign.scopes[it.scope](say.day(it.dueOn)) },
      ...(it.state === 'planning' ? [waits(ctx, it)] : []),
      { kind: 'progress', label: say.campaign.done, done: progress.done, of: progress.people - progress.left },
      {
        kind: 'facts',
        facts: [
          { label: say.campaign.asked, value: [{ text: String(progress.people) }] },
          { label: say.campaign.open, value: [{ text: String(progress.open) }] },
          { label: say.campaign.overdue, value: [{ text: String(progress.overdue) }] },
          { label: say.campaign.left, value: [{ text: String(progress.left) }] },
        ],
      },
      ...(late.length > 0
        ? [
            {
              kind: 'table' as const,
              caption: say.campaign.late,
              columns: [say.preview.department, say.campaign.overdue],
              rows: late.map((one) => [one.department || say.preview.none, String(one.count)]),
            },
          ]
        : []),
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  }
}

function waits(ctx: Ctx, it: Campaign): Block {
  const say = text(ctx.by.language)
  const { opensOn } = it.audience as { opensOn?: string }
  return { kind: 'text', text: opensOn ? say.campaign.opens(say.day(opensOn)) : say.campaign.preparing }
}

const lateBy = (ctx: Ctx, campaignId: string) =>
  ctx.db
    .select({ department: person.department, count: sql<number>`count(*)::int` })
    .from(assignment)
    .innerJoin(person, eq(person.id, assignment.personId))
    .where(and(eq(assignment.campaignId, campaignId), eq(assignment.state, 'open'), lt(assignment.dueAt, ctx.now)))
    .groupBy(person.department)
    .orderBy(desc(sql`count(*)`), person.department)
    .limit(20)

/** What the dashboard shows: each campaign that runs, with its bar and the way in. */
export async function board(ctx: Ctx): Promise<Block[]> {
  const say = text(ctx.by.language)
  const rows = await campaigns(ctx)
    .where(and(eq(campaign.workflow, 'policies'), inArray(campaign.state, ['open', 'planning'])))
    .orderBy(campaign.dueOn, campaign.id)
    .limit(8)
  if (rows.length === 0) return []
  const parts = await Promise.all(rows.map(({ campaign: it }) => progressOf(ctx, it.id)))
  const bars = rows.map(({ campaign: it }, n): Block => {
    const progress = parts[n]
    return {
      kind: 'progress',
      label: say.campaign.bar(say.campaign.named[it.scope](it.title), say.day(it.dueOn), progress?.overdue ?? 0),
      done: progress?.done ?? 0,
      of: (progress?.people ?? 0) - (progress?.left ?? 0),
    }
  })
  const buttons = rows.map(({ campaign: it }) => ({
    label: say.campaign.named[it.scope](it.title),
    do: 'home.show',
    id: it.id,
    with: { card: 'policies.campaign' },
  }))
  return [{ kind: 'heading', text: say.campaign.heading }, ...bars, { kind: 'buttons', buttons }]
}
