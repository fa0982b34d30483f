import { plain } from '../../src/core/md.ts'
import { muted, type Piece } from './blocks.ts'
import { CARD_JSON } from './limits.ts'
import { type Element, safeHref } from './markup.ts'
import type { Pen } from './pen.ts'

/** What a line costs that says what was left out, and the frame of a card: more than any of them does. */
const NOTE = 400
const FRAME = 1500

/**
 * As many pieces as a card takes. What it is for (its buttons, the fields of a form) stays before anything else; from the
 * first other piece that does not fit, rows are counted and the rest is said to be missing.
 */
export function fitted(pieces: readonly Piece[], pen: Pen): Element[] {
  const kept = choose(pieces)
  const drawn: Element[] = []
  let rowsLeft = 0
  let partsLeft = 0
  for (const piece of pieces) {
    if (kept.has(piece)) drawn.push(...piece.elements)
    else if (piece.row) rowsLeft++
    else if (!piece.more) partsLeft++
    if (!piece.more) continue
    const left = rowsLeft + piece.more.left
    if (left > 0) drawn.push(...moreLine(left, piece.more.href, pen))
    rowsLeft = 0
  }
  if (partsLeft > 0) drawn.push(...muted(plain(pen.words.moreParts), pen))
  return drawn
}

function choose(pieces: readonly Piece[]): Set<Piece> {
  const lists = pieces.filter((piece) => piece.more).length
  let room = CARD_JSON - FRAME - (lists + 1) * NOTE
  const kept = new Set<Piece>()
  const take = (piece: Piece): boolean => {
    const price = costOf(piece.elements)
    if (price > room) return false
    room -= price
    kept.add(piece)
    return true
  }
  for (const piece of pieces) if (piece.keep) take(piece)
  for (const piece of pieces) if (!piece.keep && !piece.more && !take(piece)) break
  return kept
}

/** Bytes as they travel. */
const costOf = (elements: readonly Element[]): number => Buffer.byteLength(JSON.stringify(elements))

function moreLine(left: number, href: string | undefined, pen: Pen): Element[] {
  const words = pen.words.more(left)
  const target = href === undefined ? undefined : safeHref(href, pen.desk)
  return muted(target ? [{ text: words, href: target }] : plain(words), pen)
}
