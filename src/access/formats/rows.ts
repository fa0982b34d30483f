import { parse } from 'csv-parse/sync'
import type { Limits } from './limits.ts'
import { ExportRefused } from './refused.ts'
import { reason, refusal } from './text.ts'

/** One row of the file: its first physical line, how many lines it spans, and its cells or what is wrong with it. */
export type Row = { line: number; lines: number } & ({ cells: string[] } | { fault: string })

type Span = { from: number; to: number; line: number; lines: number; open: boolean }

const lineFeed = 10
const carriageReturn = 13
const quote = 34
const piece = 64 * 1024
const smallPiece = 4 * 1024
/** Past so many misplaced quotes the file is not CSV; it also bounds the time a hostile file can take. */
const mostFaults = 1000

/** The byte that ends a physical line: LF, or CR in a file without any LF. */
export function lineEnd(text: Buffer): number {
  return text.indexOf(lineFeed) < 0 && text.indexOf(carriageReturn) >= 0 ? carriageReturn : lineFeed
}

/** Physical lines, as `wc -l` counts them, plus a last one without an end. Stops counting past `most`. */
export function countLines(text: Buffer, most: number): number {
  const end = lineEnd(text)
  let lines = 0
  let from = 0
  while (from < text.length && lines <= most) {
    const at = text.indexOf(end, from)
    lines++
    from = at < 0 ? text.length : at + 1
  }
  return lines
}

/** Strict CSV (RFC 4180) of one stretch of whole rows. */
export function parseRows(text: Buffer, delimiter: string, end: number): string[][] {
  const record_delimiter = end === carriageReturn ? ['\r'] : ['\r\n', '\n']
  return parse(text, { delimiter, record_delimiter, relax_column_count: true })
}

/** The row that begins at `from`: up to the first line end outside of quotes. */
function spanAt(text: Buffer, from: number, line: number, end: number, most: number): Span {
  let to = from
  let lines = 0
  let quotes = 0
  // Looked for once, not from every line again: behind a last quote that stays open this would be quadratic (T26).
  let q = text.indexOf(quote, from)
  do {
    const at = text.indexOf(end, to)
    const stop = at < 0 ? text.length : at + 1
    for (; q >= 0 && q < stop; q = text.indexOf(quote, q + 1)) quotes++
    to = stop
    lines++
    if (to - from > most) throw new ExportRefused('size', refusal.row(line))
  } while (quotes % 2 === 1 && to < text.length)
  return { from, to, line, lines, open: quotes % 2 === 1 }
}

/** The first row as bytes: delimiters are tried on it before anything else is read. */
export function firstRow(text: Buffer, from: number, limits: Limits): { bytes: Buffer; to: number; lines: number } {
  const span = spanAt(text, from, 1, lineEnd(text), limits.row)
  return { bytes: text.subarray(from, span.to), to: span.to, lines: span.lines }
}

/**
 * All rows from `from` on, in batches. Lines without a quote are split where they stand; the others go through
 * csv-parse. A row with a misplaced quote gives one faulty line, and reading goes on with the next physical line.
 */
export function* readRows(
  text: Buffer,
  from: number,
  line: number,
  delimiter: string,
  limits: Limits,
): Generator<Row[]> {
  const end = lineEnd(text)
  let size = piece
  let faults = 0
  let nextQuote = text.indexOf(quote, from)
  while (from < text.length) {
    const spans: Span[] = []
    const start = from
    let next = line
    while (from < text.length && from - start < size && !spans.at(-1)?.open) {
      while (nextQuote >= 0 && nextQuote < from) nextQuote = text.indexOf(quote, from)
      const at = text.indexOf(end, from)
      const stop = at < 0 ? text.length : at + 1
      const plain = (nextQuote < 0 || nextQuote >= stop) && stop - from <= limits.row
      const span = plain
        ? { from, to: stop, line: next, lines: 1, open: false }
        : spanAt(text, from, next, end, limits.row)
      spans.push(span)
      from = span.to
      next += span.lines
    }
    const { rows, broken } = readSpans(text, spans, delimiter, end)
    checkCells(rows, spans, limits)
    line = next
    size = Math.min(size * 2, piece)
    if (broken) {
      if (++faults > mostFaults) throw new ExportRefused('size', refusal.quotes(broken.line, mostFaults))
      rows.push({ line: broken.line, lines: 1, fault: broken.open ? reason.unclosed : reason.quote })
      const at = text.indexOf(end, broken.from)
      from = at < 0 ? text.length : at + 1
      nextQuote = text.indexOf(quote, from)
      line = broken.line + 1
      size = smallPiece
    }
    yield rows
  }
}

/** The rows up to the first broken span. */
function readSpans(text: Buffer, spans: Span[], delimiter: string, end: number): { rows: Row[]; broken?: Span } {
  const open = spans.at(-1)?.open ? spans.at(-1) : undefined
  let whole = open ? spans.slice(0, -1) : spans
  let broken = open
  while (whole.length > 0) {
    const part = text.subarray(whole[0]?.from, whole.at(-1)?.to)
    const read = part.indexOf(quote) < 0 ? splitRows(part, delimiter, end) : tryRows(part, delimiter, end)
    if ('records' in read) {
      if (read.records.length === whole.length)
        return { rows: whole.map((span, i) => at(span, read.records[i])), broken }
      read.good = 0
    }
    // A span that csv-parse refuses: everything before it is read again and stands.
    const bad = Math.min(read.good, whole.length - 1)
    broken = whole[bad]
    whole = whole.slice(0, bad)
  }
  return { rows: [], broken }
}

function at(span: Span, cells: string[] | undefined): Row {
  return { line: span.line, lines: span.lines, cells: cells ?? [] }
}

type Read = { records: string[][]; good: number } | { good: number }

function splitRows(part: Buffer, delimiter: string, end: number): Read {
  const eol = end === carriageReturn ? '\r' : '\n'
  const lines = part.toString('utf8').split(eol)
  if (lines.at(-1) === '') lines.pop()
  const records = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line).split(delimiter))
  return { records, good: records.length }
}

function tryRows(part: Buffer, delimiter: string, end: number): Read {
  try {
    const records = parseRows(part, delimiter, end)
    return { records, good: records.length }
  } catch (error) {
    return { good: recordsBefore(error) }
  }
}

/** csv-parse says how many records it had finished when it met the broken one. */
function recordsBefore(error: unknown): number {
  if (error instanceof Error && 'records' in error && typeof error.records === 'number') return error.records
  throw error
}

function checkCells(rows: Row[], spans: Span[], limits: Limits): void {
  rows.forEach((row, i) => {
    const span = spans[i]
    if (!span || span.to - span.from <= limits.cell || !('cells' in row)) return
    if (row.cells.some((cell) => cell.length > limits.cell))
      throw new ExportRefused('size', refusal.cell(row.line, limits.cell))
  })
}
