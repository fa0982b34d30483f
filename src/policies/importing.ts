import { createHash } from 'node:crypto'
import { and, desc, eq, sql } from 'drizzle-orm'
import { person } from '../../db/schema/people.ts'
import { policy, policyVersion } from '../../db/schema/policies.ts'
import { record } from '../core/entries.ts'
import { keepFile } from '../core/files.ts'
import { newId } from '../core/id.ts'
import type { Ctx } from '../core/workflow.ts'
import { todayOf } from './audience.ts'
import { type Read, readSources, type Source } from './source.ts'
import { text, type Words } from './text.ts'

export type ImportOutcome = {
  name: string
  outcome: 'new' | 'new version' | 'unchanged' | 'refused'
  /** Of a refusal: every problem of the file, one sentence each. Of an import: what still stands in the way of a launch. */
  why?: string
  /** The version, unless refused. */
  version?: string
}

/** Two imports at once would give one ordinal twice: the second waits for the first. Any number, but this one. */
const IMPORT_LOCK = 5_273_001

/**
 * A folder of policies → versions, frozen with the SHA-256 of their exact bytes. A file with a problem is refused as a
 * whole and the others still go; the same version again with the same bytes is unchanged, with other bytes refused.
 */
export async function importPolicies(ctx: Ctx, files: readonly Source[]): Promise<ImportOutcome[]> {
  const say = text(ctx.by.language)
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${IMPORT_LOCK})`)
  const read = readSources(files, say)
  const outcomes = new Map<string, ImportOutcome>()
  for (const one of read) if ('problems' in one) outcomes.set(one.name, refused(one.name, one.problems))
  const ready = read.filter((one): one is Read => 'facts' in one).sort(inOrder)
  for (const one of ready) outcomes.set(one.name, await importOne(ctx, one, say))
  return read.map(({ name }) => outcomes.get(name)).filter((one) => one !== undefined)
}

const refused = (name: string, problems: readonly string[]): ImportOutcome => ({
  name,
  outcome: 'refused',
  why: problems.join(' '),
})

/** Older versions first, whatever their files are called: 2 before 10. */
const inOrder = (a: Read, b: Read) =>
  a.facts.code.localeCompare(b.facts.code) || compareVersions(a.facts.version, b.facts.version)

export const compareVersions = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

async function importOne(ctx: Ctx, it: Read, say: Words): Promise<ImportOutcome> {
  const { facts } = it
  const [owner, approver, newest, same] = await Promise.all([
    personOf(ctx, facts.owner),
    facts.approvedBy === null ? undefined : personOf(ctx, facts.approvedBy),
    newestOf(ctx, facts.code),
    versionNamed(ctx, facts.code, facts.version),
  ])
  const sha256 = createHash('sha256').update(it.bytes).digest('hex')
  if (same) {
    if (same.sha256 === sha256) return { name: it.name, outcome: 'unchanged', version: same.id }
    return refused(it.name, [say.import.frozen(facts.version)])
  }
  const problems = [
    ...(owner ? [] : [say.import.unknownOwner(facts.owner)]),
    ...(facts.approvedBy !== null && !approver ? [say.import.unknownApprover(facts.approvedBy)] : []),
    ...(facts.approvedOn !== null && facts.approvedOn > todayOf(ctx) ? [say.import.approvedLater] : []),
    ...(newest && compareVersions(facts.version, newest.version) < 0
      ? [say.import.older(facts.version, newest.version)]
      : []),
  ]
  if (problems.length > 0 || !owner) return refused(it.name, problems)
  // Only now: a file that is refused leaves nothing behind.
  const { id: fileId } = await keepFile(ctx.db, it, ctx.now, ctx.random)
  const policyId = newest?.policyId ?? newId('pol', ctx.now, ctx.random)
  if (!newest) await ctx.db.insert(policy).values({ id: policyId, code: facts.code, createdAt: ctx.now })
  const id = newId('pov', ctx.now, ctx.random)
  await ctx.db.insert(policyVersion).values({
    id,
    policyId,
    version: facts.version,
    ordinal: (newest?.ordinal ?? 0) + 1,
    title: facts.title,
    ownerId: owner,
    approvedBy: approver ?? null,
    approvedOn: facts.approvedOn,
    effectiveFrom: facts.effectiveFrom,
    reviewOn: facts.reviewOn,
    audience: facts.audience,
    classification: facts.classification,
    controls: facts.controls,
    summary: facts.summary,
    changes: facts.changes,
    format: it.format,
    sha256,
    fileId,
    body: it.body,
    words: it.words,
    importedAt: ctx.now,
  })
  await record(ctx, {
    type: 'policy.imported',
    object: id,
    action: 'policies.import',
    ref: policyId,
    payload: { ...facts, file: it.name, format: it.format, sha256, size: it.bytes.length },
  })
  const why = facts.approvedBy === null ? say.import.notApproved : undefined
  return { name: it.name, outcome: newest ? 'new version' : 'new', version: id, ...(why ? { why } : {}) }
}

/** An active person first; who approved an old version may have left since. */
async function personOf(ctx: Ctx, email: string): Promise<string | undefined> {
  const [found] = await ctx.db
    .select({ id: person.id })
    .from(person)
    .where(eq(person.emailKey, email))
    .orderBy(sql`${person.state} = 'active' desc`, desc(person.createdAt))
    .limit(1)
  return found?.id
}

const newestOf = async (ctx: Ctx, code: string) =>
  (
    await ctx.db
      .select({ policyId: policyVersion.policyId, version: policyVersion.version, ordinal: policyVersion.ordinal })
      .from(policyVersion)
      .innerJoin(policy, eq(policy.id, policyVersion.policyId))
      .where(eq(policy.code, code))
      .orderBy(desc(policyVersion.ordinal))
      .limit(1)
  )[0]

const versionNamed = async (ctx: Ctx, code: string, version: string) =>
  (
    await ctx.db
      .select({ id: policyVersion.id, sha256: policyVersion.sha256 })
      .from(policyVersion)
      .innerJoin(policy, eq(policy.id, policyVersion.policyId))
      .where(and(eq(policy.code, code), eq(policyVersion.version, version)))
  )[0]
