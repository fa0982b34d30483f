import { and, eq, sql } from 'drizzle-orm'
import { statement } from '../../db/client.ts'
import { delivery } from '../../db/schema/messages.ts'
import { receipt } from '../../db/schema/record.ts'
import { Refusal } from './errors.ts'
import { read } from './form.ts'
import { isId, type Kind } from './id.ts'
import { redraw } from './messages.ts'
import { text } from './text.ts'
import { type FilesIn, filesIn, strangeFiles, takeFiles } from './uploads.ts'
import type { Action, Ctx, Entries, Fields, Reply } from './workflow.ts'

/** Thrown to undo a turn that another delivery of the same click finished first. */
export class Replayed extends Error {}

/** Somebody tried what is not theirs: undone, told nothing, and worth an entry of its own. */
export class Denied extends Error {
  readonly by: Ctx['by']
  constructor(by: Ctx['by']) {
    super('denied')
    this.by = by
  }
}

const keepReceipt = statement((db) =>
  db
    .insert(receipt)
    .values({
      turnKey: sql.placeholder('keyed'),
      personId: sql.placeholder('by'),
      reply: sql.placeholder('reply'),
      createdAt: sql.placeholder('now'),
    })
    .onConflictDoNothing()
    .returning({ key: receipt.turnKey })
    .prepare('keep_receipt'),
)

/**
 * Sends work along whose answer the reply does not need: in a turn it is waited for at the end, together with the
 * receipt; elsewhere at once.
 */
export async function alongside(ctx: Ctx, work: Promise<unknown>): Promise<void> {
  if (!ctx.underway) {
    await work
    return
  }
  // If something else fails first, the transaction is undone and nobody asks for this one any more.
  work.catch(() => {})
  ctx.underway.push(work)
}

/**
 * May they, what is asked, what was answered, and the change; its receipt is kept in the same transaction, so that a
 * redelivered click gets the same answer. `early` is the subject if it was loaded already.
 */
export async function act(ctx: Ctx, it: Action, keyed: string, early: unknown): Promise<Reply> {
  const { turn } = ctx
  if (!turn) throw new Error('act: a turn is needed')
  const subject = early ?? (await subjectOf(ctx, it, turn.id))
  if (!(await it.may(ctx, subject))) throw new Denied(ctx.by)
  let answers = {}
  let files: FilesIn = []
  if (it.asks) {
    if (!turn.entries) return formOf(ctx, it, subject)
    const fields = await fieldsOf(ctx, it, subject)
    const result = read(fields, turn.entries, ctx.by.language)
    if ('answers' in result) {
      answers = result.answers
      files = filesIn(fields, answers)
    }
    const errors = 'errors' in result ? result.errors : await strangeFiles(ctx, files)
    if (errors) return withErrors(await formOf(ctx, it, subject), turn.entries, errors)
  }
  const reply = await it.run(ctx, subject, answers)
  if (it.reads) return (await isStanding(ctx, reply)) ? { ...reply, beside: true } : reply
  // Nothing was taken in: the same form stays open, and on some platforms its next submit comes under the same key.
  if (reply.form?.errors) {
    await settled(ctx)
    return reply
  }
  const [kept] = await Promise.all([
    keepReceipt(ctx.db, { keyed, by: ctx.by.id, reply, now: ctx.now }),
    takeFiles(ctx, files),
    settled(ctx, reply),
  ])
  if (kept.length === 0) throw new Replayed()
  return reply
}

/** A message that asks for something must not be lost to a page that was only looked at. */
async function isStanding({ db, turn, identityId }: Ctx, { card }: Reply): Promise<boolean> {
  if (!card || !turn?.anchor || !identityId) return false
  const anchor = sql`${JSON.stringify(turn.anchor)}::text::jsonb`
  const here = and(eq(delivery.identityId, identityId), eq(delivery.anchor, anchor))
  const [standing] = await db.select({ id: delivery.messageId }).from(delivery).where(here).limit(1)
  return standing !== undefined
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
export const withErrors = (reply: Reply, values: Entries, errors: Record<string, string>): Reply =>
  reply.form ? { form: { ...reply.form, values, errors } } : reply

/** A subject that is found without knowing the person is on its way together with the question who it is. */
export const loadAlone = (bare: Omit<Ctx, 'by' | 'identityId' | 'log'>, it: Action, id: string | undefined) =>
  it.loadsAlone && it.load && it.about !== undefined && it.about !== 'new' && isId(it.about, id)
    ? it.load(bare as Ctx, id)
    : undefined

async function subjectOf(ctx: Ctx, it: Action, id: string | undefined): Promise<unknown> {
  const notYours = text(ctx.by.language).notYours(ctx.house.typed('inbox', ctx.platform))
  if (it.about !== undefined && it.about !== 'new' && !isId(it.about as Kind, id)) throw new Refusal(notYours)
  if (!it.load) return undefined
  const subject = await it.load(ctx, id ?? '')
  if (subject === undefined) throw new Refusal(notYours)
  return subject
}

/**
 * What is still on its way has arrived, and every card that this turn made stale is asked for anew; the clicked message
 * shows the reply already, so the worker need not edit that one again.
 */
async function settled(ctx: Ctx, { card }: Reply = {}): Promise<void> {
  const { anchor } = ctx.turn ?? {}
  const answered = card && anchor && ctx.identityId ? { identityId: ctx.identityId, anchor, card } : undefined
  await Promise.all([...(ctx.underway ?? []), redraw(ctx, taken(ctx.stale), answered)])
  // What was on its way may have made more cards stale.
  await redraw(ctx, taken(ctx.stale))
}

function taken(stale: Set<string> | undefined): string[] {
  const all = [...(stale ?? [])]
  stale?.clear()
  return all
}
