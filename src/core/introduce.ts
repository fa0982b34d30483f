import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '../../db/client.ts'
import { identity, person } from '../../db/schema/people.ts'
import { shutDoors } from './doors.ts'
import { record } from './entries.ts'
import { newId, type Random } from './id.ts'
import { catchUp } from './messages.ts'
import { personByEmail } from './people.ts'
import { SYSTEM } from './rules.ts'
import type { Actor, Ctx, Person, Profile } from './workflow.ts'

/**
 * An account that was never seen: linked when the platform vouches for an address (of mail, or to sign in with) that
 * exactly one active person has and who has no other account there; otherwise listed for somebody to link. A mail address proposes once; afterwards
 * only the platform's own ids count (T13). Answers how it stands.
 */
export async function introduce(
  db: Db,
  actor: Actor,
  profile: Profile,
  now: Date,
  random: Random,
): Promise<'linked' | 'unmatched' | 'ambiguous' | 'refused'> {
  if (profile.standing === 'bot' || profile.standing === 'outsider' || profile.standing === 'deleted') return 'refused'
  return db.transaction(async (tx) => {
    const [person, ...others] = await peopleNamed(tx, profile)
    const other = person ? others.length > 0 || (await hasAnother(tx, person, actor)) : false
    const state = !person ? 'unmatched' : other ? 'ambiguous' : 'linked'
    const linked = state === 'linked' && person
    const [made] = await tx
      .insert(identity)
      .values({
        id: newId('idn', now, random),
        platform: actor.platform,
        tenant: actor.tenant,
        userId: actor.user,
        personId: linked ? person.id : null,
        address: actor.address,
        email: profile.email ?? profile.signInName ?? null,
        displayName: profile.name.slice(0, 200),
        state,
        guest: profile.standing === 'guest',
        linkMethod: linked ? 'verified-email' : null,
        linkedAt: linked ? now : null,
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: identity.id })
    if (!made || !linked) return state
    await Promise.all([
      catchUp({ db: tx, now }, made.id),
      record(
        { db: tx, now, random, by: SYSTEM },
        {
          type: 'identity.linked',
          object: made.id,
          action: 'core.introduce',
          ref: person.id,
          payload: { platform: actor.platform, tenant: actor.tenant, method: 'verified-email' },
        },
      ),
    ])
    return state
  })
}

/** Everybody whom one of the addresses means; two different people are for somebody to tell apart. */
async function peopleNamed(db: Db, { email, signInName }: Profile): Promise<Person[]> {
  const found = new Map<string, Person>()
  for (const address of [email, signInName]) {
    const person = address === undefined ? undefined : await personByEmail(db, address)
    if (person) found.set(person.id, person)
  }
  return [...found.values()]
}

/** A second account of one person on one platform is for somebody to confirm: an alias, or an address used again. */
async function hasAnother(
  db: Db,
  person: Person,
  actor: Pick<Actor, 'platform' | 'tenant' | 'user'>,
): Promise<boolean> {
  const [other] = await db
    .select({ id: identity.id })
    .from(identity)
    .where(
      and(
        eq(identity.personId, person.id),
        eq(identity.platform, actor.platform),
        eq(identity.tenant, actor.tenant),
        eq(identity.state, 'linked'),
        sql`${identity.userId} <> ${actor.user}`,
      ),
    )
    .limit(1)
  return other !== undefined
}

/**
 * The platform says how an account stands now (T14, T17). One that was switched off may do nothing more and is written
 * to no more; a member who became a guest has a guest's rights from this moment. Both have to come in anew: what was
 * opened in the browser is closed. One that was switched on again is listed for somebody to link: an account may have
 * been given to somebody else meanwhile.
 */
export async function accountChanged(
  { db, now, random }: { db: Db; now: () => Date; random: Random },
  actor: Actor,
  profile: Profile,
): Promise<void> {
  const at = now()
  const isOver = profile.standing !== 'member' && profile.standing !== 'guest'
  const guest = profile.standing === 'guest'
  await db.transaction(async (tx) => {
    const [known] = await tx
      .select({
        id: identity.id,
        state: identity.state,
        guest: identity.guest,
        personId: identity.personId,
        personState: person.state,
      })
      .from(identity)
      .leftJoin(person, eq(person.id, identity.personId))
      .where(
        and(eq(identity.platform, actor.platform), eq(identity.tenant, actor.tenant), eq(identity.userId, actor.user)),
      )
      .for('update', { of: identity })
    if (!known) return
    const isBack = !isOver && known.state === 'ended' && known.personState === 'active'
    const change = isOver
      ? known.state === 'ended'
        ? undefined
        : { state: 'ended' as const }
      : isBack
        ? { state: 'ambiguous' as const, personId: null, linkMethod: null, linkedAt: null, guest }
        : known.guest === guest || known.state === 'ended'
          ? undefined
          : { guest }
    if (!change) return
    await tx.update(identity).set(change).where(eq(identity.id, known.id))
    if (known.personId !== null) await shutDoors(tx, known.personId, at)
    await record(
      { db: tx, now: at, random, by: SYSTEM },
      {
        type: isOver ? 'identity.ended' : 'identity.changed',
        object: known.id,
        action: 'core.account',
        payload: { standing: profile.standing, before: { state: known.state, guest: known.guest } },
      },
    )
  })
}

/**
 * Somebody who had left is in the register again, as a new person (T13). Their old account is listed for somebody to link:
 * it may be the same human, or an address that was given to somebody else.
 */
async function listReturned(ctx: Ctx): Promise<void> {
  const before = alias(person, 'before')
  const returned = await ctx.db
    .select({ id: identity.id, personId: identity.personId })
    .from(identity)
    .innerJoin(before, and(eq(before.id, identity.personId), eq(before.state, 'left')))
    .innerJoin(person, and(eq(person.emailKey, before.emailKey), eq(person.state, 'active')))
    .where(and(eq(identity.state, 'ended'), eq(identity.receives, true)))
    .for('update', { of: identity, skipLocked: true })
  for (const { id, personId } of returned) {
    await ctx.db
      .update(identity)
      .set({ state: 'ambiguous', personId: null, linkMethod: null, linkedAt: null })
      .where(eq(identity.id, id))
    await record(ctx, {
      type: 'identity.changed',
      object: id,
      action: 'core.match',
      payload: { because: 'the address is in the register again', before: { state: 'ended', person: personId } },
    })
  }
}

/** After new people came in: accounts that waited for one are looked at again, by the same rule. Answers how many fit. */
export async function matchWaiting(ctx: Ctx): Promise<number> {
  await listReturned(ctx)
  const waiting = await ctx.db
    .select()
    .from(identity)
    .where(and(eq(identity.state, 'unmatched'), isNotNull(identity.email)))
    .for('update', { skipLocked: true })
  let matched = 0
  for (const one of waiting) {
    const person = await personByEmail(ctx.db, one.email ?? '')
    if (!person) continue
    if (await hasAnother(ctx.db, person, { platform: one.platform, tenant: one.tenant, user: one.userId })) {
      await ctx.db.update(identity).set({ state: 'ambiguous' }).where(eq(identity.id, one.id))
      continue
    }
    await ctx.db
      .update(identity)
      .set({ state: 'linked', personId: person.id, linkMethod: 'verified-email', linkedAt: ctx.now })
      .where(eq(identity.id, one.id))
    await catchUp(ctx, one.id)
    await record(ctx, {
      type: 'identity.linked',
      object: one.id,
      action: 'core.match',
      ref: person.id,
      payload: { platform: one.platform, tenant: one.tenant, method: 'verified-email' },
    })
    matched++
  }
  return matched
}
