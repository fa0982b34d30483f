import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { and, eq } from 'drizzle-orm'
import { control, controlAction, controlMapping } from '../../db/schema/controls.ts'
import { record, recordAll } from '../core/entries.ts'
import { newId } from '../core/id.ts'
import { readPeriod } from '../core/schedule.ts'
import type { Ctx } from '../core/workflow.ts'

export type Edition = '2022' | '2013'

export type Registers = {
  controls: { edition: Edition; code: string; title: string; theme: string; ordinal: number }[]
  /** Pairs only; a control of 2022 that stands in none is new. */
  mappings: { code2013: string; code2022: string; relation: string }[]
  actions: {
    code: string
    title: string
    controls2022: string[]
    controls2013: string[]
    period: string
    graceDays: number
    evidence: string
    segregation: string
  }[]
  /** SHA-256 of the files as they were read, by name. */
  sha256: Record<string, string>
}

const FOLDER = join(import.meta.dirname, 'registers')

/** Annex A of both editions, their mapping and the recurring duties, as they come with the product. */
export function readRegisters(folder = FOLDER): Registers {
  const sha256: Record<string, string> = {}
  const rows = (name: string): Record<string, string>[] => {
    const bytes = readFileSync(join(folder, name))
    sha256[name] = createHash('sha256').update(bytes).digest('hex')
    return parse(bytes, { columns: true, bom: true, skip_empty_lines: true })
  }
  const cell = (row: Record<string, string>, name: string) => row[name]?.trim() ?? ''
  const list = (value: string) => (value === '' ? [] : value.split(';').map((one) => one.trim()))
  const edition = (year: Edition, name: string, theme: string) =>
    rows(name).map((row, n) => ({
      edition: year,
      code: cell(row, 'control_id'),
      title: cell(row, 'title'),
      theme: cell(row, theme),
      ordinal: n + 1,
    }))
  return {
    controls: [...edition('2022', 'annex-a-2022.csv', 'theme'), ...edition('2013', 'annex-a-2013.csv', 'domain_title')],
    mappings: rows('mapping-2013-2022.csv')
      .map((row) => ({
        code2013: cell(row, 'id_2013'),
        code2022: cell(row, 'id_2022'),
        relation: cell(row, 'relation'),
      }))
      .filter((pair) => pair.code2013 !== ''),
    actions: rows('owner-actions.csv').map((row) => ({
      code: cell(row, 'key'),
      title: cell(row, 'action'),
      controls2022: list(cell(row, 'refs_2022')),
      controls2013: list(cell(row, 'controls_2013')),
      period: cell(row, 'default_period_iso8601'),
      graceDays: Number(cell(row, 'grace_days')),
      evidence: cell(row, 'typical_evidence'),
      segregation: cell(row, 'segregation'),
    })),
    sha256,
  }
}

export type Registered = { controls: number; mappings: number; actions: number; changed: number }

/**
 * Brings the registers into the database; a second time changes nothing. A text that differs is replaced and the entry
 * keeps both; what the organisation decides (owners, periods, days of grace, anchors) is never touched.
 */
export async function importRegisters(ctx: Ctx, registers: Registers = readRegisters()): Promise<Registered> {
  for (const { period } of registers.actions) readPeriod(period)
  const [controls, mappings, actions] = await Promise.all([
    importControls(ctx, registers),
    importMappings(ctx, registers),
    importActions(ctx, registers),
  ])
  return {
    controls: controls.added,
    mappings: mappings.added,
    actions: actions.added,
    changed: controls.changed + mappings.changed + actions.changed,
  }
}

