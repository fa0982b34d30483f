import { plain } from '../core/md.ts'
import { isMember } from '../core/rules.ts'
import { action, type Ctx, type Reply } from '../core/workflow.ts'
import { batchOf, keepTogether, restOf, rowsHash, undoBatch } from './batches.ts'
import { usedWords } from './item-view.ts'
import { type Item, isOrdinary, itemsOfReviewer, type Running, runningOf } from './items.ts'
import { nameOf, visible } from './names.ts'
import { placeOf } from './place.ts'
import { isCompared } from './review-view.ts'
import { drawMine, drawShare, isTheirs, type ShareRow, shareRow } from './shares.ts'
import { text } from './text.ts'

const START = placeOf(undefined)

/** Rows listed in the form; the hash covers them all. */
const LISTED = 100

async function rest(ctx: Ctx, share: ShareRow): Promise<{ items: Item[]; flagged: number }> {
  const mine = await itemsOfReviewer(ctx, share.it.review.id, share.personId)
  const flagged = mine.filter((item) => item.choice === null && !isOrdinary(item)).length
  return { items: restOf(mine, ctx.turn?.with?.right ?? ''), flagged }
}

/** Why nothing can be kept together at this moment; undefined: it can. */
function hindrance(ctx: Ctx, share: ShareRow, items: readonly Item[], flagged: number): string | undefined {
  const say = text(ctx.by.language).say
  if (share.it.review.state === 'signed') return say.signed(share.it.signedByName ?? '')
  // The statement says that the flagged ones were checked: so they come first.
  if (flagged > 0) return say.flaggedFirst(flagged)
  if (items.length === 0) return say.nothingToKeep
  return ctx.turn?.shown === rowsHash(items) ? undefined : say.listChanged
}

const asItStands = async (ctx: Ctx, share: ShareRow, say: string): Promise<Reply> => ({
  card: await drawShare(ctx, share, START),
  say: plain(say),
})

type Kept = { batch: NonNullable<Awaited<ReturnType<typeof batchOf>>>; it: Running }

export const batching = {
  'keep-rest': action({
    about: 'asg',
    load: shareRow,
    may: isTheirs,
    asks: {
      async fields(ctx: Ctx, share: ShareRow) {
        const say = text(ctx.by.language).form
        const { items } = await rest(ctx, share)
        const statement = say.agree(items.length, isCompared(share.it))
        return { statement: { kind: 'agree', label: say.statement, statement } } as const
      },
      async form(ctx, share: ShareRow) {
        const say = text(ctx.by.language)
        const { items, flagged } = await rest(ctx, share)
        const why = hindrance(ctx, share, items, flagged)
        const [first] = items
        if (why !== undefined || !first) return { instead: await asItStands(ctx, share, why ?? say.say.nothingToKeep) }
        const { keepRestColumns: columns } = say.form
        return {
          title: say.form.keepRest(items.length, first.entitlementLabel),
          submit: say.button.keepRest(items.length, first.entitlementLabel, false),
          shown: rowsHash(items),
          with: { right: first.entitlementCode },
          intro: say.form.keepRestIntro(first.entitlementLabel, first.meaning),
          blocks: [
            {
              kind: 'table' as const,
              caption: say.form.keepRestTable,
              columns: [columns.who, columns.account, columns.used],
              rows: items
                .slice(0, LISTED)
                .map((item) => [nameOf(item), visible(item.accountEmail ?? item.accountId), usedWords(item, say)])
                .concat(items.length > LISTED ? [['', '', say.receipt.more(items.length - LISTED)]] : []),
            },
          ],
        }
      },
    },
    async run(ctx, share) {
      const { items, flagged } = await rest(ctx, share)
      const why = hindrance(ctx, share, items, flagged)
      if (why !== undefined) return asItStands(ctx, share, why)
      const statement = text(ctx.by.language).form.agree(items.length, isCompared(share.it))
      await keepTogether(ctx, { it: share.it, items, statement, assignmentId: share.id })
      return { card: await drawShare(ctx, share, START) }
    },
  }),

  'undo-batch': action<Kept>({
    about: 'bat',
    async load(ctx, id) {
      const batch = await batchOf(ctx, id)
      const it = batch && (await runningOf(ctx, batch.reviewId))
      return batch && it && { batch, it }
    },
    may: (ctx, { batch }) => isMember(ctx.by) && batch.personId === ctx.by.id,
    async run(ctx, { batch, it }) {
      const opened = await undoBatch(ctx, it, batch)
      const card = await drawMine(ctx, it.review.id, START)
      const say = opened === 0 ? { say: plain(text(ctx.by.language).say.tooLate) } : {}
      return { ...(card ? { card } : {}), ...say }
    },
  }),
}
