import { and, desc, eq } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { attestation, attestationFile, controlAction, occurrence } from '../../db/schema/controls.ts'
import { personById } from '../core/people.ts'
import { has, isActive, isMember } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { type Asked, historyOf } from './duty.ts'
import type { Duty } from './period.ts'

/** The ISMS manager and the auditor see every answer; owners see their own. */
export const oversees = (ctx: Ctx): boolean => isActive(ctx.by) && has(ctx.by, 'isms-manager', 'auditor')

/** Only the owner attests, nobody in the owner's place. */
export const mayAttest = (ctx: Ctx, { occurrence, attestation }: Asked): boolean =>
  isMember(ctx.by) && occurrence.ownerId === ctx.by.id && attestation === null

export const mayRead = async (ctx: Ctx, duty: Duty): Promise<boolean> => {
  if (oversees(ctx) || duty.ownerId === ctx.by.id) return isActive(ctx.by)
  const [owner, periods] = await Promise.all([
    duty.ownerId === null ? undefined : personById(ctx.db, duty.ownerId),
    historyOf(ctx, duty.id),
  ])
  const wasTheirs = periods.some(({ attestation }) => attestation?.personId === ctx.by.id)
  return isMember(ctx.by) && (owner?.managerId === ctx.by.id || wasTheirs)
}

/**
 * The name under which this person may have a file of evidence: whoever reads the duty, and whoever was asked about that
 * very period. undefined: no evidence, or not theirs.
 */
export async function evidenceFile(ctx: Ctx, fileId: string): Promise<string | undefined> {
  const rows = await ctx.db
    .select({ name: attestationFile.name, duty: controlAction, asked: assignment.id })
    .from(attestationFile)
    .innerJoin(attestation, eq(attestation.id, attestationFile.attestationId))
    .innerJoin(occurrence, eq(occurrence.id, attestation.occurrenceId))
    .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
    .leftJoin(assignment, and(eq(assignment.subjectId, occurrence.id), eq(assignment.personId, ctx.by.id)))
    .where(eq(attestationFile.fileId, fileId))
    .orderBy(desc(attestation.attestedAt))
  for (const row of rows) if (row.asked !== null || (await mayRead(ctx, row.duty))) return row.name
  return undefined
}
