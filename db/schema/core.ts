import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
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
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytes, key, moment, txid } from './columns.ts'

/** The register of people. A row is never deleted and its id never given to somebody else. */
export const person = pgTable(
  'person',
  {
    id: key(),
    name: text().notNull(),
    email: text().notNull(),
    /** Lower-case; joins and matching use this one. */
    emailKey: text('email_key').notNull().generatedAlwaysAs(sql`lower(email)`),
    managerId: text('manager_id'),
    department: text().notNull().default(''),
    site: text().notNull().default(''),
    title: text().notNull().default(''),
    employment: text({ enum: ['employee', 'contractor', 'guest'] })
      .notNull()
      .default('employee'),
    timezone: text().notNull().default('UTC'),
    language: text().notNull().default('en'),
    startedOn: date('started_on', { mode: 'string' }),
    endedOn: date('ended_on', { mode: 'string' }),
    /** active: may act; left: keeps standing in the evidence. */
    state: text({ enum: ['active', 'left'] })
      .notNull()
      .default('active'),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.managerId], foreignColumns: [t.id] }),
    // A mail address may be used again by a new joiner: then the first person has left, and stays another person (T13).
    uniqueIndex('person_email_active').on(t.emailKey).where(sql`state = 'active'`),
    index('person_manager').on(t.managerId),
    check('person_state', sql`state in ('active', 'left')`),
    check('person_employment', sql`employment in ('employee', 'contractor', 'guest')`),
  ],
)

/** Roles beside what the data says. Granting and ending a role are rows and entries; nothing is overwritten. */
export const personRole = pgTable(
  'person_role',
  {
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    role: text({ enum: ['responder', 'isms-manager', 'dpo', 'auditor', 'guest'] }).notNull(),
    grantedAt: moment('granted_at').notNull(),
    endedAt: moment('ended_at'),
    grantedBy: text('granted_by'),
    reason: text().notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.role, t.grantedAt] }),
    uniqueIndex('person_role_now').on(t.personId, t.role).where(sql`ended_at is null`),
  ],
)

