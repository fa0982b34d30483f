import { and, eq, isNull, sql } from 'drizzle-orm'
import { person, personRole } from '../../db/schema/people.ts'
import { record, recordAll } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { matchWaiting } from '../core/introduce.ts'
import { localDay } from '../core/schedule.ts'
import type { Ctx, Role } from '../core/workflow.ts'
import { leave } from './leaving.ts'
import { type PeopleFile, type Receipt, type Row, readPeople } from './rows.ts'
import { text } from './text.ts'

export type PeopleImport = Receipt & {
  added: number
  changed: number
  unchanged: number
  left: number
  notInFile: number
}

type Standing = typeof person.$inferSelect

/**
 * Brings the register up to a people file: joiners, changes, leavers, all in one transaction. Nobody is deleted and
 * nobody leaves by being absent from the file: those are counted. A new person with the address of somebody who left is
 * a new person (T13). With rejected lines nothing is changed unless `partial`; an unbalanced file changes nothing.
 */
export async function importPeople(
  ctx: Ctx,
  it: PeopleFile & { partial?: boolean; dryRun?: boolean },
): Promise<PeopleImport> {
  if (!it.dryRun) return bring(ctx, it)
  try {
    // All of it, so that the counts are the true ones, and then nothing of it.
    return await ctx.db.transaction(async (db) => {
      throw new Tried(await bring({ ...ctx, db }, it))
    })
  } catch (error) {
    if (error instanceof Tried) return error.outcome
    throw error
  }
}

class Tried extends Error {
  readonly outcome: PeopleImport
  constructor(outcome: PeopleImport) {
    super('tried')
    this.outcome = outcome
  }
}

async function bring(ctx: Ctx, it: PeopleFile & { partial?: boolean; dryRun?: boolean }): Promise<PeopleImport> {
  const say = text(ctx.by.language)
  const { rows, receipt } = readPeople(it, ctx.by.language)
  const known = await ctx.db.select().from(person)
  const register = new Map(known.filter((one) => one.state === 'active').map((one) => [one.emailKey, one]))
  const gone = new Map(known.filter((one) => one.state === 'left').map((one) => [one.emailKey, one]))
  const fit = withManagers(rows, register, receipt, say)
  const outcome: PeopleImport = {
    ...receipt,
    accepted: fit.length,
    added: 0,
    changed: 0,
    unchanged: 0,
    left: 0,
    notInFile: 0,
  }
  if (!receipt.balanced) {
    if (it.dryRun) return outcome
    throw new Refusal(say.unbalanced(receipt.accepted + receipt.rejected.length, receipt.expected ?? 0))
  }
  if (receipt.rejected.length > 0 && !it.partial) {
    if (it.dryRun) return outcome
    throw new Refusal(say.rejected(receipt.rejected.length))
  }
  const ids = new Map([...register.values()].map((one) => [one.emailKey, one.id]))
  const joiners: Row[] = []
  const standing: { row: Row; before: Standing }[] = []
  for (const row of fit) {
    const before = register.get(row.email)
    const former = gone.get(row.email)
    if (before) standing.push({ row, before })
    else if (former && hasPassed(ctx, columnsOf(ctx, row, ids))) outcome.unchanged++
    else {
      joiners.push(row)
      ids.set(row.email, newId('per', ctx.now, ctx.random))
    }
  }
  const named = new Set(fit.map((row) => row.email))
  outcome.notInFile = [...register.keys()].filter((email) => !named.has(email)).length
  await join(ctx, joiners, ids, outcome)
  for (const { row, before } of standing) await change(ctx, row, before, ids, outcome)
  await matchWaiting(ctx)
  await record(ctx, {
    type: 'people.imported',
    object: ctx.by.id,
    action: 'people.import',
    payload: { ...outcome, rejected: outcome.rejected.length },
  })
  return outcome
}

/** A row whose manager nobody knows, or who would be their own, is rejected with that reason. */
function withManagers(
  rows: Row[],
  register: Map<string, Standing>,
  receipt: Receipt,
  say: ReturnType<typeof text>,
): Row[] {
  const managers = new Map(rows.map((row) => [row.email, row.manager]))
  const fit: Row[] = []
  for (const row of rows) {
    const reason =
      row.manager !== '' && !managers.has(row.manager) && !register.has(row.manager)
        ? say.noManager(row.manager)
        : circles(row.email, managers)
          ? say.circle(row.email)
          : undefined
    if (reason === undefined) fit.push(row)
    else receipt.rejected.push({ line: row.line, reason })
  }
  receipt.rejected.sort((a, b) => a.line - b.line)
  return fit
}

