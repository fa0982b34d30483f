// CSV on its way out. RFC 4180 for the bytes, OWASP "CSV Injection" for what a spreadsheet makes of them.
// Limit: a spreadsheet told to split at another character than the comma may still see a formula inside a cell.

export type CsvValue = string | number | bigint | boolean | Date | null | undefined

// A spreadsheet starts a formula at = + - @ (full-width forms included), and strips tab, CR, LF, NUL, spaces, quotes
// and byte order marks before it looks.
const startsFormula =
  /^(?:[\s"'\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]|[\s"'\p{Cf}]*\p{Cc})/u

const mustQuote = /[",;\t|\r\n]|^\s|\s$/

/**
 * One cell. Text that a spreadsheet would run gets one apostrophe in front and quotes around it; numbers, dates and
 * booleans of our own are written as they are. The raw value belongs into JSON.
 */
export function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'string') return String(value)
  if (startsFormula.test(value)) return `"'${value.replaceAll('"', '""')}"`
  return mustQuote.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** One row with its CRLF. */
export function csvRow(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}

/** A cell read back from a file we wrote: takes off the one apostrophe that `csvCell` put in front, and nothing else. */
export function csvText(cell: string): string {
  return cell.startsWith("'") && startsFormula.test(cell.slice(1)) ? cell.slice(1) : cell
}
