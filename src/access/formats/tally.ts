import { warning } from './text.ts'
import type { Context, ReadOptions, Warning } from './types.ts'

/** Warnings of one reading: counted per kind, with the first lines they stand on. */
export type Tally = Context & {
  /** the line that is being read */
  line: number
  sentences(): string[]
}

const linesNamed = 5

export function openTally(options: ReadOptions): Tally {
  const counts = new Map<Warning, { count: number; lines: number[] }>()
  const notes = new Set<string>()
  const tally: Tally = {
    options,
    line: 0,
    warn(kind) {
      const seen = counts.get(kind) ?? { count: 0, lines: [] }
      if (seen.lines.at(-1) === tally.line) return
      seen.count++
      if (seen.lines.length < linesNamed) seen.lines.push(tally.line)
      counts.set(kind, seen)
    },
    note: (sentence) => void notes.add(sentence),
    sentences: () => [...notes, ...[...counts].map(([kind, { count, lines }]) => warning(kind, count, lines))],
  }
  return tally
}
