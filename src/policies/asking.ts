import { and, eq, isNull } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { policyQuestion } from '../../db/schema/policies.ts'
import { record } from '../core/entries.ts'
import { isId, newId } from '../core/id.ts'
import { post, refresh } from '../core/messages.ts'
import { peopleWithRole, personById } from '../core/people.ts'
import { has, isActive } from '../core/rules.ts'
import { atWork } from '../core/schedule.ts'
import { action, type Card, type Ctx, type Person } from '../core/workflow.ts'
import { requestOf } from './request.ts'
import { text } from './text.ts'
import { mayRead, type Version, versionOf } from './versions.ts'
import { readAgain, readButton } from './views.ts'

export type Question = typeof policyQuestion.$inferSelect & { version: Version; asker: Person; answerer?: Person }

const LONGEST = 1000

export async function questionOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Question | undefined> {
  const [row] = await ctx.db.select().from(policyQuestion).where(eq(policyQuestion.id, id))
  if (!row) return undefined
  const [version, asker, answerer] = await Promise.all([
    versionOf(ctx, row.versionId),
    personById(ctx.db, row.askedBy),
    row.answeredBy === null ? undefined : personById(ctx.db, row.answeredBy),
  ])
  return version && asker && { ...row, version, asker, answerer }
}

const mayAnswer = (ctx: Ctx, it: Question) => it.version.ownerId === ctx.by.id || has(ctx.by, 'isms-manager')

/** The one who asked, the owner who answers, and the leads: nobody else reads a question. */
export const seesQuestion = (ctx: Ctx, it: Question): boolean => it.askedBy === ctx.by.id || mayAnswer(ctx, it)

/** A question about a version to its owner. The id it will have travels with the form: sent twice, it is asked once. */
export const ask = action({
  about: 'pov',
  load: (ctx, id) => versionOf(ctx, id),
  may: (ctx, version) => isActive(ctx.by) && mayRead(ctx, version),
  asks: {
    fields: (ctx) => ({
      question: { kind: 'lines' as const, label: text(ctx.by.language).ask.question, max: LONGEST },
    }),
    async form(ctx, version) {
      const say = text(ctx.by.language).ask
      const owner = await personById(ctx.db, version.ownerId)
      const id = ctx.turn?.with?.question ?? newId('que', ctx.now, ctx.random)
      return {
        id: version.id,
        title: say.title,
        submit: say.submit,
        intro: say.intro(owner?.name ?? '', version.title, version.version),
        with: { question: id },
      }
    },
  },
  async run(ctx, version: Version, { question }) {
    const say = text(ctx.by.language).ask
    const given = ctx.turn?.with?.question
    const id = isId('que', given) ? given : newId('que', ctx.now, ctx.random)
    const made = await ctx.db
      .insert(policyQuestion)
      .values({ id, versionId: version.id, askedBy: ctx.by.id, question, askedAt: ctx.now })
      .onConflictDoNothing()
      .returning({ id: policyQuestion.id })
    const answerers = await answerersOf(ctx, version)
    if (made.length > 0) {
      for (const one of answerers)
        await post(ctx, {
          key: `${id}/asked/${one.id}`,
          to: one.id,
          card: 'policies.question',
          subject: id,
          at: atWork(ctx.now, one.timezone, ctx.house.workday),
        })
      await record(ctx, {
        type: 'policy.question',
        object: version.id,
        action: 'policies.ask',
        ref: id,
        payload: { question },
      })
    }
    return { say: say.sent(answerers.map((one) => one.name).join(', ')) }
  },
})

/** The owner; where the owner has left, the ISMS managers. */
async function answerersOf(ctx: Ctx, version: Version): Promise<Person[]> {
  const owner = await personById(ctx.db, version.ownerId)
  return owner && isActive(owner) ? [owner] : peopleWithRole(ctx.db, 'isms-manager')
}

export const answer = action({
  about: 'que',
  load: (ctx, id) => questionOf(ctx, id),
  may: (ctx, it) => mayAnswer(ctx, it),
  asks: {
    fields: (ctx) => ({ answer: { kind: 'lines' as const, label: text(ctx.by.language).ask.answer, max: LONGEST } }),
    async form(ctx, it) {
      const say = text(ctx.by.language).ask
      if (it.answer !== null) return { instead: { card: await questionCard(ctx, it) } }
      return {
        id: it.id,
        title: say.answerTitle,
        submit: say.send,
        intro: say.about(it.asker.name, it.version.title, it.version.version),
        blocks: [{ kind: 'quote' as const, text: it.question }],
      }
    },
  },
  async run(ctx, it: Question, given) {
    const done = await ctx.db
      .update(policyQuestion)
      .set({ answer: given.answer, answeredBy: ctx.by.id, answeredAt: ctx.now })
      .where(and(eq(policyQuestion.id, it.id), isNull(policyQuestion.answer)))
      .returning({ id: policyQuestion.id })
    if (done.length > 0) {
      await refresh(ctx, it.id)
      await Promise.all([
        post(ctx, { key: `${it.id}/answered`, to: it.askedBy, card: 'policies.question', subject: it.id }),
        record(ctx, {
          type: 'policy.answer',
          object: it.version.id,
          action: 'policies.answer',
          ref: it.id,
          payload: { answer: given.answer },
        }),
      ])
    }
    const now = await questionOf(ctx, it.id)
    return { card: await questionCard(ctx, now ?? it) }
  },
})

/** One card for both: the owner sees what to answer, the one who asked sees what came back. */
export async function questionCard(ctx: Ctx, it: Question): Promise<Card> {
  const say = text(ctx.by.language).ask
  const { version } = it
  const isAsker = it.askedBy === ctx.by.id
  const title = isAsker ? say.yours(version.title, version.version) : say.card(version.title, version.version)
  const open = isAsker ? await openRequest(ctx, it) : undefined
  return {
    title,
    status: it.answer === null ? { label: say.waiting, tone: 'warning' } : { label: say.answered, tone: 'good' },
    blocks: [
      { kind: 'text', text: say.asked(it.asker.name) },
      { kind: 'quote', text: it.question },
      ...(it.answer === null
        ? []
        : [
            { kind: 'text' as const, text: say.said(it.answerer?.name ?? '') },
            { kind: 'quote' as const, text: it.answer },
          ]),
      {
        kind: 'buttons',
        buttons: [
          ...(it.answer === null && mayAnswer(ctx, it)
            ? [{ label: say.reply, do: 'policies.answer', id: it.id, style: 'primary' as const, asks: true }]
            : []),
          ...(open ? [readButton(ctx, open)] : [readAgain(ctx, version)]),
        ],
      },
    ],
  }
}

async function openRequest(ctx: Ctx, it: Question) {
  const [row] = await ctx.db
    .select({ id: assignment.id })
    .from(assignment)
    .where(
      and(eq(assignment.personId, it.askedBy), eq(assignment.subjectId, it.versionId), eq(assignment.state, 'open')),
    )
  return row && requestOf(ctx, row.id)
}
