import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, key, moment } from './columns.ts'
import { person } from './people.ts'

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

/**
 * Who brought which file, and what they called it: for an hour a form takes it from them and from nobody else. The name
 * is for showing only (T27). Not evidence: what a file became is said by the row that refers to it.
 */
export const upload = pgTable(
  'upload',
  {
    fileId: text('file_id')
      .notNull()
      .references(() => file.id),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    name: text().notNull(),
    uploadedAt: moment('uploaded_at').notNull(),
    /** A form took it: from then on it is offered, but no longer proposed. */
    takenAt: moment('taken_at'),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.personId] }), index('upload_newest').on(t.personId, t.uploadedAt)],
)
