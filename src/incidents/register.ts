import { and, asc, eq, getTableColumns, gt, inArray, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { report, reportDetail, verdict } from '../../db/schema/incidents.ts'
import { person } from '../../db/schema/people.ts'
import { isId } from '../core/id.ts'
import { peopleById } from '../core/people.ts'
import { has } from '../core/rules.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import { isTriager, type Sight, seesReport } from './sight.ts'

export type Report = typeof report.$inferSelect & { reporterManagerId: string | null }
type Detail = typeof reportDetail.$inferSelect
export type Decision = typeof verdict.$inferSelect

/** A report with everything that happened to it, oldest first, and the people who stand in it. */
export type Told = {
  report: Report
  details: Detail[]
  decisions: Decision[]
  people: ReadonlyMap<string, Person>
  /** The reports that decisions name as the same, by id. */
  same: ReadonlyMap<string, Pick<Report, 'number' | 'reporterId'>>
}

/** Still to be decided. */
export const isOpen = (it: Pick<Report, 'state'>): boolean => it.state === 'reported' || it.state === 'under-assessment'

/** Of one moment, the later number is the newer. */
const newestFirst = sql`${report.reportedAt} desc, ${report.number} desc`
const oldestFirst = sql`${report.reportedAt}, ${report.number}`

const COLUMNS = { ...getTableColumns(report), reporterManagerId: person.managerId }

const reports = (ctx: Pick<Ctx, 'db'>, where: SQL | undefined, order: SQL, limit: number): Promise<Report[]> =>
  ctx.db
    .select(COLUMNS)
    .from(report)
    .innerJoin(person, eq(person.id, report.reporterId))
    .where(where)
    .orderBy(order)
    .limit(limit)
    .then((rows) => rows)

export const reportById = async (ctx: Pick<Ctx, 'db'>, id: string): Promise<Report | undefined> =>
  isId('rep', id) ? (await reports(ctx, eq(report.id, id), asc(report.id), 1))[0] : undefined

/** Everything that is told about a report. */
export async function toldOf(ctx: Pick<Ctx, 'db'>, it: Report): Promise<Told> {
  const [details, decisions] = await Promise.all([
    ctx.db
      .select()
      .from(reportDetail)
      .where(eq(reportDetail.reportId, it.id))
      .orderBy(asc(reportDetail.at), asc(reportDetail.id)),
    ctx.db.select().from(verdict).where(eq(verdict.reportId, it.id)).orderBy(asc(verdict.n)),
  ])
  const ids = [
    it.reporterId,
    it.assessedBy,
    ...details.map((one) => one.personId),
    ...decisions.map((one) => one.decidedBy),
  ]
  const others = decisions.flatMap((one) => one.duplicateOf ?? [])
  const [people, same] = await Promise.all([
    peopleById(
      ctx.db,
      ids.filter((id) => id !== null),
    ),
    others.length === 0
      ? []
      : ctx.db
          .select({ id: report.id, number: report.number, reporterId: report.reporterId })
          .from(report)
          .where(inArray(report.id, others)),
  ])
  return { report: it, details, decisions, people, same: new Map(same.map((one) => [one.id, one])) }
}

/** What this person reported, newest first. */
export const ownReports = (ctx: Ctx, limit = 20): Promise<Report[]> =>
  reports(ctx, eq(report.reporterId, ctx.by.id), newestFirst, limit)

/** How many reports their reporter had sent within an hour when this one came, itself among them. */
export const reportedLately = (ctx: Ctx, { reporterId, reportedAt }: Report): Promise<number> =>
  ctx.db.$count(
    report,
    and(
      eq(report.reporterId, reporterId),
      gt(report.reportedAt, new Date(reportedAt.getTime() - HOUR)),
      lte(report.reportedAt, reportedAt),
    ),
  )

const HOUR = 3_600_000

/** What waits for a decision that this person may give, oldest first. */
export const undecided = (ctx: Ctx, limit = 50): Promise<Report[]> =>
  isTriager(ctx.by)
    ? reports(
        ctx,
        and(inArray(report.state, ['reported', 'under-assessment']), ne(report.reporterId, ctx.by.id)),
        oldestFirst,
        limit,
      )
    : Promise.resolve([])

/**
 * Other people's reports that this person may see and that wait for nobody's decision by them, newest first. The
 * database narrows; `seesReport` decides.
 */
export async function othersSeen(ctx: Ctx, limit = 20): Promise<{ report: Report; sight: Sight }[]> {
  const { by } = ctx
  const open = or(
    eq(report.audience, 'open'),
    and(eq(report.audience, 'manager'), eq(person.managerId, by.id)),
    has(by, 'dpo') ? ne(report.personalData, 'no') : undefined,
  )
  const decided = isTriager(by) ? inArray(report.state, ['decided', 'withdrawn']) : undefined
  const visible = has(by, 'responder', 'isms-manager', 'auditor') ? decided : open
  const rows = await reports(ctx, and(ne(report.reporterId, by.id), visible), newestFirst, limit)
  return rows.map((it) => ({ report: it, sight: seesReport(ctx, it) })).filter(({ sight }) => sight !== 'none')
}

/**
 * Reports another one may be the same as: neither withdrawn nor themselves the same as a third, newest first. Limit: as
 * many as a chat platform offers in one list of choices.
 */
export const originals = (ctx: Pick<Ctx, 'db'>, except: string, limit = 100): Promise<Report[]> =>
  reports(ctx, and(ne(report.id, except), isOriginal), newestFirst, limit)

const isOriginal = and(
  ne(report.state, 'withdrawn'),
  sql`not exists (select 1 from ${verdict} v where v.report_id = ${report.id} and v.verdict = 'duplicate' and v.n = (select max(w.n) from ${verdict} w where w.report_id = ${report.id}) and ${report.state} = 'decided')`,
)

/** Whether that report may be named as the original, now. */
export const isOriginalNow = async (ctx: Pick<Ctx, 'db'>, id: string): Promise<boolean> =>
  (await reports(ctx, and(eq(report.id, id), isOriginal), asc(report.id), 1)).length === 1
