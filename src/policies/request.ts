import { and, desc, eq, gt, ne, type SQL, sql } from 'drizzle-orm'
import { type Db, statement } from '../../db/client.ts'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { acknowledgement, policy, policyVersion } from '../../db/schema/policies.ts'
import type { Ctx } from '../core/workflow.ts'
import { partFor } from './audience.ts'
import { VERSION, type Version } from './versions.ts'

export type Acknowledgement = typeof acknowledgement.$inferSelect

/** One person's share of a policy campaign, with all that its card and its click need. */
export type Request = {
  assignment: typeof assignment.$inferSelect
  campaign: { state: 'planning' | 'open' | 'stopped' | 'closed'; scope: 'me' | 'pilot' | 'everyone' }
  version: Version
  acknowledgement: Acknowledgement | null
}

const select = <N extends number | null>(db: Db, number: SQL<N>) =>
  db
    .select({
      assignment,
      campaign: { state: campaign.state, scope: campaign.scope },
      version: VERSION,
      acknowledgement,
      number,
    })
    .from(assignment)
    .innerJoin(campaign, eq(campaign.id, assignment.campaignId))
    .innerJoin(policyVersion, eq(policyVersion.id, assignment.subjectId))
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .leftJoin(
      acknowledgement,
      and(eq(acknowledgement.versionId, policyVersion.id), eq(acknowledgement.personId, assignment.personId)),
    )
    .where(and(eq(assignment.id, sql.placeholder('id')), eq(assignment.workflow, 'policies')))

const noNumber = sql<null>`null::int`
const findRequest = statement((db) => select(db, noNumber).prepare('find_request'))
const holdRequest = statement((db) => select(db, noNumber).for('update', { of: assignment }).prepare('hold_request'))

/**
 * In one statement, because it stands on the way of every click. `lock` holds the assignment until the turn ends, so
 * that of two devices the second sees what the first one did.
 */
export async function requestOf(
  ctx: Pick<Ctx, 'db'>,
  id: string,
  it: { lock?: boolean } = {},
): Promise<Request | undefined> {
  const [row] = await (it.lock ? holdRequest(ctx.db, { id }) : findRequest(ctx.db, { id }))
  return row
}

const nextNumber = sql<number>`nextval('acknowledgement_number_seq')::int`
const holdNumbered = statement((db) =>
  select(db, nextNumber).for('update', { of: assignment }).prepare('hold_numbered'),
)

/** A request that is about to be answered, the number its receipt gets, and what waits next. */
export type Answering = Request & { number: number; next: Next | undefined }

/** Held, in one round trip. A number that is not used leaves a gap, nothing else. */
export async function answeringOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Answering | undefined> {
  const [[it], next] = await Promise.all([holdNumbered(ctx.db, { id }), nextAfter(ctx, id)])
  return it && { ...it, next }
}

/** What this person is asked about the same document now, when a newer version took this one's place. */
export async function newerRequest(ctx: Pick<Ctx, 'db'>, it: Request): Promise<Request | undefined> {
  const [row] = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .innerJoin(policyVersion, eq(policyVersion.id, assignment.subjectId))
    .where(
      and(
        eq(assignment.personId, it.assignment.personId),
        eq(policyVersion.policyId, it.version.policyId),
        gt(policyVersion.ordinal, it.version.ordinal),
      ),
    )
    .orderBy(desc(policyVersion.ordinal), desc(assignment.createdAt))
    .limit(1)
  return row && requestOf(ctx, row.id)
}

export type Next = { id: string; card: string; title: string; count: number }

const findNext = statement((db) =>
  db
    .select({
      id: assignment.id,
      card: assignment.card,
      title: campaign.title,
      count: sql<number>`(count(*) over ())::int`,
    })
    .from(assignment)
    .innerJoin(campaign, and(eq(campaign.id, assignment.campaignId), eq(campaign.state, 'open')))
    .where(
      and(
        eq(
          assignment.personId,
          sql`(select one.person_id from assignment one where one.id = ${sql.placeholder('id')})`,
        ),
        eq(assignment.state, 'open'),
        ne(assignment.id, sql.placeholder('id')),
      ),
    )
    .orderBy(assignment.dueAt, assignment.id)
    .limit(1)
    .prepare('find_next'),
)

/** What else waits for the person, of any workflow: the soonest, and how many there are. */
export const nextAfter = async (ctx: Pick<Ctx, 'db'>, id: string): Promise<Next | undefined> =>
  (await findNext(ctx.db, { id }))[0]

/** Why this person is asked, for the line at the end of the card. */
export const reasonFor = (ctx: Ctx, it: Request) =>
  it.campaign.scope === 'everyone' ? partFor(ctx, it.version.audience, it.assignment.personId) : it.campaign.scope

/** The open request to this person about this very version, if there is one: its id. */
export async function askedOf(ctx: Ctx, versionId: string): Promise<string | undefined> {
  const [row] = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .innerJoin(campaign, eq(campaign.id, assignment.campaignId))
    .where(
      and(
        eq(assignment.subjectId, versionId),
        eq(assignment.personId, ctx.by.id),
        eq(assignment.state, 'open'),
        eq(campaign.state, 'open'),
      ),
    )
    .limit(1)
  return row?.id
}
