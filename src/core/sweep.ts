import { and, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { file, filePiece } from '../../db/schema/files.ts'
import { receipt } from '../../db/schema/record.ts'
import { link, session } from '../../db/schema/sessions.ts'

const DAY = 24 * 3_600_000
/** A redelivered click comes within minutes; three days leave room for a weekend's outage. */
const RECEIPT_MS = 3 * DAY
/** An upload belongs to a form that is on somebody's screen, or to nothing. */
const UPLOAD_MS = 3_600_000
const BATCH = 500

/** PostgreSQL's foreign_key_violation: something holds on to the row. */
const IN_USE = '23503'

/** Puts away what was for a short time only: answers to clicks, links, sessions, and uploads that became nothing. */
export async function sweep(db: Db, now: Date): Promise<number> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  const old = await db
    .select({ key: receipt.turnKey })
    .from(receipt)
    .where(lt(receipt.createdAt, before(RECEIPT_MS)))
    .limit(BATCH)
  if (old.length > 0)
    await db.delete(receipt).where(
      inArray(
        receipt.turnKey,
        old.map((one) => one.key),
      ),
    )
  await db.delete(link).where(lt(link.expiresAt, before(DAY)))
  await db.delete(session).where(or(lt(session.expiresAt, before(DAY)), lt(session.endedAt, before(DAY))))
  return old.length + (await sweepUploads(db, before(UPLOAD_MS), now))
}

/** The database itself knows what is in use: what nothing refers to can be deleted, and only that. */
async function sweepUploads(db: Db, before: Date, now: Date): Promise<number> {
  const unseen = await db
    .select({ id: file.id })
    .from(file)
    .where(and(isNull(file.keptAt), lt(file.createdAt, before)))
    .limit(BATCH)
  for (const { id } of unseen) {
    try {
      await db.transaction(async (tx) => {
        await tx.delete(filePiece).where(eq(filePiece.fileId, id))
        await tx.delete(file).where(eq(file.id, id))
      })
    } catch (error) {
      if ((error as { cause?: { code?: string } }).cause?.code !== IN_USE) throw error
      await db.update(file).set({ keptAt: now }).where(eq(file.id, id))
    }
  }
  return unseen.length
}
