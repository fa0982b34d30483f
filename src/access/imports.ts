import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { accessGrant, review, snapshot } from '../../db/schema/access.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { keepFile } from '../core/files.ts'
import { newId } from '../core/id.ts'
import { isSystem } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { type GrantRow, type Receipt, readExport } from './formats/index.ts'
import { type Link, linksOf } from './linking.ts'
import { type System, systemNamed } from './systems.ts'
import { text } from './text.ts'

/** Rows of one insert: 19 columns each, below PostgreSQL's 65,535 parameters of a statement. */
const BATCH = 1000

export type Bringing = {
  /** Code or name of the system. */
  system: string
  bytes: Uint8Array
  /** What its bringer calls the file. */
  name: string
  /** Format to use; default: recognised by its header. */
  adapter?: string
  /** Column → field, for a table nobody knows. */
  mapping?: Readonly<Record<string, string>>
  /** When it was taken from the system; default: now. */
  extractedAt?: Date
  /** Rows the system itself says it has. */
  expected?: number
  /** Reads and counts, stores nothing. */
  dryRun?: boolean
}

export type Brought = {
  system: System
  receipt: Receipt
  /** Accounts by how they found their person. */
  links: Record<Link['link'], number>
  /** undefined: a dry run. */
  snapshotId: string | undefined
}

/**
 * Takes an export in: the raw file by its hash, the receipt that accounts for every line, and one row per grant, linked
 * to people. Throws ExportRefused when nothing of the file may be kept; then nothing is. An unbalanced one is kept, so
 * that it can be looked at, and starts no review.
 */
export async function importAccess(ctx: Ctx, it: Bringing): Promise<Brought> {
  const system = await systemNamed(ctx, it.system)
  if (it.extractedAt && it.extractedAt > ctx.now) throw new Refusal(text(ctx.by.language).say.takenPast)
  const { receipt, rows } = await readExport(it.bytes, {
    system: system.name,
    otherSystems: 'out of scope',
    now: ctx.now,
    ...(it.adapter === undefined ? {} : { adapter: it.adapter }),
    ...(it.mapping === undefined ? {} : { mapping: it.mapping }),
    ...(it.expected === undefined ? {} : { expected: it.expected }),
  })
  const linkOf = await linksOf(
    ctx,
    rows.flatMap(({ account }) => (account.email ? [account.email] : [])),
  )
  const links: Brought['links'] = { email: 0, ambiguous: 0, unmatched: 0, none: 0 }
  for (const { account } of new Map(rows.map((row) => [row.account.id, row])).values())
    links[linkOf(account.email).link]++
  if (it.dryRun) return { system, receipt, links, snapshotId: undefined }
  const known = await sameAgain(ctx, system.id, receipt)
  if (known) return { system, receipt, links, snapshotId: known }
  const snapshotId = await keep(ctx, it, system, receipt)
  for (let from = 0; from < rows.length; from += BATCH)
    await ctx.db
      .insert(accessGrant)
      .values(rows.slice(from, from + BATCH).map((row) => grantOf(ctx, snapshotId, row, linkOf(row.account.email))))
  await record(ctx, {
    type: 'access.imported',
    object: snapshotId,
    action: ctx.turn?.do ?? 'access.import',
    ref: system.id,
    payload: { system: system.code, ...countsOf(receipt), links },
  })
  return { system, receipt, links, snapshotId }
}

/** The same file with the same outcome, not reviewed yet: a double click or a second try, not a second export. */
async function sameAgain(ctx: Ctx, systemId: string, receipt: Receipt): Promise<string | undefined> {
  const [last] = await ctx.db
    .select({ id: snapshot.id, sha256: snapshot.sha256, receipt: snapshot.receipt })
    .from(snapshot)
    .leftJoin(review, eq(review.snapshotId, snapshot.id))
    .where(and(eq(snapshot.systemId, systemId), isNull(review.id)))
    .orderBy(desc(snapshot.receivedAt), desc(snapshot.id))
    .limit(1)
  const isSame =
    last && last.sha256 === receipt.sha256 && canonicalize(last.receipt) === canonicalize(plainJson(receipt))
  return isSame ? last.id : undefined
}

const plainJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

async function keep(ctx: Ctx, it: Bringing, system: System, receipt: Receipt): Promise<string> {
  const type = receipt.unit === 'resource' ? 'application/json' : 'text/csv'
  const kept = await keepFile(ctx.db, { bytes: it.bytes, type }, ctx.now, ctx.random)
  const id = newId('snp', ctx.now, ctx.random)
  await ctx.db.insert(snapshot).values({
    id,
    systemId: system.id,
    adapter: receipt.adapter,
    fileId: kept.id,
    sha256: kept.sha256,
    name: it.name.slice(0, 200),
    receipt: plainJson(receipt),
    balanced: receipt.balanced,
    extractedAt: it.extractedAt ?? null,
    receivedAt: ctx.now,
    importedBy: isSystem(ctx.by) ? null : ctx.by.id,
  })
  return id
}

function grantOf(
  ctx: Ctx,
  snapshotId: string,
  row: GrantRow,
  { link, personId }: Link,
): typeof accessGrant.$inferInsert {
  const { account, entitlement, path } = row
  return {
    id: newId('grt', ctx.now, ctx.random),
    snapshotId,
    line: row.line,
    accountId: account.id,
    accountLabel: account.label,
    accountName: account.name ?? '',
    accountEmail: account.email ?? null,
    accountKind: account.kind,
    accountStatus: account.status,
    personId,
    link,
    entitlementCode: entitlement.key,
    entitlementLabel: entitlement.label,
    path: path ?? '',
    privileged: entitlement.privileged,
    grantedAt: row.grantedAt === undefined ? null : new Date(row.grantedAt),
    lastUsed: row.lastUsedAt,
    leaver: row.leaver,
    fingerprint: fingerprintOf(account.id, entitlement.key, path),
  }
}

/** The same right of the same account in every export of its system. */
const fingerprintOf = (accountId: string, entitlementCode: string, path = ''): string =>
  createHash('sha256')
    .update(JSON.stringify([accountId, entitlementCode, path]))
    .digest('hex')

const countsOf = (it: Receipt) => ({
  adapter: it.adapter,
  sha256: it.sha256,
  bytes: it.bytes,
  lines: it.lines,
  header: it.header,
  accepted: it.accepted,
  rejected: it.rejected.length,
  out_of_scope: it.outOfScope.length,
  footer: it.footer,
  control_total: it.controlTotal,
  balanced: it.balanced,
  accounts: it.accounts,
  grants: it.grants,
})
