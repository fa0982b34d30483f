import type { Block, Button } from '../core/view.ts'
import type { Item, Running, Standing } from './items.ts'
import type { AccessWords } from './text.ts'

/** Rows with buttons on one card: what fits the smaller platform and one look (field: batches of at most 25). */
const ROWS = 8
/** Where the reader is: what needs one (todo), one right of the rest (a code), or what was decided. */
export type Place = { page: number; view: 'todo' | 'decided' | 'rest'; right: string }

export const placeOf = (given: Record<string, string> | undefined): Place => {
  const page = /^\d{1,4}$/.test(given?.page ?? '') ? Number(given?.page) : 0
  const view = given?.view === 'decided' || given?.view === 'rest' ? given.view : 'todo'
  return { page, view, right: view === 'rest' ? (given?.right ?? '') : '' }
}

export const carried = ({ page, view, right }: Place): Record<string, string> => ({
  ...(page > 0 ? { page: String(page) } : {}),
  ...(view === 'todo' ? {} : { view }),
  ...(right ? { right } : {}),
})

export type Share = {
  assignmentId: string
  isOwner: boolean
  it: Running
  mine: readonly Item[]
  /** What the reader passed on and nobody has decided since. */
  handedOn: readonly Item[]
  /** Everybody's, for the owner who signs. */
  standings: readonly Standing[]
  /** SHA-256 of what would be signed; undefined while something is open or the reader is not the owner. */
  toSign: string | undefined
  removals: number
}

/** One page of rows, and how many come after it. */
export function paged(all: readonly Item[], page: number): { rows: readonly Item[]; page: number; left: number } {
  const last = Math.max(0, Math.ceil(all.length / ROWS) - 1)
  const at = Math.min(page, last)
  return { rows: all.slice(at * ROWS, (at + 1) * ROWS), page: at, left: Math.max(0, all.length - (at + 1) * ROWS) }
}

export function pager({ assignmentId }: Share, place: Place, left: number, say: AccessWords): Block {
  const to = (page: number) => ({
    do: 'access.show',
    id: assignmentId,
    with: { ...carried(place), page: String(page) },
  })
  const buttons: Button[] = [
    ...(place.page > 0 ? [{ label: say.button.previous, ...to(place.page - 1) }] : []),
    ...(left > 0 ? [{ label: say.button.next(Math.min(left, ROWS)), ...to(place.page + 1) }] : []),
  ]
  return { kind: 'buttons', buttons }
}
