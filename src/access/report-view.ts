import { plain, type Text } from '../core/md.ts'
import type { Block, Button, Card } from '../core/view.ts'
import { dateOf, dayOf, timeOf } from '../core/words.ts'
import type { Looking } from './item-view.ts'
import type { Item, Running, Standing } from './items.ts'
import { nameOf, visible } from './names.ts'
import { removalsOf, tallyOf } from './signing.ts'
import { type AccessWords, text } from './text.ts'

/** Rows of a table on one page: below the 100 of Slack's table. */
const ROWS = 50

const when = (at: Date | null, { language, timezone }: Looking): string =>
  at ? `${dateOf(at, language, timezone)} ${timeOf(at, timezone)}` : ''

/** The whole review as a table, for its owner, the ISMS manager and the auditor. */
export function reportCard(
  it: Running,
  items: readonly Item[],
  who: readonly Standing[],
  { page, mayHandOver, record }: { page: number; mayHandOver: boolean; record: readonly Button[] },
  looking: Looking,
): Card {
  const say = text(looking.language)
  const { review, system } = it
  const words = say.report
  const tally = tallyOf(items)
  const at = Math.min(page, Math.max(0, Math.ceil(items.length / ROWS) - 1))
  const shown = items.slice(at * ROWS, (at + 1) * ROWS)
  const unknowns = items.filter((item) => item.choice === 'unknown')
  const { facts } = words
  const rows: [string, Text][] = [
    [facts.state, plain(words.state[review.state])],
    [facts.due, plain(dayOf(review.dueOn, looking.language))],
    [facts.owner, plain(it.ownerName)],
    [facts.taken, plain(dateOf(it.takenAt, looking.language, looking.timezone))],
    [facts.kept, plain(String(tally.keep))],
    [facts.batched, plain(String(tally.batched))],
    [facts.removed, plain(String(tally.remove))],
    [facts.changed, plain(String(tally.change))],
    [facts.unknown, plain(String(tally.unknown))],
    [facts.file, [{ text: it.snapshotSha256, code: true }]],
    ...(review.signedAt
      ? ([
          [facts.signed, plain(`${it.signedByName ?? ''}, ${when(review.signedAt, looking)}`)],
          [facts.hash, [{ text: review.signedSha256 ?? '', code: true }]],
        ] satisfies [string, Text][])
      : []),
  ]
  const { columns } = words
  const paging: Button[] = [
    ...(at > 0
      ? [{ label: say.button.previous, do: 'access.report', id: review.id, with: { page: String(at - 1) } }]
      : []),
    ...((at + 1) * ROWS < items.length
      ? [
          {
            label: say.button.next(Math.min(ROWS, items.length - (at + 1) * ROWS)),
            do: 'access.report',
            id: review.id,
            with: { page: String(at + 1) },
          },
        ]
      : []),
  ]
  const blocks: Block[] = [
    { kind: 'progress', label: words.progress, done: tally.items - tally.open, of: tally.items },
    { kind: 'facts', facts: rows.map(([label, value]) => ({ label, value })) },
    { kind: 'heading', text: words.reviewers },
    {
      kind: 'rows',
      rows: who.map((one) => ({
        title: words.reviewer(one.name, words.rule[one.rule], one.of - one.open, one.of),
        ...(mayHandOver && one.open > 0 && one.assignmentId
          ? { buttons: [{ label: say.button.handOver, do: 'access.hand-over', id: one.assignmentId, asks: true }] }
          : {}),
      })),
    },
    {
      kind: 'table',
      caption: items.length > ROWS ? words.page(at * ROWS + 1, at * ROWS + shown.length, items.length) : words.table,
      columns: [
        columns.who,
        columns.account,
        columns.right,
        columns.flags,
        columns.decision,
        columns.reason,
        columns.decided,
        columns.on,
      ],
      rows: shown.map((item) => rowOf(item, say, looking)),
    },
    ...(unknowns.length > 0
      ? ([
          { kind: 'heading', text: words.unknowns },
          { kind: 'list', items: [...new Set(unknowns.map((item) => item.entitlementLabel))].map(plain) },
        ] satisfies Block[])
      : []),
  ]
  const removals = removalsOf(items).length
  const all = [
    ...paging,
    ...(removals > 0 ? [{ label: say.button.removals(removals), do: 'access.removals', id: review.id }] : []),
    { label: say.button.receipt, do: 'access.receipt', id: review.snapshotId },
    ...record,
  ]
  blocks.push({ kind: 'buttons', buttons: all })
  return { title: words.title(system.name), blocks }
}

const rowOf = (item: Item, say: AccessWords, looking: Looking): string[] => [
  nameOf(item),
  visible(item.accountId),
  item.entitlementLabel,
  item.flags.map((flag) => say.flag[flag as keyof typeof say.flag]).join(', '),
  say.choice[item.choice ?? 'open'] + (item.changeTo ? ` (${say.line.to(item.changeTo)})` : ''),
  item.choice ? (item.reason ?? '') : '',
  item.choice ? (item.decidedByName ?? '') : item.reviewerName,
  item.choice ? when(item.decidedAt, looking) : '',
]

/** What is to be carried out: account, right, why, by whom decided and when. */
export function removalsCard(it: Running, items: readonly Item[], looking: Looking): Card {
  const say = text(looking.language)
  const words = say.removals
  const removals = removalsOf(items)
  const { columns } = words
  const blocks: Block[] = []
  if (it.review.state === 'open') blocks.push({ kind: 'text', text: words.preliminary })
  if (removals.length === 0) blocks.push({ kind: 'text', text: words.none })
  else
    blocks.push({
      kind: 'table',
      caption: words.table,
      columns: [columns.account, columns.right, columns.what, columns.reason, columns.decided, columns.on],
      rows: removals.map((item) => [
        `${visible(item.accountId)} (${nameOf(item)})`,
        item.entitlementLabel,
        item.choice === 'change' ? words.change(item.changeTo ?? '') : words.remove,
        item.reason ?? '',
        item.decidedByName ?? '',
        when(item.decidedAt, looking),
      ]),
    })
  return { title: words.title(it.system.name), blocks }
}
