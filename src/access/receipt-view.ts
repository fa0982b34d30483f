import { plain } from '../core/md.ts'
import type { Block, Card } from '../core/view.ts'
import { dateOf } from '../core/words.ts'
import type { Looking } from './item-view.ts'
import { visible } from './names.ts'
import type { Brought } from './reviews.ts'
import { text } from './text.ts'

/** Lines listed on a card; the receipt itself keeps them all. */
const LISTED = 20

export type Unlinked = {
  accountId: string
  accountEmail: string | null
  link: 'none' | 'unmatched' | 'ambiguous' | 'email'
}

/** What became of every line of an export, and whether a review can start from it. */
export function receiptCard(
  { snapshot, system, receipt, reviewId }: Brought,
  links: { linked: number; unlinked: readonly Unlinked[]; left: number },
  mayStart: boolean,
  { language, timezone }: Looking,
): Card {
  const say = text(language)
  const words = say.receipt
  const { facts } = words
  const isEmpty = receipt.grants === 0
  const rows: [string, string | number][] = [
    [facts.file, visible(snapshot.name)],
    [facts.format, `${receipt.adapter} ${receipt.adapterVersion}`],
    [facts.taken, dateOf(snapshot.extractedAt ?? snapshot.receivedAt, language, timezone)],
    [facts.lines, receipt.lines],
    [facts.header, receipt.header],
    [facts.accepted, receipt.accepted],
    [facts.rejected, receipt.rejected.length],
    [facts.outOfScope, receipt.outOfScope.length],
    [facts.footer, receipt.footer],
    [
      facts.control,
      receipt.controlTotal === null || receipt.controlSource === null
        ? words.noControl
        : words.control(receipt.controlTotal, words.sources[receipt.controlSource]),
    ],
    [facts.accounts, receipt.accounts],
    [facts.grants, receipt.grants],
    [facts.linked, links.linked],
    [facts.unlinked, links.unlinked.length + links.left],
    [facts.sha256, receipt.sha256],
  ]
  const blocks: Block[] = [
    {
      kind: 'facts',
      facts: rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value: plain(String(value)) })),
    },
  ]
  if (!receipt.balanced)
    blocks.push(
      { kind: 'heading', text: words.why },
      { kind: 'list', items: receipt.imbalance.map(plain) },
      { kind: 'text', text: words.unbalancedNext },
    )
  else if (isEmpty) blocks.push({ kind: 'text', text: words.emptyNext })
  if (receipt.rejected.length > 0)
    blocks.push({
      kind: 'table',
      caption: words.rejected,
      columns: [words.columns.line, words.columns.reason],
      rows: [
        ...receipt.rejected.slice(0, LISTED).map((one) => [String(one.line), one.reason]),
        ...rest(receipt.rejected.length, words.more),
      ],
    })
  if (links.unlinked.length > 0)
    blocks.push({
      kind: 'table',
      caption: words.queue,
      columns: [words.queueColumns.account, words.queueColumns.email, words.queueColumns.why],
      rows: [
        ...links.unlinked.map((one) => [visible(one.accountId), visible(one.accountEmail ?? ''), words.link[one.link]]),
        ...(links.left > 0 ? [['', '', words.more(links.left)]] : []),
      ],
    })
  if (receipt.warnings.length > 0)
    blocks.push({ kind: 'heading', text: words.warnings }, { kind: 'list', items: receipt.warnings.map(plain) })
  if (reviewId !== null) blocks.push({ kind: 'text', text: words.started })
  else if (receipt.balanced && mayStart)
    blocks.push({
      kind: 'buttons',
      buttons: [{ label: say.button.start, do: 'access.start', id: snapshot.id, asks: true, style: 'primary' }],
    })
  const status = !receipt.balanced
    ? ({ label: words.unbalanced, tone: 'bad' } as const)
    : isEmpty
      ? ({ label: words.empty, tone: 'warning' } as const)
      : ({ label: words.balanced, tone: 'good' } as const)
  return { title: words.title(system.name), status, blocks }
}

const rest = (all: number, more: (n: number) => string): string[][] => (all > LISTED ? [['', more(all - LISTED)]] : [])
