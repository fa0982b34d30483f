import { and, desc, eq, getColumns, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { acknowledgement, policy, policyVersion } from '../../db/schema/policies.ts'
import { has, isSystem } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { belongs, todayOf } from './audience.ts'

/** A version with the stable key of its document. */
export type Version = typeof policyVersion.$inferSelect & { code: string }

export const VERSION = { ...getColumns(policyVersion), code: policy.code }

export async function versionOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Version | undefined> {
  const [row] = await ctx.db
    .select(VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(eq(policyVersion.id, id))
  return row
}

/** All versions of a document, newest first. */
export const versionsOf = (ctx: Pick<Ctx, 'db'>, policyId: string): Promise<Version[]> =>
  ctx.db
    .select(VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(eq(policyVersion.policyId, policyId))
    .orderBy(desc(policyVersion.ordinal))
    .then((rows) => rows)

/** In force on that day: approved, its date reached, not replaced; of several the newest. */
export const isInForce = (today: string) =>
  and(
    isNotNull(policyVersion.approvedBy),
    isNull(policyVersion.supersededAt),
    or(isNull(policyVersion.effectiveFrom), lte(policyVersion.effectiveFrom, today)),
  )

/** Leads and auditors read every policy; its owner, its audience, and whoever was asked or agreed read that one. */
export async function mayRead(ctx: Ctx, version: Version): Promise<boolean> {
  if (isSystem(ctx.by) || has(ctx.by, 'isms-manager', 'auditor') || version.ownerId === ctx.by.id) return true
  const { db } = ctx
  const [row] = await db
    .select({
      reads: sql<boolean>`(${belongs(db, version.audience, todayOf(ctx))})
        or exists ${db
          .select({ id: assignment.id })
          .from(assignment)
          .where(and(eq(assignment.personId, person.id), eq(assignment.subjectId, version.id)))}
        or exists ${db
          .select({ id: acknowledgement.id })
          .from(acknowledgement)
          .where(and(eq(acknowledgement.personId, person.id), eq(acknowledgement.versionId, version.id)))}`,
    })
    .from(person)
    .where(eq(person.id, ctx.by.id))
  return row?.reads === true
}

/** `acceptable-use-v3.0.pdf`: what a file is called when it is handed out. */
export const fileNameOf = (version: Pick<Version, 'code' | 'version' | 'format'>): string =>
  `${version.code}-v${version.version}.${version.format === 'markdown' ? 'md' : version.format}`

/** The name under which this person may have a policy's file; undefined: not a policy's, or not theirs. */
export async function policyFile(ctx: Ctx, fileId: string): Promise<string | undefined> {
  const rows = await ctx.db
    .select(VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(eq(policyVersion.fileId, fileId))
  for (const row of rows) if (await mayRead(ctx, row)) return fileNameOf(row)
  return undefined
}
