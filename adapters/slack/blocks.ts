import type { types } from '@slack/bolt'
import { barOf, clean, cut, never, parts, statusText } from '../../src/core/drawing.ts'
import type { Piece as One } from '../../src/core/fitting.ts'
import { plain, type Text, textOf } from '../../src/core/md.ts'
import type { Block, Row } from '../../src/core/view.ts'
import { drawButton, drawButtons } from './buttons.ts'
import { RICH_TEXT, SECTION, TABLE } from './limits.ts'
import { mrkdwn, plainText, richText, safeHref } from './markup.ts'
import type { Pen } from './pen.ts'

/** A run of Slack blocks that stand or fall together when a card is too long. */
export type Piece = One<types.KnownBlock>

/** Every kind of block; a new kind does not compile until it is drawn. */
export function drawBlock(block: Block, pen: Pen): Piece[] {
  switch (block.kind) {
    case 'text':
      if (textOf(block.text).trim() === '') return []
      if (block.tone === 'muted') return [{ drawn: muted(block.text, pen) }]
      return parts(block.text, RICH_TEXT).map((part) => ({ drawn: [rich(section(part, pen))] }))
    case 'heading':
      return [{ drawn: [rich(section([{ text: block.text, bold: true }], pen))] }]
    case 'list':
      return block.items.length === 0 ? [] : [{ drawn: [rich(listOf(block.items, block.ordered ?? false, pen))] }]
    case 'quote':
      return parts(plain(block.text), RICH_TEXT).map((part) => ({
        drawn: [rich({ type: 'rich_text_quote', elements: richText(part, RICH_TEXT) })],
      }))
    case 'facts':
      return block.facts.length === 0 ? [] : [{ drawn: [rich(section(factsOf(block.facts), pen))] }]
    case 'rows':
      return [
        ...block.rows.map((row): Piece => ({ drawn: drawRow(row, pen), row: true })),
        { drawn: [], more: block.more ?? { left: 0 } },
      ]
    case 'table':
      return [{ drawn: drawTable(block.caption, block.columns, block.rows, pen) }]
    case 'progress':
      return [{ drawn: [rich(section(progressOf(block.label, block.done, block.of, pen), pen))] }]
    case 'image':
      return [{ drawn: drawImage(block.src, block.alt, pen) }]
    case 'buttons': {
      const drawn = drawButtons(block.buttons, pen)
      return drawn.length === 0 ? [] : [{ drawn, keep: true }]
    }
    case 'rule':
      return [{ drawn: [{ type: 'divider' }] }]
    default:
      return never(block)
  }
}

type RichPart = types.RichTextBlock['elements'][number]

const rich = (...elements: RichPart[]): types.RichTextBlock => ({ type: 'rich_text', elements })

const section = (text: Text, pen: Pen): RichPart => ({
  type: 'rich_text_section',
  elements: richText(text, RICH_TEXT, pen.desk),
})

/** Small and grey. A context element takes no rich text, so words with a link or a style are drawn at full size. */
export const muted = (text: Text, pen: Pen): types.KnownBlock[] =>
  text.some((span) => span.href || span.bold || span.italic || span.code)
    ? [rich(section(text, pen))]
    : [{ type: 'context', elements: [plainText(textOf(text), SECTION)] }]

function listOf(items: readonly Text[], ordered: boolean, pen: Pen): RichPart {
  let room = RICH_TEXT
  const elements: types.RichTextSection[] = []
  for (const item of items) {
    if (room <= 0) break
    elements.push({ type: 'rich_text_section', elements: richText(item, room, pen.desk) })
    room -= textOf(item).length
  }
  return { type: 'rich_text_list', style: ordered ? 'ordered' : 'bullet', elements }
}

const factsOf = (facts: readonly { label: string; value: Text }[]): Text =>
  facts.flatMap((fact, n) => [
    ...(n === 0 ? [] : plain('\n')),
    { text: `${fact.label}: `, bold: true as const },
    ...fact.value,
  ])

/** With one button a row is one block, the button at its right; otherwise its buttons stand below. */
function drawRow(row: Row, pen: Pen): types.KnownBlock[] {
  const lines: Text = [
    ...row.title.map((span) => ({ ...span, bold: true as const })),
    ...(row.status ? plain(`  ${statusText(row.status)}`) : []),
    ...(row.text && row.text.length > 0 ? [...plain('\n'), ...row.text] : []),
  ]
  const of = textOf(row.title)
  const [only, ...others] = row.buttons ?? []
  const words = mrkdwn(lines, pen.desk)
  if (only && others.length === 0 && words !== undefined && words.trim() !== '' && words.length <= SECTION) {
    const accessory = drawButton(only, pen, of)
    const text = { type: 'mrkdwn', text: words, verbatim: true } as const
    return [{ type: 'section', text, ...(accessory ? { accessory } : {}) }]
  }
  return [rich(section(lines, pen)), ...drawButtons(row.buttons ?? [], pen, of)]
}

function progressOf(label: string, done: number, of: number, pen: Pen): Text {
  const { bar, percent } = barOf(done, of)
  return [{ text: label, bold: true }, { text: `\n${bar} ${pen.words.progress(done, of, percent)}` }]
}

/**
 * A link, not a picture: Slack fetches pictures itself and refuses the whole message when it cannot, and a self-hosted
 * desk is often not reachable for it.
 */
function drawImage(src: string, alt: string, pen: Pen): types.KnownBlock[] {
  const label = pen.words.picture(alt)
  const href = safeHref(src, pen.desk)
  return [rich(section(href ? [{ text: label, href }] : [{ text: label, italic: true }], pen))]
}

/**
 * Text of equal width, which every client draws; Slack's own table block is younger than many clients and may stand
 * only once in a message.
 */
function drawTable(caption: string, columns: string[], rows: string[][], pen: Pen): types.KnownBlock[] {
  const shown = [columns, ...rows.slice(0, TABLE.rows)].map((row) =>
    row.slice(0, TABLE.columns).map((cell) => cut(clean(cell).replace(/\s+/g, ' '), TABLE.cell)),
  )
  const widths = columns.slice(0, TABLE.columns).map((_, n) => Math.max(...shown.map((row) => widthOf(row[n] ?? ''))))
  const lines = shown.map((row) =>
    cut(
      widths
        .map((width, n) => pad(row[n] ?? '', width))
        .join('  ')
        .trimEnd(),
      TABLE.width,
    ),
  )
  const fitting = lines.filter((_, n) => lines.slice(0, n + 1).join('\n').length <= RICH_TEXT)
  const left = rows.length - (fitting.length - 1)
  return [
    rich(
      section([{ text: caption, bold: true }], pen),
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: richWords(fitting.join('\n')) }] },
      ...(left > 0 ? [section(plain(pen.words.more(left)), pen)] : []),
    ),
  ]
}

const richWords = (words: string): string =>
  richText(plain(words), RICH_TEXT)
    .map((one) => ('text' in one ? one.text : ''))
    .join('')

/** East Asian characters and emoji take two places in text of equal width. */
const widthOf = (words: string): number =>
  [...words].reduce(
    (sum, one) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        one,
      )
        ? 2
        : 1),
    0,
  )

const pad = (words: string, width: number): string => words + ' '.repeat(Math.max(0, width - widthOf(words)))
