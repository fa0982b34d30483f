import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { close } from './assignments.ts'
import { record } from './entries.ts'
import { newId } from './id.ts'
import { post } from './messages.ts'
import { personById } from './people.ts'
import { atWork, endOfDay, nextStep } from './schedule.ts'
import type { Ctx } from './workflow.ts'

export type Plan = {
  workflow: string
  subjectId: string
  title: string
  /** YYYY-MM-DD; due at its end, where each person is. */
  dueOn: string
  /** workflow.card that asks. */
  card: string
}

/**
 * One person owes an answer: a campaign of one (or one more person in `campaignId`), the assignment, and the first card,
 * which is sent in the person's working hours. All in the transaction of the caller.
 */
export async function assign(
  ctx: Ctx,
  it: Plan & { personId: string; campaignId?: string },
): Promise<{ campaignId: string; assignmentId: string }> {
  const person = await personById(ctx.db, it.personId)
  if (!person) throw new Error('assign: no such person')
  const campaignId = it.campaignId ?? newId('cmp', ctx.now, ctx.random)
  const assignmentId = newId('asg', ctx.now, ctx.random)
  if (it.campaignId === undefined)
    await ctx.db.insert(campaign).values({
      id: campaignId,
      workflow: it.workflow,
      subjectId: it.subjectId,
      title: it.title,
      state: 'open',
      audience: { person: it.personId },
      dueOn: it.dueOn,
      requestedBy: ctx.by.id === 'system' ? null : ctx.by.id,
      createdAt: ctx.now,
      openedAt: ctx.now,
    })
  const { timezone } = person
  const { workday } = ctx.house
  const next = nextStep({ step: 0, dueOn: it.dueOn, timezone, workday, after: ctx.now, createdAt: ctx.now })
  await ctx.db.insert(assignment).values({
    id: assignmentId,
    campaignId,
    workflow: it.workflow,
    subjectId: it.subjectId,
    personId: it.personId,
    dueOn: it.dueOn,
    dueAt: endOfDay(it.dueOn, timezone),
    card: it.card,
    step: next?.step ?? 0,
    nextAt: next?.at ?? null,
    createdAt: ctx.now,
  })
  await post(ctx, {
    key: `${assignmentId}/request`,
    to: it.personId,
    card: it.card,
    subject: assignmentId,
    assignment: assignmentId,
    at: atWork(ctx.now, timezone, workday),
  })
  return { campaignId, assignmentId }
}

export type Launch = Plan & {
  scope: 'me' | 'pilot' | 'everyone'
  audience: unknown
  people: readonly { id: string; timezone: string }[]
}

/** Writes a campaign that nobody sees yet; `fillCampaign` and `openCampaign` follow. In the transaction of the caller. */
export async function planCampaign(ctx: Ctx, it: Omit<Launch, 'people'>): Promise<string> {
  const id = newId('cmp', ctx.now, ctx.random)
  await ctx.db.insert(campaign).values({
    id,
    workflow: it.workflow,
    subjectId: it.subjectId,
    title: it.title,
    state: 'planning',
    scope: it.scope,
    audience: it.audience,
    dueOn: it.dueOn,
    requestedBy: ctx.by.id === 'system' ? null : ctx.by.id,
    createdAt: ctx.now,
  })
  return id
}

async function write(ctx: Ctx, campaignId: string, it: Launch, people: Launch['people']): Promise<void> {
  const dueAt = new Map<string, { due: Date; first: Date }>()
  const moments = (timezone: string) => {
    const known = dueAt.get(timezone)
    if (known) return known
    const made = { due: endOfDay(it.dueOn, timezone), first: atWork(ctx.now, timezone, ctx.house.workday) }
    dueAt.set(timezone, made)
    return made
  }
  if (people.length === 0) return
  await ctx.db
    .insert(assignment)
    .values(
      people.map((person) => ({
        id: newId('asg', ctx.now, ctx.random),
        campaignId,
        workflow: it.workflow,
        subjectId: it.subjectId,
        personId: person.id,
        dueOn: it.dueOn,
        dueAt: moments(person.timezone).due,
        card: it.card,
        step: -1,
        nextAt: moments(person.timezone).first,
        createdAt: ctx.now,
      })),
    )
    .onConflictDoNothing()
}

async function open(ctx: Ctx, campaignId: string): Promise<void> {
  const { count, sha256 } = await population(ctx.db, campaignId)
  const opened = await ctx.db
    .update(campaign)
    .set({ state: 'open', openedAt: ctx.now, populationCount: count, populationSha256: sha256 })
    .where(and(eq(campaign.id, campaignId), eq(campaign.state, 'planning')))
    .returning({ subjectId: campaign.subjectId, scope: campaign.scope, dueOn: campaign.dueOn })
  const [row] = opened
  if (!row) return
  await record(ctx, {
    type: 'campaign.opened',
    object: campaignId,
    action: 'core.launch',
    ref: row.subjectId,
    payload: { scope: row.scope, due_on: row.dueOn, population: count, population_sha256: sha256 },
  })
}

/** The population as a stranger can recompute it: SHA-256 over the sorted person ids, one a line. */
export async function population(db: Db, campaignId: string): Promise<{ count: number; sha256: string }> {
  const rows = await db
    .select({ personId: assignment.personId })
    .from(assignment)
    .where(eq(assignment.campaignId, campaignId))
    .orderBy(sql`${assignment.personId} collate "C"`)
  const sha256 = createHash('sha256')
    .update(rows.map((row) => `${row.personId}\n`).join(''))
    .digest('hex')
  return { count: rows.length, sha256 }
}

/** Stops at once: nothing more is sent or asked; what was answered stays. Answers how many were still open. */
export async function stopCampaign(ctx: Ctx, campaignId: string, reason: string): Promise<number | undefined> {
  const stopped = await ctx.db
    .update(campaign)
    .set({ state: 'stopped', stoppedAt: ctx.now })
    .where(and(eq(campaign.id, campaignId), sql`${campaign.state} in ('planning', 'open')`))
    .returning({ subjectId: campaign.subjectId })
  if (!stopped[0]) return undefined
  const open = await close(ctx, { campaign: campaignId, to: 'withdrawn' })
  await record(ctx, {
    type: 'campaign.stopped',
    object: campaignId,
    action: ctx.turn?.do ?? 'core.stop',
    ref: stopped[0].subjectId,
    payload: { reason, open },
  })
  return open
}

export type Progress = { people: number; done: number; open: number; overdue: number; left: number }

export async function progressOf(ctx: Pick<Ctx, 'db' | 'now'>, campaignId: string): Promise<Progress> {
  const [row] = await ctx.db
    .select({
      people: sql<number>`count(*)::int`,
      done: sql<number>`count(*) filter (where ${assignment.state} = 'done')::int`,
      open: sql<number>`count(*) filter (where ${assignment.state} = 'open')::int`,
      overdue: sql<number>`count(*) filter (where ${assignment.state} = 'open' and ${assignment.dueAt} < ${ctx.now.toISOString()}::timestamptz)::int`,
      left: sql<number>`count(*) filter (where ${assignment.state} in ('left', 'withdrawn', 'superseded'))::int`,
    })
    .from(assignment)
    .where(eq(assignment.campaignId, campaignId))
  return row ?? { people: 0, done: 0, open: 0, overdue: 0, left: 0 }
}

/** The two halves of `launch`, for a workflow whose launch waits for its day or is continued by the worker. */
export { open as openCampaign, write as fillCampaign }
