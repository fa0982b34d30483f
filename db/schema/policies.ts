import { sql } from 'drizzle-orm'
import { bigserial, check, date, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { assignment } from './campaigns.ts'
import { key, moment } from './columns.ts'
import { file } from './files.ts'
import { person } from './people.ts'

export const policy = pgTable('policy', {
  id: key(),
  /** Stable key of the document across versions: acceptable-use. */
  code: text().notNull().unique(),
  createdAt: moment('created_at').notNull(),
})

/** One part of a rule; a person belongs to the audience when any part fits. `person` is for a trial, never in a policy. */
export type AudiencePart = { by: 'department' | 'site' | 'role' | 'employment' | 'person'; is: string }

/** Whom a version is for, as a rule: evaluated when it is used; the population is frozen at the launch. */
export type Audience = 'everyone' | readonly AudiencePart[]

/** A version is frozen when it is imported: its text or file, its facts, and the SHA-256 of the exact bytes. */
export const policyVersion = pgTable(
  'policy_version',
  {
    id: key(),
    policyId: text('policy_id')
      .notNull()
      .references(() => policy.id),
    version: text().notNull(),
    /** Order of the versions of one policy, 1, 2, … */
    ordinal: integer().notNull(),
    title: text().notNull(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => person.id),
    /** Who approved it in which name, and when; without both there is no launch. */
    approvedBy: text('approved_by').references(() => person.id),
    approvedOn: date('approved_on', { mode: 'string' }),
    effectiveFrom: date('effective_from', { mode: 'string' }),
    reviewOn: date('review_on', { mode: 'string' }),
    audience: jsonb().$type<Audience>().notNull(),
    classification: text().notNull().default('internal'),
    controls: jsonb().$type<string[]>().notNull().default([]),
    summary: text().notNull().default(''),
    changes: text().notNull().default(''),
    format: text({ enum: ['markdown', 'pdf', 'docx'] }).notNull(),
    /** Of the whole file as it came in, front matter included. */
    sha256: text().notNull(),
    fileId: text('file_id')
      .notNull()
      .references(() => file.id),
    /** The Markdown without front matter; null for PDF and DOCX, where the person gets the file. */
    body: text(),
    words: integer().notNull().default(0),
    importedAt: moment('imported_at').notNull(),
    supersededAt: moment('superseded_at'),
  },
  (t) => [
    unique('policy_version_once').on(t.policyId, t.version),
    unique('policy_version_ordinal').on(t.policyId, t.ordinal),
    check('policy_version_format', sql`format in ('markdown', 'pdf', 'docx')`),
    check('policy_version_approval', sql`(approved_by is null) = (approved_on is null)`),
    // Markdown is read here; of a PDF or DOCX the person gets the file, so its owner says in short what it holds.
    check('policy_version_text', sql`(format = 'markdown') = (body is not null)`),
    check('policy_version_summary', sql`format = 'markdown' or summary <> ''`),
  ],
)

/** One person, one version, once. Appended, never changed; a newer version gets a row of its own. */
export const acknowledgement = pgTable(
  'acknowledgement',
  {
    id: key(),
    versionId: text('version_id')
      .notNull()
      .references(() => policyVersion.id),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    assignmentId: text('assignment_id').references(() => assignment.id),
    /** witnessed: given to us, here; imported: made elsewhere and not witnessed. */
    source: text({ enum: ['witnessed', 'imported'] }).notNull(),
    /** The exact sentence that was agreed to, in the language it was shown in, and the hash of the version's bytes. */
    statement: text().notNull(),
    language: text().notNull(),
    contentSha256: text('content_sha256').notNull(),
    platform: text().notNull(),
    identityId: text('identity_id'),
    /** When the person agreed; for an imported one, the date the source gives. */
    acknowledgedAt: moment('acknowledged_at').notNull(),
    /** When we wrote it down: the same moment unless imported. */
    recordedAt: moment('recorded_at').notNull(),
    /** Shown as A-10293: what the person keeps. From a sequence: a shared counter row would make clicks wait for each other. */
    number: bigserial({ mode: 'number' }).notNull().unique(),
    importSource: text('import_source'),
  },
  (t) => [
    unique('acknowledgement_once').on(t.versionId, t.personId),
    index('acknowledgement_person').on(t.personId),
    check('acknowledgement_source', sql`source in ('witnessed', 'imported')`),
    // What was imported was not witnessed: it says where it comes from and holds no sentence of ours.
    check(
      'acknowledgement_witness',
      sql`case source
        when 'witnessed' then statement <> '' and assignment_id is not null and identity_id is not null
          and import_source is null and recorded_at = acknowledged_at
        else statement = '' and assignment_id is null and identity_id is null
          and import_source <> '' and acknowledged_at <= recorded_at end`,
    ),
    check('acknowledgement_content', sql`content_sha256 ~ '^[0-9a-f]{64}$'`),
  ],
)

/** A question about a version, to its owner, and the one answer. */
export const policyQuestion = pgTable(
  'policy_question',
  {
    id: key(),
    versionId: text('version_id')
      .notNull()
      .references(() => policyVersion.id),
    askedBy: text('asked_by')
      .notNull()
      .references(() => person.id),
    question: text().notNull(),
    askedAt: moment('asked_at').notNull(),
    answer: text(),
    answeredBy: text('answered_by').references(() => person.id),
    answeredAt: moment('answered_at'),
  },
  (t) => [
    index('policy_question_version').on(t.versionId),
    check(
      'policy_question_answered',
      sql`(answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)`,
    ),
  ],
)
