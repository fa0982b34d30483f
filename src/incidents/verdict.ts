import { and, eq, inArray, sql } from 'drizzle-orm'
import { report, reportDetail, verdict } from '../../db/schema/incidents.ts'
import { record } from '../core/entries.ts'
import { newId } from '../core/id.ts'
import { post, refresh } from '../core/messages.ts'
import { nextNumber } from '../core/numbers.ts'
import type { Ctx } from '../core/workflow.ts'
import { SERIES, type Severity, type Verdict } from './kinds.ts'
import { isOpen, isOriginalNow, type Report } from './register.ts'

export type Given = {
  verdict: Verdict
  reason: string
  toReporter?: string
  severity?: Severity
  duplicateOf?: string
}

/**
 * The version a change is based on: what was on the person's screen, or what this transaction read. A click on an
 * older card changes nothing (T39).
 */
const basedOn = (ctx: Ctx, it: Report): number => {
  const shown = ctx.turn?.shown
  return shown !== undefined && /^\d{1,9}$/.test(shown) ? Number(shown) : it.version
}

type State = Report['state']

/** One guarded change of state: true when it was this one, false when somebody was faster. */
async function move(ctx: Ctx, it: Report, from: State[], to: Partial<typeof report.$inferInsert>): Promise<boolean> {
  const [changed] = await ctx.db
    .update(report)
    .set({ ...to, version: sql`${report.version} + 1` })
    .where(and(eq(report.id, it.id), eq(report.version, basedOn(ctx, it)), inArray(report.state, from)))
    .returning({ id: report.id })
  return changed !== undefined
}

/** "I'm on it": from now on it is under assessment by this person. */
export async function takeOn(ctx: Ctx, it: Report): Promise<boolean> {
  const mine = { state: 'under-assessment', assessedBy: ctx.by.id, assessedAt: ctx.now } as const
  if (!(await move(ctx, it, ['reported', 'under-assessment'], mine))) return false
  const payload = { number: it.number, before: it.state, from: it.assessedBy }
  await Promise.all([
    record(ctx, { type: 'report.assessed', object: it.id, action: 'incidents.take', payload }),
    refresh(ctx, it.id),
  ])
  return true
}

/**
 * The verdict of the person who acts. 'late': somebody was faster, nothing was recorded. 'not original': the other
 * report is itself a duplicate or withdrawn.
 */
export async function decide(ctx: Ctx, it: Report, given: Given): Promise<'decided' | 'late' | 'not original'> {
  if (given.duplicateOf) {
    // Both rows, always in the same order: two people who name each other's report wait instead of locking up.
    const both = [it.id, given.duplicateOf]
    await ctx.db.select({ id: report.id }).from(report).where(inArray(report.id, both)).orderBy(report.id).for('update')
    if (!(await isOriginalNow(ctx, given.duplicateOf))) return 'not original'
  }
  const assessed = it.assessedBy ? {} : { assessedBy: ctx.by.id, assessedAt: ctx.now }
  if (!(await move(ctx, it, ['reported', 'under-assessment'], { state: 'decided', ...assessed }))) return 'late'
  const before = await ctx.db
    .select({ n: verdict.n, verdict: verdict.verdict })
    .from(verdict)
    .where(eq(verdict.reportId, it.id))
  const n = before.length + 1
  const series = before.some((one) => one.verdict === given.verdict) ? undefined : SERIES[given.verdict]
  const row = {
    id: newId('ver', ctx.now, ctx.random),
    n,
    verdict: given.verdict,
    reason: given.reason,
    toReporter: given.toReporter ?? null,
    severity: given.severity ?? null,
    duplicateOf: given.duplicateOf ?? null,
    number: series ? await nextNumber(ctx, series) : null,
  }
  await ctx.db
    .insert(verdict)
    .values({ ...row, reportId: it.id, reporterId: it.reporterId, decidedBy: ctx.by.id, decidedAt: ctx.now })
  await Promise.all([
    record(ctx, {
      type: 'report.decided',
      object: it.id,
      action: `incidents.${given.verdict}`,
      ref: row.id,
      payload: { ...row, report: it.number, before: it.state },
    }),
    post(ctx, { key: `${it.id}/outcome/${n}`, to: it.reporterId, card: 'incidents.outcome', subject: it.id }),
    refresh(ctx, it.id),
  ])
  return 'decided'
}

/** A decided or withdrawn report is looked at again, by this person and for a reason; what was decided stays. */
export async function reopen(ctx: Ctx, it: Report, reason: string): Promise<boolean> {
  const mine = { state: 'under-assessment', assessedBy: ctx.by.id, assessedAt: ctx.now } as const
  if (isOpen(it) || !(await move(ctx, it, ['decided', 'withdrawn'], mine))) return false
  const id = newId('det', ctx.now, ctx.random)
  await ctx.db
    .insert(reportDetail)
    .values({ id, reportId: it.id, personId: ctx.by.id, kind: 'reopened', text: reason, at: ctx.now })
  await Promise.all([
    record(ctx, {
      type: 'report.reopened',
      object: it.id,
      action: 'incidents.reopen',
      ref: id,
      payload: { number: it.number, before: it.state, reason },
    }),
    refresh(ctx, it.id),
  ])
  return true
}
