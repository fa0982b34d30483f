import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { identity } from '../../db/schema/core.ts'
import { record } from './entries.ts'
import { newId, type Random } from './id.ts'
import { catchUp } from './messages.ts'
import { personByEmail } from './people.ts'
import { SYSTEM } from './rules.ts'
import type { Actor, Profile } from './workflow.ts'

/**
 * An account that was never seen: linked when the platform vouches for an address that exactly one active person has
 * and who has no other account there; otherwise listed for somebody to link. A mail address proposes once; afterwards
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
    const person = profile.email === undefined ? undefined : await personByEmail(tx, profile.email)
    const [other] = person
      ? await tx
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
      : []
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
        email: profile.email ?? null,
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
