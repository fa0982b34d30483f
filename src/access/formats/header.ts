import { ExportRefused } from './refused.ts'
import { refusal } from './text.ts'
import type { Header } from './types.ts'

/** `Email Address [Required]` and ` email address ` are the same name. */
export function columnName(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/[\s\u200b\ufeff]+/g, ' ')
    .trim()
    .toLowerCase()
}

/** Names are kept in a Map, so that a column called __proto__ is a column like any other. */
export function openHeader(columns: readonly string[]): Header {
  const names = columns.map(columnName)
  const positions = new Map<string, number>()
  names.forEach((name, position) => {
    if (!positions.has(name)) positions.set(name, position)
  })
  const at = (...wanted: string[]) => {
    for (const name of wanted) {
      const position = positions.get(name)
      if (position !== undefined) return position
    }
    return -1
  }
  return { columns, names, at, has: (...wanted) => wanted.every((name) => positions.has(name)) }
}

/** Every column of a table has a name of its own. */
export function checkHeader(header: Header): void {
  const seen = new Set<string>()
  header.names.forEach((name, position) => {
    if (!name) throw new ExportRefused('unknown header', refusal.unnamed(position + 1))
    if (seen.has(name)) throw new ExportRefused('duplicate header', refusal.duplicate(header.columns[position] ?? ''))
    seen.add(name)
  })
}
