import { barOf, clean, cut, never, parts, statusText } from '../../src/core/drawing.ts'
import type { Piece as One } from '../../src/core/fitting.ts'
import { plain, type Text, textOf } from '../../src/core/md.ts'
import type { Block, Row, Tone } from '../../src/core/view.ts'
import { drawButtons } from './buttons.ts'
import { RICH_TEXT, TABLE } from './limits.ts'
import { type Element, richText, safeHref } from './markup.ts'
import type { Pen } from './pen.ts'

/** A run of elements that stand or fall together when a card is too long. */
export type Piece = One<Element>

/** Every kind of block; a new kind does not compile until it is drawn. */
export function drawBlock(block: Block, pen: Pen): Piece[] {
  switch (block.kind) {
    case 'text':
      if (textOf(block.text).trim() === '') return []
      return parts(block.text, RICH_TEXT).map((part) => ({
        drawn: block.tone === 'muted' ? muted(part, pen) : richText(part, pen.desk),
      }))
    case 'heading':
      return [{ drawn: richText([{ text: block.text }], pen.desk, { weight: 'Bolder', size: 'Medium' }) }]
    case 'list':
      return block.items.length === 0 ? [] : [{ drawn: listOf(block.items, block.ordered ?? false, pen) }]
    case 'quote':
      return parts(plain(block.text), RICH_TEXT).map((part) => ({
        drawn: [{ type: 'Container', style: 'emphasis', items: richText(part) }],
      }))
    case 'facts':
      return block.facts.length === 0 ? [] : [{ drawn: block.facts.flatMap((fact, n) => factOf(fact, n, pen)) }]
    case 'rows':
      return [
        ...block.rows.map((row): Piece => ({ drawn: drawRow(row, pen), row: true })),
        { drawn: [], more: block.more ?? { left: 0 } },
      ]
    case 'table':
      return drawTable(block.caption, block.columns, block.rows, pen)
    case 'progress':
      return [{ drawn: richText(progressOf(block.label, block.done, block.of, pen), pen.desk) }]
    case 'image':
      return [{ drawn: drawImage(block.src, block.alt, pen) }]
    case 'buttons': {
      const drawn = drawButtons(block.buttons, pen)
      return drawn.length === 0 ? [] : [{ drawn, keep: true }]
    }
    case 'rule':
      return [{ drawn: [{ type: 'Container', separator: true, items: [] }] }]
    default:
      return never(block)
  }
}

/** Small and grey. */
export const muted = (text: Text, pen: Pen): Element[] => richText(text, pen.desk, { size: 'Small', isSubtle: true })

const COLOR: Record<Tone, string> = { neutral: 'Default', good: 'Good', warning: 'Warning', bad: 'Attention' }

/** A word, a sign and a colour: never colour alone. */
export const drawStatus = (status: { label: string; tone: Tone }): Element[] =>
  richText(plain(statusText(status)), undefined, { size: 'Small', weight: 'Bolder', color: COLOR[status.tone] })

function listOf(items: readonly Text[], ordered: boolean, pen: Pen): Element[] {
  let room = RICH_TEXT
  return items.flatMap((item, n) => {
    if (room <= 0) return []
    const lines = richText([{ text: ordered ? `${n + 1}. ` : '• ' }, ...item], pen.desk, {}, room)
    room -= textOf(item).length
    return lines.map((line) => (n === 0 ? line : { ...line, spacing: 'Small' }))
  })
}

/** Not a FactSet: that reads Markdown in what people typed (T22). */
const factOf = (fact: { label: string; value: Text }, n: number, pen: Pen): Element[] =>
  richText([{ text: `${fact.label}: `, bold: true }, ...fact.value], pen.desk).map((line) =>
    n === 0 ? line : { ...line, spacing: 'Small' },
  )

const drawRow = (row: Row, pen: Pen): Element[] => [
  {
    type: 'Container',
    separator: true,
    items: [
      ...richText(
        row.title.map((span) => ({ ...span, bold: true as const })),
        pen.desk,
      ),
      ...(row.status ? drawStatus(row.status).map((one) => ({ ...one, spacing: 'None' })) : []),
      ...(row.text ? richText(row.text, pen.desk).map((one) => ({ ...one, spacing: 'None' })) : []),
      ...drawButtons(row.buttons ?? [], pen, textOf(row.title)),
    ],
  },
]

function progressOf(label: string, done: number, of: number, pen: Pen): Text {
  const { bar, percent } = barOf(done, of)
  return [{ text: label, bold: true }, { text: `\n${bar} ${pen.words.progress(done, of, percent)}` }]
}

/** A link, not a picture: Teams fetches pictures itself, and a self-hosted desk asks who is there. */
function drawImage(src: string, alt: string, pen: Pen): Element[] {
  const label = pen.words.picture(alt)
  const href = safeHref(src, pen.desk)
  return richText(href ? [{ text: label, href }] : [{ text: label, italic: true }], pen.desk)
}

function drawTable(caption: string, columns: string[], rows: string[][], pen: Pen): Piece[] {
  const shown = rows.slice(0, TABLE.rows)
  const cells = (row: readonly string[], bold: boolean): Element => ({
    type: 'TableRow',
    cells: columns.slice(0, TABLE.columns).map((_, n) => ({
      type: 'TableCell',
      items: richText([{ text: cut(clean(row[n] ?? '').replace(/\s+/g, ' '), TABLE.cell), ...(bold ? { bold } : {}) }]),
    })),
  })
  const left = rows.length - shown.length
  const table = {
    type: 'Table',
    firstRowAsHeader: true,
    columns: columns.slice(0, TABLE.columns).map(() => ({ width: 1 })),
    rows: [cells(columns, true), ...shown.map((row) => cells(row, false))],
  }
  return [
    { drawn: richText([{ text: caption, bold: true }], pen.desk) },
    { drawn: [table, ...(left > 0 ? muted(plain(pen.words.more(left)), pen) : [])] },
  ]
}
