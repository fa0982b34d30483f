import { CsvError, parse } from 'csv-parse/sync'
import { control, controlAction, occurrence } from '../../db/schema/controls.ts'
import { Refusal } from '../core/errors.ts'
import { isDate } from '../core/form.ts'
import { personByEmail } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import { giveTo, type Ownable, ownerIdOf } from './owners.ts'
import { text } from './text.ts'

export type OwnerLine = { line: number; code: string; email: string; anchoredOn: string | undefined }

export type OwnersReceipt = {
  lines: number
  assigned: number
  unchanged: number
  /** When any line is refused, nothing of the file is taken over. */
  refused: { line: number; reason: string }[]
}

/**
 * Reads code → owner's mail address; `anchored_on` may say when the first period begins. Comma or semicolon, with or
 * without a byte order mark. Throws Refusal for a file that is no such table.
 */
export function readOwners(bytes: Uint8Array | string, language: string): OwnerLine[] {
  const say = text(language).file
  const rows = table(bytes, say.unreadable)
  const [header = [], ...lines] = rows.map((row) => row.cells)
  const at = (...names: string[]) => header.findIndex((name) => names.includes(name.trim().toLowerCase()))
  const [code, owner, anchored] = [at('code', 'key', 'control'), at('owner', 'email'), at('anchored_on')]
  if (code < 0 || owner < 0) throw new Refusal(say.needs)
  if (lines.length === 0) throw new Refusal(say.empty)
  return lines.map((cells, n) => ({
    line: rows[n + 1]?.line ?? n + 2,
    code: cells[code]?.trim() ?? '',
    email: cells[owner]?.trim() ?? '',
    anchoredOn: (anchored < 0 ? '' : cells[anchored]?.trim()) || undefined,
  }))
}

function table(bytes: Uint8Array | string, unreadable: (line: number) => string) {
  try {
    const rows = parse(typeof bytes === 'string' ? bytes : Buffer.from(bytes), {
      bom: true,
      delimiter: [',', ';'],
      info: true,
      skip_empty_lines: true,
    })
    return (rows as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      cells: record,
      line: info.lines,
    }))
  } catch (error) {
    if (error instanceof CsvError) throw new Refusal(unreadable(Number(error.lines ?? 1)))
    throw error
  }
}

/** Gives each control and duty of the file to its owner: all of them or, when one line is refused, none. */
export async function importOwners(ctx: Ctx, lines: readonly OwnerLine[]): Promise<OwnersReceipt> {
  const [ownables, begun, people] = await Promise.all([ownablesByCode(ctx), begunDuties(ctx), peopleOf(ctx, lines)])
  const receipt: OwnersReceipt = { lines: lines.length, assigned: 0, unchanged: 0, refused: [] }
  const plans: { it: Ownable; heir: Person; anchoredOn: string | undefined }[] = []
  const seen = new Set<string>()
  for (const one of lines) {
    const it = ownables.get(one.code)
    const heir = people.get(one.email.toLowerCase())
    const reason = problemOf(ctx, one, it, heir, seen, begun)
    if (reason !== undefined) receipt.refused.push({ line: one.line, reason })
    else if (it && heir) plans.push({ it, heir, anchoredOn: one.anchoredOn })
    seen.add(one.code)
  }
  if (receipt.refused.length > 0) return receipt
  // All on their way at once: each is about another thing, so none waits for the answer of the one before.
  await Promise.all(
    plans.map(async ({ it, heir, anchoredOn }) => {
      const isSame =
        ownerIdOf(it) === heir.id && (!('duty' in it) || (anchoredOn ?? it.duty.anchoredOn) === it.duty.anchoredOn)
      if (isSame) receipt.unchanged++
      else if (await giveTo(ctx, it, heir, anchoredOn)) receipt.assigned++
    }),
  )
  return receipt
}

function problemOf(
  ctx: Ctx,
  { code, email, anchoredOn }: OwnerLine,
  it: Ownable | undefined,
  heir: Person | undefined,
  seen: ReadonlySet<string>,
  begun: ReadonlySet<string>,
): string | undefined {
  const say = text(ctx.by.language).file
  if (!it) return say.noCode(code)
  if (seen.has(code)) return say.twice(code)
  if (!heir) return say.noPerson(email)
  if (!isMember(heir)) return say.guest(email)
  if (anchoredOn === undefined) return undefined
  if (!isDate(anchoredOn)) return say.noDay(anchoredOn)
  if ('duty' in it && begun.has(it.duty.id) && it.duty.anchoredOn !== anchoredOn) return say.begun(code)
  return undefined
}

/** Codes of both editions never coincide: A.5.18 is of 2022, A.9.2.5 of 2013. */
async function ownablesByCode(ctx: Ctx): Promise<Map<string, Ownable>> {
  const [controls, duties] = await Promise.all([ctx.db.select().from(control), ctx.db.select().from(controlAction)])
  return new Map<string, Ownable>([
    ...controls.map((one) => [one.code, { control: one }] as const),
    ...duties.map((duty) => [duty.code, { duty }] as const),
  ])
}

const begunDuties = async (ctx: Ctx): Promise<Set<string>> =>
  new Set((await ctx.db.selectDistinct({ id: occurrence.actionId }).from(occurrence)).map((row) => row.id))

async function peopleOf(ctx: Ctx, lines: readonly OwnerLine[]): Promise<Map<string, Person>> {
  const known = new Map<string, Person>()
  for (const email of new Set(lines.map((one) => one.email.toLowerCase()))) {
    const person = await personByEmail(ctx.db, email)
    if (person) known.set(email, person)
  }
  return known
}
