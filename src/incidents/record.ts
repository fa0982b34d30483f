import { eq, inArray } from 'drizzle-orm'
import { report, verdict } from '../../db/schema/incidents.ts'
import { person } from '../../db/schema/people.ts'
import { isId } from '../core/id.ts'
import { has } from '../core/rules.ts'
import type { Button, Ctx, Happenings, Recorded, Told } from '../core/workflow.ts'
import { seesReport } from './sight.ts'
import { text } from './text.ts'
import type { Look } from './when.ts'

/** The way into the record, for those who may read it. */
export const recordButton = ({ by }: Look, about: string): Button[] =>
  has(by, 'isms-manager', 'auditor')
    ? [{ label: text(by.language).happenings.button, do: 'home.record', with: { about } }]
    : []

/** A report by its number and nothing of what it says; how it was decided, which an auditor may know (sight.ts). */
export const happenings: Happenings = {
  heading: (language) => text(language).happenings.heading,
  words: (language) => text(language).happenings.types,
  async tell(ctx, entries) {
    const say = text(ctx.by.language)
    const [reports, verdicts] = await Promise.all([reportsIn(ctx, entries), verdictsIn(ctx, entries)])
    return new Map(
      entries.flatMap((it): [string, Told][] => {
        const found = reports.get(it.object)
        if (!found || seesReport(ctx, found) === 'none') return []
        const outcome = verdicts.get(it.ref ?? '')
        const about = say.triage.title(found.number)
        const opens = { do: 'incidents.show', id: found.id }
        return [[it.id, { about, opens, ...(outcome ? { what: say.happenings.decided(say.verdict[outcome]) } : {}) }]]
      }),
    )
  },
}

async function reportsIn(ctx: Ctx, entries: readonly Recorded[]) {
  const ids = entries.map((it) => it.object).filter((id) => isId('rep', id))
  if (ids.length === 0) return new Map<string, never>()
  const rows = await ctx.db
    .select({
      id: report.id,
      number: report.number,
      reporterId: report.reporterId,
      reporterManagerId: person.managerId,
      personalData: report.personalData,
      audience: report.audience,
    })
    .from(report)
    .innerJoin(person, eq(person.id, report.reporterId))
    .where(inArray(report.id, ids))
  return new Map(rows.map((row) => [row.id, row]))
}

async function verdictsIn(ctx: Ctx, entries: readonly Recorded[]) {
  const ids = entries.flatMap(({ ref }) => (isId('ver', ref) ? [ref] : []))
  if (ids.length === 0) return new Map<string, never>()
  const rows = await ctx.db
    .select({ id: verdict.id, verdict: verdict.verdict })
    .from(verdict)
    .where(inArray(verdict.id, ids))
  return new Map(rows.map((row) => [row.id, row.verdict]))
}
