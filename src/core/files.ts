import { createHash } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { file, filePiece, upload } from '../../db/schema/files.ts'
import { newId, type Random } from './id.ts'
import type { Handed } from './view.ts'
import type { Ctx } from './workflow.ts'

/** Bytes of one upload: a scanned policy or a screen recording fits, a disk image does not. Adapters cut it on its way. */
export const LARGEST_FILE = 20 * 1024 * 1024
/** Small enough for a statement, large enough that a 20 MB upload is 40 rows. */
const PIECE = 512 * 1024

export type Kept = { id: string; sha256: string; size: number }

/**
 * Keeps bytes once, by SHA-256: the same file twice is one row. Stored inert and handed out only as a download (T27).
 */
export async function keepFile(
  db: Db,
  it: { bytes: Uint8Array; type: string },
  now: Date,
  random: Random,
): Promise<Kept> {
  const sha256 = createHash('sha256').update(it.bytes).digest('hex')
  const size = it.bytes.length
  for (let attempt = 1; attempt <= 3; attempt++) {
    const [made] = await db
      .insert(file)
      .values({ id: newId('fil', now, random), sha256, size, type: it.type, createdAt: now })
      .onConflictDoNothing({ target: file.sha256 })
      .returning({ id: file.id })
    if (made) {
      for (let n = 0; n * PIECE < size; n++)
        await db.insert(filePiece).values({ fileId: made.id, n, bytes: it.bytes.subarray(n * PIECE, (n + 1) * PIECE) })
      return { id: made.id, sha256, size }
    }
    // Held until this transaction ends, so that it is not put away before something refers to it.
    const [known] = await db.select({ id: file.id }).from(file).where(eq(file.sha256, sha256)).for('key share')
    if (known) return { id: known.id, sha256, size }
    // It was put away between the two statements: the bytes are here, and are written anew.
  }
  throw new Error('A file was put away three times while it was being kept')
}

export async function readFile(
  db: Db,
  id: string,
): Promise<{ bytes: Uint8Array; type: string; sha256: string } | undefined> {
  const [head] = await db.select().from(file).where(eq(file.id, id))
  if (!head) return undefined
  const pieces = await db
    .select({ bytes: filePiece.bytes })
    .from(filePiece)
    .where(eq(filePiece.fileId, id))
    .orderBy(asc(filePiece.n))
  return { bytes: Buffer.concat(pieces.map((piece) => piece.bytes)), type: head.type, sha256: head.sha256 }
}

/** A file as this person may have it, under the name of the workflow that says so; undefined: there is none for them. */
export async function fileFor(ctx: Ctx, id: string): Promise<Handed | undefined> {
  for (const workflow of ctx.house.workflows) {
    const name = await workflow.file?.(ctx, id)
    if (name === undefined) continue
    const [head] = await ctx.db.select({ size: file.size }).from(file).where(eq(file.id, id))
    return head && { id, name, size: head.size }
  }
  return undefined
}

/** PostgreSQL's foreign_key_violation: something holds on to the row. */
const IN_USE = '23503'

/** What one person brought is refused: their upload goes, and the file with it unless something else holds it. */
export async function dropUpload(db: Db, it: { fileId: string; personId: string }): Promise<void> {
  await db.delete(upload).where(and(eq(upload.fileId, it.fileId), eq(upload.personId, it.personId)))
  await dropFile(db, it.fileId)
}

/** Puts a file away that nothing refers to, no upload either. false: something does, so nothing was changed. */
export async function dropFile(db: Db, id: string): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.delete(filePiece).where(eq(filePiece.fileId, id))
      await tx.delete(file).where(eq(file.id, id))
    })
    return true
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code !== IN_USE) throw error
    return false
  }
}
