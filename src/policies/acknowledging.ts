import { sql } from 'drizzle-orm'
import { statement } from '../../db/client.ts'
import { acknowledgement } from '../../db/schema/policies.ts'
import { alongside } from '../core/act.ts'
import { complete } from '../core/assignments.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { refresh } from '../core/messages.ts'
import { action, type Ctx, type FormFrame, type Reply } from '../core/workflow.ts'
import { pagesOf } from './document.ts'
import { readingForm } from './reading.ts'
import { type Acknowledgement, type Answering, answeringOf, type Request, requestOf } from './request.ts'
import { drawRequest, staleReply } from './requests.ts'
import { shownIn, text } from './text.ts'
import { doneCard } from './views.ts'

/**
 * Read and acknowledge: the form is the text itself, page by page, and its last button is the answer. Only the person
 * who was asked, only while it is open, and only for the version that was on the screen.
 */
export const acknowledge = action<Request | Answering>({
  about: 'asg',
  load: (ctx, id) => (ctx.turn?.entries ? answeringOf(ctx, id) : requestOf(ctx, id)),
  loadsAlone: true,
  may: (ctx, it) => it.assignment.personId === ctx.by.id,
  asks: {
    fields: {},
    form: async (ctx, it): Promise<FormFrame | { instead: Reply }> => {
      const instead = await insteadOf(ctx, it)
      return instead ? { instead } : readingForm(ctx, it, pageAsked(ctx, it))
    },
  },
  async run(ctx, it) {
    const instead = await insteadOf(ctx, it)
    if (instead) return instead
    const page = pageAsked(ctx, it)
    if (page < pagesOf(it.version).length)
      return { form: { ...readingForm(ctx, it, page + 1), do: 'policies.acknowledge', fields: {} } }
    if (!('next' in it)) throw new Error('acknowledge: an answer without a form')
    return { card: await agree(ctx, it) }
  },
})

/** Replaced by a newer version, answered already, stopped: nothing is asked, and things are shown as they are. */
async function insteadOf(ctx: Ctx, it: Request): Promise<Reply | undefined> {
  const shown = ctx.turn?.shown
  if (it.assignment.state === 'superseded' || (shown !== undefined && shown !== it.version.id))
    return staleReply(ctx, it)
  return isOpen(it) ? undefined : { card: await drawRequest(ctx, it.assignment.id) }
}

export const isOpen = (it: Request): boolean =>
  it.assignment.state === 'open' && it.campaign.state === 'open' && it.acknowledgement === null

/** The page on the screen: from 1, never beyond the last. Without one it is the first, so that nothing can be skipped. */
function pageAsked(ctx: Ctx, it: Request): number {
  const page = Number(ctx.turn?.with?.page ?? 1)
  return Number.isInteger(page) && page >= 1 ? Math.min(page, Math.max(1, pagesOf(it.version).length)) : 1
}

/**
 * The row that everything else is for. All its statements go out together with the turn's own receipt; the database
 * refuses a second row for the same person and version, and whoever was slower is told so.
 */
async function agree(ctx: Ctx, it: Answering) {
  const say = text(ctx.by.language)
  const { version } = it
  const row = {
    id: newId('ack', ctx.now, ctx.random),
    versionId: version.id,
    personId: ctx.by.id,
    assignmentId: it.assignment.id,
    source: 'witnessed' as const,
    statement: say.statement(version.version),
    language: shownIn(ctx.by.language),
    contentSha256: version.sha256,
    platform: ctx.platform,
    identityId: ctx.identityId,
    acknowledgedAt: ctx.now,
    recordedAt: ctx.now,
    number: it.number,
  }
  await alongside(ctx, keep(ctx, it, row))
  const given: Acknowledgement = { ...row, importSource: null }
  return doneCard(ctx, { ...it, acknowledgement: given }, it.next)
}

const place = (name: string) => sql.placeholder(name)

const addAcknowledgement = statement((db) =>
  db
    .insert(acknowledgement)
    .values({
      id: place('id'),
      versionId: place('versionId'),
      personId: place('personId'),
      assignmentId: place('assignmentId'),
      source: 'witnessed',
      statement: place('statement'),
      language: place('language'),
      contentSha256: place('contentSha256'),
      platform: place('platform'),
      identityId: place('identityId'),
      acknowledgedAt: place('acknowledgedAt'),
      recordedAt: place('recordedAt'),
      number: place('number'),
    })
    .onConflictDoNothing()
    .returning({ id: acknowledgement.id })
    .prepare('add_acknowledgement'),
)

async function keep(ctx: Ctx, it: Request, row: typeof acknowledgement.$inferInsert & { id: string }): Promise<void> {
  const [made, isDone] = await Promise.all([
    addAcknowledgement(ctx.db, row),
    complete(ctx, it.assignment.id),
    record(ctx, {
      type: 'policy.acknowledged',
      object: it.version.id,
      action: 'policies.acknowledge',
      ref: row.id,
      payload: {
        assignment: it.assignment.id,
        statement: row.statement,
        language: row.language,
        content_sha256: row.contentSha256,
      },
    }),
    // Somebody else may be looking at this one as late: only then do the digests change.
    it.assignment.dueAt < ctx.now ? refresh(ctx, it.assignment.campaignId) : undefined,
  ])
  if (made.length === 0 || !isDone) throw new Refusal(text(ctx.by.language).request.faster)
}
