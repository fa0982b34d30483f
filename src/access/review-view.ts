import { plain } from '../core/md.ts'
import { localDay } from '../core/schedule.ts'
import type { Block, Button, Card, Row } from '../core/view.ts'
import { rowsHash } from './batches.ts'
import { decidedBlocks, justDecided } from './decided-view.ts'
import { type Looking, openRow } from './item-view.ts'
import { type Item, isOrdinary, type Running } from './items.ts'
import { carried, type Place, paged, pager, type Share } from './place.ts'
import { type AccessWords, text } from './text.ts'

/** Seconds a person needs for a right that stands out, and for a batch. */
const PACE = { flagged: 60, group: 60 }

/** The one card of a reviewer per review. */
export function reviewCard(share: Share, place: Place, looking: Looking): Card {
  const say = text(looking.language)
  const { it, mine } = share
  if (it.review.state === 'signed') return signedCard(share, looking, say)
  const open = mine.filter((item) => item.choice === null)
  const flagged = open.filter((item) => !isOrdinary(item))
  const groups = [...Map.groupBy(open.filter(isOrdinary), (item) => item.entitlementCode).values()]
  const minutes = Math.max(1, Math.ceil((flagged.length * PACE.flagged + groups.length * PACE.group) / 60))
  const isLate = it.review.dueOn < localDay(looking.now, looking.timezone)
  const title =
    open.length > 0
      ? say.review.title(it.system.name, whomOf(mine, say), flagged.length, say.minutes(minutes))
      : share.toSign
        ? say.review.signTitle(it.system.name)
        : say.review.doneTitle(it.system.name)
  const status =
    open.length === 0 && !share.toSign
      ? ({ label: say.review.done, tone: 'good' } as const)
      : isLate
        ? ({ label: say.review.overdue(it.review.dueOn), tone: 'bad' } as const)
        : ({ label: say.review.due(it.review.dueOn), tone: 'neutral' } as const)
  const blocks: Block[] = [
    { kind: 'text', text: whyOf(share, say), tone: 'muted' },
    ...(mine.length > 0
      ? [{ kind: 'progress', label: say.review.progress, done: mine.length - open.length, of: mine.length } as const]
      : []),
  ]
  if (place.view === 'decided') blocks.push(...decidedBlocks(share, place, looking, say))
  else if (place.view === 'rest') blocks.push(...restBlocks(share, place, groups, say))
  else if (flagged.length > 0) blocks.push(...flaggedBlocks(share, place, flagged, open.length, say))
  else if (groups.length > 0) blocks.push({ kind: 'heading', text: say.review.rest }, groupRows(share, groups, say))
  else blocks.push(...endBlocks(share, say))
  if (place.view === 'todo') blocks.push(...justDecided(share, looking, say))
  blocks.push({ kind: 'buttons', buttons: footButtons(share, place, say) })
  return { title, status, blocks: blocks.filter((block) => block.kind !== 'buttons' || block.buttons.length > 0) }
}

function whomOf(items: readonly Item[], say: AccessWords): string {
  const accounts = new Set(items.map((item) => item.accountId)).size
  return items.every((item) => item.accountKind === 'human') ? say.people(accounts) : say.accounts(accounts)
}

function whyOf({ it, mine, isOwner }: Share, say: AccessWords) {
  const rule = isOwner ? 'owner' : (mine[0]?.reviewerRule ?? 'reassigned')
  const name = it.system.name
  const why = say.review.why
  const sentence = rule === 'owner' || rule === 'reassigned' ? why[rule](name) : why[rule](name, it.ownerName)
  return [...sentence, ...plain(` ${say.review.taken(it.takenAt.toISOString().slice(0, 10))}`)]
}

function flaggedBlocks(share: Share, place: Place, flagged: Item[], open: number, say: AccessWords): Block[] {
  const { rows, page, left } = paged(flagged, place.page)
  const at = { ...place, page }
  return [
    { kind: 'heading', text: say.review.flagged(flagged.length) },
    { kind: 'rows', rows: rows.map((item) => openRow(item, share.it, carried(at), say)) },
    pager(share, at, left, say),
    ...(open > flagged.length
      ? [{ kind: 'text', text: say.review.later(open - flagged.length), tone: 'muted' } as const]
      : []),
  ]
}

