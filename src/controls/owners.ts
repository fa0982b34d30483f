import { and, eq, sql } from 'drizzle-orm'
import { attestation, control, controlAction, occurrence } from '../../db/schema/controls.ts'
import { close } from '../core/assignments.ts'
import { record } from '../core/entries.ts'
import { refresh } from '../core/messages.ts'
import { localDay } from '../core/schedule.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import { assignmentsAbout } from './duty.ts'
import { ask } from './occurrences.ts'
import { anchorFor, type Duty } from './period.ts'
import type { Edition } from './register.ts'

export type Control = typeof control.$inferSelect

/** What can be owned: a recurring duty, or a control of Annex A itself. */
export type Ownable = { duty: Duty } | { control: Control }

export const ownerIdOf = (it: Ownable): string | null => ('duty' in it ? it.duty.ownerId : it.control.ownerId)

/**
 * Gives a duty or a control to somebody, and with it what is open. A missed period goes along too, without asking anew:
 * it can be attested from the page. false: it has another owner by now than the one that was shown.
 */
export async function giveTo(ctx: Ctx, it: Ownable, heir: Person, anchoredOn?: string): Promise<boolean> {
  return 'duty' in it ? giveDuty(ctx, it.duty, heir, anchoredOn) : giveControl(ctx, it.control, heir)
}

async function giveDuty(ctx: Ctx, duty: Duty, heir: Person, anchoredOn: string | undefined): Promise<boolean> {
  const anchor = anchoredOn ?? duty.anchoredOn ?? anchorFor(localDay(ctx.now, heir.timezone))
  const [given] = await ctx.db
    .update(controlAction)
    .set({ ownerId: heir.id, anchoredOn: anchor })
    .where(and(eq(controlAction.id, duty.id), sql`${controlAction.ownerId} is not distinct from ${duty.ownerId}`))
    .returning({ id: controlAction.id })
  if (!given) return false
  await Promise.all([
    passOn(ctx, duty, heir),
    assigned(ctx, duty.id, duty.ownerId, heir.id, { duty: duty.code, anchored_on: anchor }),
  ])
  return true
}

async function passOn(ctx: Ctx, duty: Duty, heir: Person): Promise<void> {
  const owed = await ctx.db
    .update(occurrence)
    .set({ ownerId: heir.id })
    .where(
      and(
        eq(occurrence.actionId, duty.id),
        sql`not exists (select 1 from ${attestation} where ${attestation.occurrenceId} = ${occurrence.id})`,
      ),
    )
    .returning({ id: occurrence.id, dueOn: occurrence.dueOn, state: occurrence.state })
  const assignments = await assignmentsAbout(
    ctx,
    owed.map((one) => one.id),
  )
  for (const one of assignments) await close(ctx, { assignment: one.id, to: 'withdrawn' })
  for (const one of owed) if (one.state === 'open') await ask(ctx, duty, one, heir.id)
}

async function giveControl(ctx: Ctx, it: Control, heir: Person): Promise<boolean> {
  const [given] = await ctx.db
    .update(control)
    .set({ ownerId: heir.id })
    .where(
      and(
        eq(control.edition, it.edition),
        eq(control.code, it.code),
        sql`${control.ownerId} is not distinct from ${it.ownerId}`,
      ),
    )
    .returning({ code: control.code })
  if (!given) return false
  await assigned(ctx, `annex-a/${it.edition}/${it.code}`, it.ownerId, heir.id, { control: it.code })
  return true
}

const assigned = (ctx: Ctx, object: string, from: string | null, to: string, more: Record<string, unknown>) =>
  record(ctx, {
    type: 'control.assigned',
    object,
    action: ctx.turn?.do ?? 'controls.import',
    ref: to,
    payload: { ...more, from, to },
  })

/** Everything that person owns, duties first. */
export async function ownedBy(ctx: Pick<Ctx, 'db'>, personId: string): Promise<Ownable[]> {
  const [duties, controls] = await Promise.all([
    ctx.db.select().from(controlAction).where(eq(controlAction.ownerId, personId)).orderBy(controlAction.code),
    ctx.db.select().from(control).where(eq(control.ownerId, personId)).orderBy(control.edition, control.ordinal),
  ])
  return [...duties.map((duty) => ({ duty })), ...controls.map((one) => ({ control: one }))]
}

/** All at once from somebody who left. Answers how many were given; those somebody else gave meanwhile stay there. */
export async function handOver(ctx: Ctx, leaverId: string, heir: Person): Promise<number> {
  let given = 0
  for (const it of await ownedBy(ctx, leaverId)) if (await giveTo(ctx, it, heir)) given++
  await refresh(ctx, leaverId)
  return given
}

export const controlOf = async (ctx: Pick<Ctx, 'db'>, id: string): Promise<Control | undefined> => {
  const [edition, code = ''] = id.split('/')
  if (edition !== '2022' && edition !== '2013') return undefined
  const year: Edition = edition
  const [row] = await ctx.db
    .select()
    .from(control)
    .where(and(eq(control.edition, year), eq(control.code, code)))
  return row
}
