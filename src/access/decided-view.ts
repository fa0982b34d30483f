import { plain } from '../core/md.ts'
import type { Block, Row } from '../core/view.ts'
import { UNDO_MS } from './decisions.ts'
import { type Looking, on } from './item-view.ts'
import type { Item } from './items.ts'
import { whoIs } from './names.ts'
import { carried, type Place, paged, pager, type Share } from './place.ts'
import type { AccessWords } from './text.ts'

/** Everything the reader decided, each to be changed with a reason until the review is signed. */
export function decidedBlocks(share: Share, place: Place, looking: Looking, say: AccessWords): Block[] {
  const decided = share.mine.filter((item) => item.choice !== null)
  const { rows, page, left } = paged(decided, place.page)
  const at = { ...place, page }
  if (decided.length === 0) return [{ kind: 'text', text: plain(say.review.nothingDecided) }]
  return [
    { kind: 'heading', text: say.review.decided },
    {
      kind: 'rows',
      rows: rows.map((item) => ({
        ...decidedRow(item, looking, say),
        buttons: [
          { label: say.button.change, do: 'access.more', asks: true, ...on(item, carried(at)) },
          { label: say.button.history, do: 'access.item', id: item.id },
        ],
      })),
    },
    pager(share, at, left, say),
  ]
}

function decidedRow(item: Item, { timezone }: Looking, say: AccessWords): Row {
  const chosen = say.chosen[item.choice ?? item.decision ?? 'undone']
  const words = [
    item.entitlementLabel,
    item.decidedAt ? say.line.decided(chosen, item.decidedAt, timezone) : chosen,
    ...(item.changeTo ? [say.line.to(item.changeTo)] : []),
    ...(item.reason ? [item.reason] : []),
  ]
  return { title: whoIs(item, say), text: plain(words.join(' · ')) }
}

/** What can still be taken back with one click: single ones, and each batch as one. */
export function justDecided(share: Share, looking: Looking, say: AccessWords): Block[] {
  const since = looking.now.getTime() - UNDO_MS
  const fresh = share.mine
    .filter((item) => item.choice !== null && (item.decidedAt?.getTime() ?? 0) > since)
    .toSorted((a, b) => (b.decidedAt?.getTime() ?? 0) - (a.decidedAt?.getTime() ?? 0))
  const batches = Map.groupBy(
    fresh.filter((item) => item.batchId !== null),
    (item) => item.batchId ?? '',
  )
  const rows: Row[] = [
    ...[...batches].map(([batchId, items]) => ({
      title: say.line.batch(items.length, items[0]?.entitlementLabel ?? ''),
      buttons: [{ label: say.button.undo, do: 'access.undo-batch', id: batchId }],
    })),
    ...fresh
      .filter((item) => item.batchId === null)
      .concat(share.handedOn.filter((item) => (item.decidedAt?.getTime() ?? 0) > since))
      .map((item) => ({
        ...decidedRow(item, looking, say),
        buttons: [{ label: say.button.undo, do: 'access.undo', ...on(item, {}) }],
      })),
  ].slice(0, 3)
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: say.review.just },
        { kind: 'rows', rows },
      ]
}
