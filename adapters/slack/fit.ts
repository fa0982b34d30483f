import type { types } from '@slack/bolt'
import { plain } from '../../src/core/md.ts'
import { muted, type Piece } from './blocks.ts'
import { MESSAGE_ELEMENT, MESSAGE_TEXT, MOST_BLOCKS, VIEW_JSON } from './limits.ts'
import { safeHref } from './markup.ts'
import type { Pen } from './pen.ts'

export type Surface = 'message' | 'view'

/** What a line costs that says what was left out: more than any of them does. */
const NOTE = 400

/**
 * As many pieces as the surface takes. What a card is for (its buttons, the fields of a form) stays before anything
 * else; from the first other piece that does not fit, rows are counted and the rest is said to be missing.
 */
export function fitted(pieces: readonly Piece[], surface: Surface, pen: Pen): types.KnownBlock[] {
  const kept = choose(pieces, surface)
  const drawn: types.KnownBlock[] = []
  let rowsLeft = 0
  let partsLeft = 0
  for (const piece of pieces) {
    if (kept.has(piece)) drawn.push(...piece.blocks)
    else if (piece.row) rowsLeft++
    else if (!piece.more) partsLeft++
    if (!piece.more) continue
    const left = rowsLeft + piece.more.left
    if (left > 0) drawn.push(...moreLine(left, piece.more.href, pen))
    rowsLeft = 0
  }
  if (partsLeft > 0) drawn.push(...muted(plain(pen.words.moreParts), pen))
  // A view without blocks is refused.
  if (drawn.length === 0 && surface === 'view') drawn.push(...muted(plain('–'), pen))
  return drawn.slice(0, MOST_BLOCKS[surface])
}

function choose(pieces: readonly Piece[], surface: Surface): Set<Piece> {
  const cost = surface === 'message' ? messageCost : jsonCost
  const lists = pieces.filter((piece) => piece.more).length
  let blocks = MOST_BLOCKS[surface] - lists - 1
  let sum = (surface === 'message' ? MESSAGE_TEXT : VIEW_JSON) - (lists + 1) * NOTE
  const kept = new Set<Piece>()
  const take = (piece: Piece): boolean => {
    const price = cost(piece.blocks)
    if (piece.blocks.length > blocks || price > sum) return false
    blocks -= piece.blocks.length
    sum -= price
    kept.add(piece)
    return true
  }
  for (const piece of pieces) if (piece.keep) take(piece)
  for (const piece of pieces) if (!piece.keep && !piece.more && !take(piece)) break
  return kept
}

function moreLine(left: number, href: string | undefined, pen: Pen): types.KnownBlock[] {
  const words = pen.words.more(left)
  const target = href === undefined ? undefined : safeHref(href, pen.desk)
  return muted(target ? [{ text: words, href: target }] : plain(words), pen)
}

const jsonCost = (blocks: readonly types.KnownBlock[]): number => JSON.stringify(blocks).length

/** All words of the blocks, and something for every container (see limits.ts). */
export function messageCost(blocks: readonly types.KnownBlock[]): number {
  let sum = 0
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string') {
      if (name === 'text' || name === 'url') sum += value.length
    } else if (Array.isArray(value)) {
      for (const one of value) walk(one, name)
    } else if (typeof value === 'object' && value !== null) {
      if ('type' in value) sum += MESSAGE_ELEMENT
      for (const [key, inner] of Object.entries(value)) walk(inner, key)
    }
  }
  walk(blocks, '')
  return sum
}
