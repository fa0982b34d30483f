import { and, eq, inArray, sql } from 'drizzle-orm'
import { report, reportDetail } from '../../db/schema/incidents.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { post, refresh } from '../core/messages.ts'
import { nextNumber } from '../core/numbers.ts'
import { peopleWithRole } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import type { Carried, Ctx, Person } from '../core/workflow.ts'
import { answerBy } from './answer.ts'
import { escalation, onDuty } from './duty.ts'
import type { Audience, Category, Known } from './kinds.ts'
import { isOpen, type Report, reportById } from './register.ts'
import { text } from './text.ts'

export type Said = {
  what: string
  category: Category
  ongoing: Known
  personalData: Known
  audience: Audience
  /** command, shortcut, message, home, button, web */
  origin: string
  carried?: Carried
}

/**
 * Keeps what somebody saw, gives it a number and lays it before those on duty, all in this transaction: the person is
 * told the number only after it is committed (T50). The id comes with the form, so a second submit finds the first (T36).
 */
export async function makeReport(ctx: Ctx, id: string, said: Said): Promise<Report> {
  // Two submits of one form wait here for each other; otherwise the loser would leave a gap in the numbers.
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`)
  const before = await reportById(ctx, id)
  if (before) {
    if (before.reporterId === ctx.by.id) return before
    throw new Refusal(text(ctx.by.language).refusal.gone)
  }
  const duty = await onDuty(ctx, ctx.by.id)
  const number = await nextNumber(ctx, 'EVT')
  const carried = said.carried ?? null
  const facts = {
    number,
    category: said.category,
    ongoing: said.ongoing,
    personalData: said.personalData,
    audience: said.audience,
    origin: said.origin,
  }
  const due =
    answerBy(
      ctx.now,
      duty.people.map((one) => one.timezone),
      ctx.house.workday,
    ) ?? null
  const escalatedAt = duty.role === 'isms-manager' ? ctx.now : null
  await ctx.db.insert(report).values({
    id,
    ...facts,
    reporterId: ctx.by.id,
    what: said.what,
    carried,
    occurredAt: momentOf(carried?.at, ctx.now),
    reportedAt: ctx.now,
    answerBy: due,
    escalatedAt,
  })
  await Promise.all([
    record(ctx, {
      type: 'report.made',
      object: id,
      action: 'incidents.report',
      payload: {
        ...facts,
        what: said.what,
        carried,
        answerBy: due?.toISOString() ?? null,
        onDuty: duty.people.map((one) => one.id),
      },
    }),
    post(ctx, { key: `${id}/receipt`, to: ctx.by.id, card: 'incidents.receipt', subject: id }),
    ...duty.people.map((one) =>
      post(ctx, { key: `${id}/triage/${one.id}`, to: one.id, card: 'incidents.triage', subject: id }),
    ),
    ...(await informed(ctx, said, duty.people)).map((one) =>
      post(ctx, { key: `${id}/dpo/${one.id}`, to: one.id, card: 'incidents.report', subject: id }),
    ),
    escalatedAt
      ? record(
          ctx,
          escalation(
            id,
            duty.people.map((one) => one.id),
            'no responder',
          ),
        )
      : undefined,
  ])
  const made = await reportById(ctx, id)
  if (!made) throw new Error('report: not found after it was made')
  return made
}

/**
 * Where personal data is involved, the data protection officer must know at once: the authority's clock of 72 hours runs
 * from when the organisation knows (GDPR article 33). Nobody is told twice, and never the reporter.
 */
async function informed(ctx: Ctx, said: Said, told: readonly Person[]): Promise<Person[]> {
  if (said.personalData !== 'yes') return []
  const officers = await peopleWithRole(ctx.db, 'dpo')
  return officers.filter((one) => isMember(one) && one.id !== ctx.by.id && !told.some((other) => other.id === one.id))
}

/** More about a report, by the reporter; appended. Whoever took it on is told anew. */
export async function addDetail(ctx: Ctx, it: Report, more: string): Promise<void> {
  const id = newId('det', ctx.now, ctx.random)
  await ctx.db.insert(reportDetail).values({ id, reportId: it.id, personId: ctx.by.id, text: more, at: ctx.now })
  const told = it.assessedBy
  await Promise.all([
    record(ctx, {
      type: 'report.detail',
      object: it.id,
      action: 'incidents.detail',
      ref: id,
      payload: { number: it.number, text: more },
    }),
    refresh(ctx, it.id),
    told ? post(ctx, { key: `${id}/news/${told}`, to: told, card: 'incidents.triage', subject: it.id }) : undefined,
  ])
}

/** The reporter takes it back before it is decided. It stays where it stands, as withdrawn. false: somebody was faster. */
export async function withdraw(ctx: Ctx, it: Report): Promise<boolean> {
  if (!isOpen(it)) return false
  const [changed] = await ctx.db
    .update(report)
    .set({ state: 'withdrawn', version: sql`${report.version} + 1` })
    .where(and(eq(report.id, it.id), inArray(report.state, ['reported', 'under-assessment'])))
    .returning({ id: report.id })
  if (!changed) return false
  const id = newId('det', ctx.now, ctx.random)
  await ctx.db
    .insert(reportDetail)
    .values({ id, reportId: it.id, personId: ctx.by.id, kind: 'withdrawn', text: '', at: ctx.now })
  await Promise.all([
    record(ctx, {
      type: 'report.withdrawn',
      object: it.id,
      action: 'incidents.withdraw',
      ref: id,
      payload: { number: it.number, before: it.state },
    }),
    refresh(ctx, it.id),
  ])
  return true
}

/** The carried message's own time, unless it is none or lies ahead. */
function momentOf(at: string | undefined, now: Date): Date | null {
  const moment = at === undefined ? Number.NaN : Date.parse(at)
  return Number.isNaN(moment) || moment > now.getTime() ? null : new Date(moment)
}
