import { and, eq } from 'drizzle-orm'
import { accessGrant, entitlement, type review, type snapshot } from '../../db/schema/access.ts'
import { person } from '../../db/schema/people.ts'
import type { Ctx } from '../core/workflow.ts'
import { type Flag, flagsOf, gravity } from './flags.ts'
import { itemsOf } from './items.ts'

export type Judged = {
  grantId: string
  personId: string | null
  personName: string | null
  accountLabel: string
  flags: Flag[]
  meaning: string
  privileged: 'yes' | 'no' | 'unknown'
  before: string
}

/** Every grant of the export with what stands out about it, gravest first. */
export async function judged(
  ctx: Ctx,
  of: typeof snapshot.$inferSelect,
  opened: typeof review.$inferSelect,
  previousId: string | undefined,
): Promise<Judged[]> {
  const [rows, earlier] = await Promise.all([
    ctx.db
      .select({
        grant: accessGrant,
        personName: person.name,
        personState: person.state,
        endedOn: person.endedOn,
        entitlement,
      })
      .from(accessGrant)
      .leftJoin(person, eq(person.id, accessGrant.personId))
      .leftJoin(
        entitlement,
        and(eq(entitlement.systemId, of.systemId), eq(entitlement.code, accessGrant.entitlementCode)),
      )
      .where(eq(accessGrant.snapshotId, of.id)),
    previousId === undefined ? undefined : itemsOf(ctx, previousId),
  ])
  const grants = new Map(earlier?.map((item) => [item.fingerprint, { choice: item.choice }]))
  const accounts = Map.groupBy(earlier ?? [], (item) => item.accountId)
  const today = ctx.now.toISOString().slice(0, 10)
  const all = rows.map(({ grant, personName, personState, endedOn, entitlement: known }) => {
    const meaning = known?.meaning ?? ''
    // What the organisation wrote down counts, and what the system itself calls privileged is never played down.
    const privileged = known?.privileged || grant.privileged === 'yes' ? 'yes' : known ? 'no' : grant.privileged
    const held = accounts.get(grant.accountId)
    const flags = flagsOf({
      hasLeft: personState === 'left' || (endedOn !== null && endedOn < today) || grant.leaver === 'yes',
      hasPerson: grant.personId !== null,
      kind: grant.accountKind,
      lastUsed: grant.lastUsed,
      grantedAt: grant.grantedAt,
      takenAt: of.extractedAt ?? of.receivedAt,
      inactiveDays: opened.inactiveDays,
      privileged,
      meaning,
      earlier: earlier && (grants.get(grant.fingerprint) ?? (held ? 'other right' : 'unknown account')),
    })
    const before = flags.includes('changed') ? (held ?? []).map((item) => item.entitlementLabel).join(', ') : ''
    const { id: grantId, personId, accountLabel, entitlementLabel, line } = grant
    return {
      grantId,
      personId,
      personName,
      accountLabel,
      entitlementLabel,
      line,
      flags,
      meaning,
      privileged,
      before,
    } as const
  })
  return all.toSorted(
    (a, b) =>
      gravity(a.flags) - gravity(b.flags) ||
      b.flags.length - a.flags.length ||
      a.entitlementLabel.localeCompare(b.entitlementLabel) ||
      a.line - b.line,
  )
}
