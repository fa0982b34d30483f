import { and, eq, inArray, isNotNull, or } from 'drizzle-orm'
import {
  accessBatch,
  accessDecision,
  accessGrant,
  review,
  reviewItem,
  snapshot,
  system,
} from '../../db/schema/access.ts'
import { isId, type Kind } from '../core/id.ts'
import { peopleById } from '../core/people.ts'
import { has } from '../core/rules.ts'
import type { Button, Ctx, Happenings, Recorded, Told } from '../core/workflow.ts'
import { nameOf } from './names.ts'
import { seesWhole } from './overview.ts'
import { text } from './text.ts'

/** The way into the record, for those who may read it. */
export const recordButton = (ctx: Ctx, about: string): Button[] =>
  has(ctx.by, 'isms-manager', 'auditor')
    ? [{ label: text(ctx.by.language).happenings.button, do: 'home.record', with: { about } }]
    : []

export const happenings: Happenings = {
  heading: (language) => text(language).happenings.heading,
  words: (language) => text(language).happenings.types,
  tell,
  parts,
}

/** A right with the batches it was kept in; of a person the rights that are theirs; of a review the export behind it. */
async function parts(ctx: Ctx, about: string): Promise<string[]> {
  if (isId('rev', about)) {
    const rows = await ctx.db.select({ id: review.snapshotId }).from(review).where(eq(review.id, about))
    return rows.map((row) => row.id)
  }
  if (!isId('rit', about) && !isId('per', about)) return []
  const theirs = isId('rit', about) ? eq(reviewItem.id, about) : eq(reviewItem.subjectPersonId, about)
  const [items, batches] = await Promise.all([
    ctx.db.select({ id: reviewItem.id }).from(reviewItem).where(theirs),
    ctx.db
      .selectDistinct({ id: accessDecision.batchId })
      .from(accessDecision)
      .innerJoin(reviewItem, eq(reviewItem.id, accessDecision.itemId))
      .where(and(theirs, isNotNull(accessDecision.batchId))),
  ])
  return [...items, ...batches].flatMap((row) => row.id ?? [])
}

/** What is told of one id: its title, the system that decides who sees it, and the way to its page. */
type Thing = { system: typeof system.$inferSelect; about: string; opens?: Told['opens'] }

async function tell(ctx: Ctx, entries: readonly Recorded[]): Promise<ReadonlyMap<string, Told>> {
  const [things, more] = await Promise.all([thingsOf(ctx, entries), whatOf(ctx, entries)])
  return new Map(
    entries.flatMap((it): [string, Told][] => {
      const thing = things.get(it.object)
      if (!thing || !seesWhole(ctx, thing.system)) return []
      const what = more.get(it.id)
      const { about, opens } = thing
      return [[it.id, { about, ...(opens ? { opens } : {}), ...(what ? { what } : {}) }]]
    }),
  )
}

async function thingsOf(ctx: Ctx, entries: readonly Recorded[]): Promise<Map<string, Thing>> {
  const { happenings: say } = text(ctx.by.language)
  const idsOf = (kind: Kind) => [...new Set(entries.map((it) => it.object).filter((id) => isId(kind, id)))]
  const [systems, reviews, exports, items, batches] = ['sys', 'rev', 'snp', 'rit', 'bat'].map((kind) =>
    idsOf(kind as Kind),
  )
  const none = Promise.resolve([])
  const found = await Promise.all([
    systems?.length ? ctx.db.select({ id: system.id, system }).from(system).where(inArray(system.id, systems)) : none,
    reviews?.length
      ? ctx.db
          .select({ id: review.id, system })
          .from(review)
          .innerJoin(system, eq(system.id, review.systemId))
          .where(inArray(review.id, reviews))
      : none,
    exports?.length
      ? ctx.db
          .select({ id: snapshot.id, system })
          .from(snapshot)
          .innerJoin(system, eq(system.id, snapshot.systemId))
          .where(inArray(snapshot.id, exports))
      : none,
    items?.length
      ? ctx.db
          .select({ id: reviewItem.id, system, grant: accessGrant })
          .from(reviewItem)
          .innerJoin(accessGrant, eq(accessGrant.id, reviewItem.grantId))
          .innerJoin(review, eq(review.id, reviewItem.reviewId))
          .innerJoin(system, eq(system.id, review.systemId))
          .where(inArray(reviewItem.id, items))
      : none,
    batches?.length
      ? ctx.db
          .select({ id: accessBatch.id, reviewId: accessBatch.reviewId, system, batch: accessBatch })
          .from(accessBatch)
          .innerJoin(review, eq(review.id, accessBatch.reviewId))
          .innerJoin(system, eq(system.id, review.systemId))
          .where(inArray(accessBatch.id, batches))
      : none,
  ])
  const [ofSystem, ofReview, ofExport, ofItem, ofBatch] = found
  return new Map<string, Thing>([
    ...ofSystem.map((row): [string, Thing] => [row.id, { system: row.system, about: row.system.name }]),
    ...ofReview.map((row): [string, Thing] => [row.id, thing(row, row.system.name, 'access.report')]),
    ...ofExport.map((row): [string, Thing] => [row.id, thing(row, row.system.name, 'access.receipt')]),
    ...ofItem.map((row): [string, Thing] => [
      row.id,
      thing(row, say.right(row.system.name, row.grant.entitlementLabel, nameOf(row.grant)), 'access.item'),
    ]),
    ...ofBatch.map((row): [string, Thing] => [
      row.id,
      thing(
        { ...row, id: row.reviewId },
        say.batch(row.system.name, row.batch.entitlementCode, row.batch.count),
        'access.report',
      ),
    ]),
  ])
}

const thing = ({ id, system: of }: { id: string; system: Thing['system'] }, about: string, page: string): Thing => ({
  system: of,
  about,
  opens: { do: page, id },
})

/**
 * What more can be said of an entry: what was decided, to whom it was handed. A decision and its entry are of one moment;
 * a batch keeps, and what moves together names who takes it.
 */
async function whatOf(ctx: Ctx, entries: readonly Recorded[]): Promise<Map<string, string>> {
  const say = text(ctx.by.language).happenings
  const decided = entries.filter((it) => it.type === 'access.decided' || it.type === 'access.reassigned')
  const singles = decided.filter((it) => isId('rit', it.object))
  const rows =
    singles.length === 0
      ? []
      : await ctx.db
          .select()
          .from(accessDecision)
          .where(
            or(...singles.map((it) => and(eq(accessDecision.itemId, it.object), eq(accessDecision.decidedAt, it.at)))),
          )
  const made = (it: Recorded, isHanded: boolean) =>
    rows.find(
      (row) =>
        row.itemId === it.object &&
        row.decidedAt.getTime() === it.at.getTime() &&
        row.choice !== 'undone' &&
        (row.choice === 'not-mine') === isHanded,
    )
  const heirOf = (it: Recorded) => (isId('per', it.ref) ? it.ref : made(it, true)?.toPersonId)
  const heirs = await peopleById(
    ctx.db,
    decided.flatMap((it) => (it.type === 'access.reassigned' ? (heirOf(it) ?? []) : [])),
  )
  return new Map(
    decided.flatMap((it): [string, string][] => {
      if (it.type === 'access.reassigned') {
        const heir = heirs.get(heirOf(it) ?? '')
        return heir ? [[it.id, say.handed(heir.name)]] : []
      }
      const choice = isId('bat', it.object) ? 'keep' : made(it, false)?.choice
      return choice ? [[it.id, say.decided(say.choices[choice])]] : []
    }),
  )
}
