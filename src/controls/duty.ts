import { and, asc, desc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { attestation, control, controlAction, occurrence } from '../../db/schema/controls.ts'
import { peopleById } from '../core/people.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { type Duty, firstPeriod, type Period, periodOf } from './period.ts'
import type { Edition } from './register.ts'

export type Occurrence = typeof occurrence.$inferSelect
type Attestation = typeof attestation.$inferSelect
export type Titled = { edition: Edition; code: string; title: string }

/** A period of a duty with all that a card of it says. */
export type Asked = {
  occurrence: Occurrence
  duty: Duty
  attestation: Attestation | null
  evidence: Evidence[]
  /** The newest attestation of an earlier period. */
  last: Attestation | null
  controls: Titled[]
  people: Map<string, Person>
}

export async function occurrenceOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Asked | undefined> {
  const [[row], controls, [last]] = await Promise.all([
    ctx.db
      .select({ occurrence, duty: controlAction, attestation })
      .from(occurrence)
      .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
      .leftJoin(attestation, eq(attestation.occurrenceId, occurrence.id))
      .where(eq(occurrence.id, id)),
    titlesOf(ctx, sql`select action_id from occurrence where id = ${id}`),
    ctx.db
      .select({ attestation })
      .from(attestation)
      .innerJoin(occurrence, eq(occurrence.id, attestation.occurrenceId))
      .where(
        sql`${occurrence.actionId} = (select o.action_id from occurrence o where o.id = ${id})
          and ${occurrence.n} < (select o.n from occurrence o where o.id = ${id})`,
      )
      .orderBy(desc(occurrence.n))
      .limit(1),
  ])
  if (!row) return undefined
  const ids = [row.occurrence.ownerId, row.duty.ownerId, row.attestation?.personId].filter((one) => one != null)
  const [evidence, people] = await Promise.all([
    evidenceOf(ctx, row.attestation ? [row.attestation.id] : []),
    peopleById(ctx.db, ids),
  ])
  return { ...row, evidence, last: last?.attestation ?? null, controls, people }
}

/** Controls of both editions that the duties found by a subselect of action ids serve, with their titles. */
const titlesOf = (ctx: Pick<Ctx, 'db'>, actions: ReturnType<typeof sql>): Promise<Titled[]> =>
  ctx.db
    .select({ edition: control.edition, code: control.code, title: control.title })
    .from(control)
    .where(
      sql`exists (select 1 from control_action a where a.id in (${actions}) and case ${control.edition}
        when '2022' then a.controls_2022 else a.controls_2013 end @> to_jsonb(${control.code}))`,
    )
    .orderBy(desc(control.edition), asc(control.ordinal))

export const dutyOf = async (ctx: Pick<Ctx, 'db'>, id: string): Promise<Duty | undefined> =>
  (await ctx.db.select().from(controlAction).where(eq(controlAction.id, id)))[0]

export const controlsOf = (ctx: Pick<Ctx, 'db'>, dutyId: string): Promise<Titled[]> => titlesOf(ctx, sql`${dutyId}`)

export type Answered = { occurrence: Occurrence; attestation: Attestation | null }

/** Every period that came up, newest first. */
export const historyOf = (ctx: Pick<Ctx, 'db'>, dutyId: string): Promise<Answered[]> =>
  ctx.db
    .select({ occurrence, attestation })
    .from(occurrence)
    .leftJoin(attestation, eq(attestation.occurrenceId, occurrence.id))
    .where(eq(occurrence.actionId, dutyId))
    .orderBy(desc(occurrence.n))
    .then((rows) => rows)

/** What a person still owes, the oldest first: open and missed alike. */
export const owedBy = (ctx: Pick<Ctx, 'db'>, personId: string): Promise<{ occurrence: Occurrence; duty: Duty }[]> =>
  ctx.db
    .select({ occurrence, duty: controlAction })
    .from(occurrence)
    .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
    .leftJoin(attestation, eq(attestation.occurrenceId, occurrence.id))
    .where(and(eq(occurrence.ownerId, personId), isNull(attestation.id)))
    .orderBy(asc(occurrence.dueOn), asc(controlAction.code))
    .then((rows) => rows)

/** The periods that matter for how things stand: everything unanswered, and what came up since that day. */
export const recent = (ctx: Pick<Ctx, 'db'>, since: string): Promise<Answered[]> =>
  ctx.db
    .select({ occurrence, attestation })
    .from(occurrence)
    .leftJoin(attestation, eq(attestation.occurrenceId, occurrence.id))
    .where(or(gte(occurrence.dueOn, since), isNull(attestation.id)))
    .orderBy(asc(occurrence.dueOn), asc(occurrence.id))
    .then((rows) => rows)

/** The open assignments about these periods, whoever has them. */
export const assignmentsAbout = (ctx: Pick<Ctx, 'db'>, occurrenceIds: readonly string[]) =>
  occurrenceIds.length === 0
    ? Promise.resolve([])
    : ctx.db
        .select({ id: assignment.id, personId: assignment.personId, subjectId: assignment.subjectId })
        .from(assignment)
        .where(and(inArray(assignment.subjectId, [...occurrenceIds]), eq(assignment.state, 'open')))
        .then((rows) => rows)

/** The period after the newest one that came up; null while nobody owned the duty yet. */
export function upcoming(duty: Duty, newest: number | undefined, since: string): Period | null {
  if (duty.anchoredOn === null) return null
  return newest === undefined ? firstPeriod(duty, duty.anchoredOn, since) : periodOf(duty, duty.anchoredOn, newest + 1)
}
