import { sql } from 'drizzle-orm'
import { newId } from './id.ts'
import type { Ctx } from './workflow.ts'

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
 * sent and belongs to an answered assignment is dropped, so that nobody is reminded of what is done.
 */
export async function refresh(ctx: Pick<Ctx, 'db' | 'now'>, subject: string): Promise<void> {
  await ctx.db.execute(sql`
    update delivery set revision = delivery.revision + 1,
      due_at = case when delivery.sent_revision = 0 then delivery.due_at else ${ctx.now.toISOString()}::timestamptz end,
      state = case
        when delivery.state = 'claimed' then 'claimed'
        when delivery.sent_revision > 0 then 'due'
        when exists (select 1 from assignment where assignment.id = message.assignment_id and assignment.state <> 'open') then 'dropped'
        else delivery.state end
    from message
    where message.id = delivery.message_id and message.subject_id = ${subject}
      and delivery.state in ('due', 'claimed', 'sent', 'unknown')`)
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
