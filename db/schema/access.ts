import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { assignment, campaign } from './campaigns.ts'
import { key, moment } from './columns.ts'
import { file } from './files.ts'
import { person } from './people.ts'

/** A system whose rights are reviewed. */
export const system = pgTable('system', {
  id: key(),
  code: text().notNull().unique(),
  name: text().notNull(),
  description: text().notNull().default(''),
  ownerId: text('owner_id')
    .notNull()
    .references(() => person.id),
  /** Decides instead where the owner may not: on the owner's own rights. */
  deputyId: text('deputy_id').references(() => person.id),
  class: text({ enum: ['standard', 'critical', 'privileged'] })
    .notNull()
    .default('standard'),
  createdAt: moment('created_at').notNull(),
})

/** What a right means in plain words; without one a reviewer cannot decide well. */
export const entitlement = pgTable(
  'entitlement',
  {
    systemId: text('system_id')
      .notNull()
      .references(() => system.id),
    code: text().notNull(),
    meaning: text().notNull(),
    privileged: boolean().notNull().default(false),
    ifRemoved: text('if_removed').notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.systemId, t.code] })],
)

/** An export as it came in, with the receipt that accounts for every line. An unbalanced one starts no review. */
export const snapshot = pgTable('snapshot', {
  id: key(),
  systemId: text('system_id')
    .notNull()
    .references(() => system.id),
  adapter: text().notNull(),
  fileId: text('file_id')
    .notNull()
    .references(() => file.id),
  sha256: text().notNull(),
  /** What its bringer called the file. */
  name: text().notNull().default(''),
  receipt: jsonb().$type<unknown>().notNull(),
  balanced: boolean().notNull(),
  /** When the export was taken from the system, as its bringer says, and when it reached us. */
  extractedAt: moment('extracted_at'),
  receivedAt: moment('received_at').notNull(),
  importedBy: text('imported_by').references(() => person.id),
})

/** One grant of the export: account × entitlement × path. */
export const accessGrant = pgTable(
  'access_grant',
  {
    id: key(),
    snapshotId: text('snapshot_id')
      .notNull()
      .references(() => snapshot.id),
    line: integer().notNull(),
    accountId: text('account_id').notNull(),
    accountLabel: text('account_label').notNull(),
    accountName: text('account_name').notNull().default(''),
    accountEmail: text('account_email'),
    accountKind: text('account_kind', { enum: ['human', 'service', 'shared', 'break-glass', 'unknown'] }).notNull(),
    accountStatus: text('account_status', { enum: ['active', 'inactive', 'unknown'] }).notNull(),
    personId: text('person_id').references(() => person.id),
    /** How the account found its person: email; or why not: several people (ambiguous), nobody (unmatched), no address (none). */
    link: text({ enum: ['email', 'ambiguous', 'unmatched', 'none'] }).notNull(),
    entitlementCode: text('entitlement_code').notNull(),
    entitlementLabel: text('entitlement_label').notNull(),
    /** How the right is held, where the export tells: a group, a login of its own. */
    path: text().notNull().default(''),
    privileged: text({ enum: ['yes', 'no', 'unknown'] }).notNull(),
    grantedAt: moment('granted_at'),
    /** never, unknown, not read, or a moment in ISO 8601. */
    lastUsed: text('last_used').notNull(),
    leaver: text({ enum: ['yes', 'no', 'unknown', 'not read'] }).notNull(),
    /** The grant across snapshots: SHA-256 of account, entitlement and path; a changed role is another grant. */
    fingerprint: text().notNull(),
  },
  (t) => [unique('access_grant_once').on(t.snapshotId, t.fingerprint), index('access_grant_person').on(t.personId)],
)

export const review = pgTable(
  'review',
  {
    id: key(),
    systemId: text('system_id')
      .notNull()
      .references(() => system.id),
    snapshotId: text('snapshot_id')
      .notNull()
      .references(() => snapshot.id),
    campaignId: text('campaign_id').references(() => campaign.id),
    state: text({ enum: ['open', 'signed'] }).notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    /** The organisation's own threshold on the day it opened: unused for longer counts as inactive. */
    inactiveDays: integer('inactive_days').notNull(),
    /** The review that was signed before this one: new and changed rights are told against it. */
    previousId: text('previous_id'),
    openedAt: moment('opened_at').notNull(),
    openedBy: text('opened_by').references(() => person.id),
    signedAt: moment('signed_at'),
    signedBy: text('signed_by').references(() => person.id),
    /** SHA-256 over every item and its decision: what exactly was signed. */
    signedSha256: text('signed_sha256'),
  },
  (t) => [
    foreignKey({ columns: [t.previousId], foreignColumns: [t.id] }),
    unique('review_once').on(t.snapshotId),
    index('review_system').on(t.systemId),
    check('review_state', sql`state in ('open', 'signed')`),
    check(
      'review_signed',
      sql`(state = 'signed') = (signed_at is not null and signed_by is not null and signed_sha256 is not null)`,
    ),
  ],
)

