import { desc, eq } from 'drizzle-orm'
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
  if (oversees(ctx)) return true
  if (!isMember(ctx.by)) return false
  if (duty.ownerId === ctx.by.id) return true
  const [owner, periods] = await Promise.all([
    duty.ownerId === null ? undefined : personById(ctx.db, duty.ownerId),
    historyOf(ctx, duty.id),
  ])
  const wasTheirs = periods.some(({ attestation }) => attestation?.personId === ctx.by.id)
  return owner?.managerId === ctx.by.id || wasTheirs
}

/**
 * What was answered about a period: for whoever reads the duty, and for the owner of that very period. It goes by that and
 * not by an assignment, because one that was withdrawn, superseded or left says only that somebody was asked once. A
 * guest's account owns nothing here (T14).
 */
export const seesAnswer = async (ctx: Ctx, it: { occurrence: { ownerId: string }; duty: Duty }): Promise<boolean> =>
  (isMember(ctx.by) && it.occurrence.ownerId === ctx.by.id) || (await mayRead(ctx, it.duty))

/** The name under which this person may have a file of evidence. undefined: no evidence, or not theirs. */
export async function evidenceFile(ctx: Ctx, fileId: string): Promise<string | undefined> {
  const rows = await ctx.db
    .select({ name: attestationFile.name, duty: controlAction, occurrence })
    .from(attestationFile)
    .innerJoin(attestation, eq(attestation.id, attestationFile.attestationId))
    .innerJoin(occurrence, eq(occurrence.id, attestation.occurrenceId))
    .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
    .where(eq(attestationFile.fileId, fileId))
    .orderBy(desc(attestation.attestedAt))
  for (const row of rows) if (await seesAnswer(ctx, row)) return row.name
  return undefined
}
