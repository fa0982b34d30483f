import { pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { person } from './people.ts'

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