/** A person on one platform. `address` is JSON that only the adapter reads. */
export const identity = pgTable(
  'identity',
  {
    id: key(),
    platform: text().notNull(),
    tenant: text().notNull(),
    userId: text('user_id').notNull(),
    personId: text('person_id').references(() => person.id),
    address: jsonb().$type<Record<string, unknown>>().notNull(),
    /** What the platform says: a proposal for linking, never authority. */
    email: text(),
    displayName: text('display_name'),
    /** linked: acts as the person; unmatched, ambiguous: listed for somebody to link; ended: may do nothing. */
    state: text({ enum: ['linked', 'unmatched', 'ambiguous', 'ended'] }).notNull(),
    /** A guest of the workspace: may acknowledge and report, nothing else. */
    guest: boolean().notNull().default(false),
    /** False for a browser that only shows pages: no message is sent there. */
    receives: boolean().notNull().default(true),
    /** How it was linked: verified-email, by-hand, setup, demo. */
    linkMethod: text('link_method'),
    linkedAt: moment('linked_at'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    unique('identity_user').on(t.platform, t.tenant, t.userId),
    index('identity_person').on(t.personId),
    check('identity_state', sql`state in ('linked', 'unmatched', 'ambiguous', 'ended')`),
    check(
      'identity_linked',
      sql`(state = 'linked') = (person_id is not null and linked_at is not null) or state = 'ended'`,
    ),
  ],
)

/** A group of people owe an answer by a date. */
export const campaign = pgTable(
  'campaign',
  {
    id: key(),
    workflow: text().notNull(),
    /** What it is about: a policy version, a control action, a review. */
    subjectId: text('subject_id').notNull(),
    title: text().notNull(),
    /** planning: population being written; open: nudged and answerable; stopped: nothing more is sent; closed: over. */
    state: text({ enum: ['planning', 'open', 'stopped', 'closed'] }).notNull(),
    scope: text({ enum: ['me', 'pilot', 'everyone'] })
      .notNull()
      .default('everyone'),
    audience: jsonb().$type<unknown>().notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    requestedBy: text('requested_by').references(() => person.id),
    createdAt: moment('created_at').notNull(),
    openedAt: moment('opened_at'),
    stoppedAt: moment('stopped_at'),
    closedAt: moment('closed_at'),
    /** The population as frozen at the launch: how many, and SHA-256 of the sorted person ids, one a line. */
    populationCount: integer('population_count'),
    populationSha256: text('population_sha256'),
  },
  (t) => [
    index('campaign_subject').on(t.subjectId),
    check('campaign_state', sql`state in ('planning', 'open', 'stopped', 'closed')`),
  ],
)

/** One person's share of a campaign. */
export const assignment = pgTable(
  'assignment',
  {
    id: key(),
    campaignId: text('campaign_id')
      .notNull()
      .references(() => campaign.id),
    workflow: text().notNull(),
    subjectId: text('subject_id').notNull(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    /** open → done; superseded (a newer version asks instead), withdrawn (stopped), left (the person has left): all stay. */
    state: text({ enum: ['open', 'done', 'superseded', 'withdrawn', 'left'] })
      .notNull()
      .default('open'),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    /** The end of the due date where the person is. */
    dueAt: moment('due_at').notNull(),
    /** workflow.card that asks for the answer. */
    card: text().notNull(),
    /** The next step of the reminder ladder (-1: the first card) and when it is due; null: none. */
    step: integer().notNull().default(-1),
    nextAt: moment('next_at'),
    createdAt: moment('created_at').notNull(),
    decidedAt: moment('decided_at'),
  },
  (t) => [
    unique('assignment_once').on(t.campaignId, t.personId, t.subjectId),
    index('assignment_inbox').on(t.personId, t.dueAt).where(sql`state = 'open'`),
    index('assignment_next').on(t.nextAt).where(sql`state = 'open' and next_at is not null`),
    index('assignment_campaign_state').on(t.campaignId, t.state),
    index('assignment_subject').on(t.subjectId),
    check('assignment_state', sql`state in ('open', 'done', 'superseded', 'withdrawn', 'left')`),
    check('assignment_decided', sql`(state = 'done') = (decided_at is not null)`),
  ],
)

/** A card a person should be seeing. Drawn from current data when it is delivered; the same key edits. */
export const message = pgTable(
  'message',
  {
    id: key(),
    /** Unique: the logical message, never the attempt: `asg_…/request`, `asg_…/remind/2`. */
    messageKey: text('message_key').notNull(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    /** workflow.card and what it is about. */
    card: text().notNull(),
    subjectId: text('subject_id').notNull(),
    /** Set when the message only makes sense while that assignment is open; checked again when it is claimed. */
    assignmentId: text('assignment_id').references(() => assignment.id),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    unique('message_once').on(t.messageKey),
    index('message_subject').on(t.subjectId),
    index('message_person').on(t.personId),
  ],
)

/** The way of a message to one identity: the outbox, and the evidence of who was told what and when. */
export const delivery = pgTable(
  'delivery',
  {
    messageId: text('message_id')
      .notNull()
      .references(() => message.id),
    identityId: text('identity_id')
      .notNull()
      .references(() => identity.id),
    /** Ours and random: on a platform that keeps it with the message, an unknown outcome is found again by it. */
    nonce: uuid().notNull().defaultRandom(),
    /** platform:tenant[:method]; Retry-After closes one lane and no other. */
    lane: text().notNull(),
    /** unknown: sent perhaps (time-out after the body went out); parked: a person must decide; dropped: nothing left to say. */
    state: text({ enum: ['due', 'claimed', 'sent', 'unknown', 'failed', 'parked', 'dropped'] }).notNull(),
    dueAt: moment('due_at').notNull(),
    claimedUntil: moment('claimed_until'),
    claimedBy: text('claimed_by'),
    attempts: integer().notNull().default(0),
    /** Raised by every edit that is asked for; `sentRevision` follows when it was delivered. */
    revision: integer().notNull().default(1),
    sentRevision: integer('sent_revision').notNull().default(0),
    /** Where the message stands, JSON that only the adapter reads; null until it was sent once. */
    anchor: jsonb().$type<Record<string, unknown>>(),
    firstSentAt: moment('first_sent_at'),
    sentAt: moment('sent_at'),
    /** The very card that was delivered last. */
    shown: jsonb().$type<unknown>(),
    problem: text(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.identityId] }),
    index('delivery_due').on(t.dueAt).where(sql`state in ('due', 'claimed')`),
    index('delivery_trouble').on(t.state).where(sql`state in ('failed', 'parked', 'unknown')`),
    index('delivery_identity').on(t.identityId, t.firstSentAt),
    check('delivery_state', sql`state in ('due', 'claimed', 'sent', 'unknown', 'failed', 'parked', 'dropped')`),
  ],
)

/** A lane that a platform asked us to leave alone until then. */
export const lane = pgTable('lane', { name: text().primaryKey(), opensAt: moment('opens_at').notNull() })

/** What a turn answered, by the platform's own key: a redelivered click gets the same answer. Kept for a day or more. */
export const receipt = pgTable(
  'receipt',
  {
    turnKey: text('turn_key').primaryKey(),
    personId: text('person_id'),
    reply: jsonb().$type<unknown>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [index('receipt_created').on(t.createdAt)],
)

/**
 * What happened, appended in the transaction of the change and never touched again. `bytes` is RFC 8785 JSON of
 * {v, type, at, actor, object, action, ref, payload_sha256}: ids and hashes only. A sealer orders by (epoch, txid, seq).
 */
export const entry = pgTable(
  'entry',
  {
    id: key(),
    seq: bigserial({ mode: 'bigint' }).notNull(),
    txid: txid().notNull().default(sql`pg_current_xact_id()`),
    epoch: integer().notNull().default(sql`current_epoch()`),
    bytes: bytes().notNull(),
    type: text().notNull(),
    at: moment('at').notNull(),
    actor: text().notNull(),
    object: text().notNull(),
    action: text().notNull(),
    ref: text(),
    payloadSha256: text('payload_sha256').notNull(),
  },
  (t) => [
    index('entry_order').on(t.epoch, t.txid, t.seq),
    index('entry_object').on(t.object),
    index('entry_at').on(t.at),
  ],
)

/** What an entry was about, salted and apart, so that it can be erased without breaking the log. SHA-256(salt || payload). */
export const entryPayload = pgTable('entry_payload', {
  entryId: text('entry_id')
    .primaryKey()
    .references(() => entry.id),
  salt: bytes().notNull(),
  payload: bytes().notNull(),
})

/** Transaction ids start anew after a restore: a new epoch keeps the order of entries. */
export const epoch = pgTable('epoch', {
  epoch: integer().primaryKey(),
  startedAt: moment('started_at').notNull(),
  reason: text().notNull(),
})

/** Numbers that people see: EVT-2026-0042. Taken in the transaction that uses them, so none is given twice. */
export const numbering = pgTable('numbering', { series: text().primaryKey(), last: integer().notNull() })

/** Files once each, by SHA-256 of their bytes, in pieces so that none must fit into memory. */
export const file = pgTable('file', {
  id: key(),
  sha256: text().notNull().unique(),
  size: integer().notNull(),
  type: text().notNull(),
  createdAt: moment('created_at').notNull(),
  /** When it was seen in use; until then it may be an upload that was refused or given up, and is swept away. */
  keptAt: moment('kept_at'),
})

export const filePiece = pgTable(
  'file_piece',
  {
    fileId: text('file_id')
      .notNull()
      .references(() => file.id),
    n: integer().notNull(),
    bytes: bytes().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.n] })],
)

/** A single-use link into the browser desk, and the session it opens. Only hashes of the secrets are kept. */
export const link = pgTable('link', {
  tokenSha256: text('token_sha256').primaryKey(),
  personId: text('person_id')
    .notNull()
    .references(() => person.id),
  path: text().notNull(),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
})

export const session = pgTable('session', {
  tokenSha256: text('token_sha256').primaryKey(),
  personId: text('person_id')
    .notNull()
    .references(() => person.id),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  endedAt: moment('ended_at'),
})

/** Settings that must survive a restart and be the same in every process. */
export const setting = pgTable('setting', {
  name: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  secret: boolean().notNull().default(false),
})

/** How far this installation's clock stands ahead of the database's: zero, but in the demo and in tests. */
export const clock = pgTable(
  'clock',
  { one: boolean().primaryKey().default(true), shiftMs: bigint('shift_ms', { mode: 'number' }).notNull().default(0) },
  () => [check('clock_one', sql`one`)],
)
