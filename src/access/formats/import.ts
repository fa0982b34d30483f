import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Decoded, decode } from './encoding.ts'
import { formats } from './formats.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { LIMITS } from './limits.ts'
import { openReading, type Reading } from './reading.ts'
import { ExportRefused } from './refused.ts'
import { refuseSecrets } from './secrets.ts'
import { openTally, type Tally } from './tally.ts'
import { imbalance, note, refusal } from './text.ts'
import type { GrantRow, Import, ReadOptions, Receipt } from './types.ts'

/** Reads a whole export. Throws `ExportRefused` when nothing of the file may be used. */
export async function readExport(bytes: Uint8Array, options: ReadOptions): Promise<Import> {
  const rows: GrantRow[] = []
  const stream = streamExport(bytes, options)
  for (;;) {
    const step = await stream.next()
    if (step.done) return { receipt: step.value, rows }
    for (const row of step.value) rows.push(row)
  }
}

/**
 * The same in batches of a few hundred rows; the generator's return value is the receipt. A refusal can come after
 * some batches (a secret in line 900): whoever stores rows keeps them apart until the receipt is there.
 */
export async function* streamExport(
  bytes: Uint8Array,
  options: ReadOptions,
): AsyncGenerator<GrantRow[], Receipt, void> {
  const limits = { ...LIMITS, ...options.limits }
  if (bytes.length === 0) throw new ExportRefused('empty', refusal.empty)
  if (bytes.length > limits.bytes) throw new ExportRefused('size', refusal.bytes(limits.bytes))
  const decoded = decode(bytes, options)
  refuseSecrets(decoded.text)
  const tally = openTally(options)
  const reading = openReading(decoded.text, formats, tally)
  const ledger = openLedger(tally)
  for (const batch of reading.judged) {
    const rows: GrantRow[] = []
    for (const judged of batch) for (const row of ledger.take(judged)) rows.push(row)
    if (rows.length === 0) continue
    yield rows
    // A large file must not keep a click waiting.
    await setImmediate()
  }
  return receiptOf(bytes, decoded, reading, ledger, tally)
}

function receiptOf(bytes: Uint8Array, decoded: Decoded, reading: Reading, ledger: Ledger, tally: Tally): Receipt {
  const { footerTotal, ...counts } = ledger.counts()
  const { format, unit, lines, header, columns, delimiter, mapping } = reading
  const typed = tally.options.expected ?? null
  const own = reading.total ?? footerTotal
  const counted = header + counts.accepted + counts.rejected.length + counts.outOfScope.length + counts.footer
  const problems: string[] = []
  if (counted !== lines) problems.push(imbalance.lines(counted, lines))
  if (reading.total !== null && reading.total !== counts.rows)
    problems.push(imbalance.totalResults(reading.total, counts.rows))
  if (footerTotal !== null && footerTotal !== counts.rows) problems.push(imbalance.footer(footerTotal, counts.rows))
  if (typed !== null && typed !== counts.rows) problems.push(imbalance.typed(typed, counts.rows))
  if (decoded.encoding === 'iso-8859-1') tally.note(note.latin1)
  if (own === null && typed === null) tally.note(note.noControlTotal)
  return {
    adapter: format.name,
    adapterVersion: format.version,
    unit,
    encoding: decoded.encoding,
    ...(delimiter === undefined ? {} : { delimiter }),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    lines,
    header,
    columns,
    ...(mapping === undefined ? {} : { mapping }),
    ...counts,
    controlTotal: own ?? typed,
    controlSource:
      reading.total !== null ? 'totalResults' : footerTotal !== null ? 'footer' : typed !== null ? 'typed' : null,
    balanced: problems.length === 0,
    imbalance: problems,
    headerOnly: counts.rows === 0,
    warnings: tally.sentences(),
  }
}
