import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { assignment } from './campaigns.ts'
import { key, moment } from './columns.ts'
import { file } from './files.ts'
import { person } from './people.ts'

/** The Annex A registers of both editions: ids and short titles. */
export const control = pgTable(
  'control',
  {
    edition: text({ enum: ['2022', '2013'] }).notNull(),
    code: text().notNull(),
    title: text().notNull(),
    theme: text().notNull(),
    ordinal: integer().notNull(),
    ownerId: text('owner_id').references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.edition, t.code] })],
)

export const controlMapping = pgTable(
  'control_mapping',
  { code2013: text('code_2013').notNull(), code2022: text('code_2022').notNull(), relation: text().notNull() },
  (t) => [primaryKey({ columns: [t.code2013, t.code2022] })],
)

/** A recurring duty of a control owner: what is to be done, by whom, how often. */
export const controlAction = pgTable('control_action', {
  id: key(),
  code: text().notNull().unique(),
  title: text().notNull(),
  controls2022: jsonb('controls_2022').$type<string[]>().notNull(),
  controls2013: jsonb('controls_2013').$type<string[]>().notNull(),
  ownerId: text('owner_id').references(() => person.id),
  /** ISO 8601 duration: P1M, P3M, P6M, P12M. */
  period: text().notNull(),
  graceDays: integer('grace_days').notNull(),
  evidence: text().notNull().default(''),
  segregation: text().notNull().default(''),
  /** First period's first day; the n-th period is computed from it, so that no drift creeps in. */
  anchoredOn: date('anchored_on', { mode: 'string' }),
  createdAt: moment('created_at').notNull(),
})

/** One turn of the duty. A missed one stays as it is, open or late, for everybody to see. */
export const occurrence = pgTable(
  'occurrence',
  {
    id: key(),
    actionId: text('action_id')
      .notNull()
      .references(() => controlAction.id),
    n: integer().notNull(),
    periodFrom: date('period_from', { mode: 'string' }).notNull(),
    periodTo: date('period_to', { mode: 'string' }).notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => person.id),
    state: text({ enum: ['open', 'attested', 'missed'] })
      .notNull()
      .default('open'),
    missedAt: moment('missed_at'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    unique('occurrence_once').on(t.actionId, t.n),
    index('occurrence_due').on(t.dueOn),
    check('occurrence_state', sql`state in ('open', 'attested', 'missed')`),
  ],
)

/** What the owner declared. A late one is still written, beside the mark that it was missed. */
export const attestation = pgTable(
  'attestation',
  {
    id: key(),
    occurrenceId: text('occurrence_id')
      .notNull()
      .references(() => occurrence.id)
      .unique(),
    assignmentId: text('assignment_id').references(() => assignment.id),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    answer: text({ enum: ['operates', 'deviations', 'fails'] }).notNull(),
    statement: text().notNull(),
    attestedAt: moment('attested_at').notNull(),
  },
  () => [check('attestation_answer', sql`answer in ('operates', 'deviations', 'fails')`)],
)

/** Files that stand behind an attestation; the name is what its owner called it, for showing only (T27). */
export const attestationFile = pgTable(
  'attestation_file',
  {
    attestationId: text('attestation_id')
      .notNull()
      .references(() => attestation.id),
    fileId: text('file_id')
      .notNull()
      .references(() => file.id),
    ordinal: integer().notNull(),
    name: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.attestationId, t.fileId] }), index('attestation_file_of').on(t.fileId)],
)
