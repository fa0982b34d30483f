import { text } from './text.ts'

/** What drawing one card needs to know and to count. */
export type Pen = {
  /** Public address of the browser desk: makes links of its paths. */
  desk?: string
  words: ReturnType<typeof text>
  /** Drawn in a dialog, where a click is of another kind and Teams does not say which message it came from. */
  dialog?: { at?: string; origin?: string }
  /** Ids of elements must be unique within a card. */
  next(): number
}

export type PenOptions = { desk?: string; language?: string; dialog?: { at?: string; origin?: string } }

export function makePen(options: PenOptions = {}): Pen {
  let drawn = 0
  return { desk: options.desk, dialog: options.dialog, words: text(options.language ?? 'en'), next: () => drawn++ }
}
