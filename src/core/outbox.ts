import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { delivery, lane, message } from '../../db/schema/messages.ts'
import { identity, person } from '../../db/schema/people.ts'
import { draw } from './draw.ts'
import { DeliveryError } from './errors.ts'
import { faultOf } from './log.ts'
import { PERSON } from './people.ts'
import type { Deps } from './turn.ts'
import type { Anchor, Card, Ctx } from './workflow.ts'

/** How many at a time, and how long a claim holds before another worker may take it over, in seconds. */
const BATCH = 50
const LEASE = 60
/** After this many tries a message waits for a person to look at it. */
const TRIES = 8

type Claimed = {
  messageId: string
  identityId: string
  revision: number
  lane: string
  nonce: string
  anchor: Anchor | null
  attempts: number
}

/** Messages that are due: claimed, drawn from current data, brought to their place. */
export async function deliveries(deps: Deps, name: string): Promise<number> {
  const claimed = await claim(deps, name)
  await Promise.all(claimed.map((one) => deliver(deps, one)))
  return claimed.length
}

async function claim(deps: Deps, name: string): Promise<Claimed[]> {
  return deps.db.transaction(async (tx) => {
    const ready = await tx
      .select({ messageId: delivery.messageId, identityId: delivery.identityId })
      .from(delivery)
      .leftJoin(lane, eq(lane.name, delivery.lane))
      .where(
        and(
          inArray(delivery.state, ['due', 'claimed']),
          sql`${delivery.dueAt} <= db_now()`,
          or(eq(delivery.state, 'due'), sql`${delivery.claimedUntil} < db_now()`),
          or(isNull(lane.name), sql`${lane.opensAt} <= db_now()`),
        ),
      )
      .orderBy(delivery.dueAt)
      .limit(BATCH)
      .for('update', { of: delivery, skipLocked: true })
    if (ready.length === 0) return []
    const keys = sql.join(
      ready.map((row) => sql`(${row.messageId}, ${row.identityId})`),
      sql`, `,
    )
    return tx
      .update(delivery)
      .set({
        state: 'claimed',
        claimedBy: name,
        claimedUntil: sql`db_now() + make_interval(secs => ${LEASE})`,
        attempts: sql`${delivery.attempts} + 1`,
      })
      .where(sql`(${delivery.messageId}, ${delivery.identityId}) in (${keys})`)
      .returning({
        messageId: delivery.messageId,
        identityId: delivery.identityId,
        revision: delivery.revision,
        lane: delivery.lane,
        nonce: delivery.nonce,
        anchor: delivery.anchor,
        attempts: delivery.attempts,
      })
  })
}

async function deliver(deps: Deps, it: Claimed): Promise<void> {
  const at = claimOf(it)
  try {
    const drawn = await compose(deps, it)
    if (!drawn) {
      // Asked for anew while we looked: then it is looked at again.
      const state = sql`case when ${delivery.revision} > ${it.revision} then 'due' else 'dropped' end`
      await deps.db.update(delivery).set({ state, claimedUntil: null }).where(at)
      return
    }
    const platform = deps.platforms.find((one) => one.name === drawn.platform)
    if (!platform) throw new DeliveryError('the platform is not switched on', { retryAfter: 300 })
    const anchor = await platform.deliver(drawn.address, drawn.card, it.anchor ?? undefined, it.nonce)
    const now = deps.now()
    await deps.db
      .update(delivery)
      .set({
        // Something changed while it was on its way: once more, with what is true then.
        state: sql`case when ${delivery.revision} > ${it.revision} then 'due' else 'sent' end`,
        sentRevision: it.revision,
        anchor,
        shown: drawn.card,
        attempts: 0,
        sentAt: now,
        firstSentAt: sql`coalesce(${delivery.firstSentAt}, ${now.toISOString()}::timestamptz)`,
        claimedUntil: null,
        problem: null,
      })
      .where(at)
  } catch (error) {
    await failed(deps, it, error)
  }
}

/** Only while the claim is still ours: after a lease ran out another worker decides, and attempts have moved on. */
const claimOf = (it: Claimed) =>
  and(
    eq(delivery.messageId, it.messageId),
    eq(delivery.identityId, it.identityId),
    eq(delivery.state, 'claimed'),
    eq(delivery.attempts, it.attempts),
  )

/** Looks again at the last moment: answered, stopped or gone means nothing is sent. */
async function compose(
  deps: Deps,
  it: Claimed,
): Promise<{ card: Card; platform: string; address: Record<string, unknown> } | undefined> {
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .select({
        card: message.card,
        subjectId: message.subjectId,
        assignmentState: assignment.state,
        campaignState: campaign.state,
        platform: identity.platform,
        address: identity.address,
        identityState: identity.state,
        guest: identity.guest,
        ...PERSON,
      })
      .from(delivery)
      .innerJoin(message, eq(message.id, delivery.messageId))
      .innerJoin(identity, eq(identity.id, delivery.identityId))
      .innerJoin(person, eq(person.id, message.personId))
      .leftJoin(assignment, eq(assignment.id, message.assignmentId))
      .leftJoin(campaign, eq(campaign.id, assignment.campaignId))
      .where(and(eq(delivery.messageId, it.messageId), eq(delivery.identityId, it.identityId)))
    if (row?.state !== 'active' || row.identityState !== 'linked') return undefined
    const over = row.assignmentState !== null && (row.assignmentState !== 'open' || row.campaignState !== 'open')
    if (over && !it.anchor) return undefined
    const { card: name, subjectId, assignmentState, campaignState, platform, address, identityState, ...rest } = row
    const { guest, ...known } = rest
    const ctx: Ctx = {
      db: tx,
      now: deps.now(),
      random: deps.random,
      // As at a click: a guest's account is shown what a guest may see, whatever the register says (T14).
      by: guest ? { ...known, roles: ['guest'] } : known,
      identityId: it.identityId,
      platform,
      log: deps.log,
      house: deps.house,
    }
    const card = await draw(ctx, name, subjectId)
    return card ? { card, platform, address } : undefined
  })
}

/** Waiting, permanent, unknown or not yet: decided once, here. A closed lane closes no other. */
async function failed(deps: Deps, it: Claimed, error: unknown): Promise<void> {
  const at = claimOf(it)
  const known = error instanceof DeliveryError ? error : undefined
  const problem = known?.message ?? 'a fault of ours'
  deps.log.warn(
    { message: it.messageId, lane: it.lane, attempts: it.attempts, problem, ...faultOf(error) },
    'delivery.failed',
  )
  if (known?.retryAfter !== undefined) {
    const opensAt = sql`db_now() + make_interval(secs => ${known.retryAfter})`
    await deps.db
      .insert(lane)
      .values({ name: it.lane, opensAt })
      .onConflictDoUpdate({ target: lane.name, set: { opensAt: sql`greatest(${lane.opensAt}, excluded.opens_at)` } })
    await deps.db
      .update(delivery)
      .set({ state: 'due', claimedUntil: null, problem, attempts: it.attempts - 1 })
      .where(at)
    return
  }
  // A new message that may stand there already is not sent again: the inbox shows what it asks, a reminder notifies.
  // An edit does no harm twice.
  const perhaps = known?.unknown && it.anchor === null
  const state = known?.permanent ? 'failed' : perhaps ? 'unknown' : it.attempts >= TRIES ? 'parked' : 'due'
  // 2, 4, 8 … seconds: a platform that is down is not hammered.
  const wait = 2 ** it.attempts
  await deps.db
    .update(delivery)
    .set({ state, claimedUntil: null, problem, dueAt: sql`db_now() + make_interval(secs => ${wait})` })
    .where(at)
}
