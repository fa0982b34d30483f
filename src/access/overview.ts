import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { review, reviewItem, snapshot, system } from '../../db/schema/access.ts'
import { person } from '../../db/schema/people.ts'
import { has, isMember } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import type { System } from './systems.ts'

/** Who sees a whole review: the owner of the system, the ISMS managers, the auditors. */
export const seesWhole = (ctx: Pick<Ctx, 'by'>, of: System): boolean =>
  isMember(ctx.by) && (of.ownerId === ctx.by.id || has(ctx.by, 'isms-manager', 'auditor'))

/** Who brings exports and starts reviews. */
export const mayRun = (ctx: Pick<Ctx, 'by'>, of: System): boolean =>
  isMember(ctx.by) && (of.ownerId === ctx.by.id || has(ctx.by, 'isms-manager'))

const count = (choice: string) => sql<number>`count(*) filter (where ${reviewItem.choice} = ${choice})::int`

/** Every review with its counts, newest first. */
const tallies = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .select({
      id: review.id,
      systemId: review.systemId,
      state: review.state,
      dueOn: review.dueOn,
      signedAt: review.signedAt,
      items: sql<number>`count(${reviewItem.id})::int`,
      open: sql<number>`count(*) filter (where ${reviewItem.id} is not null and ${reviewItem.choice} is null)::int`,
      keep: count('keep'),
      remove: count('remove'),
      change: count('change'),
      unknown: count('unknown'),
    })
    .from(review)
    .leftJoin(reviewItem, eq(reviewItem.reviewId, review.id))
    .groupBy(review.id)
    .orderBy(desc(review.openedAt))
    .then((rows) => rows)

type Tally = Awaited<ReturnType<typeof tallies>>[number]
export type Overview = {
  system: System
  ownerName: string
  running: Tally | undefined
  signed: Tally | undefined
  unreviewed: string | undefined
}

/** The systems this person looks after, or all of them for those who see all, each with where its review stands. */
export async function overview(ctx: Ctx): Promise<Overview[]> {
  const all = has(ctx.by, 'isms-manager', 'auditor')
  const systems = await ctx.db
    .select({ system, ownerName: person.name })
    .from(system)
    .innerJoin(person, eq(person.id, system.ownerId))
    .where(all ? undefined : or(eq(system.ownerId, ctx.by.id)))
    .orderBy(system.name)
  if (systems.length === 0) return []
  const [reviews, waiting] = await Promise.all([
    tallies(ctx),
    // The newest balanced export that no review was started from.
    ctx.db
      .select({ id: snapshot.id, systemId: snapshot.systemId, balanced: snapshot.balanced, reviewId: review.id })
      .from(snapshot)
      .leftJoin(review, eq(review.snapshotId, snapshot.id))
      .where(
        and(
          inArray(
            snapshot.systemId,
            systems.map((row) => row.system.id),
          ),
        ),
      )
      .orderBy(desc(snapshot.receivedAt), desc(snapshot.id)),
  ])
  return systems.map(({ system: one, ownerName }) => {
    const of = reviews.filter((it) => it.systemId === one.id)
    const newest = waiting.find((it) => it.systemId === one.id)
    return {
      system: one,
      ownerName,
      running: of.find((it) => it.state === 'open'),
      signed: of.find((it) => it.state === 'signed'),
      unreviewed: newest?.balanced && newest.reviewId === null ? newest.id : undefined,
    }
  })
}
