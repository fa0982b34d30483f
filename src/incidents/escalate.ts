import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { report } from '../../db/schema/incidents.ts'
import { person } from '../../db/schema/people.ts'
import { record } from '../core/entries.ts'
import { post, refresh } from '../core/messages.ts'
import type { Ctx } from '../core/workflow.ts'
import { answerBy } from './answer.ts'
import { escalation, onDuty } from './duty.ts'

/** Most reports one call works on, so that its transaction stays short; it is called again until nothing is left. */
const BATCH = 20

type Late = { id: string; reporterId: string; answerBy: Date | null }

/** Reports that nobody took on in the promised time, and those that waited for somebody to be there. How many it moved. */
export async function escalateLate(ctx: Ctx): Promise<number> {
  const late: Late[] = await ctx.db
    .select({ id: report.id, reporterId: report.reporterId, answerBy: report.answerBy })
    .from(report)
    .where(
      and(
        eq(report.state, 'reported'),
        isNull(report.escalatedAt),
        or(lte(report.answerBy, ctx.now), isNull(report.answerBy)),
      ),
    )
    .orderBy(asc(report.answerBy), asc(report.id))
    .limit(BATCH)
  let moved = 0
  for (const it of late) if (await (it.answerBy ? escalate(ctx, it) : layBefore(ctx, it))) moved++
  return moved
}

/**
 * Whoever was on it has left (T17): the report is open again for everybody on duty, and if its time is over they are told
 * in the same round. How many it moved.
 */
export async function returnLeft(ctx: Ctx): Promise<number> {
  const left = await ctx.db
    .select({ id: report.id, number: report.number, assessedBy: report.assessedBy })
    .from(report)
    .innerJoin(person, and(eq(person.id, report.assessedBy), eq(person.state, 'left')))
    .where(eq(report.state, 'under-assessment'))
    .limit(BATCH)
    .for('update', { of: report, skipLocked: true })
  for (const { id, number, assessedBy } of left) {
    const open = { state: 'reported', assessedBy: null, assessedAt: null, escalatedAt: null } as const
    await ctx.db
      .update(report)
      .set({ ...open, version: sql`${report.version} + 1` })
      .where(eq(report.id, id))
    await record(ctx, {
      type: 'report.returned',
      object: id,
      action: 'incidents.tick',
      payload: { number, from: assessedBy, because: 'whoever was on it left' },
    })
    await refresh(ctx, id)
  }
  return left.length
}

/** Once for each report: every responder is reminded and every ISMS manager is asked. */
async function escalate(ctx: Ctx, it: Late): Promise<boolean> {
  if (!(await claim(ctx, it.id, { escalatedAt: ctx.now }))) return false
  const duty = await onDuty(ctx, it.reporterId)
  const reminded = duty.people.map((one) => one.id)
  const asked = duty.behind.map((one) => one.id).filter((id) => !reminded.includes(id))
  const card = { card: 'incidents.triage', subject: it.id }
  await Promise.all([
    record(ctx, escalation(it.id, [...reminded, ...asked], 'not taken on in time')),
    refresh(ctx, it.id),
    ...reminded.map((to) => post(ctx, { key: `${it.id}/remind/${to}`, to, ...card })),
    ...asked.map((to) => post(ctx, { key: `${it.id}/escalate/${to}`, to, ...card })),
  ])
  return true
}

/** Nobody was there when it was reported; as soon as somebody is, it lies before them. */
async function layBefore(ctx: Ctx, it: Late): Promise<boolean> {
  const { people, role } = await onDuty(ctx, it.reporterId)
  const zones = people.map((one) => one.timezone)
  const due = answerBy(ctx.now, zones, ctx.house.workday)
  if (!due) return false
  const escalatedAt = role === 'isms-manager' ? ctx.now : null
  if (!(await claim(ctx, it.id, { answerBy: due, escalatedAt }))) return false
  const to = people.map((one) => one.id)
  await Promise.all([
    record(ctx, escalation(it.id, to, 'nobody was there before')),
    refresh(ctx, it.id),
    ...to.map((one) => post(ctx, { key: `${it.id}/triage/${one}`, to: one, card: 'incidents.triage', subject: it.id })),
  ])
  return true
}

/** Several workers may look at once; one of them changes the row. */
async function claim(ctx: Ctx, id: string, to: { answerBy?: Date; escalatedAt: Date | null }): Promise<boolean> {
  const before = to.answerBy ? isNull(report.answerBy) : isNull(report.escalatedAt)
  const changed = await ctx.db
    .update(report)
    .set(to)
    .where(and(eq(report.id, id), inArray(report.state, ['reported']), before))
    .returning({ id: report.id })
  return changed.length === 1
}
