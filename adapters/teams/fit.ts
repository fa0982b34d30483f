import { fitPieces } from '../../src/core/fitting.ts'
import { plain } from '../../src/core/md.ts'
import { muted, type Piece } from './blocks.ts'
import { CARD_JSON } from './limits.ts'
import { type Element, safeHref } from './markup.ts'
import type { Pen } from './pen.ts'

/** What a line costs that says what was left out, and the frame of a card: more than any of them does. */
const NOTE = 400
const FRAME = 1500

/** As many pieces as a card takes: Teams counts bytes. */
export const fitted = (pieces: readonly Piece[], pen: Pen): Element[] =>
  fitPieces(pieces, {
    room: roomOf,
    moreRows: (left, href) => moreLine(left, href, pen),
    moreParts: () => muted(plain(pen.words.moreParts), pen),
  })

function roomOf(lists: number) {
  let room = CARD_JSON - FRAME - (lists + 1) * NOTE
  return {
    take(drawn: readonly Element[]): boolean {
      // Bytes as they travel.
      const price = Buffer.byteLength(JSON.stringify(drawn))
      if (price > room) return false
      room -= price
      return true
    },
  }
}

function moreLine(left: number, href: string | undefined, pen: Pen): Element[] {
  const words = pen.words.more(left)
  const target = href === undefined ? undefined : safeHref(href, pen.desk)
  return muted(target ? [{ text: words, href: target }] : plain(words), pen)
}
