import { marked, type Token, type Tokens } from 'marked'
import type { Text } from '../core/md.ts'
import type { Block } from '../core/view.ts'
import { lineOf, spansOf } from './inline.ts'
import { PAGE, split, textIn } from './splitting.ts'

/** Blocks of a page: a Slack modal takes 100, and buttons need room too. */
const MOST_BLOCKS = 40
/** A table with longer cells, or more columns, is shown as a list: cut cells would be another text than the one agreed to. */
const CELL = 24
const COLUMNS = 4
/** Adults read 200 to 250 words of plain prose a minute (Brysbaert 2019: 238). */
const WORDS_A_MINUTE = 220

/** Markdown → what is shown. Pure: images and HTML are text, links lead to the web or to mail only. */
export function blocksOf(markdown: string, title: string): Block[] {
  const blocks = marked
    .lexer(markdown, { gfm: true })
    .flatMap((token, n, all) => blocksOfToken(token, captionBefore(all, n, title)))
  const [first] = blocks
  return first?.kind === 'heading' && first.text.trim() === title.trim() ? blocks.slice(1) : blocks
}

/** Words as people count them; Chinese, Japanese and Thai are cut by the dictionary of the runtime. */
export function wordsIn(blocks: readonly Block[]): number {
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' })
  let count = 0
  for (const block of blocks) for (const one of segmenter.segment(textIn(block))) if (one.isWordLike) count++
  return count
}

/** Reading time in whole minutes, at least one. */
export const minutesOf = (words: number): number => Math.max(1, Math.round(words / WORDS_A_MINUTE))

/** Pages of about 2,600 characters, broken between blocks; only a block larger than a page is split. */
export function paged(blocks: readonly Block[]): Block[][] {
  const pages: Block[][] = []
  let page: Block[] = []
  for (const block of blocks.flatMap(split)) {
    const isFull = page.length >= MOST_BLOCKS || sizeOf(page) + textIn(block).length > PAGE
    if (isFull && page.some((one) => one.kind !== 'heading')) {
      const keep = page.findLastIndex((one) => one.kind !== 'heading') + 1
      pages.push(page.slice(0, keep))
      page = page.slice(keep)
    }
    page.push(block)
  }
  return page.length > 0 ? [...pages, page] : pages
}

const MOST_REMEMBERED = 200
const remembered = new Map<string, Block[][]>()

/** The pages of a version. A version is frozen, so what its bytes (by their hash) were cut into is remembered. */
export function pagesOf(version: { sha256: string; body: string | null; title: string }): Block[][] {
  const known = remembered.get(version.sha256)
  if (known) return known
  const pages = paged(blocksOf(version.body ?? '', version.title))
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(version.sha256, pages)
  return pages
}

function blocksOfToken(token: Token, caption: string): Block[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', text: lineOf(token.tokens ?? []) }]
    case 'paragraph':
    case 'text':
      return paragraph(spansOf('tokens' in token && token.tokens ? token.tokens : [token]))
    case 'list':
      return listOf(token as Tokens.List)
    case 'table':
      return tableOf(token as Tokens.Table, caption)
    case 'blockquote':
      return [
        {
          kind: 'quote',
          text: (token.tokens ?? [])
            .map((inner) => wordsOf(inner))
            .join('\n')
            .trim(),
        },
      ]
    case 'code':
      return [{ kind: 'text', text: [{ text: token.text, code: true }] }]
    case 'hr':
      return [{ kind: 'rule' }]
    case 'html':
      return paragraph(spansOf([token]))
    default:
      return []
  }
}

const paragraph = (text: Text): Block[] => (text.length === 0 ? [] : [{ kind: 'text', text }])

/** A list that does not begin at 1 (a table stood between two items) keeps its numbers: others refer to them. */
function listOf(list: Tokens.List): Block[] {
  const items = list.items.map((item) => itemOf(item, 0))
  const start = list.ordered ? Number(list.start) : 1
  if (start === 1) return [{ kind: 'list', items, ...(list.ordered ? { ordered: true } : {}) }]
  return items.map((item, n) => ({ kind: 'text', text: [{ text: `${start + n}. ` }, ...item] }))
}

/** What stands in one item, line by line; lists within it are indented. */
function itemOf(item: Tokens.ListItem, depth: number): Text {
  const lines = item.tokens.flatMap((token): Text[] => {
    if (token.type === 'list') return nested(token as Tokens.List, depth + 1)
    return blocksOfToken(token, '').flatMap((block) =>
      block.kind === 'text' ? [block.text] : [[{ text: textIn(block) }]],
    )
  })
  const box = item.task ? [{ text: item.checked ? '☑ ' : '☐ ' }] : []
  return [...box, ...lines.flatMap((line, n) => (n === 0 ? line : [{ text: '\n' }, ...line]))]
}

const nested = (list: Tokens.List, depth: number): Text[] =>
  list.items.map((item, n) => [
    { text: `${'\u2003'.repeat(depth)}${list.ordered ? `${Number(list.start) + n}.` : '•'} ` },
    ...itemOf(item, depth),
  ])

function tableOf(table: Tokens.Table, caption: string): Block[] {
  const columns = table.header.map((cell) => lineOf(cell.tokens))
  const rows = table.rows.map((row) => row.map((cell) => lineOf(cell.tokens)))
  const fits = columns.length <= COLUMNS && [columns, ...rows].every((row) => row.every((cell) => cell.length <= CELL))
  if (fits) return [{ kind: 'table', caption, columns, rows }]
  const items = table.rows.map((row) =>
    row.flatMap((cell, n): Text => {
      const spans = spansOf(cell.tokens)
      if (n === 0) return spans.map((span) => ({ ...span, bold: true }))
      return [{ text: `\n${columns[n] ? `${columns[n]}: ` : ''}` }, ...spans]
    }),
  )
  return [{ kind: 'list', items }]
}

/** A table is announced by the heading above it. */
function captionBefore(tokens: readonly Token[], n: number, title: string): string {
  const heading = tokens.slice(0, n).findLast((token) => token.type === 'heading')
  return heading && 'tokens' in heading ? lineOf(heading.tokens ?? []) : title
}

const wordsOf = (token: Token): string =>
  blocksOfToken(token, '')
    .map((block) => textIn(block))
    .join('\n')

const sizeOf = (blocks: readonly Block[]) => blocks.reduce((sum, block) => sum + textIn(block).length, 0)
