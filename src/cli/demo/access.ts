import { eq } from 'drizzle-orm'
import { review } from '../../../db/schema/access.ts'
import { restOf, rowsHash } from '../../access/batches.ts'
import { importAccess } from '../../access/imports.ts'
import { type Item, isOrdinary, itemsOf, runningOf } from '../../access/items.ts'
import { signedHash } from '../../access/signing.ts'
import { defineEntitlement, registerSystem } from '../../access/systems.ts'
import type { Entries } from '../../core/workflow.ts'
import { bytesOf, rowsOf } from './files.ts'
import type { Hand } from './hand.ts'

/** The systems whose access is reviewed, and what each right means in plain words. */
export async function bringSystems(hand: Hand): Promise<void> {
  const people = hand.people()
  await hand.system(async (ctx) => {
    await Promise.all(
      rowsOf('systems.csv').map(({ key = '', name = '', owner = '', class: kind, description }) =>
        registerSystem(ctx, {
          code: key,
          name,
          ownerId: people.idOf(owner.split('@')[0] ?? ''),
          class: kind as 'standard' | 'critical' | 'privileged',
          description,
        }),
      ),
    )
    await Promise.all(
      rowsOf('entitlements.csv').map(({ system = '', key = '', meaning = '', privileged, if_removed }) =>
        defineEntitlement(ctx, { system, code: key, meaning, privileged: privileged === 'yes', ifRemoved: if_removed }),
      ),
    )
  })
}

/** Takes an export in; answers the snapshot. */
export const bringExport = (hand: Hand, system: string, name: string, extractedAt: string): Promise<string> =>
  hand.system(async (ctx) => {
    const taken = new Date(extractedAt)
    const { snapshotId } = await importAccess(ctx, { system, bytes: bytesOf('access', name), name, extractedAt: taken })
    if (!snapshotId) throw new Error(`the story does not fit: ${name} was not kept`)
    return snapshotId
  })

/** Somebody who may starts the review of an export; answers the review. */
export async function startReview(hand: Hand, by: string, snapshotId: string, due: string, at?: Date): Promise<string> {
  await hand.as(by).do({ do: 'access.start', id: snapshotId, at, entries: { due } })
  const [row] = await hand.deps.db.select({ id: review.id }).from(review).where(eq(review.snapshotId, snapshotId))
  if (!row) throw new Error(`the story does not fit: the review of ${snapshotId} did not start`)
  return row.id
}

export type Verdict = { do: 'justify' | 'remove' | 'more'; entries: Entries }

/** What reviewers decide about an account, by its id in the export; undefined: they leave it for later. */
export type Verdicts = (item: Item) => Verdict | undefined

/** Each reviewer decides what stands out, as far as `verdicts` says, at `at` and a little later. */
export async function decideFlagged(hand: Hand, reviewId: string, at: string, verdicts: Verdicts): Promise<void> {
  const items = (await itemsOf({ db: hand.deps.db }, reviewId)).filter((item) => !isOrdinary(item) && verdicts(item))
  // One after the other, as the record shows them.
  for (const [n, item] of items.entries()) {
    const verdict = verdicts(item)
    const reviewer = hand.people().byId(item.reviewerId)
    if (!verdict || !reviewer) continue
    const moment = new Date(Date.parse(at) + n * 90_000)
    const turn = { do: `access.${verdict.do}`, id: item.id, shown: String(item.version), at: moment }
    await hand.as(reviewer.who).do({ ...turn, entries: verdict.entries })
  }
}

/** Each reviewer keeps the ordinary rights together, right by right; then the owner signs. */
export async function keepRestAndSign(hand: Hand, reviewId: string, at: string): Promise<void> {
  const ctx = { db: hand.deps.db }
  const moment = new Date(at)
  const shares = Map.groupBy(await itemsOf(ctx, reviewId), (item) => item.assignmentId ?? '')
  for (const [id, mine] of shares)
    for (const right of new Set(mine.map((item) => item.entitlementCode))) {
      const rest = restOf(mine, right)
      const reviewer = hand.people().byId(mine[0]?.reviewerId ?? '')
      if (rest.length === 0 || !reviewer) continue
      const turn = { do: 'access.keep-rest', id, shown: rowsHash(rest), with: { right }, at: moment }
      await hand.as(reviewer.who).fill(turn, { statement: 'yes' })
    }
  const it = await runningOf(ctx, reviewId)
  const owner = it && hand.people().byId(it.system.ownerId)
  if (!it || !owner) throw new Error('the story does not fit: the review has no owner')
  const shown = signedHash(it, await itemsOf(ctx, reviewId))
  await hand.as(owner.who).fill({ do: 'access.sign', id: reviewId, shown, at: moment }, { statement: 'yes' })
}
