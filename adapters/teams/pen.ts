import type { Upload } from '../../src/core/workflow.ts'
import { text } from './text.ts'

/** What drawing one card needs to know and to count. */
export type Pen = {
  /** Public address of the browser desk: makes links of its paths. */
  desk?: string
  /** Id of our app in Teams, where the desk is a tab of it. */
  tab?: string
  words: ReturnType<typeof text>
  /** What the reader has brought: forms offer it where they take files. */
  uploads: readonly Upload[]
  /** Drawn in a dialog, where a click is of another kind and Teams does not say which message it came from. */
  dialog?: { at?: string; origin?: string }
  /** Ids of elements must be unique within a card. */
  next(): number
}

export type PenOptions = {
  desk?: string
  tab?: string
  language?: string
  uploads?: readonly Upload[]
  dialog?: { at?: string; origin?: string }
}

export function makePen(options: PenOptions = {}): Pen {
  let drawn = 0
  const { desk, tab, dialog, uploads = [], language = 'en' } = options
  return { desk, tab, dialog, uploads, words: text(language), next: () => drawn++ }
}
