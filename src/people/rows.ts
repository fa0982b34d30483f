import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { Refusal } from '../core/errors.ts'
import { isDate } from '../core/form.ts'
import { isZone } from '../core/zones.ts'
import { text } from './text.ts'

const day = z.string().refine((value) => value === '' || isDate(value), 'a date as YYYY-MM-DD')
const ROLES = ['responder', 'isms-manager', 'dpo', 'auditor', 'guest'] as const

/** One line of the people file. Empty cells take the default; an unknown column is a mistake that is named. */
export const Row = z.strictObject({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/, 'a mail address')
    .max(254),
  name: z.string().trim().min(1, 'a name').max(200),
  department: z.string().trim().max(100).default(''),
  site: z.string().trim().max(100).default(''),
  timezone: z
    .string()
    .trim()
    .default('')
    .refine((zone) => zone === '' || isZone(zone), 'an IANA time zone'),
  language: z
    .string()
    .trim()
    .default('')
    .refine((tag) => /^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$/.test(tag), 'a language such as en'),
  manager: z.string().trim().toLowerCase().default(''),
  title: z.string().trim().max(200).default(''),
  employment: z.enum(['employee', 'contractor', 'guest', '']).default(''),
  started_on: day.default(''),
  ended_on: day.default(''),
  roles: z
    .string()
    .default('')
    .transform((cell) =>
      cell
        .split(';')
        .map((role) => role.trim())
        .filter((role) => role !== ''),
    )
    .pipe(z.array(z.enum(ROLES, 'roles out of responder, isms-manager, dpo, auditor, guest'))),
})

export type Row = z.infer<typeof Row> & { line: number }

/** Every physical line is the header, accepted, rejected with its reason, or blank; with a control total they must add up. */
export type Receipt = {
  source: string
  extractedAt: string | null
  sha256: string
  lines: number
  header: number
  blank: number
  accepted: number
  rejected: { line: number; reason: string }[]
  expected: number | null
  balanced: boolean
}

export type PeopleFile = { bytes: Uint8Array; source: string; extractedAt?: string; expected?: number }

const COLUMNS = Object.keys(Row.shape)

/** Reads a people file: the accepted rows and the receipt. Throws Refusal when it is no such file at all. */
export function readPeople(it: PeopleFile, language = 'en'): { rows: Row[]; receipt: Receipt } {
  const say = text(language)
  const source = decode(it.bytes, say.notUtf8)
  if (source.trim() === '') throw new Refusal(say.empty)
  const physical = source.replace(/\r?\n$/, '').split('\n').length
  const [first = ''] = source.split('\n')
  const delimiter = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)[0] ?? ','
  const records = parsed(source, delimiter, say)
  const header = (records[0]?.record ?? []).map((name) => name.trim().toLowerCase())
  const missing = ['email', 'name'].filter((name) => !header.includes(name))
  const unknown = header.filter((name) => !COLUMNS.includes(name))
  if (missing.length > 0) throw new Refusal(say.noColumns(missing.join(', '), header.join(', ').slice(0, 200)))
  if (unknown.length > 0) throw new Refusal(say.unknownColumns(unknown.join(', ').slice(0, 200), COLUMNS.join(', ')))
  const rows: Row[] = []
  const rejected: Receipt['rejected'] = []
  const seen = new Map<string, number>()
  for (const { record, info } of records.slice(1)) {
    const result = readRow(header, record, info.lines, seen, say)
    if ('reason' in result) rejected.push({ line: info.lines, reason: result.reason })
    else rows.push(result)
  }
  const expected = it.expected ?? null
  const receipt: Receipt = {
    source: it.source,
    extractedAt: it.extractedAt ?? null,
    sha256: createHash('sha256').update(it.bytes).digest('hex'),
    lines: physical,
    header: 1,
    // Lines inside a quoted cell belong to their row; blank ones to nobody.
    blank:
      physical - 1 - records.slice(1).reduce((sum, { record }) => sum + 1 + record.join('').split('\n').length - 1, 0),
    accepted: rows.length,
    rejected,
    expected,
    balanced: expected === null || rows.length + rejected.length === expected,
  }
  return { rows, receipt }
}

function readRow(
  header: string[],
  record: string[],
  line: number,
  seen: Map<string, number>,
  say: ReturnType<typeof text>,
): Row | { reason: string } {
  if (record.length !== header.length) return { reason: say.ragged(record.length, header.length) }
  const cells = Object.fromEntries(header.map((name, n) => [name, record[n] ?? '']))
  const read = Row.safeParse(cells)
  if (!read.success)
    return { reason: read.error.issues.map((issue) => say.cell(String(issue.path[0] ?? ''), issue.message)).join(' ') }
  const earlier = seen.get(read.data.email)
  if (earlier !== undefined) return { reason: say.twice(earlier) }
  seen.set(read.data.email, line)
  return { ...read.data, line }
}

type Parsed = { record: string[]; info: { lines: number } }

function parsed(source: string, delimiter: string, say: ReturnType<typeof text>): Parsed[] {
  try {
    const options = { delimiter, bom: true, relaxColumnCount: true, skipEmptyLines: true, info: true } as const
    return parse(source, options) as unknown as Parsed[]
  } catch (error) {
    throw new Refusal(say.broken((error as { lines?: number }).lines ?? 0))
  }
}

function decode(bytes: Uint8Array, refusal: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal(refusal)
  }
}
