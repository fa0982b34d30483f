import { sql } from 'drizzle-orm'
import { bigserial, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { bytes, key, moment, txid } from './columns.ts'

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