function circles(email: string, managers: Map<string, string>): boolean {
  const passed = new Set<string>()
  for (let at = managers.get(email) ?? ''; at !== ''; at = managers.get(at) ?? '') {
    if (at === email) return true
    if (passed.has(at)) return false
    passed.add(at)
  }
  return false
}

const columnsOf = (ctx: Ctx, row: Row, ids: Map<string, string>) => ({
  name: row.name,
  email: row.email,
  managerId: row.manager === '' ? null : (ids.get(row.manager) ?? null),
  department: row.department,
  site: row.site,
  title: row.title,
  employment: row.employment === '' ? ('employee' as const) : row.employment,
  timezone: row.timezone === '' ? ctx.house.timezone : row.timezone,
  language: row.language === '' ? 'en' : row.language,
  startedOn: row.started_on === '' ? null : row.started_on,
  endedOn: row.ended_on === '' ? null : row.ended_on,
})

/** The last day is over where that person is. */
const hasPassed = (ctx: Pick<Ctx, 'now'>, it: { endedOn: string | null; timezone: string }): boolean =>
  it.endedOn !== null && it.endedOn < localDay(ctx.now, it.timezone)

const PIECE = 500

async function join(ctx: Ctx, joiners: Row[], ids: Map<string, string>, outcome: PeopleImport): Promise<void> {
  const made = joiners.map((row) => ({ row, id: ids.get(row.email) ?? '' }))
  for (let from = 0; from < made.length; from += PIECE)
    await ctx.db.insert(person).values(
      made.slice(from, from + PIECE).map(({ row, id }) => ({
        id,
        ...columnsOf(ctx, row, ids),
        // The manager may stand further down in the file: filled in below.
        managerId: null,
        state: hasPassed(ctx, columnsOf(ctx, row, ids)) ? ('left' as const) : ('active' as const),
        createdAt: ctx.now,
        updatedAt: ctx.now,
      })),
    )
  const managers = made.flatMap(({ row, id }) => {
    const { managerId } = columnsOf(ctx, row, ids)
    return managerId ? [{ id, managerId }] : []
  })
  for (let from = 0; from < managers.length; from += PIECE) {
    const some = JSON.stringify(managers.slice(from, from + PIECE))
    await ctx.db.execute(sql`
      update person set manager_id = of."managerId"
      from jsonb_to_recordset(${some}::text::jsonb) as of (id text, "managerId" text) where person.id = of.id`)
  }
  for (const { row, id } of made) if (row.roles.length > 0) await grant(ctx, id, row.roles)
  await recordAll(
    ctx,
    made.map(({ row, id }) => ({ type: 'person.joined', object: id, action: 'people.import', payload: { ...row } })),
  )
  outcome.added = made.length
}

async function change(
  ctx: Ctx,
  row: Row,
  before: Standing,
  ids: Map<string, string>,
  outcome: PeopleImport,
): Promise<void> {
  const after = columnsOf(ctx, row, ids)
  const differs = Object.entries(after).filter(([name, value]) => before[name as keyof Standing] !== value)
  await grant(ctx, before.id, row.roles)
  if (differs.length > 0) {
    await ctx.db
      .update(person)
      .set({ ...after, updatedAt: ctx.now })
      .where(eq(person.id, before.id))
    await record(ctx, {
      type: 'person.changed',
      object: before.id,
      action: 'people.import',
      payload: Object.fromEntries(
        differs.map(([name, value]) => [name, { before: before[name as keyof Standing], after: value }]),
      ),
    })
  }
  if (hasPassed(ctx, after)) {
    await leave(ctx, before.id)
    outcome.left++
  } else if (differs.length > 0) outcome.changed++
  else outcome.unchanged++
}

/** Roles are added by a file, never ended by one: an HR export knows nothing of them. */
async function grant(ctx: Ctx, personId: string, roles: readonly Role[]): Promise<void> {
  for (const role of roles) {
    const held = and(eq(personRole.personId, personId), eq(personRole.role, role), isNull(personRole.endedAt))
    const [has] = await ctx.db.select({ role: personRole.role }).from(personRole).where(held)
    if (has) continue
    await ctx.db
      .insert(personRole)
      .values({ personId, role, grantedAt: ctx.now, grantedBy: ctx.by.id, reason: 'people file' })
    await record(ctx, { type: 'role.granted', object: personId, action: 'people.import', payload: { role } })
  }
}