/** One decision to be made. `version` guards against two people deciding at once. */
export const reviewItem = pgTable(
  'review_item',
  {
    id: key(),
    reviewId: text('review_id')
      .notNull()
      .references(() => review.id),
    grantId: text('grant_id')
      .notNull()
      .references(() => accessGrant.id),
    reviewerId: text('reviewer_id')
      .notNull()
      .references(() => person.id),
    /** Why this person decides. */
    reviewerRule: text('reviewer_rule', {
      enum: ['owner', 'deputy', 'manager', 'isms-manager', 'reassigned'],
    }).notNull(),
    /** Whose right it is, where known: never the reviewer (T12). */
    subjectPersonId: text('subject_person_id').references(() => person.id),
    /** The same, with nobody as '': what a decision refers to, so that the database refuses one on one's own right. */
    subjectKey: text('subject_key').notNull().generatedAlwaysAs(sql`coalesce(subject_person_id, '')`),
    assignmentId: text('assignment_id').references(() => assignment.id),
    /** leaver, orphan, still-there, inactive, privileged, unowned, new, changed, no-meaning. */
    flags: jsonb().$type<string[]>().notNull(),
    /** What the right means and whether it is privileged, as the reviewer reads it; corrected only while undecided. */
    meaning: text().notNull().default(''),
    privileged: text({ enum: ['yes', 'no', 'unknown'] }).notNull(),
    /** What the account held in the previous review, where that is another right. */
    before: text().notNull().default(''),
    choice: text({ enum: ['keep', 'remove', 'change', 'unknown'] }),
    /** Raised by every decision, undoing and handing over; a click names the one it was drawn from. */
    version: integer().notNull().default(0),
    ordinal: integer().notNull(),
  },
  (t) => [
    unique('review_item_once').on(t.reviewId, t.grantId),
    unique('review_item_subject').on(t.id, t.subjectKey),
    index('review_item_open').on(t.reviewId, t.ordinal),
    index('review_item_reviewer').on(t.reviewerId, t.reviewId),
    check('review_item_independent', sql`reviewer_id is distinct from subject_person_id`),
    check('review_item_choice', sql`choice in ('keep', 'remove', 'change', 'unknown')`),
  ],
)

/** Several kept at once: which rows exactly, and what the reviewer stated about them. */
export const accessBatch = pgTable('access_batch', {
  id: key(),
  reviewId: text('review_id')
    .notNull()
    .references(() => review.id),
  personId: text('person_id')
    .notNull()
    .references(() => person.id),
  entitlementCode: text('entitlement_code').notNull(),
  count: integer().notNull(),
  /** SHA-256 of the frozen rows as they were shown. */
  rowsSha256: text('rows_sha256').notNull(),
  statement: text().notNull(),
  decidedAt: moment('decided_at').notNull(),
})

/** Every decision that was made, in order; the newest counts, none is overwritten. */
export const accessDecision = pgTable(
  'access_decision',
  {
    id: key(),
    itemId: text('item_id')
      .notNull()
      .references(() => reviewItem.id),
    version: integer().notNull(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    /** Of the item; the foreign key keeps it true, so that the check below cannot be talked around. */
    subjectKey: text('subject_key').notNull(),
    /** undone: taken back, the item is open again; not-mine: handed to `toPersonId`. */
    choice: text({ enum: ['keep', 'remove', 'change', 'unknown', 'not-mine', 'undone'] }).notNull(),
    reason: text().notNull().default(''),
    /** change: to which right. */
    changeTo: text('change_to').notNull().default(''),
    toPersonId: text('to_person_id').references(() => person.id),
    batchId: text('batch_id').references(() => accessBatch.id),
    decidedAt: moment('decided_at').notNull(),
  },
  (t) => [
    unique('access_decision_once').on(t.itemId, t.version),
    index('access_decision_batch').on(t.batchId),
    foreignKey({
      name: 'access_decision_subject',
      columns: [t.itemId, t.subjectKey],
      foreignColumns: [reviewItem.id, reviewItem.subjectKey],
    }),
    check('access_decision_independent', sql`person_id <> subject_key`),
    check(
      'access_decision_choice',
      sql`choice in ('keep', 'remove', 'change', 'unknown', 'not-mine', 'undone') and (choice = 'not-mine') = (to_person_id is not null) and to_person_id is distinct from person_id`,
    ),
    check('access_decision_reason', sql`choice in ('keep', 'undone') or reason <> ''`),
  ],
)
