import { and, eq, gte, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '../../db/client.ts'
import { person, personRole } from '../../db/schema/people.ts'
import type { Audience, AudiencePart as Part } from '../../db/schema/policies.ts'
import type { Ctx } from '../core/workflow.ts'

const KINDS = ['department', 'site', 'role', 'employment'] as const
const ROLES = ['manager', 'responder', 'isms-manager', 'dpo', 'auditor', 'guest'] as const
const EMPLOYMENT = ['employee', 'contractor', 'guest'] as const

/**
 * `everyone`, or a list such as `- department: Finance`, or a map `department: [Finance, Legal]`. What it says and does
 * not mean anything comes back as `problem`.
 */
export function readAudience(source: unknown): { audience: Audience } | { problem: string } {
  if (typeof source === 'string' && source.trim().toLowerCase() === 'everyone') return { audience: 'everyone' }
  const maps = Array.isArray(source) ? source : [source]
  const parts: Part[] = []
  for (const map of maps) {
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return { problem: shortOf(map) }
    const pairs = Object.entries(map).flatMap(([by, is]) =>
      (Array.isArray(is) ? is : [is]).map((one: unknown) => ({ by, is: typeof one === 'string' ? one.trim() : '' })),
    )
    for (const pair of pairs) {
      if (!isPart(pair)) return { problem: `${pair.by}: ${pair.is}` }
      parts.push(pair)
    }
  }
  return parts.length > 0 ? { audience: parts } : { problem: shortOf(source) }
}

const shortOf = (source: unknown) => (typeof source === 'string' ? source : (JSON.stringify(source) ?? '')).slice(0, 60)

function isPart(pair: { by: string; is: string }): pair is Part {
  if (pair.is === '' || pair.is.length > 120) return false
  if (pair.by === 'role') return (ROLES as readonly string[]).includes(pair.is)
  if (pair.by === 'employment') return (EMPLOYMENT as readonly string[]).includes(pair.is)
  return (KINDS as readonly string[]).includes(pair.by)
}

const report = alias(person, 'report')

/** A condition on `person`: belongs to the audience, works here and has started. `today` is YYYY-MM-DD. */
export function belongs(db: Db, audience: Audience, today: string): SQL | undefined {
  return and(
    eq(person.state, 'active'),
    or(isNull(person.startedOn), lte(person.startedOn, today)),
    or(isNull(person.endedOn), gte(person.endedOn, today)),
    audience === 'everyone' ? undefined : or(sql`false`, ...audience.map((part) => fits(db, part))),
  )
}

function fits(db: Db, { by, is }: Part): SQL {
  switch (by) {
    case 'department':
      return sql`lower(${person.department}) = ${is.toLowerCase()}`
    case 'site':
      return sql`lower(${person.site}) = ${is.toLowerCase()}`
    case 'employment':
      return sql`${person.employment} = ${is}`
    case 'person':
      return eq(person.id, is)
    case 'role':
      return is === 'manager' ? managing(db) : holding(db, is)
  }
}

const managing = (db: Db): SQL =>
  sql`exists ${db
    .select({ id: report.id })
    .from(report)
    .where(and(eq(report.managerId, person.id), eq(report.state, 'active')))}`

const holding = (db: Db, role: string): SQL =>
  sql`exists ${db
    .select({ role: personRole.role })
    .from(personRole)
    .where(and(eq(personRole.personId, person.id), sql`${personRole.role} = ${role}`, isNull(personRole.endedAt)))}`

/** What a card answers to "why do I get this?". */
export type Reason = Part | 'everyone' | 'me' | 'pilot'

export type Addressee = { id: string; name: string; department: string; timezone: string }

/** Everybody a rule reaches now, by name; `only` narrows it down. */
export const peopleIn = (
  ctx: Pick<Ctx, 'db' | 'now'>,
  audience: Audience,
  it: { only?: readonly SQL[]; limit?: number } = {},
): Promise<Addressee[]> =>
  ctx.db
    .select({ id: person.id, name: person.name, department: person.department, timezone: person.timezone })
    .from(person)
    .where(and(belongs(ctx.db, audience, todayOf(ctx)), ...(it.only ?? [])))
    .orderBy(person.name, person.id)
    .limit(it.limit ?? 1_000_000)
    .then((rows) => rows)

/** The part of the rule that reaches this person: it is what the card says to "why do I get this?". */
export async function partFor(ctx: Ctx, audience: Audience, personId: string): Promise<Part | 'everyone' | undefined> {
  const parts = audience === 'everyone' ? [] : audience
  const fitting = parts.map((part, n) => sql`when ${fits(ctx.db, part)} then ${sql.raw(String(n))}`)
  const [found] = await ctx.db
    .select({ n: parts.length > 0 ? sql<number | null>`case ${sql.join(fitting, sql` `)} end` : sql<null>`null` })
    .from(person)
    .where(and(eq(person.id, personId), belongs(ctx.db, 'everyone', todayOf(ctx))))
  if (!found) return undefined
  return audience === 'everyone' ? 'everyone' : found.n === null ? undefined : parts[found.n]
}

export const todayOf = (ctx: Pick<Ctx, 'now'>): string => ctx.now.toISOString().slice(0, 10)
