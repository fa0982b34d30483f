import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

/**
 * A backup is one gzip file of text; `zcat` shows it. Lines of JSON frame what PostgreSQL's COPY writes (text format):
 *
 *     {"countersign":"backup","format":1,"product":"…","migration":"…","postgres":"…","created_at":"…"}
 *     {"table":"person","columns":["id",…]}
 *     rows, one a line: tabs between columns, \N for null, so no row can look like the next line
 *     \.
 *     {"rows":120,"sha256":"…"}                      of the rows' bytes; then the next table
 *     {"sequences":{"acknowledgement_number_seq":{"last":"10042","called":true}}}
 *     {"end":true,"tables":40,"rows":9000,"sha256":"…"}   of every byte before this line
 *
 * The hashes find damage and careless editing. Who can write the file can also make new ones: keep its SHA-256 elsewhere.
 */
export type Header = {
  countersign: 'backup'
  format: 1
  /** Version of the product that wrote it. */
  product: string
  /** The last migration its database had. */
  migration: string
  postgres: string
  created_at: string
}
export type TableHead = { table: string; columns: string[] }
export type TableFoot = { rows: number; sha256: string }
export type Sequences = Record<string, { last: string; called: boolean }>
export type Foot = { end: true; tables: number; rows: number; sha256: string }

export type Part =
  | { header: Header }
  | { table: TableHead }
  | { bytes: Buffer }
  | { tableEnd: TableFoot }
  | { sequences: Sequences }
  | { foot: Foot }

export const TABLE_END = Buffer.from('\\.\n')
const NEXT_TABLE_END = Buffer.from('\n\\.\n')
const NEWLINE = 10

/** The parts of a backup in order, hashes checked on the way; throws one sentence when it is cut, altered or something else. */
export async function* partsOf(file: string): AsyncGenerator<Part> {
  const text = new Text(file)
  const header = await text.json<Header>()
  if (header.countersign !== 'backup') throw new Error(`${file} is not a backup of Countersign: name another file.`)
  if (header.format !== 1) throw new Error(`${file} was written by a newer Countersign: restore it with that version.`)
  yield { header }
  let tables = 0
  let rows = 0
  for (;;) {
    const before = text.digest()
    const line = await text.json<Partial<TableHead> & { sequences?: Sequences; end?: true } & Partial<Foot>>()
    if (line.table && line.columns) {
      yield { table: { table: line.table, columns: line.columns } }
      const hash = createHash('sha256')
      let count = 0
      for await (const bytes of text.rows()) {
        hash.update(bytes)
        count += linesIn(bytes)
        yield { bytes }
      }
      const foot = await text.json<TableFoot>()
      if (foot.rows !== count || foot.sha256 !== hash.digest('hex')) throw text.altered(`table ${line.table}`)
      tables++
      rows += count
      yield { tableEnd: foot }
    } else if (line.sequences) yield { sequences: line.sequences }
    else if (line.end) {
      if (line.tables !== tables || line.rows !== rows || line.sha256 !== before) throw text.altered('its last line')
      await text.end()
      yield { foot: { end: true, tables, rows, sha256: before } }
      return
    } else throw text.altered('an unknown line')
  }
}

/** How many rows some whole lines of COPY text hold. */
export function linesIn(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}

/** The unpacked text, read once from begin to end in constant memory. */
class Text {
  private readonly file: string
  private readonly source: AsyncIterator<Buffer>
  private readonly whole = createHash('sha256')
  /** Read and not yet used; always begins at the begin of a line. */
  private rest: Buffer = Buffer.alloc(0)

  constructor(file: string) {
    this.file = file
    const unpacked = createGunzip({ chunkSize: 1 << 18 })
    // Errors of either stream reach us where `unpacked` is read.
    pipeline(createReadStream(file), unpacked, () => undefined)
    this.source = unpacked[Symbol.asyncIterator]()
  }

  /** Hash of every byte used so far. */
  digest(): string {
    return this.whole.copy().digest('hex')
  }

  async json<T>(): Promise<T> {
    let end = this.rest.indexOf(NEWLINE)
    for (; end < 0; end = this.rest.indexOf(NEWLINE)) await this.more()
    const line = this.use(end + 1).toString('utf8')
    try {
      return JSON.parse(line) as T
    } catch {
      throw this.altered('a line that is not JSON')
    }
  }

  /** Whole rows until the end of the table, which is used up too. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const isEnd = this.rest.subarray(0, TABLE_END.length).equals(TABLE_END)
      const last = isEnd ? 0 : this.rest.indexOf(NEXT_TABLE_END) + 1
      if (isEnd || last > 0) {
        if (last > 0) yield this.use(last)
        this.use(TABLE_END.length)
        return
      }
      const whole = this.rest.lastIndexOf(NEWLINE) + 1
      if (whole > 0) yield this.use(whole)
      await this.more()
    }
  }

  async end(): Promise<void> {
    if (this.rest.length > 0 || (await this.next())) throw this.altered('more after its end')
  }

  altered(where: string): Error {
    return new Error(`${this.file} was altered or damaged (${where}): nothing was restored; use another copy.`)
  }

  private use(count: number): Buffer {
    const used = this.rest.subarray(0, count)
    this.rest = this.rest.subarray(count)
    this.whole.update(used)
    return used
  }

  private async more(): Promise<void> {
    const next = await this.next()
    if (!next) throw this.cut()
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, next]) : next
  }

  /** The next bytes; undefined at the regular end of the file. */
  private async next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.source.next()
      return done ? undefined : value
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') throw new Error(`There is no file ${this.file}: check the name.`)
      if (code === 'Z_BUF_ERROR') throw this.cut()
      if (code === 'Z_DATA_ERROR') throw this.altered('not readable as gzip')
      throw error
    }
  }

  private cut(): Error {
    return new Error(`${this.file} was cut short: nothing was restored; use another copy.`)
  }
}
