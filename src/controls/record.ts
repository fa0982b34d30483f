import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { attestation, control, controlAction, occurrence } from '../../db/schema/controls.ts'
import { isId } from '../core/id.ts'
import { peopleById } from '../core/people.ts'
import { has, isActive } from '../core/rules.ts'
import type { Button, Ctx, Happenings, Recorded, Told } from '../core/workflow.ts'
import { text } from './text.ts'

/** The way into the record, for those who may read it. */
export const recordButton = (ctx: Ctx, about: string): Button[] =>
  has(ctx.by, 'isms-manager', 'auditor')
    ? [{ label: text(ctx.by.language).happenings.button, do: 'home.record', with: { about } }]
    : []

export const happenings: Happenings = {
  heading: (language) => text(language).happenings.heading,
  words: (language) => text(language).happenings.types,
  tell,
  parts,
}

const ANNEX = /^annex-a\/(2022|2013)(?:\/(.+))?$/

/** Of a duty its periods; of a control of Annex A its duties and their periods. */
async function parts(ctx: Ctx, about: string): Promise<string[]> {
  const [, edition, code] = ANNEX.exec(about) ?? []
  if (!isId('act', about) && !code) return []
  const refs = edition === '2013' ? controlAction.controls2013 : controlAction.controls2022
  const rows = await ctx.db
    .select({ duty: controlAction.id, period: occurrence.id })
    .from(controlAction)
    .leftJoin(occurrence, eq(occurrence.actionId, controlAction.id))
    .where(code ? sql`${refs} @> to_jsonb(${code}::text)` : eq(controlAction.id, about))
  return [...new Set(rows.flatMap(({ duty, period }) => [duty, ...(period ? [period] : [])]))]
}

/** Duties and controls by their titles, to those who oversee them. */
async function tell(ctx: Ctx, entries: readonly Recorded[]): Promise<ReadonlyMap<string, Told>> {
  if (!isActive(ctx.by) || !has(ctx.by, 'isms-manager', 'auditor')) return new Map()
  const say = text(ctx.by.language)
  const objects = [...new Set(entries.map((it) => it.object))]
  const [duties, controls, heirs, answers] = await Promise.all([
    dutiesOf(ctx, objects),
    controlsIn(ctx, objects),
    peopleById(
      ctx.db,
      entries.flatMap(({ type, ref }) => (type === 'control.assigned' && ref ? [ref] : [])),
    ),
    answersOf(
      ctx,
      entries.flatMap(({ ref }) => (isId('att', ref) ? [ref] : [])),
    ),
  ])
  return new Map(
    entries.flatMap((it): [string, Told][] => {
      const [, edition, code] = ANNEX.exec(it.object) ?? []
      const answer = answers.get(it.ref ?? '')
      const heir = heirs.get(it.ref ?? '')
      const what = {
        ...(answer ? { what: say.happenings.attested(say.answer[answer]) } : {}),
        ...(heir && it.type === 'control.assigned' ? { what: say.happenings.assigned(heir.name) } : {}),
      }
      const duty = duties.get(it.object)
      if (duty) return [[it.id, { about: duty.title, opens: { do: 'controls.show', id: duty.id }, ...what }]]
      if (edition && !code)
        return [[it.id, { about: say.register.title(edition), opens: { do: 'controls.register', with: { edition } } }]]
      const title = controls.get(it.object)
      if (!title) return []
      return [
        [it.id, { about: title, opens: { do: 'controls.control', id: it.object.slice('annex-a/'.length) }, ...what }],
      ]
    }),
  )
}

async function dutiesOf(ctx: Ctx, objects: readonly string[]): Promise<Map<string, { id: string; title: string }>> {
  const [own, periods] = [objects.filter((id) => isId('act', id)), objects.filter((id) => isId('occ', id))]
  if (own.length + periods.length === 0) return new Map()
  const { id, title } = controlAction
  const [duties, ofPeriods] = await Promise.all([
    own.length === 0 ? [] : ctx.db.select({ object: id, id, title }).from(controlAction).where(inArray(id, own)),
    periods.length === 0
      ? []
      : ctx.db
          .select({ object: occurrence.id, id, title })
          .from(occurrence)
          .innerJoin(controlAction, eq(id, occurrence.actionId))
          .where(inArray(occurrence.id, periods)),
  ])
  return new Map([...duties, ...ofPeriods].map((row) => [row.object, { id: row.id, title: row.title }]))
}

async function controlsIn(ctx: Ctx, objects: readonly string[]): Promise<Map<string, string>> {
  const named = objects.flatMap((object) => {
    const [, edition, code] = ANNEX.exec(object) ?? []
    return (edition === '2022' || edition === '2013') && code ? [{ edition, code } as const] : []
  })
  if (named.length === 0) return new Map()
  const rows = await ctx.db
    .select({ edition: control.edition, code: control.code, title: control.title })
    .from(control)
    .where(or(...named.map((one) => and(eq(control.edition, one.edition), eq(control.code, one.code)))))
  const say = text(ctx.by.language).control
  return new Map(rows.map((row) => [`annex-a/${row.edition}/${row.code}`, say.title(row.edition, row.code, row.title)]))
}

async function answersOf(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, (typeof attestation.$inferSelect)['answer']>()
  const rows = await ctx.db
    .select({ id: attestation.id, answer: attestation.answer })
    .from(attestation)
    .where(inArray(attestation.id, [...ids]))
  return new Map(rows.map((row) => [row.id, row.answer]))
}
