import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { assignment } from './campaigns.ts'
import { key, moment } from './columns.ts'
import { identity, person } from './people.ts'

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
