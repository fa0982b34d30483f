import type { Text } from '../core/md.ts'
import type { Block } from '../core/view.ts'

/** Characters: about a screen and a half of chat; far below what a modal takes, so that no platform must cut a page. */
export const PAGE = 2600

const flat = (text: Text) => text.map((span) => span.text).join('')

/** The words of a block, without style. */
export function textIn(block: Block): string {
  switch (block.kind) {
    case 'text':
      return flat(block.text)
    case 'heading':
    case 'quote':
      return block.text
    case 'list':
      return block.items.map(flat).join('\n')
    case 'table':
      return [block.columns, ...block.rows].map((row) => row.join(' ')).join('\n')
    default:
      return ''
  }
}

/** A block larger than a page, in pieces that are not: lists between items, tables between rows, text between words. */
export function split(block: Block): Block[] {
  if (textIn(block).length <= PAGE) return [block]
  switch (block.kind) {
    case 'text':
      return cutText(block.text).map((text) => ({ ...block, text }))
    case 'quote':
      return cutText([{ text: block.text }]).map((text) => ({ ...block, text: flat(text) }))
    case 'list':
      return splitList(block)
    case 'table':
      return gather(block.rows, (row) => row.join(' ').length).map((rows) => ({ ...block, rows }))
    default:
      return [block]
  }
}

function splitList(block: Extract<Block, { kind: 'list' }>): Block[] {
  const items = block.items.flatMap((item, n) =>
    cutText(item).map((text, part): Text => (block.ordered && part === 0 ? [{ text: `${n + 1}. ` }, ...text] : text)),
  )
  if (block.ordered) return items.map((text) => ({ kind: 'text', text }))
  return gather(items, (item) => flat(item).length).map((some) => ({ kind: 'list', items: some }))
}

/** Neighbours together as long as they fit a page. */
function gather<T>(all: readonly T[], size: (one: T) => number): T[][] {
  const groups: T[][] = []
  let room = 0
  for (const one of all) {
    room -= size(one)
    const last = groups.at(-1)
    if (last && room >= 0) last.push(one)
    else {
      groups.push([one])
      room = PAGE - size(one)
    }
  }
  return groups
}

function cutText(text: Text): Text[] {
  const pieces = text.flatMap((span) => cutWords(span.text).map((words) => ({ ...span, text: words })))
  return gather(pieces, (span) => span.text.length)
}

/** Between sentences or words, and where there are none (a run of 3,000 letters) anywhere but within a character. */
function cutWords(text: string): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > PAGE) {
    const head = rest.slice(0, PAGE)
    const at = Math.max(head.lastIndexOf('. ') + 1, head.lastIndexOf('。') + 1, head.lastIndexOf(' '))
    const whole = at > PAGE / 2 ? at : /[\ud800-\udbff]$/.test(head) ? PAGE - 1 : PAGE
    pieces.push(rest.slice(0, whole))
    rest = rest.slice(whole)
  }
  return [...pieces, rest]
}
