import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { message } from '../../db/schema/messages.ts'
import { person } from '../../db/schema/people.ts'
import { record } from '../core/entries.ts'
import { post } from '../core/messages.ts'
import { managerOf, peopleWithRole, personById } from '../core/people.ts'
import { has, isActive } from '../core/rules.ts'
import { atWork, LADDER, localDay } from '../core/schedule.ts'
import { action, type Card, type Ctx, type Nudge, type Person, type Row } from '../core/workflow.ts'
import { isPutOffTo } from './later.ts'
import { type Campaign, campaignOf } from './progress.ts'
import { type Request, requestOf } from './request.ts'
import { text } from './text.ts'

const MOST_ROWS = 20

type Late = { assignmentId: string; personId: string; name: string; dueOn: string; timezone: string }

/** Own direct reports who are late in this campaign, by name: no ranking, nobody else's people. */
export const lateReports = (ctx: Ctx, campaignId: string): Promise<Late[]> =>
  ctx.db
    .select({
      assignmentId: assignment.id,
      personId: person.id,
      name: person.name,
      dueOn: assignment.dueOn,
      timezone: person.timezone,
    })
    .from(assignment)
    .innerJoin(person, eq(person.id, assignment.personId))
    .where(
      and(
        eq(assignment.campaignId, campaignId),
        eq(assignment.state, 'open'),
        lt(assignment.dueAt, ctx.now),
        eq(person.managerId, ctx.by.id),
        eq(person.state, 'active'),
      ),
    )
    .orderBy(person.name, person.id)
    .then((rows) => rows)

/** One digest for a manager. undefined: none of theirs is asked here, so there is nothing to be seen. */
export async function teamCard(ctx: Ctx, it: Campaign): Promise<Card | null> {
  const say = text(ctx.by.language)
  const late = it.state === 'open' ? await lateReports(ctx, it.id) : []
  const title = say.team.title(it.version.title, it.version.version)
  if (late.length === 0)
    return {
      title,
      status: { label: say.team.allDone, tone: 'good' },
      blocks: [{ kind: 'text', text: say.team.nobody }],
    }
  const shown = late.slice(0, MOST_ROWS)
  const nudged = await nudgedToday(ctx, shown)
  const rows = shown.map(
    (one): Row => ({
      title: [{ text: one.name, bold: true }],
      ...(nudged.has(one.assignmentId)
        ? { status: { label: say.team.nudgedToday, tone: 'neutral' } }
        : { buttons: [{ label: say.team.nudge, do: 'policies.nudge', id: one.assignmentId }] }),
    }),
  )
  return {
    title,
    blocks: [
      { kind: 'text', text: say.team.intro(late.length, say.day(it.dueOn)) },
      { kind: 'rows', rows, ...(late.length > MOST_ROWS ? { more: { left: late.length - MOST_ROWS } } : {}) },
      { kind: 'text', text: say.team.why, tone: 'muted' },
    ],
  }
}

/** A manager sees the digest only while it is about people of theirs. */
export async function seesTeam(ctx: Ctx, it: Campaign): Promise<boolean> {
  const [one] = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .innerJoin(person, eq(person.id, assignment.personId))
    .where(and(eq(assignment.campaignId, it.id), eq(person.managerId, ctx.by.id)))
    .limit(1)
  return one !== undefined
}

/** One a day for each person, on their own working day. */
const nudgeKey = (ctx: Pick<Ctx, 'now' | 'house'>, assignmentId: string, timezone: string) => {
  const at = atWork(ctx.now, timezone, ctx.house.workday)
  return { key: `${assignmentId}/nudge/${localDay(at, timezone)}`, at }
}

async function nudgedToday(ctx: Ctx, some: readonly Pick<Late, 'assignmentId' | 'timezone'>[]): Promise<Set<string>> {
  const keys = new Map(some.map((one) => [nudgeKey(ctx, one.assignmentId, one.timezone).key, one.assignmentId]))
  const rows = await ctx.db
    .select({ key: message.messageKey })
    .from(message)
    .where(inArray(message.messageKey, [...keys.keys()]))
  return new Set(rows.map((row) => keys.get(row.key) ?? ''))
}

type Nudged = Request & { person: Person }

/** One click of the manager: one kind message to the person, at most one a day. */
export const nudge = action<Nudged>({
  about: 'asg',
  load: async (ctx, id) => {
    const request = await requestOf(ctx, id)
    const of = request && (await personById(ctx.db, request.assignment.personId))
    return of && { ...request, person: of }
  },
  may: (ctx, it) => it.person.managerId === ctx.by.id || has(ctx.by, 'isms-manager'),
  async run(ctx, it) {
    const say = text(ctx.by.language).team
    const { id } = it.assignment
    if (it.assignment.state !== 'open' || it.campaign.state !== 'open' || !isActive(it.person))
      return { say: say.noNeed(it.person.name) }
    const { timezone } = it.person
    // Two clicks at once wait for each other: the second finds the first one's message.
    await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${id}/nudge`}, 0))`)
    if ((await nudgedToday(ctx, [{ assignmentId: id, timezone }])).has(id))
      return { ...(await digest(ctx, it)), say: say.alreadyNudged(it.person.name) }
    const { key, at } = nudgeKey(ctx, id, timezone)
    await Promise.all([
      post(ctx, {
        key,
        to: it.person.id,
        card: 'policies.reminder',
        subject: id,
        assignment: id,
        at,
      }),
      record(ctx, { type: 'policy.nudged', object: it.version.id, action: 'policies.nudge', ref: id, payload: {} }),
    ])
    return { ...(await digest(ctx, it)), say: say.nudged(it.person.name) }
  },
})

/** The digest as it stands now, for those whose card it is. */
async function digest(ctx: Ctx, it: Nudged): Promise<{ card?: Card }> {
  if (it.person.managerId !== ctx.by.id) return {}
  const campaign = await campaignOf(ctx, it.assignment.campaignId)
  const card = campaign && (await teamCard(ctx, campaign))
  return card ? { card } : {}
}

/** A step of the ladder: the person twice more at most, then the manager, at last the ISMS managers. */
export async function remind(ctx: Ctx, { assignment: it, kind }: Nudge): Promise<void> {
  const about = await personById(ctx.db, it.personId)
  if (!about) return
  if (kind !== 'escalate') {
    if (await isPutOffTo(ctx, it.id, localDay(ctx.now, about.timezone))) return
    const key = `${it.id}/${kind}/${it.step}`
    await post(ctx, { key, to: about.id, card: 'policies.reminder', subject: it.id, assignment: it.id })
    return
  }
  const manager = LADDER[it.step]?.to === 'manager' ? await managerOf(ctx.db, about) : undefined
  if (manager) {
    // One key for the manager and the campaign: however many reports are late, it is one digest.
    await tell(ctx, manager, {
      key: `${it.campaignId}/team/${manager.id}`,
      card: 'policies.team',
      subject: it.campaignId,
    })
    return
  }
  for (const lead of await peopleWithRole(ctx.db, 'isms-manager'))
    await tell(ctx, lead, {
      key: `${it.campaignId}/escalate/${it.step}/${lead.id}`,
      card: 'policies.campaign',
      subject: it.campaignId,
    })
}

const tell = (ctx: Ctx, to: Person, it: { key: string; card: string; subject: string }) =>
  post(ctx, { ...it, to: to.id, at: atWork(ctx.now, to.timezone, ctx.house.workday) })
