import { sql } from 'drizzle-orm'
import { statement } from '../../db/client.ts'
import { newId } from './id.ts'
import type { Anchor, Card, Ctx } from './workflow.ts'

export type Post = {
  /** Names the logical message, never the attempt: the same key edits what stands there, a new key notifies. */
  key: string
  to: string
  /** workflow.card */
  card: string
  subject: string
  /** The message only makes sense while this assignment is open. */
  assignment?: string
  /** Not before; default now. */
  at?: Date
}

/**
 * Somebody should be seeing a card. Written in the transaction of the change; a worker draws the card from the data of
 * that moment and delivers it to each of the person's accounts. Without an account the message waits for one.
 */
export async function post(ctx: Pick<Ctx, 'db' | 'now' | 'random'>, it: Post): Promise<void> {
  const at = (it.at ?? ctx.now).toISOString()
  await ctx.db.execute(sql`
    with posted as (
      insert into message (id, message_key, person_id, card, subject_id, assignment_id, created_at)
      values (${newId('msg', ctx.now, ctx.random)}, ${it.key}, ${it.to}, ${it.card}, ${it.subject}, ${it.assignment ?? null}, ${ctx.now.toISOString()})
      on conflict (message_key) do update set message_key = excluded.message_key
      returning id, person_id
    )
    insert into delivery (message_id, identity_id, lane, state, due_at)
    select posted.id, identity.id, identity.platform || ':' || identity.tenant, 'due', ${at}::timestamptz
    from posted join identity on identity.person_id = posted.person_id and identity.state = 'linked' and identity.receives
    on conflict (message_id, identity_id) do update
    set revision = delivery.revision + 1, due_at = excluded.due_at,
        state = case when delivery.state = 'claimed' then 'claimed' else 'due' end`)
}

/**
 * Every card that stands anywhere about this subject is drawn again and edited, wherever it stands; one that was never
 * sent and belongs to an answered assignment is dropped, so that nobody is reminded of what is done. In a turn this
 * happens once, at its end (`redraw`); elsewhere at once.
 */
export async function refresh(ctx: Pick<Ctx, 'db' | 'now' | 'stale'>, subject: string): Promise<void> {
  if (ctx.stale) ctx.stale.add(subject)
  else await redraw(ctx, [subject])
}

/** The message whose button was clicked, and the card that stands there now: the reply, so that nobody edits it again. */
type Answered = { identityId: string; anchor: Anchor; card: Card }

/** Subjects of one statement. */
const PIECE = 1000

/** The clicked message, while no worker is at it. */
const HERE = sql`(delivery.identity_id = given.identity_id and delivery.anchor = given.anchor and delivery.state in ('sent', 'due'))`
const ASKED = sql`(message.subject_id = any(given.subjects))`

const place = (name: string) => sql.placeholder(name)

/**
 * The rows are found by the primary key, from a list: a join of message and delivery was planned as a scan of the whole
 * outbox while its statistics were young (measured: 10 ms of a click at 9,600 people).
 */
const askAnew = statement((db) =>
  db.execute(sql`
    with given as materialized (
      select string_to_array(${place('subjects')}, ',') as subjects, ${place('identityId')}::text as identity_id,
        ${place('anchor')}::text::jsonb as anchor, ${place('card')}::text::jsonb as card, ${place('now')}::timestamptz as now
    )
    update delivery set
      revision = delivery.revision + ${ASKED}::int,
      sent_revision = case when ${HERE} then delivery.revision + ${ASKED}::int else delivery.sent_revision end,
      shown = case when ${HERE} then given.card else delivery.shown end,
      sent_at = case when ${HERE} then given.now else delivery.sent_at end,
      due_at = case when delivery.sent_revision = 0 or ${HERE} then delivery.due_at else given.now end,
      state = case
        when ${HERE} then 'sent'
        when delivery.state = 'claimed' then 'claimed'
        when delivery.sent_revision > 0 then 'due'
        when exists (select 1 from assignment where assignment.id = message.assignment_id and assignment.state <> 'open') then 'dropped'
        else delivery.state end
    from given, message
    where message.id = delivery.message_id
      and delivery.message_id = any(array(
        select message.id from given, message where message.subject_id = any(given.subjects)
        union
        select clicked.message_id from given, delivery clicked
        where clicked.identity_id = given.identity_id and clicked.anchor = given.anchor))
      and (${ASKED} or ${HERE})
      and delivery.state in ('due', 'claimed', 'sent', 'unknown')`),
)

/** Asks for the cards about these subjects anew; the clicked message shows the answer already. */
export async function redraw(
  ctx: Pick<Ctx, 'db' | 'now'>,
  subjects: readonly string[],
  answered?: Answered,
): Promise<void> {
  const given = {
    identityId: answered?.identityId ?? null,
    anchor: JSON.stringify(answered?.anchor ?? null),
    card: JSON.stringify(answered?.card ?? null),
    now: ctx.now.toISOString(),
  }
  for (let from = 0; from < Math.max(subjects.length, answered ? 1 : 0); from += PIECE) {
    // Ids have no commas; one parameter, so that the statement is the same for one and for many.
    await askAnew(ctx.db, { ...given, subjects: subjects.slice(from, from + PIECE).join() })
  }
}

/**
 * A new account of a person gets what the person should be seeing: what is asked of them now, and messages that found no
 * account at all when they were posted. A card with nothing left to say is dropped when it is drawn.
 */
export async function catchUp(ctx: Pick<Ctx, 'db' | 'now'>, identityId: string): Promise<void> {
  await ctx.db.execute(sql`
    insert into delivery (message_id, identity_id, lane, state, due_at)
    select message.id, identity.id, identity.platform || ':' || identity.tenant, 'due', ${ctx.now.toISOString()}::timestamptz
    from identity join message on message.person_id = identity.person_id
    left join assignment on assignment.id = message.assignment_id
    where identity.id = ${identityId} and identity.state = 'linked' and identity.receives
      and case when message.assignment_id is null
        then not exists (select 1 from delivery told where told.message_id = message.id)
        else assignment.state = 'open' and starts_with(message.message_key, assignment.id || '/request') end
    on conflict (message_id, identity_id) do nothing`)
}