function groupRows(share: Share, groups: Item[][], say: AccessWords): Block {
  return {
    kind: 'rows',
    rows: groups.flatMap((items): Row[] => {
      const [first] = items
      if (!first) return []
      const unknown = items.filter((item) => item.lastUsed === 'unknown' || item.lastUsed === 'not read').length
      return [
        {
          title: say.review.group(first.entitlementLabel, whomOf(items, say)),
          text: plain([first.meaning, ...(unknown > 0 ? [say.review.unknownUse(unknown)] : [])].join(' ')),
          buttons: [
            {
              label: say.button.keepRest(items.length, first.entitlementLabel, isCompared(share.it)),
              do: 'access.keep-rest',
              id: share.assignmentId,
              shown: rowsHash(items),
              with: { right: first.entitlementCode },
              asks: true,
              style: 'primary',
            },
            {
              label: say.button.oneByOne,
              do: 'access.show',
              id: share.assignmentId,
              with: { view: 'rest', right: first.entitlementCode },
            },
          ],
        },
      ]
    }),
  }
}

/** Only where an earlier review was signed can anything be called unchanged. */
export const isCompared = (it: Running): boolean => it.review.previousId !== null

function restBlocks(share: Share, place: Place, groups: Item[][], say: AccessWords): Block[] {
  const items = groups.find((group) => group[0]?.entitlementCode === place.right) ?? []
  const { rows, page, left } = paged(items, place.page)
  const at = { ...place, page }
  return [
    { kind: 'heading', text: say.review.restOf(items[0]?.entitlementLabel ?? place.right) },
    { kind: 'rows', rows: rows.map((item) => openRow(item, share.it, carried(at), say)) },
    pager(share, at, left, say),
  ]
}

function endBlocks(share: Share, say: AccessWords): Block[] {
  if (share.toSign) return [{ kind: 'text', text: say.review.ready }]
  if (!share.isOwner) return [{ kind: 'text', text: say.review.yours(share.mine.length) }]
  const waiting = share.standings.filter((one) => one.open > 0)
  return [
    { kind: 'text', text: say.review.ownerWaits },
    { kind: 'heading', text: say.review.waiting },
    { kind: 'list', items: waiting.map((one) => say.review.othersOpen(one.name, one.open)) },
  ]
}

function footButtons(
  { it, mine, isOwner, toSign, assignmentId, removals }: Share,
  place: Place,
  say: AccessWords,
): Button[] {
  const decided = mine.filter((item) => item.choice !== null).length
  return [
    ...(toSign && place.view === 'todo'
      ? [
          {
            label: say.button.sign,
            do: 'access.sign',
            id: it.review.id,
            shown: toSign,
            asks: true,
            style: 'primary' as const,
          },
        ]
      : []),
    ...(place.view === 'todo' ? [] : [{ label: say.button.toDo, do: 'access.show', id: assignmentId }]),
    ...(decided > 0 && place.view !== 'decided'
      ? [{ label: say.button.decided(decided), do: 'access.show', id: assignmentId, with: { view: 'decided' } }]
      : []),
    ...(isOwner ? [{ label: say.button.report, do: 'access.report', id: it.review.id }] : []),
    ...(isOwner && removals > 0
      ? [{ label: say.button.removals(removals), do: 'access.removals', id: it.review.id }]
      : []),
  ]
}

function signedCard({ it, isOwner, removals }: Share, { timezone }: Looking, say: AccessWords): Card {
  const { review, system, signedByName } = it
  const buttons: Button[] = isOwner
    ? [
        ...(removals > 0 ? [{ label: say.button.removals(removals), do: 'access.removals', id: review.id }] : []),
        { label: say.button.report, do: 'access.report', id: review.id },
      ]
    : []
  return {
    title: say.review.signedTitle(system.name),
    status: { label: say.review.signed, tone: 'good' },
    blocks: [
      { kind: 'text', text: say.review.signedBy(signedByName ?? '', review.signedAt ?? it.takenAt, timezone) },
      { kind: 'facts', facts: [{ label: say.review.hash, value: [{ text: review.signedSha256 ?? '', code: true }] }] },
      ...(buttons.length > 0 ? [{ kind: 'buttons', buttons } as const] : []),
    ],
  }
}
