import { checkHeader, columnName, openHeader } from './header.ts'
import type { Judged } from './ledger.ts'
import { LIMITS, type Limits } from './limits.ts'
import { ExportRefused } from './refused.ts'
import { countLines, firstRow, lineEnd, parseRows, readRows } from './rows.ts'
import { isMasked, secretColumns, secretProperty } from './secrets.ts'
import type { Tally } from './tally.ts'
import { reason, refusal, rule } from './text.ts'
import type { Format, Header, JsonFormat, LinesFormat, Receipt, TableFormat } from './types.ts'
import { refuseWrongReport, refuseWrongText } from './wrong.ts'

/** A file whose format is known: what stands before the rows, and the rows judged one after another. */
export type Reading = Pick<Receipt, 'unit' | 'lines' | 'header' | 'columns' | 'delimiter' | 'mapping'> & {
  format: Format
  /** the source's own count, where it stands at the head of the document */
  total: number | null
  judged: Iterable<Judged[]>
}

export function openReading(text: Buffer, formats: readonly Format[], tally: Tally): Reading {
  const limits = { ...LIMITS, ...tally.options.limits }
  const wanted = choose(formats, tally)
  const first = text.toString('utf8', 0, 64).trimStart()[0]
  if (first === '{' || first === '[') return readJson(text, wanted, tally)
  const lines = countLines(text, limits.lines)
  if (lines > limits.lines) throw new ExportRefused('size', refusal.lines(limits.lines))
  const head = text.toString('utf8', 0, 16 * 1024).split(/\r?\n|\r/)
  refuseWrongText(head.join('\n'))
  const cut = text.length > 16 * 1024 ? head.slice(0, -1) : head
  const plain = wanted.find((format) => format.kind === 'lines' && format.matches(cut.filter((line) => line.trim())))
  if (plain?.kind === 'lines') return readLines(text, plain, lines, tally)
  return readTable(text, wanted, lines, limits, tally)
}

function choose(formats: readonly Format[], { options }: Tally): readonly Format[] {
  const name = options.adapter ?? (options.mapping ? 'canonical' : undefined)
  if (name === undefined) return formats
  const chosen = formats.find((format) => format.name === name)
  if (!chosen)
    throw new ExportRefused(
      'adapter',
      refusal.adapter(
        name,
        formats.map((format) => format.name),
      ),
    )
  return [chosen]
}

const delimiters = [',', ';', '\t', '|']

function readTable(text: Buffer, wanted: readonly Format[], lines: number, limits: Limits, tally: Tally): Reading {
  // Excel's own first line: `sep=;`
  const hint = /^"?sep=(.)"?\r?\n/i.exec(text.toString('utf8', 0, 16))
  const from = hint ? text.indexOf(lineEnd(text)) + 1 : 0
  const row = firstRow(text, from, limits)
  const headerLines = row.lines + (hint ? 1 : 0)
  const guesses = (hint?.[1] ? [hint[1]] : delimiters).map((delimiter) => ({
    delimiter,
    header: headerOf(row.bytes, delimiter, text),
  }))
  const guess =
    guesses.find(({ header }) => wanted.some((format) => fits(format, header, tally))) ??
    guesses.reduce((most, next) => (next.header.columns.length > most.header.columns.length ? next : most))
  const { delimiter, header } = guess
  if (header.columns.length > limits.columns) throw new ExportRefused('size', refusal.columns(limits.columns))
  const format = wanted.find((one): one is TableFormat => fits(one, header, tally))
  if (!format) return refuseTable(header, wanted, tally)
  checkHeader(header)
  const reader = format.open(header, tally)
  const secrets = secretColumns(header)
  function* judged(): Generator<Judged[]> {
    for (const rows of readRows(text, row.to, headerLines + 1, delimiter, limits)) {
      yield rows.map((entry): Judged => {
        tally.line = entry.line
        if ('fault' in entry) return { line: entry.line, lines: entry.lines, outcome: { rejected: entry.fault } }
        const { line, lines, cells } = entry
        for (const column of secrets) {
          if (isMasked(cells[column] ?? '')) continue
          throw new ExportRefused('secrets', refusal.password(header.columns[column] ?? '', line))
        }
        if (cells.length === 1 && !cells[0]?.trim())
          return { line, lines, outcome: { outOfScope: rule.blank }, blank: true }
        const footer = reader.footer?.(cells)
        if (footer) return { line, lines, outcome: { footer: footer.total } }
        if (cells.length !== header.columns.length) {
          return { line, lines, outcome: { rejected: reason.ragged(cells.length, header.columns.length) } }
        }
        return { line, lines, outcome: reader.row(cells) }
      })
    }
  }
  const { mapping } = reader
  return {
    format,
    unit: 'line',
    lines,
    header: headerLines,
    columns: [...header.columns],
    delimiter,
    mapping,
    total: null,
    judged: judged(),
  }
}

