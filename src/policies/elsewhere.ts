import { parse } from 'csv-parse/sync'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { acknowledgement, policy, policyVersion } from '../../db/schema/policies.ts'
import { complete } from '../core/assignments.ts'
import { record } from '../core/entries.ts'
import { isDate } from '../core/form.ts'
import { newId } from '../core/id.ts'
import type { Ctx } from '../core/workflow.ts'
import { todayOf } from './audience.ts'
import { text } from './text.ts'

/** A line of the file: an acknowledgement that was given elsewhere. `line` counts from 1, the header included. */
export type Elsewhere = {
  line: number
  email: string
  policy: string
  version: string
  acknowledgedOn: string
  source: string
}

/** Every line of the file is accounted for: lines = accepted + alreadyThere + rejected. */
export type ElsewhereReceipt = {
  lines: number
  accepted: number
  alreadyThere: number
  rejected: { line: number; reason: string }[]
}

const COLUMNS = ['email', 'policy', 'version', 'acknowledged_on', 'source'] as const
const LARGEST = 8 * 1024 * 1024
const MOST_LINES = 200_000
const PIECE = 500

/**
 * CSV `email,policy,version,acknowledged_on,source` (comma or semicolon, UTF-8) → its lines, or one sentence why the
 * file as a whole is refused.
 */
export function readElsewhere(bytes: Uint8Array, language = 'en'): { rows: Elsewhere[] } | { problem: string } {
  const say = text(language).elsewhere
  if (bytes.length > LARGEST) return { problem: say.tooLarge(LARGEST / 1024 / 1024) }
  let source: string
  try {
    // One kind of line end, because the parser counts a mixed one twice and line numbers are what a receipt is for.
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n')
  } catch {
    return { problem: say.notUtf8 }
  }
  const [head = ''] = source.split('\n', 1)
  const delimiter = head.includes(';') && !head.includes(',') ? ';' : ','
  let cells: { record: string[]; info: { lines: number } }[]
  try {
    cells = parse(source, {
      bom: true,
      delimiter,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 20_000,
      to: MOST_LINES,
    }) as unknown as typeof cells
  } catch (error) {
    return { problem: say.notCsv((error as { lines?: number }).lines ?? 1) }
  }
  const header = cells[0]?.record.map((name) => name.toLowerCase()) ?? []
  const missing = COLUMNS.filter((name) => !header.includes(name))
  if (missing.length > 0 || new Set(header).size !== header.length)
    return { problem: say.header(COLUMNS.join(','), missing.join(', ')) }
  const rows = cells.slice(1).map(({ record: cell, info }) => {
    const of = (name: (typeof COLUMNS)[number]) => cell[header.indexOf(name)] ?? ''
    return {
      line: info.lines,
      email: of('email').toLowerCase(),
      policy: of('policy').toLowerCase(),
      version: of('version').replace(/^v/i, ''),
      acknowledgedOn: of('acknowledged_on'),
      source: of('source'),
    }
  })
  return rows.length > 0 ? { rows } : { problem: say.noLines }
}

/**
 * Acknowledgements given before this product was there: kept as imported and not witnessed, with both dates. What is
 * there already is never touched, only counted.
 */
export async function importAcknowledgements(ctx: Ctx, rows: readonly Elsewhere[]): Promise<ElsewhereReceipt> {
  const receipt: ElsewhereReceipt = { lines: rows.length, accepted: 0, alreadyThere: 0, rejected: [] }
  for (let from = 0; from < rows.length; from += PIECE) await importPiece(ctx, rows.slice(from, from + PIECE), receipt)
  return receipt
}

async function importPiece(ctx: Ctx, rows: readonly Elsewhere[], receipt: ElsewhereReceipt): Promise<void> {
  const [people, versions] = await Promise.all([peopleFor(ctx, rows), versionsFor(ctx, rows)])
  for (const row of rows) {
    const version = versions.get(`${row.policy} ${row.version}`)
    const who = people.get(row.email)
    const reason = problemOf(ctx, row, who, version)
    if (reason !== undefined || !version || !who) {
      receipt.rejected.push({ line: row.line, reason: reason ?? '' })
      continue
    }
    if (await keep(ctx, row, who, version)) receipt.accepted++
    else receipt.alreadyThere++
  }
}

type Named = { id: string; sha256: string }

function problemOf(ctx: Ctx, row: Elsewhere, who: string | undefined, version: Named | undefined): string | undefined {
  const say = text(ctx.by.language).elsewhere
  if (!who) return say.unknownPerson(row.email)
  if (row.policy === '' || row.version === '') return say.noVersion
  if (!version) return say.unknownVersion(row.policy, row.version)
  if (!isDate(row.acknowledgedOn)) return say.noDate(row.acknowledgedOn)
  if (row.acknowledgedOn > todayOf(ctx)) return say.future(row.acknowledgedOn)
  if (row.source === '') return say.noSource
  return row.source.length > 300 ? say.longSource : undefined
}

async function keep(ctx: Ctx, row: Elsewhere, personId: string, version: Named): Promise<boolean> {
  const id = newId('ack', ctx.now, ctx.random)
  const made = await ctx.db
    .insert(acknowledgement)
    .values({
      id,
      versionId: version.id,
      personId,
      source: 'imported',
      statement: '',
      language: 'und',
      contentSha256: version.sha256,
      platform: 'import',
      acknowledgedAt: new Date(`${row.acknowledgedOn}T00:00:00Z`),
      recordedAt: ctx.now,
      importSource: row.source,
    })
    .onConflictDoNothing()
    .returning({ id: acknowledgement.id })
  if (made.length === 0) return false
  await record(ctx, {
    type: 'acknowledgement.imported',
    object: version.id,
    action: 'policies.importAcknowledgements',
    ref: id,
    payload: { person: personId, acknowledged_on: row.acknowledgedOn, source: row.source, line: row.line },
  })
  // Whoever is being asked for the same version right now need not answer again.
  const open = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .where(and(eq(assignment.personId, personId), eq(assignment.subjectId, version.id), eq(assignment.state, 'open')))
  for (const one of open) await complete(ctx, one.id)
  return true
}

/** By address: who works here first; somebody who has left keeps what they agreed to. */
async function peopleFor(ctx: Ctx, rows: readonly Elsewhere[]): Promise<Map<string, string>> {
  const found = await ctx.db
    .select({ id: person.id, email: person.emailKey })
    .from(person)
    .where(inArray(person.emailKey, [...new Set(rows.map((row) => row.email))]))
    .orderBy(sql`${person.state} = 'active'`, person.createdAt, desc(person.id))
  return new Map(found.map((one) => [one.email, one.id]))
}

async function versionsFor(ctx: Ctx, rows: readonly Elsewhere[]): Promise<Map<string, Named>> {
  const found = await ctx.db
    .select({ id: policyVersion.id, sha256: policyVersion.sha256, code: policy.code, version: policyVersion.version })
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(inArray(policy.code, [...new Set(rows.map((row) => row.policy))]))
  return new Map(found.map((one) => [`${one.code} ${one.version}`, one]))
}