async function importControls(ctx: Ctx, { controls, sha256 }: Registers) {
  const known = await ctx.db.select().from(control)
  const added =
    controls.length === 0
      ? []
      : await ctx.db.insert(control).values(controls).onConflictDoNothing().returning({
          edition: control.edition,
          code: control.code,
          title: control.title,
        })
  for (const edition of ['2022', '2013'] as const) {
    const codes = added.filter((one) => one.edition === edition).map(({ code, title }) => ({ code, title }))
    if (codes.length > 0)
      await record(ctx, {
        type: 'control.registered',
        object: `annex-a/${edition}`,
        action: 'controls.import',
        payload: { edition, controls: codes, files: sha256 },
      })
  }
  let changed = 0
  for (const now of controls) {
    const was = known.find((one) => one.edition === now.edition && one.code === now.code)
    if (!was || (was.title === now.title && was.theme === now.theme)) continue
    await ctx.db
      .update(control)
      .set({ title: now.title, theme: now.theme, ordinal: now.ordinal })
      .where(and(eq(control.edition, now.edition), eq(control.code, now.code)))
    const { ownerId, ...before } = was
    await changedEntry(ctx, `annex-a/${now.edition}/${now.code}`, before, now)
    changed++
  }
  return { added: added.length, changed }
}

async function importMappings(ctx: Ctx, { mappings }: Registers) {
  const known = await ctx.db.select().from(controlMapping)
  const added =
    mappings.length === 0
      ? []
      : await ctx.db
          .insert(controlMapping)
          .values(mappings)
          .onConflictDoNothing()
          .returning({ code: controlMapping.code2013 })
  let changed = 0
  for (const now of mappings) {
    const was = known.find((one) => one.code2013 === now.code2013 && one.code2022 === now.code2022)
    if (!was || was.relation === now.relation) continue
    await ctx.db
      .update(controlMapping)
      .set({ relation: now.relation })
      .where(and(eq(controlMapping.code2013, now.code2013), eq(controlMapping.code2022, now.code2022)))
    await changedEntry(ctx, `annex-a/2013/${now.code2013}`, was, now)
    changed++
  }
  return { added: added.length, changed }
}

async function importActions(ctx: Ctx, { actions }: Registers) {
  const known = new Map((await ctx.db.select().from(controlAction)).map((row) => [row.code, row]))
  let [added, changed] = [0, 0]
  const missing: typeof actions = []
  for (const now of actions) {
    const was = known.get(now.code)
    if (!was) missing.push(now)
    else changed += await describeAction(ctx, was, now)
  }
  if (missing.length > 0) added = await addActions(ctx, missing)
  return { added, changed }
}

async function addActions(ctx: Ctx, some: Registers['actions']): Promise<number> {
  const made = await ctx.db
    .insert(controlAction)
    .values(some.map((it) => ({ id: newId('act', ctx.now, ctx.random), ...it, createdAt: ctx.now })))
    .onConflictDoNothing()
    .returning({ id: controlAction.id, code: controlAction.code })
  const ids = new Map(made.map((row) => [row.code, row.id]))
  await recordAll(
    ctx,
    some.flatMap((it) => {
      const object = ids.get(it.code)
      return object ? [{ type: 'control.registered', object, action: 'controls.import', payload: it }] : []
    }),
  )
  return made.length
}

async function describeAction(
  ctx: Ctx,
  was: typeof controlAction.$inferSelect,
  { title, evidence, segregation, controls2022, controls2013 }: Registers['actions'][number],
): Promise<number> {
  const now = { title, evidence, segregation, controls2022, controls2013 }
  const before = {
    title: was.title,
    evidence: was.evidence,
    segregation: was.segregation,
    controls2022: was.controls2022,
    controls2013: was.controls2013,
  }
  if (JSON.stringify(before) === JSON.stringify(now)) return 0
  await ctx.db.update(controlAction).set(now).where(eq(controlAction.id, was.id))
  await changedEntry(ctx, was.id, before, now)
  return 1
}

const changedEntry = (ctx: Ctx, object: string, before: Record<string, unknown>, after: Record<string, unknown>) =>
  record(ctx, { type: 'control.changed', object, action: 'controls.import', payload: { before, after } })
