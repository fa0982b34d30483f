import { and, eq, lt } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { identity, person } from '../../db/schema/people.ts'
import { close } from '../core/assignments.ts'
import { record } from '../core/entries.ts'
import { localDay } from '../core/schedule.ts'
import type { Ctx } from '../core/workflow.ts'

/** Somebody leaves: duties are closed as "left" and stay in the evidence, accounts may do nothing more (T17). */
export async function leave(ctx: Ctx, personId: string): Promise<void> {
  const left = await ctx.db
    .update(person)
    .set({ state: 'left', updatedAt: ctx.now })
    .where(and(eq(person.id, personId), eq(person.state, 'active')))
    .returning({ endedOn: person.endedOn })
  if (!left[0]) return
  const open = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .where(and(eq(assignment.personId, personId), eq(assignment.state, 'open')))
  for (const { id } of open) await close(ctx, { assignment: id, to: 'left' })
  await ctx.db.update(identity).set({ state: 'ended' }).where(eq(identity.personId, personId))
  await record(ctx, {
    type: 'person.left',
    object: personId,
    action: 'people.leave',
    payload: { ended_on: left[0].endedOn, open_duties: open.length },
  })
}

/** Last days that have passed, where each of them is, since the last look. Any number of processes may do this: each person leaves once. */
export async function leaveOnTime(ctx: Ctx): Promise<number> {
  // East of here it may be tomorrow already.
  const latest = localDay(ctx.now, 'Pacific/Kiritimati')
  const near = await ctx.db
    .select({ id: person.id, endedOn: person.endedOn, timezone: person.timezone })
    .from(person)
    .where(and(eq(person.state, 'active'), lt(person.endedOn, latest)))
    .orderBy(person.endedOn)
    .limit(100)
    .for('update', { skipLocked: true })
  const due = near.filter(({ endedOn, timezone }) => endedOn !== null && endedOn < localDay(ctx.now, timezone))
  for (const { id } of due) await leave(ctx, id)
  return due.length
}
