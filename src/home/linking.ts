import { and, eq, inArray, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { delivery } from '../../db/schema/messages.ts'
import { identity } from '../../db/schema/people.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { catchUp } from '../core/messages.ts'
import { personById } from '../core/people.ts'
import { text as coreText } from '../core/text.ts'
import type { Ctx, Person } from '../core/workflow.ts'

export type Unlinked = {
  id: string
  email: string | null
  displayName: string | null
  state: 'unmatched' | 'ambiguous'
  platform: string
}

/** Accounts that nobody was found for, or more than one thing speaks about: a person decides, nothing is guessed. */
export const unlinked = async (ctx: Pick<Ctx, 'db'>): Promise<Unlinked[]> => {
  const rows = await ctx.db
    .select({
      id: identity.id,
      email: identity.email,
      displayName: identity.displayName,
      state: identity.state,
      platform: identity.platform,
    })
    .from(identity)
    .where(inArray(identity.state, ['unmatched', 'ambiguous']))
    .orderBy(identity.createdAt)
    .limit(50)
  return rows as Unlinked[]
}

/** How many there are in all: the list stops at fifty. */
export async function unlinkedCount(ctx: Pick<Ctx, 'db'>): Promise<number> {
  return ctx.db.$count(identity, inArray(identity.state, ['unmatched', 'ambiguous']))
}

/** Links an account to a person by hand, with the messages that were waiting. Guarded: an account is linked once. */
export async function linkIdentity(ctx: Ctx, identityId: string, personId: string): Promise<Person> {
  const person = await personById(ctx.db, personId)
  if (person?.state !== 'active') throw new Refusal(coreText(ctx.by.language).notTaken)
  const linked = await ctx.db
    .update(identity)
    .set({ personId, state: 'linked', linkMethod: 'by-hand', linkedAt: ctx.now })
    .where(and(eq(identity.id, identityId), inArray(identity.state, ['unmatched', 'ambiguous'])))
    .returning({ platform: identity.platform, tenant: identity.tenant })
  const [row] = linked
  if (!row) throw new Refusal(coreText(ctx.by.language).tooFast)
  await catchUp(ctx, identityId)
  await record(ctx, {
    type: 'identity.linked',
    object: identityId,
    action: ctx.turn?.do ?? 'home.link',
    ref: personId,
    payload: { ...row, method: 'by-hand' },
  })
  return person
}

/** How many people owe something and cannot be reached anywhere. */
export async function unreachable(ctx: Pick<Ctx, 'db'>): Promise<number> {
  const [row] = await ctx.db
    .select({ count: sql<number>`count(distinct ${assignment.personId})::int` })
    .from(assignment)
    .where(
      and(
        eq(assignment.state, 'open'),
        sql`not exists (select 1 from identity i where i.person_id = ${assignment.personId} and i.state = 'linked' and i.receives)`,
      ),
    )
  return row?.count ?? 0
}

/** Messages that did not arrive, or perhaps not: the platform refused them, gave no answer, or too many tries failed. */
export async function undelivered(ctx: Pick<Ctx, 'db'>): Promise<number> {
  const [row] = await ctx.db
    .select({ count: sql<number>`count(*)::int` })
    .from(delivery)
    .where(inArray(delivery.state, ['failed', 'parked', 'unknown']))
  return row?.count ?? 0
}
