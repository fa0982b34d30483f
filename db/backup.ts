import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, rmSync } from 'node:fs'
import { open as openFile, rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Sql } from 'postgres'
import type { Access } from './access.ts'
import { type Foot, type Header, linesIn, TABLE_END } from './backup/format.ts'
import { quoted, sequencesOf, tablesOf } from './backup/tables.ts'
import { alone } from './client.ts'

type About = {
  /** Version of the product. */
  product: string
  createdAt: Date
  onTable?: (table: string, rows: number) => void | Promise<void>
}

/** What a backup holds; `sha256` is of the file as it lies on disk, to be kept elsewhere. */
export type Backup = Header & { tables: number; rows: number; file_sha256: string }

const UNWRITABLE = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']

/** Values as every version and setting of PostgreSQL reads them back. */
const PLAIN = `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
  set local datestyle = 'ISO'; set local intervalstyle = 'iso_8601'; set local timezone = 'UTC';
  set local bytea_output = 'hex'; set local extra_float_digits = 1`

/**
 * Writes all tables as they stood at one moment into one new file (see `backup/format.ts`), in constant memory, while
 * the product works on. The file appears under its name only when it is whole and on disk; an existing one is kept.
 */
export async function backup(access: Access, file: string, about: About): Promise<Backup> {
  if (existsSync(file)) throw new Error(`${file} exists already: name a new file, a backup replaces nothing.`)
  const half = `${file}.half`
  try {
    const done = await alone(access, (sql) => write(sql, half, about))
    await rename(half, file)
    return done
  } catch (error) {
    rmSync(half, { force: true })
    const { code = '', syscall } = error as NodeJS.ErrnoException
    if (!syscall || !UNWRITABLE.includes(code)) throw error
    throw new Error(`${file} cannot be written (${code}): name a folder that exists, is yours and has room.`)
  }
}

async function write(sql: Sql, half: string, about: About): Promise<Backup> {
  // By hand and not by sql.begin: when the disk is full, a rollback would wait for a COPY that nobody reads any more.
  await sql.unsafe('begin isolation level repeatable read read only')
  await sql.unsafe(PLAIN)
  const header = await headerOf(sql, about)
  const onDisk = createHash('sha256')
  const foot: Foot = { end: true, tables: 0, rows: 0, sha256: '' }
  await pipeline(
    Readable.from(textOf(sql, header, foot, about), { objectMode: false }),
    createGzip(),
    async function* (packed: AsyncIterable<Buffer>) {
      for await (const bytes of packed) {
        onDisk.update(bytes)
        yield bytes
      }
    },
    createWriteStream(half, { flags: 'w', mode: 0o600 }),
  )
  const handle = await openFile(half, 'r+')
  await handle.sync()
  await handle.close()
  await sql.unsafe('commit')
  return { ...header, tables: foot.tables, rows: foot.rows, file_sha256: onDisk.digest('hex') }
}

async function* textOf(sql: Sql, header: Header, foot: Foot, about: About): AsyncGenerator<Buffer> {
  const whole = createHash('sha256')
  const said = (bytes: Buffer) => {
    whole.update(bytes)
    return bytes
  }
  yield said(json(header))
  for (const head of await tablesOf(sql)) {
    yield said(json(head))
    const hash = createHash('sha256')
    let rows = 0
    const columns = head.columns.map(quoted).join(', ')
    const stream = await sql.unsafe(`copy public.${quoted(head.table)} (${columns}) to stdout`).readable()
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      hash.update(bytes)
      rows += linesIn(bytes)
      yield said(bytes)
    }
    // The driver pauses its socket for a reader that is behind, and forgets it when that was the last row.
    stream._read(0)
    yield said(TABLE_END)
    yield said(json({ rows, sha256: hash.digest('hex') }))
    foot.tables++
    foot.rows += rows
    await about.onTable?.(head.table, rows)
  }
  // After the rows: a sequence is not held back by the snapshot, so it may only be ahead of them.
  yield said(json({ sequences: await sequencesOf(sql) }))
  foot.sha256 = whole.digest('hex')
  yield json(foot)
}

async function headerOf(sql: Sql, { product, createdAt }: About): Promise<Header> {
  const [row] = await sql<{ migration: string; postgres: string }[]>`
    select (select name from drizzle.__drizzle_migrations order by id desc limit 1) as migration,
      current_setting('server_version') as postgres`
  const { migration = '', postgres = '' } = row ?? {}
  return { countersign: 'backup', format: 1, product, migration, postgres, created_at: createdAt.toISOString() }
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}
