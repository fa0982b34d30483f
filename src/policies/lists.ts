import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { acknowledgement, policy, policyVersion } from '../../db/schema/policies.ts'
import { peopleById } from '../core/people.ts'
import { has } from '../core/rules.ts'
import type { Block, Card, Ctx, Row, Waiting } from '../core/workflow.ts'
import { partFor, todayOf } from './audience.ts'
import { minutes } from './source.ts'
import { text } from './text.ts'
import { isInForce, VERSION, type Version } from './versions.ts'
import { readAgain } from './views.ts'

const MOST_ROWS = 30

/** What waits for the person in the inbox, each with the one button it needs. */
export async function waitingRequests(ctx: Ctx): Promise<Waiting[]> {
  const say = text(ctx.by.language)
  const rows = await ctx.db
    .select({ assignment, version: VERSION })
    .from(assignment)
    .innerJoin(campaign, and(eq(campaign.id, assignment.campaignId), eq(campaign.state, 'open')))
    .innerJoin(policyVersion, eq(policyVersion.id, assignment.subjectId))
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(and(eq(assignment.personId, ctx.by.id), eq(assignment.workflow, 'policies'), eq(assignment.state, 'open')))
    .orderBy(assignment.dueAt, assignment.id)
  return rows.map(({ assignment: it, version }) => ({
    dueAt: it.dueAt,
    minutes: minutes(version),
    row: {
      title: say.request.head(version.title, version.version, minutes(version), say.day(it.dueOn)),
      ...(version.changes ? { text: say.request.news(version.changes) } : {}),
      buttons: [
        {
          label: say.request.read,
          do: 'policies.acknowledge',
          id: it.id,
          shown: version.id,
          style: 'primary' as const,
          asks: true,
        },
      ],
    },
  }))
}

/** "Which policies apply to you, and did you agree to them?" answered in half a minute, also in an auditor's interview. */
export async function mineCard(ctx: Ctx): Promise<Card> {
  const say = text(ctx.by.language)
  const [current, given, open] = await Promise.all([currentFor(ctx), givenBy(ctx), openOf(ctx)])
  const applies = new Set(current.map((one) => one.policyId))
  const before = given.filter((one) => !current.some((version) => version.id === one.version.id))
  const rows = current.map((version): Row => {
    const mine = given.find((one) => one.version.id === version.id)
    const earlier = given.find((one) => one.version.policyId === version.policyId)
    const due = open.find((one) => one.subjectId === version.id)
    const isLate = due !== undefined && due.dueAt < ctx.now
    return {
      title: [{ text: say.page.title(version.title, version.version), bold: true }],
      text: mine
        ? agreed(ctx, mine)
        : due
          ? (isLate ? say.mine.late : say.mine.waits)(say.day(due.dueOn))
          : earlier
            ? say.mine.earlier(earlier.version.version, say.date(earlier.acknowledgement.acknowledgedAt))
            : say.mine.notAsked,
      status: mine
        ? { label: say.request.acknowledged, tone: 'good' }
        : due
          ? isLate
            ? { label: say.request.overdue, tone: 'bad' }
            : { label: say.mine.open, tone: 'warning' }
          : undefined,
      buttons: [
        ...(due && !mine
          ? [{ label: say.request.read, do: 'policies.acknowledge', id: due.id, shown: version.id, asks: true }]
          : []),
        readAgain(ctx, version),
      ],
    }
  })
  return {
    title: say.mine.title,
    blocks: [
      { kind: 'text', text: say.mine.intro(rows.length, rows.length - open.length) },
      ...(rows.length > 0 ? [limited(rows)] : []),
      ...past(ctx, before, applies),
      ...(has(ctx.by, 'isms-manager', 'auditor')
        ? [{ kind: 'buttons' as const, buttons: [{ label: say.register.button, do: 'policies.register' }] }]
        : []),
    ],
  }
}

const limited = (rows: Row[]): Block => ({
  kind: 'rows',
  rows: rows.slice(0, MOST_ROWS),
  ...(rows.length > MOST_ROWS ? { more: { left: rows.length - MOST_ROWS } } : {}),
})

type Given = { acknowledgement: typeof acknowledgement.$inferSelect; version: Version }

function agreed(ctx: Ctx, { acknowledgement: it }: Given) {
  const say = text(ctx.by.language)
  return it.source === 'imported'
    ? say.mine.imported(say.date(it.acknowledgedAt), say.receipt(it.number))
    : say.mine.agreed(say.date(it.acknowledgedAt), say.receipt(it.number))
}

