/** One piece of a card, as a platform draws it. */
export type Piece<E> = {
  drawn: E[]
  /** What the card is for: stays when anything else must go. */
  keep?: true
  /** One of several rows: those that do not fit are counted. */
  row?: true
  /** The end of a list of rows: says how many were left out here and by the workflow. */
  more?: { left: number; href?: string }
}

/** How much one surface takes, and how it says what is missing. */
export type Surface<E> = {
  /** Room for that many lists of rows whose ends may have to be said. `take` uses room up, or says no. */
  room(lists: number): { take(drawn: readonly E[]): boolean }
  moreRows(left: number, href: string | undefined): E[]
  moreParts(): E[]
}

/**
 * As many pieces as a surface takes. What a card is for (its buttons, the fields of a form) stays before anything else;
 * from the first other piece that does not fit, rows are counted and the rest is said to be missing.
 */
export function fitPieces<E>(pieces: readonly Piece<E>[], surface: Surface<E>): E[] {
  const kept = choose(pieces, surface)
  const drawn: E[] = []
  let rowsLeft = 0
  let partsLeft = 0
  for (const piece of pieces) {
    if (kept.has(piece)) drawn.push(...piece.drawn)
    else if (piece.row) rowsLeft++
    else if (!piece.more) partsLeft++
    if (!piece.more) continue
    const left = rowsLeft + piece.more.left
    if (left > 0) drawn.push(...surface.moreRows(left, piece.more.href))
    rowsLeft = 0
  }
  return partsLeft > 0 ? [...drawn, ...surface.moreParts()] : drawn
}

function choose<E>(pieces: readonly Piece<E>[], surface: Surface<E>): Set<Piece<E>> {
  const room = surface.room(pieces.filter((piece) => piece.more).length)
  const kept = new Set<Piece<E>>()
  const take = (piece: Piece<E>): boolean => {
    const isTaken = room.take(piece.drawn)
    if (isTaken) kept.add(piece)
    return isTaken
  }
  for (const piece of pieces) if (piece.keep) take(piece)
  for (const piece of pieces) if (!piece.keep && !piece.more && !take(piece)) break
  return kept
}
