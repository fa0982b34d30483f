import type { types } from '@slack/bolt'
import { fitPieces } from '../../src/core/fitting.ts'
import { plain } from '../../src/core/md.ts'
import { muted, type Piece } from './blocks.ts'
import { MESSAGE_ELEMENT, MESSAGE_TEXT, MOST_BLOCKS, VIEW_JSON } from './limits.ts'
import { safeHref } from './markup.ts'
import type { Pen } from './pen.ts'

export type Surface = 'message' | 'view'

/** What a line costs that says what was left out: more than any of them does. */
const NOTE = 400

/** As many pieces as a message or a view takes: Slack counts blocks, and words or JSON. */
export function fitted(pieces: readonly Piece[], surface: Surface, pen: Pen): types.KnownBlock[] {
  const drawn = fitPieces(pieces, {
    room: (lists) => roomOf(surface, lists),
    moreRows: (left, href) => moreLine(left, href, pen),
    moreParts: () => muted(plain(pen.words.moreParts), pen),
  })
  // A view without blocks is refused.
  if (drawn.length === 0 && surface === 'view') drawn.push(...muted(plain('–'), pen))
  return drawn.slice(0, MOST_BLOCKS[surface])
}

function roomOf(surface: Surface, lists: number) {
  const cost = surface === 'message' ? messageCost : jsonCost
  let blocks = MOST_BLOCKS[surface] - lists - 1
  let sum = (surface === 'message' ? MESSAGE_TEXT : VIEW_JSON) - (lists + 1) * NOTE
  return {
    take(drawn: readonly types.KnownBlock[]): boolean {
      const price = cost(drawn)
      if (drawn.length > blocks || price > sum) return false
      blocks -= drawn.length
      sum -= price
      return true
    },
  }
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
