import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { delivery, receipt } from '../../db/schema/core.ts'
import { record } from './entries.ts'
import { Refusal } from './errors.ts'
import { read } from './form.ts'
import { isId, type Kind, newId, type Random } from './id.ts'
import { introduce } from './introduce.ts'
import { faultOf, type Log } from './log.ts'
import { plain } from './md.ts'
import { whoIs } from './people.ts'
import { text } from './text.ts'
import type { Action, Ctx, Entries, Fields, House, Platform, Reply, Turn } from './workflow.ts'

export type Deps = {
  db: Db
  house: House
  now: () => Date
  random: Random
  log: Log
  platforms: readonly Platform[]
  wake(): void
}

/** Thrown to undo a turn that another delivery of the same click finished first. */
class Replayed extends Error {}

/** PostgreSQL asks for a second try: serialization_failure, deadlock_detected. */
const AGAIN = ['40001', '40P01']

/**
 * The single door into the core. One transaction, one moment: who is it, may they, what is asked, what was answered,
 * and the change with its entry and its messages. Expected refusals are answered; a bug is logged under an id that the
 * person sees.
 */
export function makeTurn(deps: Deps): (turn: Turn) => Promise<Reply> {
  return async (turn) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await once(deps, turn)
        deps.wake()
        return reply
      } catch (error) {
        if (error instanceof Replayed) continue
        const cause = (error as { cause?: { code?: string } }).cause?.code
        if (cause !== undefined && AGAIN.includes(cause) && attempt < 4) continue
        const id = newId('ent', deps.now(), deps.random).slice(-10)
        deps.log.error({ id, do: turn.do, ...faultOf(error) }, 'turn.failed')
        return { say: text('en').fault(id) }
      }
    }
  }
}

async function once(deps: Deps, turn: Turn): Promise<Reply> {
  const now = deps.now()
  const it = find(deps.house, turn.do)
  if (!it) return { say: plain(text('en').notCurrent) }
  const keyed = `${turn.by.platform}:${turn.by.tenant}:${turn.key}`
  let language = 'en'
  try {
    const reply = await deps.db.transaction(async (tx) => {
      const [known, [earlier]] = await Promise.all([
        whoIs(tx, turn.by, now.toISOString().slice(0, 10)),
        tx.select({ reply: receipt.reply, personId: receipt.personId }).from(receipt).where(eq(receipt.turnKey, keyed)),
      ])
      if (!known) return undefined
      if (!known.person) throw new Refusal(text('en').unknown)
      language = known.person.language
      if (known.person.state === 'left' || known.state === 'ended') throw new Refusal(text(language).left)
      if (earlier) {
        if (earlier.personId === known.person.id) return earlier.reply as Reply
        throw new Refusal(text(language).notYours)
      }
      const ctx: Ctx = {
        db: tx,
        now,
        random: deps.random,
        by: known.person,
        identityId: known.identityId,
        platform: turn.by.platform,
        log: deps.log.child({ do: turn.do }),
        house: deps.house,
        turn,
      }
      return act(ctx, it, keyed)
    })
    return reply ?? (await meet(deps, turn, now))
  } catch (error) {
    if (error instanceof Denied) {
      await deny(deps, turn, error, now)
      return { say: plain(text(language).notYours) }
    }
    if (!(error instanceof Refusal)) throw error
    if (error.fields && turn.entries) return corrected(deps, turn, error.fields)
    return { say: error.text }
  }
}

/** Somebody tried what is not theirs: undone, told nothing, and worth an entry of its own. */
class Denied extends Error {
  readonly by: Ctx['by']
  constructor(by: Ctx['by']) {
    super('denied')
    this.by = by
  }
}

async function act(ctx: Ctx, it: Action, keyed: string): Promise<Reply> {
  const { turn } = ctx
  if (!turn) throw new Error('act: a turn is needed')
  const subject = await subjectOf(ctx, it, turn.id)
  if (!(await it.may(ctx, subject))) throw new Denied(ctx.by)
  let answers = {}
  if (it.asks) {
    if (!turn.entries) return formOf(ctx, it, subject)
    const fields = await fieldsOf(ctx, it, subject)
    const result = read(fields, turn.entries, ctx.by.language)
    if ('errors' in result) return withErrors(await formOf(ctx, it, subject), turn.entries, result.errors)
    answers = result.answers
  }
  const reply = await it.run(ctx, subject, answers)
  if (it.reads) return reply
  const [kept] = await Promise.all([
    ctx.db
      .insert(receipt)
      .values({ turnKey: keyed, personId: ctx.by.id, reply, createdAt: ctx.now })
      .onConflictDoNothing()
      .returning({ key: receipt.turnKey }),
    answeredInPlace(ctx, reply),
  ])
  if (kept.length === 0) throw new Replayed()
  return reply
}

