import { sql } from 'drizzle-orm'
import { bigint, boolean, check, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'

/** Numbers that people see: EVT-2026-0042. Taken in the transaction that uses them, so none is given twice. */
export const numbering = pgTable('numbering', { series: text().primaryKey(), last: integer().notNull() })

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
