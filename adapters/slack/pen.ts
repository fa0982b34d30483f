import { text } from './text.ts'

/** What drawing one message or view needs to know and to count. */
export type Pen = {
  /** Public address of the browser desk: makes links of its paths. */
  desk?: string
  /** The app was granted files:read, so uploads can be offered. */
  files: boolean
  words: ReturnType<typeof text>
  /** action_id must be unique within a message or view. */
  next(): number
}

export type PenOptions = { desk?: string; files?: boolean; language?: string }

export function makePen(options: PenOptions = {}): Pen {
  let drawn = 0
  return {
    desk: options.desk,
    files: options.files ?? false,
    words: text(options.language ?? 'en'),
    next: () => drawn++,
  }
}
