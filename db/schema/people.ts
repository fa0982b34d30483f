import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { key, moment } from './columns.ts'

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
