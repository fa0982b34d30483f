import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm'
import { file, upload } from '../../db/schema/files.ts'
import { fileName } from './file-name.ts'
import { type Kept, keepFile } from './files.ts'
import { text } from './text.ts'
import type { Fields } from './view.ts'
import type { Ctx, Upload } from './workflow.ts'

/** An upload belongs to a form that is on somebody's screen, or is filled in within the hour, or to nothing. */
export const UPLOAD_MS = 3_600_000
/** As many as a form can offer in one list. */
export const MOST_OFFERED = 10

/** Nothing is in it: evidence of nothing. The platform it came by says so, by its name. */
export class EmptyFile extends Error {}

/** Keeps what a person brought. The same bytes again: the newer time, and the newer name. Throws EmptyFile. */
export async function keepUpload(
  ctx: Pick<Ctx, 'db' | 'now' | 'random' | 'by'>,
  it: { type: string; bytes: Uint8Array; name: string },
): Promise<Kept> {
  if (it.bytes.length === 0) throw new EmptyFile()
  const kept = await keepFile(ctx.db, it, ctx.now, ctx.random)
  const named = { name: fileName(it.name), uploadedAt: ctx.now, takenAt: null }
  await ctx.db
    .insert(upload)
    .values({ fileId: kept.id, personId: ctx.by.id, ...named })
    .onConflictDoUpdate({ target: [upload.fileId, upload.personId], set: named })
  return kept
}

/** What this person brought within the hour, the newest first: a form can offer it. */
export const uploadsOf = (ctx: Pick<Ctx, 'db' | 'now' | 'by'>): Promise<Upload[]> =>
  ctx.db
    .select({
      id: upload.fileId,
      name: upload.name,
      size: file.size,
      at: upload.uploadedAt,
      isTaken: sql<boolean>`${upload.takenAt} is not null`,
    })
    .from(upload)
    .innerJoin(file, eq(file.id, upload.fileId))
    .where(and(eq(upload.personId, ctx.by.id), gte(upload.uploadedAt, new Date(ctx.now.getTime() - UPLOAD_MS))))
    .orderBy(desc(upload.uploadedAt), desc(upload.fileId))
    .limit(MOST_OFFERED)
    .then((rows) => rows)

export type Brought = { id: string; name: string; sha256: string }

/**
 * What this person brought under these ids, in their order; others are missing. Held until the transaction ends, so that
 * none is swept away under the change that takes it.
 */
export async function broughtBy(ctx: Pick<Ctx, 'db' | 'by'>, ids: readonly string[]): Promise<Brought[]> {
  if (ids.length === 0) return []
  const rows = await ctx.db
    .select({ id: upload.fileId, name: upload.name, sha256: file.sha256 })
    .from(upload)
    .innerJoin(file, eq(file.id, upload.fileId))
    .where(and(eq(upload.personId, ctx.by.id), inArray(upload.fileId, [...ids])))
    .for('key share', { of: upload })
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? [])
}

/** The files that a form's answers name, by field. */
export type FilesIn = readonly { field: string; ids: readonly string[] }[]

export const filesIn = (fields: Fields, answers: Readonly<Record<string, unknown>>): FilesIn =>
  Object.entries(fields).flatMap(([field, { kind }]) =>
    kind === 'file' && answers[field] !== undefined ? [{ field, ids: answers[field] as string[] }] : [],
  )

/**
 * One sentence for each field that names a file which this very person did not bring (T10). Somebody else's, one that was
 * swept away and one that never was are answered alike (T20).
 */
export async function strangeFiles(ctx: Ctx, named: FilesIn): Promise<Record<string, string> | undefined> {
  if (named.length === 0) return undefined
  const all = named.flatMap(({ ids }) => ids)
  const brought = new Set((await broughtBy(ctx, all)).map(({ id }) => id))
  const strange = named.filter(({ ids }) => !ids.every((id) => brought.has(id)))
  if (strange.length === 0) return undefined
  return Object.fromEntries(strange.map(({ field }) => [field, text(ctx.by.language).notBrought]))
}

const left = new WeakSet<Ctx>()

/** For a run that recorded nothing, because it was done before: the files of its form stay free for another. */
export function leaveFiles(ctx: Ctx): void {
  left.add(ctx)
}

/** A form took them: the next one does not propose them again. */
export async function takeFiles(ctx: Ctx, named: FilesIn): Promise<void> {
  const all = named.flatMap(({ ids }) => ids)
  if (all.length === 0 || left.has(ctx)) return
  await ctx.db
    .update(upload)
    .set({ takenAt: ctx.now })
    .where(and(eq(upload.personId, ctx.by.id), inArray(upload.fileId, all)))
}
