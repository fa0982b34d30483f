import { and, eq, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { message } from '../../db/schema/messages.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { post } from '../core/messages.ts'
import { addDays, localDay, workingHours } from '../core/schedule.ts'
import { action, type Ctx, type Fields, type Option } from '../core/workflow.ts'
import { isOpen } from './acknowledging.ts'
import { type Request, requestOf } from './request.ts'
import { drawRequest } from './requests.ts'
import { text } from './text.ts'

/** Ten in the morning where the person is, on any day of the week they choose. */
const MORNING = { from: 10, to: 17, days: [1, 2, 3, 4, 5, 6, 7] }

/** "Not now": asked again on a day of their choice, never after the due date. */
export const later = action<Request, Fields>({
  about: 'asg',
  load: (ctx, id) => requestOf(ctx, id, { lock: ctx.turn?.entries !== undefined }),
  may: (ctx, it) => it.assignment.personId === ctx.by.id,
  asks: {
    fields(ctx, it) {
      const say = text(ctx.by.language).later
      const { tomorrow, last } = spanOf(ctx, it)
      return {
        when: { kind: 'choice', label: say.when, options: choices(ctx, it) },
        day: { kind: 'date', label: say.day, hint: say.dayHint, optional: true, min: tomorrow, max: last },
      }
    },
    async form(ctx, it) {
      const say = text(ctx.by.language).later
      if (!isOpen(it)) return { instead: { card: await drawRequest(ctx, it.assignment.id) } }
      const { tomorrow, last } = spanOf(ctx, it)
      if (tomorrow > last) return { instead: { say: say.tooLate } }
      return {
        id: it.assignment.id,
        title: say.title,
        submit: say.submit,
        shown: it.version.id,
        values: { when: choices(ctx, it)[0]?.value },
      }
    },
  },
  async run(ctx, it, answers) {
    const say = text(ctx.by.language)
    if (!isOpen(it)) return { card: await drawRequest(ctx, it.assignment.id) }
    const day = answers.when === 'date' ? answers.day : answers.when
    if (typeof day !== 'string') throw new Refusal(say.later.whichDay, { day: say.later.whichDay })
    const at = await putOff(ctx, it, day)
    return {
      card: await drawRequest(ctx, it.assignment.id),
      say: say.later.done(say.day(day), say.time(at, ctx.by.timezone)),
    }
  },
})

function spanOf(ctx: Ctx, it: Request) {
  const tomorrow = addDays(localDay(ctx.now, ctx.by.timezone), 1)
  return { tomorrow, last: it.assignment.dueOn }
}

/** Tomorrow, Monday, or a date: those that still lie before the due date. The value is the day itself. */
function choices(ctx: Ctx, it: Request): Option[] {
  const say = text(ctx.by.language)
  const { tomorrow, last } = spanOf(ctx, it)
  const monday = nextMonday(tomorrow)
  return [
    { value: tomorrow, label: say.later.tomorrow(say.day(tomorrow)) },
    ...(monday !== tomorrow && monday <= last ? [{ value: monday, label: say.later.monday(say.day(monday)) }] : []),
    ...(addDays(tomorrow, 1) <= last ? [{ value: 'date', label: say.later.date }] : []),
  ]
}

function nextMonday(from: string): string {
  const weekday = new Date(`${from}T00:00:00Z`).getUTCDay()
  return addDays(from, (8 - weekday) % 7)
}

/**
 * Posts the card again for that morning and lets the reminder ladder wait as long; the message is dropped by itself
 * when the answer comes first.
 */
async function putOff(ctx: Ctx, it: Request, day: string): Promise<Date> {
  const { id, personId } = it.assignment
  const from = workingHours(day, ctx.by.timezone, MORNING)?.from
  if (from === undefined) throw new Error('putOff: a morning that does not exist')
  const at = new Date(from)
  await Promise.all([
    ctx.db
      .update(assignment)
      .set({ nextAt: sql`greatest(${assignment.nextAt}, ${at.toISOString()}::timestamptz)` })
      .where(and(eq(assignment.id, id), eq(assignment.state, 'open'))),
    post(ctx, { key: laterKey(id, day), to: personId, card: 'policies.reminder', subject: id, assignment: id, at }),
    record(ctx, {
      type: 'policy.later',
      object: it.version.id,
      action: 'policies.later',
      ref: id,
      payload: { until: day },
    }),
  ])
  return at
}

const laterKey = (assignmentId: string, day: string) => `${assignmentId}/later/${day}`

/** The person asked to be asked on that day: a reminder of ours on the same day would be one too many. */
export async function isPutOffTo(ctx: Pick<Ctx, 'db'>, assignmentId: string, day: string): Promise<boolean> {
  const [found] = await ctx.db
    .select({ id: message.id })
    .from(message)
    .where(eq(message.messageKey, laterKey(assignmentId, day)))
  return found !== undefined
}
