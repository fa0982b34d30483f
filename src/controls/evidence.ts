import { asc, inArray } from 'drizzle-orm'
import { attestationFile } from '../../db/schema/controls.ts'
import { type Brought, broughtBy } from '../core/uploads.ts'
import type { Ctx } from '../core/workflow.ts'

/** Files that stand behind an attestation, as their owner called them. */
export type Evidence = Pick<typeof attestationFile.$inferSelect, 'attestationId' | 'fileId' | 'name'>

/** As many as one attestation takes. */
export const MOST_EVIDENCE = 5

/** In the order in which they were chosen. */
export async function evidenceOf(ctx: Pick<Ctx, 'db'>, attestationIds: readonly string[]): Promise<Evidence[]> {
  if (attestationIds.length === 0) return []
  return ctx.db
    .select({
      attestationId: attestationFile.attestationId,
      fileId: attestationFile.fileId,
      name: attestationFile.name,
    })
    .from(attestationFile)
    .where(inArray(attestationFile.attestationId, [...attestationIds]))
    .orderBy(asc(attestationFile.attestationId), asc(attestationFile.ordinal))
}

/** What the owner brought becomes evidence: from now on the foreign key keeps it. */
export async function keepEvidence(ctx: Ctx, attestationId: string, fileIds: readonly string[]): Promise<Brought[]> {
  const files = await broughtBy(ctx, fileIds)
  if (files.length > 0)
    await ctx.db
      .insert(attestationFile)
      .values(files.map(({ id, name }, ordinal) => ({ attestationId, fileId: id, ordinal, name })))
  return files
}
