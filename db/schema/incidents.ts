import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { key, moment } from './columns.ts'
import { person } from './people.ts'

/** What somebody noticed, in their words, which are never rewritten. EVT-2026-0042. */
export const report = pgTable(
  'report',
  {
    id: key(),
    number: text().notNull().unique(),
    reporterId: text('reporter_id')
      .notNull()
      .references(() => person.id),
    what: text().notNull(),
    category: text().notNull().default('not-sure'),
    ongoing: text({ enum: ['yes', 'no', 'unknown'] })
      .notNull()
      .default('unknown'),
    personalData: text('personal_data', { enum: ['yes', 'no', 'unknown'] })
      .notNull()
      .default('unknown'),
    /** Who may see it beside the reporter: responders only, the reporter's manager too, or every member. */
    audience: text({ enum: ['responders', 'manager', 'open'] })
      .notNull()
      .default('responders'),
    /** Where it came from: command, shortcut, message, home, web; with the message that was carried along. */
    origin: text().notNull(),
    carried: jsonb().$type<{ text: string; author?: string; link?: string; at?: string } | null>(),
    occurredAt: moment('occurred_at'),
    reportedAt: moment('reported_at').notNull(),
    /** The answer as promised to the reporter; null while nobody is there to answer. */
    answerBy: moment('answer_by'),
    state: text({ enum: ['reported', 'under-assessment', 'decided', 'withdrawn'] })
      .notNull()
      .default('reported'),
    assessedBy: text('assessed_by').references(() => person.id),
    assessedAt: moment('assessed_at'),
    /** When nobody had taken it on in time and the ISMS managers were asked; once. */
    escalatedAt: moment('escalated_at'),
    /** Raised by every change of state; a click on an older one records nothing. */
    version: integer().notNull().default(0),
  },
  (t) => [
    unique('report_whose').on(t.id, t.reporterId),
    index('report_state').on(t.state, t.reportedAt),
    index('report_reporter').on(t.reporterId),
    index('report_unanswered').on(t.answerBy).where(sql`state = 'reported' and escalated_at is null`),
    check('report_state', sql`state in ('reported', 'under-assessment', 'decided', 'withdrawn')`),
    check('report_audience', sql`audience in ('responders', 'manager', 'open')`),
    check('report_known', sql`ongoing in ('yes', 'no', 'unknown') and personal_data in ('yes', 'no', 'unknown')`),
    check('report_assessed', sql`(assessed_by is null) = (assessed_at is null)`),
    check('report_assessor', sql`state not in ('under-assessment', 'decided') or assessed_by is not null`),
  ],
)

/** What was said about a report later: appended, never edited. `withdrawn` may be empty, a reopening has its reason. */
export const reportDetail = pgTable(
  'report_detail',
  {
    id: key(),
    reportId: text('report_id')
      .notNull()
      .references(() => report.id),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    kind: text({ enum: ['detail', 'withdrawn', 'reopened'] })
      .notNull()
      .default('detail'),
    text: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('report_detail_report').on(t.reportId),
    check('report_detail_kind', sql`kind in ('detail', 'withdrawn', 'reopened')`),
    check('report_detail_text', sql`kind = 'withdrawn' or length(text) > 0`),
  ],
)

/**
 * The reasoned end of every report (A.5.25): by a named person who did not report it, with a reason, also when it was
 * nothing. A report that was reopened gets another one; the earlier stays.
 */
export const verdict = pgTable(
  'verdict',
  {
    id: key(),
    reportId: text('report_id')
      .notNull()
      .references(() => report.id),
    /** The reporter of that report, so that the database itself refuses a verdict on one's own (T12). */
    reporterId: text('reporter_id').notNull(),
    n: integer().notNull(),
    verdict: text({ enum: ['incident', 'weakness', 'duplicate', 'false-alarm', 'no-action'] }).notNull(),
    reason: text().notNull(),
    /** What the reporter is told beside the outcome; the reason is internal. */
    toReporter: text('to_reporter'),
    severity: text({ enum: ['low', 'medium', 'high', 'critical'] }),
    duplicateOf: text('duplicate_of').references(() => report.id),
    /** INC-2026-0007 or WKN-2026-0003, on the first verdict of that kind; a later one of the same kind keeps it. */
    number: text(),
    decidedBy: text('decided_by')
      .notNull()
      .references(() => person.id),
    decidedAt: moment('decided_at').notNull(),
  },
  (t) => [
    unique('verdict_once').on(t.reportId, t.n),
    unique('verdict_number').on(t.number),
    foreignKey({
      name: 'verdict_whose',
      columns: [t.reportId, t.reporterId],
      foreignColumns: [report.id, report.reporterId],
    }),
    check('verdict_not_own', sql`decided_by <> reporter_id`),
    check('verdict_kind', sql`verdict in ('incident', 'weakness', 'duplicate', 'false-alarm', 'no-action')`),
    check(
      'verdict_reason',
      sql`length(reason) >= case when verdict in ('false-alarm', 'no-action') then 20 else 3 end`,
    ),
    check('verdict_severity', sql`(verdict = 'incident') = (severity is not null)`),
    check('verdict_numbered', sql`number is null or verdict in ('incident', 'weakness')`),
    check(
      'verdict_duplicate',
      sql`(verdict = 'duplicate') = (duplicate_of is not null) and duplicate_of is distinct from report_id`,
    ),
  ],
)
