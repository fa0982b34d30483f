import { and, eq, isNull } from 'drizzle-orm'
import { review, reviewItem, snapshot, system } from '../../db/schema/access.ts'
import { person } from '../../db/schema/people.ts'
import { Refusal } from '../core/errors.ts'
import { managerOf, personById } from '../core/people.ts'
import { has, isMember } from '../core/rules.ts'
import { type Ctx, card, type Workflow } from '../core/workflow.ts'
import { batching } from './batching.ts'
import { bringing, drawReceipt, seesReceipt } from './bringing.ts'
import { deciding } from './deciding.ts'
import { type Matter, matterOf, type Running, runningOf } from './items.ts'
import { dashboardBlocks, lateCard, reminderCard } from './list-view.ts'
import { moveItems, openItems } from './moving.ts'
import { mayRun, overview, seesWhole } from './overview.ts'
import { placeOf } from './place.ts'
import { happenings } from './record.ts'
import { asked, remind, waiting } from './reminding.ts'
import { type Brought, snapshotOf } from './reviews.ts'
import { drawItem, drawList, drawRemovals, drawReport, lookingOf, running, seesItem } from './running.ts'
import { drawShare, isTheirs, type ShareRow, shareRow } from './shares.ts'
import { text } from './text.ts'

const whole = (ctx: Ctx, it: Running) => (seesWhole(ctx, it.system) ? 'full' : 'none')

/**
 * Access reviews: an export of a system comes in and every line of it is accounted for; the system's owner decides each
 * right, never their own; what was decided is signed off, bound to its hash (A.5.18, A.8.2; 2013: A.9.2.5, A.9.2.6).
 */
export const access: Workflow = {
  name: 'access',
  actions: { ...running, ...deciding, ...batching, ...bringing },
  cards: {
    review: card<ShareRow>({
      about: 'asg',
      load: shareRow,
      sees: (ctx, share) => (isTheirs(ctx, share) ? 'full' : 'none'),
      draw: (ctx, share) => drawShare(ctx, share, placeOf(undefined)),
    }),
    item: card<Matter>({
      about: 'rit',
      load: matterOf,
      sees: (ctx, matter) => (seesItem(ctx, matter) ? 'full' : 'none'),
      draw: drawItem,
    }),
    receipt: card<Brought>({
      about: 'snp',
      load: snapshotOf,
      sees: (ctx, it) => (seesReceipt(ctx, it) ? 'full' : 'none'),
      draw: drawReceipt,
    }),
    report: card<Running>({ about: 'rev', load: runningOf, sees: whole, draw: drawReport }),
    removals: card<Running>({ about: 'rev', load: runningOf, sees: whole, draw: drawRemovals }),
    reviews: card({ sees: (ctx) => (isMember(ctx.by) ? 'full' : 'none'), draw: drawList }),
    reminder: card<ShareRow>({
      about: 'asg',
      load: shareRow,
      sees: (ctx, share) => (isTheirs(ctx, share) ? 'full' : 'none'),
      async draw(ctx, share) {
        const late = await asked(ctx, share)
        return late ? reminderCard(late, lookingOf(ctx)) : null
      },
    }),
    late: card<ShareRow>({
      about: 'asg',
      load: shareRow,
      sees: async (ctx, share) => ((await standsAbove(ctx, share.personId)) ? 'full' : 'none'),
      async draw(ctx, share) {
        const late = await asked(ctx, share)
        return late ? lateCard(late, lookingOf(ctx)) : null
      },
    }),
  },
  commands: [{ word: 'reviews', do: 'access.reviews', hint: (language) => text(language).hint, offered: isMember }],
  waiting,
  async dashboard(ctx) {
    if (!has(ctx.by, 'isms-manager', 'auditor')) return []
    const systems = await overview(ctx)
    return dashboardBlocks(
      systems,
      systems.some((one) => mayRun(ctx, one.system)),
      lookingOf(ctx),
    )
  },
  nudge: remind,
  happenings,
  tick: relieveLeavers,
  /** The raw export, for those who see the whole review. */
  async file(ctx, fileId) {
    const rows = await ctx.db
      .select({ name: snapshot.name, system })
      .from(snapshot)
      .innerJoin(system, eq(system.id, snapshot.systemId))
      .where(eq(snapshot.fileId, fileId))
    const mine = rows.find((row) => seesWhole(ctx, row.system))
    return mine && (mine.name || `${mine.system.code}-export`)
  },
}

async function standsAbove(ctx: Ctx, personId: string): Promise<boolean> {
  if (has(ctx.by, 'isms-manager')) return true
  const who = await personById(ctx.db, personId)
  return who !== undefined && (await managerOf(ctx.db, who))?.id === ctx.by.id
}

/** A reviewer has left: what they had open goes to whoever the rule names next. Answers how many rights moved. */
async function relieveLeavers(ctx: Ctx): Promise<number> {
  const left = await ctx.db
    .selectDistinct({ reviewId: reviewItem.reviewId, personId: reviewItem.reviewerId })
    .from(reviewItem)
    .innerJoin(review, and(eq(review.id, reviewItem.reviewId), eq(review.state, 'open')))
    .innerJoin(person, and(eq(person.id, reviewItem.reviewerId), eq(person.state, 'left')))
    .where(isNull(reviewItem.choice))
  let moved = 0
  for (const { reviewId, personId } of left) {
    const it = await runningOf(ctx, reviewId)
    if (!it) continue
    const items = await openItems(ctx, reviewId, personId)
    try {
      moved += await moveItems(ctx, { ...it, items, reason: 'the reviewer left', from: personId })
    } catch (error) {
      // Nobody may decide: it stays open and late, in everybody's sight, until a deputy or an ISMS manager is named.
      if (!(error instanceof Refusal)) throw error
    }
  }
  return moved
}