/** A mapping makes any header canonical that has the columns it names. */
function fits(format: Format, header: Header, { options }: Tally): boolean {
  if (format.kind !== 'table') return false
  return options.mapping ? header.has(...Object.keys(options.mapping).map(columnName)) : format.matches(header)
}

function headerOf(bytes: Buffer, delimiter: string, text: Buffer): Header {
  try {
    return openHeader(parseRows(bytes, delimiter, lineEnd(text))[0] ?? [])
  } catch {
    return openHeader([bytes.toString('utf8').trim()])
  }
}

function refuseTable(header: Header, wanted: readonly Format[], { options }: Tally): never {
  const unmapped = Object.keys(options.mapping ?? {}).find((column) => !header.has(columnName(column)))
  if (unmapped !== undefined) throw new ExportRefused('mapping', refusal.unmapped(unmapped))
  refuseWrongReport(header)
  const [only] = wanted
  if (wanted.length === 1 && only)
    throw new ExportRefused('unknown header', refusal.notThis(only.title, header.columns))
  if (header.columns.length > 1) checkHeader(header)
  const secret = secretColumns(header)[0]
  if (secret !== undefined) throw new ExportRefused('secrets', refusal.password(header.columns[secret] ?? '', 2))
  const titles = wanted.map((format) => format.title)
  if (header.columns.length > 1) throw new ExportRefused('unknown header', refusal.header(header.columns, titles))
  throw new ExportRefused('unknown header', refusal.text(titles))
}

function readLines(text: Buffer, format: LinesFormat, lines: number, tally: Tally): Reading {
  const read = format.open(tally)
  const end = lineEnd(text)
  function* judged(): Generator<Judged[]> {
    let line = 1
    for (let from = 0; from < text.length; line++) {
      const at = text.indexOf(end, from)
      const stop = at < 0 ? text.length : at
      const content = text.toString('utf8', from, stop).replace(/\r$/, '')
      from = stop + 1
      tally.line = line
      if (!content.trim()) yield [{ line, lines: 1, outcome: { outOfScope: rule.blank }, blank: true }]
      else if (content.startsWith('#')) yield [{ line, lines: 1, outcome: { outOfScope: rule.comment }, blank: true }]
      else yield [{ line, lines: 1, outcome: read(content) }]
    }
  }
  return { format, unit: 'line', lines, header: 0, columns: [], total: null, judged: judged() }
}

function readJson(text: Buffer, wanted: readonly Format[], tally: Tally): Reading {
  const document = parseJson(text)
  const secret = secretProperty(document)
  if (secret !== undefined) throw new ExportRefused('secrets', refusal.property(secret))
  const format = wanted.find((one): one is JsonFormat => one.kind === 'json' && one.matches(document))
  if (!format)
    throw new ExportRefused(
      'json',
      refusal.jsonShape(wanted.filter((one) => one.kind === 'json').map((one) => one.title)),
    )
  const { resources, total, row } = format.open(document, tally)
  function* judged(): Generator<Judged[]> {
    for (const [at, resource] of resources.entries()) {
      tally.line = at + 1
      yield [{ line: at + 1, lines: 1, outcome: row(resource) }]
    }
  }
  return { format, unit: 'resource', lines: resources.length, header: 0, columns: [], total, judged: judged() }
}

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'))
  } catch {
    throw new ExportRefused('json', refusal.json)
  }
}
