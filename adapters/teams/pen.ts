import { text } from './text.ts'

/** What drawing one card needs to know and to count. */
export type Pen = {
  /** Public address of the browser desk: makes links of its paths. */
  desk?: string
  words: ReturnType<typeof text>
  /** Ids of elements must be unique within a card. */
  next(): number
}

export type PenOptions = { desk?: string; language?: string }

export function makePen(options: PenOptions = {}): Pen {
  let drawn = 0
  return { desk: options.desk, words: text(options.language ?? 'en'), next: () => drawn++ }
}
