import { and, eq, isNotNull, lt, max, or, sql } from 'drizzle-orm'
import { control, controlAction, occurrence } from '../../db/schema/controls.ts'
import { person } from '../../db/schema/people.ts'
import { entry } from '../../db/schema/record.ts'
import { close } from '../core/assignments.ts'
import { assign } from '../core/campaigns.ts'
import { record } from '../core/entries.ts'
import { newId } from '../core/id.ts'
import { post, refresh } from '../core/messages.ts'
import { PERSON, peopleWithRole } from '../core/people.ts'
import { isActive } from '../core/rules.ts'
import { atWork, localDay } from '../core/schedule.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import { assignmentsAbout, owedBy, upcoming } from './duty.ts'
import { type Duty, graceEnds, type Period } from './period.ts'

/** At most this many periods are opened in one transaction; the worker calls again. */
const BATCH = 25

/**
 * What time brings: owners who left are noticed, periods are opened, unanswered ones are marked. One process at a time
 * does it; the others go on with their work. Nothing is ever opened or marked twice, not even without that lock:
 * a period is unique and a mark is a guarded change.
 */
export async function tick(ctx: Ctx): Promise<number> {
  const [lock] = await ctx.db.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended('controls.tick', 0)) as mine`,
  )
  if (!lock?.mine) return 0
  return (await noticeLeavers(ctx)) + (await openPeriods(ctx)) + (await markMissed(ctx))
}

/** The card that asks, and the entry that says since when it was asked. */
async function openPeriods(ctx: Ctx): Promise<number> {
  const duties = await ctx.db
    .select({ duty: controlAction, owner: PERSON, endedOn: person.endedOn, newest: max(occurrence.n) })
    .from(controlAction)
    .innerJoin(person, eq(person.id, controlAction.ownerId))
    .leftJoin(occurrence, eq(occurrence.actionId, controlAction.id))
    .where(isNotNull(controlAction.anchoredOn))
    .groupBy(controlAction.id, person.id)
    .orderBy(controlAction.code)
  const due = duties.flatMap(({ duty, owner, endedOn, newest }) => {
    const today = localDay(ctx.now, owner.timezone)
    const period = upcoming(duty, newest ?? undefined, localDay(duty.createdAt, owner.timezone))
    const isHere = isActive(owner) && (endedOn === null || endedOn >= today)
    return period && period.opensOn <= today ? [{ duty, owner, isHere, period }] : []
  })
  const some = due.slice(0, BATCH)
  await Promise.all(some.map((one) => openPeriod(ctx, one)))
  return some.length
}

type Opening = { duty: Duty; owner: Person; isHere: boolean; period: Period }

async function openPeriod(ctx: Ctx, { duty, owner, isHere, period }: Opening): Promise<void> {
  const { n, from, to, dueOn } = period
  const [made] = await ctx.db
    .insert(occurrence)
    .values({
      id: newId('occ', ctx.now, ctx.random),
      actionId: duty.id,
      n,
      periodFrom: from,
      periodTo: to,
      dueOn,
      ownerId: owner.id,
      createdAt: ctx.now,
    })
    .onConflictDoNothing()
    .returning({ id: occurrence.id })
  if (!made) return
  // Somebody who left is not asked; the hand-over asks the heir.
  if (isHere) await ask(ctx, duty, { id: made.id, dueOn }, owner.id)
  await record(ctx, {
    type: 'occurrence.opened',
    object: made.id,
    action: 'controls.tick',
    ref: duty.id,
    payload: { duty: duty.code, n, period_from: from, period_to: to, due_on: dueOn, owner: owner.id },
  })
}

export const ask = (ctx: Ctx, duty: Duty, it: { id: string; dueOn: string }, personId: string) =>
  assign(ctx, {
    workflow: 'controls',
    subjectId: it.id,
    title: duty.title,
    personId,
    dueOn: it.dueOn,
    card: 'controls.request',
  })

/** Due date and grace are over where the owner is: the mark stays for good; attesting late is still possible. */
async function markMissed(ctx: Ctx): Promise<number> {
  const rows = await ctx.db
    .select({ occurrence, duty: controlAction, timezone: person.timezone })
    .from(occurrence)
    .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
    .innerJoin(person, eq(person.id, occurrence.ownerId))
    .where(
      and(
        eq(occurrence.state, 'open'),
        lt(sql`${occurrence.dueOn} + ${controlAction.graceDays}`, sql`${ctx.now.toISOString()}::timestamptz::date + 1`),
      ),
    )
    .orderBy(occurrence.dueOn, controlAction.code)
  const over = rows.filter(
    ({ occurrence: it, duty, timezone }) => graceEnds(it.dueOn, duty.graceDays, timezone) < ctx.now,
  )
  for (const { occurrence: it, duty } of over) {
    const marked = await ctx.db
      .update(occurrence)
      .set({ state: 'missed', missedAt: ctx.now })
      .where(and(eq(occurrence.id, it.id), eq(occurrence.state, 'open')))
      .returning({ id: occurrence.id })
    if (marked.length === 0) continue
    const assignments = await assignmentsAbout(ctx, [it.id])
    await Promise.all([
      ...assignments.map((one) => refresh(ctx, one.id)),
      record(ctx, {
        type: 'occurrence.missed',
        object: it.id,
        action: 'controls.tick',
        ref: duty.id,
        payload: { duty: duty.code, due_on: it.dueOn, grace_days: duty.graceDays, owner: it.ownerId },
      }),
    ])
  }
  return over.length
}

/** Owners who have left, each once: what they still owed is taken from them, and the ISMS managers are asked who takes over. */
async function noticeLeavers(ctx: Ctx): Promise<number> {
  const today = ctx.now.toISOString().slice(0, 10)
  const leavers = await ctx.db
    .select(PERSON)
    .from(person)
    .where(
      and(
        or(eq(person.state, 'left'), lt(person.endedOn, today)),
        sql`(exists (select 1 from ${controlAction} where ${controlAction.ownerId} = ${person.id})
          or exists (select 1 from ${control} where ${control.ownerId} = ${person.id}))`,
        sql`not exists (select 1 from ${entry} where ${entry.object} = ${person.id} and ${entry.type} = 'control.orphaned')`,
      ),
    )
  for (const leaver of leavers) await orphan(ctx, leaver)
  return leavers.length
}

async function orphan(ctx: Ctx, leaver: Person): Promise<void> {
  const owed = await owedBy(ctx, leaver.id)
  const assignments = await assignmentsAbout(
    ctx,
    owed.map(({ occurrence: it }) => it.id),
  )
  const hisOrHers = assignments.filter((one) => one.personId === leaver.id)
  for (const one of hisOrHers) await close(ctx, { assignment: one.id, to: 'left' })
  const [duties, controls, heads] = await Promise.all([
    ctx.db.select({ id: controlAction.id }).from(controlAction).where(eq(controlAction.ownerId, leaver.id)),
    ctx.db.select({ edition: control.edition, code: control.code }).from(control).where(eq(control.ownerId, leaver.id)),
    peopleWithRole(ctx.db, 'isms-manager'),
  ])
  await record(ctx, {
    type: 'control.orphaned',
    object: leaver.id,
    action: 'controls.tick',
    payload: { duties: duties.map((one) => one.id), controls: controls.map((one) => `${one.edition}/${one.code}`) },
  })
  for (const head of heads)
    await post(ctx, {
      key: `handover/${leaver.id}/${head.id}`,
      to: head.id,
      card: 'controls.handover',
      subject: leaver.id,
      at: atWork(ctx.now, head.timezone, ctx.house.workday),
    })
}
