import { and, eq } from 'drizzle-orm'
import { entitlement, system } from '../../db/schema/access.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { personById } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import type { Ctx } from '../core/workflow.ts'
import { explainItems } from './meanings.ts'
import { changeOwner } from './moving.ts'
import { text } from './text.ts'

export type System = typeof system.$inferSelect

/** By its short code or its name, in any case. Throws a Refusal that names the known ones. */
export async function systemNamed(ctx: Pick<Ctx, 'db' | 'by'>, code: string): Promise<System> {
  const all = await ctx.db.select().from(system).orderBy(system.code)
  const wanted = code.trim().toLowerCase()
  const found = all.find((it) => it.code === wanted) ?? all.find((it) => it.name.toLowerCase() === wanted)
  if (found) return found
  const say = text(ctx.by.language).say
  throw new Refusal(say.unknownSystem(code.trim().slice(0, 60), all.map((it) => it.code).join(', ') || say.noSystems))
}

export type SystemFacts = {
  code: string
  name: string
  description?: string
  ownerId: string
  deputyId?: string | null
  class?: System['class']
}

/**
 * Registers a system, or brings it up to date. With a new owner, what the former one has open moves on at once. Answers
 * its id; the same facts again change and record nothing.
 */
export async function registerSystem(ctx: Ctx, it: SystemFacts): Promise<string> {
  const say = text(ctx.by.language).say
  const code = it.code.trim().toLowerCase()
  const name = it.name.trim().slice(0, 80)
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(code) || name === '') throw new Refusal(say.badCode)
  const deputyId = it.deputyId ?? null
  const [owner, deputy, [before]] = await Promise.all([
    personById(ctx.db, it.ownerId),
    deputyId === null ? undefined : personById(ctx.db, deputyId),
    ctx.db.select().from(system).where(eq(system.code, code)).for('update'),
  ])
  if (!owner || !isMember(owner) || (deputyId !== null && (!deputy || !isMember(deputy))))
    throw new Refusal(say.unknownOwner)
  if (deputyId === owner.id) throw new Refusal(say.sameDeputy)
  const facts = {
    name,
    description: it.description?.trim() ?? before?.description ?? '',
    ownerId: owner.id,
    deputyId,
    class: it.class ?? before?.class ?? 'standard',
  }
  const id = before?.id ?? newId('sys', ctx.now, ctx.random)
  if (before) {
    const same = (Object.keys(facts) as (keyof typeof facts)[]).every((fact) => before[fact] === facts[fact])
    if (same) return id
    await ctx.db.update(system).set(facts).where(eq(system.id, id))
  } else await ctx.db.insert(system).values({ id, code, ...facts, createdAt: ctx.now })
  await record(ctx, {
    type: 'system.registered',
    object: id,
    action: ctx.turn?.do ?? 'access.register-system',
    payload: { code, ...facts, before: before ?? null },
  })
  if (before && before.ownerId !== owner.id) await changeOwner(ctx, { ...before, ...facts }, before.ownerId)
  return id
}

/** Entitlements are compared in one spelling: as the importers write the key of a grant. */
const entitlementCode = (written: string): string => written.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ')

export type Meaning = { system: string; code: string; meaning: string; privileged: boolean; ifRemoved?: string }

/** Writes down what a right means. Rights that are still open in a running review are explained at once. */
export async function defineEntitlement(ctx: Ctx, it: Meaning): Promise<void> {
  const of = await systemNamed(ctx, it.system)
  const code = entitlementCode(it.code)
  const meaning = it.meaning.trim()
  if (code === '' || meaning === '') throw new Refusal(text(ctx.by.language).say.needMeaning)
  const facts = { meaning, privileged: it.privileged, ifRemoved: it.ifRemoved?.trim() ?? '' }
  const where = and(eq(entitlement.systemId, of.id), eq(entitlement.code, code))
  const [before] = await ctx.db.select().from(entitlement).where(where).for('update')
  const same = before && (Object.keys(facts) as (keyof typeof facts)[]).every((fact) => before[fact] === facts[fact])
  if (same) return
  if (before) await ctx.db.update(entitlement).set(facts).where(where)
  else await ctx.db.insert(entitlement).values({ systemId: of.id, code, ...facts })
  await record(ctx, {
    type: 'entitlement.defined',
    object: of.id,
    action: ctx.turn?.do ?? 'access.define-entitlement',
    payload: { system: of.code, code, ...facts, before: before ?? null },
  })
  await explainItems(ctx, of.id, code, facts)
}