const fieldsOf = (ctx: Ctx, it: Action, subject: unknown): Fields | Promise<Fields> =>
  typeof it.asks?.fields === 'function' ? it.asks.fields(ctx, subject) : (it.asks?.fields ?? {})

async function formOf(ctx: Ctx, it: Action, subject: unknown): Promise<Reply> {
  const { turn } = ctx
  if (!turn || !it.asks) return {}
  const [frame, fields] = await Promise.all([it.asks.form(ctx, subject), fieldsOf(ctx, it, subject)])
  if ('instead' in frame) return frame.instead
  return { form: { do: turn.do, ...(turn.id ? { id: turn.id } : {}), ...frame, fields } }
}

/** The same form with what was typed and one sentence per field; where there is nothing to ask any more, that. */
const withErrors = (reply: Reply, values: Entries, errors: Record<string, string>): Reply =>
  reply.form ? { form: { ...reply.form, values, errors } } : reply

/** A refusal by field came while changing things: all is undone, and the form is drawn anew from what is true now. */
async function corrected(deps: Deps, turn: Turn, errors: Record<string, string>): Promise<Reply> {
  const { entries = {}, ...asking } = turn
  return withErrors(await once(deps, asking), entries, errors)
}

async function subjectOf(ctx: Ctx, it: Action, id: string | undefined): Promise<unknown> {
  const { notYours } = text(ctx.by.language)
  if (it.about !== undefined && it.about !== 'new' && !isId(it.about as Kind, id)) throw new Refusal(notYours)
  if (!it.load) return undefined
  const subject = await it.load(ctx, id ?? '')
  if (subject === undefined) throw new Refusal(notYours)
  return subject
}

/** The clicked message shows the reply already, so the worker need not edit that one again. */
async function answeredInPlace(ctx: Ctx, reply: Reply): Promise<void> {
  const anchor = ctx.turn?.anchor
  if (!reply.card || !anchor || !ctx.identityId) return
  const { revision } = delivery
  await ctx.db
    .update(delivery)
    .set({ state: 'sent', sentRevision: revision, shown: reply.card, sentAt: ctx.now })
    .where(
      and(
        eq(delivery.identityId, ctx.identityId),
        eq(delivery.anchor, anchor),
        inArray(delivery.state, ['sent', 'due']),
      ),
    )
}

function find(house: House, name: string): Action | undefined {
  const [workflow, verb] = name.split('.')
  const actions = house.workflows.find((one) => one.name === workflow)?.actions
  return actions && verb !== undefined && Object.hasOwn(actions, verb) ? actions[verb] : undefined
}

/** First contact: ask the platform who it is, outside any transaction, then try the turn once more. */
async function meet(deps: Deps, turn: Turn, now: Date): Promise<Reply> {
  const platform = deps.platforms.find((one) => one.name === turn.by.platform)
  if (!platform) throw new Error('meet: a turn from a platform that is not mounted')
  const profile = await platform.profile(turn.by.address)
  const state = await introduce(deps.db, turn.by, profile, now, deps.random)
  if (state === 'refused') return { say: plain(text(profile.locale ?? 'en').outsider) }
  if (state === 'linked') return once(deps, turn)
  return { say: text(profile.locale ?? 'en').unknown }
}

async function deny(deps: Deps, turn: Turn, denied: Denied, now: Date): Promise<void> {
  deps.log.warn({ do: turn.do, person: denied.by.id }, 'turn.denied')
  await deps.db.transaction((tx) =>
    record(
      { db: tx, now, random: deps.random, by: denied.by },
      { type: 'turn.denied', object: turn.id ?? turn.do, action: turn.do, payload: { platform: turn.by.platform } },
    ),
  )
}
