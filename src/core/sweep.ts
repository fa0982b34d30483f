import { and, eq, inArray, isNull, lt, notExists, or } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { file, upload } from '../../db/schema/files.ts'
import { receipt } from '../../db/schema/record.ts'
import { link, session } from '../../db/schema/sessions.ts'
import { dropFile } from './files.ts'
import { UPLOAD_MS } from './uploads.ts'

const DAY = 24 * 3_600_000
/** A redelivered click comes within minutes; three days leave room for a weekend's outage. */
const RECEIPT_MS = 3 * DAY
const BATCH = 500

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

/**
 * Uploads whose hour is over at the moment they are deleted, then files that nothing refers to, no upload either. The
 * database itself knows what is in use: what is brought again meanwhile stays.
 */
async function sweepUploads(db: Db, before: Date, now: Date): Promise<number> {
  await db.delete(upload).where(lt(upload.uploadedAt, before))
  const isBrought = db.select({ id: upload.fileId }).from(upload).where(eq(upload.fileId, file.id))
  const unseen = await db
    .select({ id: file.id })
    .from(file)
    .where(and(isNull(file.keptAt), lt(file.createdAt, before), notExists(isBrought)))
    .limit(BATCH)
  for (const { id } of unseen) {
    if (await dropFile(db, id)) continue
    await db
      .update(file)
      .set({ keptAt: now })
      .where(and(eq(file.id, id), notExists(isBrought)))
  }
  return unseen.length
}