function past(ctx: Ctx, before: Given[], applies: Set<string>): Block[] {
  const say = text(ctx.by.language)
  if (before.length === 0) return []
  const rows = before.map(
    (one): Row => ({
      title: [{ text: say.page.title(one.version.title, one.version.version) }],
      text: agreed(ctx, one),
      status: applies.has(one.version.policyId) ? { label: say.request.replacedLabel, tone: 'neutral' } : undefined,
      buttons: [readAgain(ctx, one.version)],
    }),
  )
  return [{ kind: 'heading', text: say.mine.before }, limited(rows)]
}

/** In force today, the newest of each document, and meant for this person. */
async function currentFor(ctx: Ctx): Promise<Version[]> {
  const rows = await newest(ctx)
  const mine = await Promise.all(rows.map((version) => partFor(ctx, version.audience, ctx.by.id)))
  return rows.filter((_, n) => mine[n] !== undefined).sort((a, b) => a.title.localeCompare(b.title))
}

const newest = (ctx: Ctx): Promise<Version[]> =>
  ctx.db
    .selectDistinctOn([policyVersion.policyId], VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(isInForce(todayOf(ctx)))
    .orderBy(asc(policyVersion.policyId), desc(policyVersion.ordinal))
    .then((rows) => rows)

const givenBy = (ctx: Ctx): Promise<Given[]> =>
  ctx.db
    .select({ acknowledgement, version: VERSION })
    .from(acknowledgement)
    .innerJoin(policyVersion, eq(policyVersion.id, acknowledgement.versionId))
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(eq(acknowledgement.personId, ctx.by.id))
    .orderBy(desc(acknowledgement.acknowledgedAt))
    .then((rows) => rows)

const openOf = (ctx: Ctx) =>
  ctx.db
    .select({ id: assignment.id, subjectId: assignment.subjectId, dueOn: assignment.dueOn, dueAt: assignment.dueAt })
    .from(assignment)
    .innerJoin(campaign, and(eq(campaign.id, assignment.campaignId), eq(campaign.state, 'open')))
    .where(and(eq(assignment.personId, ctx.by.id), eq(assignment.workflow, 'policies'), eq(assignment.state, 'open')))

/** Every document with its newest version, who approved it, and when it is to be looked at again. */
export async function registerCard(ctx: Ctx): Promise<Card> {
  const say = text(ctx.by.language)
  const versions = await ctx.db
    .selectDistinctOn([policyVersion.policyId], VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .orderBy(asc(policyVersion.policyId), desc(policyVersion.ordinal))
  versions.sort((a, b) => a.title.localeCompare(b.title))
  const [people, counts] = await Promise.all([
    peopleById(
      ctx.db,
      versions.flatMap((one) => [one.ownerId, ...(one.approvedBy ? [one.approvedBy] : [])]),
    ),
    countsOf(
      ctx,
      versions.map((one) => one.id),
    ),
  ])
  const nameOf = (id: string) => people.get(id)?.name ?? ''
  const rows = versions.map((version): Row => {
    const isLate = version.reviewOn !== null && version.reviewOn < todayOf(ctx)
    return {
      title: [{ text: say.page.title(version.title, version.version), bold: true }],
      text: say.register.row({
        owner: nameOf(version.ownerId),
        approved:
          version.approvedBy && version.approvedOn
            ? say.register.approved(nameOf(version.approvedBy), say.date(version.approvedOn))
            : say.page.notApproved,
        review: version.reviewOn ? say.register.review(say.date(version.reviewOn)) : '',
        count: counts.get(version.id) ?? 0,
      }),
      status: !version.approvedBy
        ? { label: say.page.notApproved, tone: 'warning' }
        : isLate
          ? { label: say.register.reviewLate, tone: 'bad' }
          : undefined,
      buttons: [
        { label: say.page.open, do: 'policies.read', id: version.id },
        ...(has(ctx.by, 'isms-manager') && version.approvedBy && !version.supersededAt
          ? [{ label: say.publish.button, do: 'policies.publish', with: { version: version.id }, asks: true }]
          : []),
      ],
    }
  })
  return {
    title: say.register.title,
    blocks: [
      { kind: 'text', text: say.register.intro(rows.length) },
      ...(rows.length > 0 ? [limited(rows)] : []),
      ...(has(ctx.by, 'isms-manager')
        ? [{ kind: 'buttons' as const, buttons: [{ label: say.bring.button, do: 'policies.import', asks: true }] }]
        : []),
    ],
  }
}

async function countsOf(ctx: Ctx, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .select({ id: acknowledgement.versionId, count: sql<number>`count(*)::int` })
    .from(acknowledgement)
    .innerJoin(person, eq(person.id, acknowledgement.personId))
    .where(inArray(acknowledgement.versionId, ids))
    .groupBy(acknowledgement.versionId)
  return new Map(rows.map((row) => [row.id, row.count]))
}
