import { Refusal } from '../core/errors.ts'
import type { Answers } from '../core/form.ts'
import { isId } from '../core/id.ts'
import { plain } from '../core/md.ts'
import { refresh } from '../core/messages.ts'
import { personById } from '../core/people.ts'
import { has, isActive, isMember } from '../core/rules.ts'
import { leaveFiles } from '../core/uploads.ts'
import type { Field } from '../core/view.ts'
import { type Action, action, type Card, type Ctx, type Person } from '../core/workflow.ts'
import { type Answer, attest } from './attest.ts'
import { type Asked, dutyOf, occurrenceOf } from './duty.ts'
import { MOST_EVIDENCE } from './evidence.ts'
import { controlPage, dutyPage, minePage, registerPage } from './look.ts'
import { type Control, controlOf, giveTo, handOver, type Ownable, ownedBy, ownerIdOf } from './owners.ts'
import type { Duty } from './period.ts'
import { readerOf } from './reader.ts'
import { mayRead, oversees, seesAnswer } from './sight.ts'
import { text } from './text.ts'
import { askedOnceCard, codeOf, handoverCard, requestCard } from './views.ts'

const heads = (ctx: Ctx): boolean => isActive(ctx.by) && has(ctx.by, 'isms-manager')

const pageIn = (ctx: Ctx): number => {
  const page = ctx.turn?.with?.page ?? ''
  return /^\d{1,4}$/.test(page) ? Number(page) : 0
}

/** As it stands now, for the owner; to who had it before it was handed on, only whose it is. */
async function standing(ctx: Ctx, id: string): Promise<Card> {
  const asked = await occurrenceOf(ctx, id)
  if (!asked) throw new Error('a period vanished within a transaction')
  if (!(await seesAnswer(ctx, asked))) return askedOnceCard(asked, readerOf(ctx))
  return requestCard(asked, readerOf(ctx), asked.attestation === null)
}

type AttestFields = {
  answer: Field & { kind: 'choice' }
  statement: Field & { kind: 'lines' }
  files: Field & { kind: 'file'; optional: true }
}

const attesting = action<Asked, AttestFields>({
  about: 'occ',
  load: occurrenceOf,
  may: (ctx, { occurrence }) => isMember(ctx.by) && occurrence.ownerId === ctx.by.id,
  asks: {
    fields(ctx, { last }) {
      const { form, answer } = text(ctx.by.language)
      const option = (value: Answer) => ({ value, label: answer[value], hint: form.hints[value] })
      return {
        answer: {
          kind: 'choice',
          label: form.answer,
          options: [option('operates'), option('deviations'), option('fails')],
        },
        statement: {
          kind: 'lines',
          label: form.statement,
          hint: last ? form.statementAgain : form.statementHint,
        },
        files: {
          kind: 'file',
          label: form.files,
          hint: form.filesHint,
          max: MOST_EVIDENCE,
          optional: true,
        },
      }
    },
    async form(ctx, { occurrence, duty, attestation, last }) {
      if (attestation) return { instead: { card: await standing(ctx, occurrence.id) } }
      const { say, fromTo } = readerOf(ctx)
      return {
        title: say.form.title,
        submit: say.form.submit,
        intro: say.form.intro(duty.title, fromTo(occurrence.periodFrom, occurrence.periodTo)),
        ...(last ? { values: { statement: last.statement } } : {}),
      }
    },
  },
  async run(ctx, asked, { answer, statement, files = [] }) {
    const isNew = await attest(ctx, asked, { answer: answer as Answer, statement, files })
    const card = await standing(ctx, asked.occurrence.id)
    if (isNew) return { card }
    leaveFiles(ctx)
    return { card, say: plain(text(ctx.by.language).form.before) }
  },
})

type OwnerFields = { owner: Field & { kind: 'person' } }

const ownerField = (ctx: Ctx): OwnerFields => {
  const { assigning } = text(ctx.by.language)
  return { owner: { kind: 'person', label: assigning.owner, hint: assigning.hint } }
}

/** Who may own: a member who works here. Throws Refusal on the field. */
async function heirOf(ctx: Ctx, { owner }: Answers<OwnerFields>, before: string | null): Promise<Person> {
  const { assigning } = text(ctx.by.language)
  if (owner === before) throw new Refusal(assigning.already, { owner: assigning.already })
  const heir = await personById(ctx.db, owner)
  if (!heir || !isMember(heir)) throw new Refusal(assigning.cannot, { owner: assigning.cannot })
  return heir
}

const assigning = action<Ownable, OwnerFields>({
  async load(ctx, id) {
    if (isId('act', id)) {
      const duty = await dutyOf(ctx, id)
      return duty && { duty }
    }
    const control = await controlOf(ctx, id)
    return control && { control }
  },
  may: heads,
  asks: {
    fields: ownerField,
    form(ctx, it) {
      const { assigning: say } = text(ctx.by.language)
      return { title: say.title, submit: say.submit, intro: say.intro(codeOf(it)) }
    },
  },
  async run(ctx, it, answers) {
    const { assigning: say } = text(ctx.by.language)
    const before = ownerIdOf(it)
    const heir = await heirOf(ctx, answers, before)
    if (!(await giveTo(ctx, it, heir))) throw new Refusal(say.faster)
    if (before !== null) await refresh(ctx, before)
    return { say: say.done(codeOf(it), heir.name) }
  },
})

const handing = action<Person, OwnerFields>({
  about: 'per',
  load: (ctx, id) => personById(ctx.db, id),
  may: heads,
  asks: {
    fields: ownerField,
    async form(ctx, leaver) {
      const { assigning: say } = text(ctx.by.language)
      const owned = await ownedBy(ctx, leaver.id)
      if (owned.length === 0) return { instead: { card: handoverCard(leaver, owned, readerOf(ctx)) } }
      return { title: say.titleAll, submit: say.submit, intro: say.introAll(leaver.name) }
    },
  },
  async run(ctx, leaver, answers) {
    const { assigning: say } = text(ctx.by.language)
    const heir = await heirOf(ctx, answers, leaver.id)
    const given = await handOver(ctx, leaver.id, heir)
    const card = handoverCard(leaver, await ownedBy(ctx, leaver.id), readerOf(ctx))
    return { card, say: plain(say.doneAll(given, heir.name, ctx.by.language)) }
  },
})

/** The command `controls`: one's own; the register for who oversees it; `controls A.5.18` one control. */
const mine = action({
  reads: true,
  may: (ctx) => isMember(ctx.by),
  async run(ctx) {
    if (!oversees(ctx)) return { card: await minePage(ctx) }
    const typed = ctx.turn?.with?.text?.trim().toUpperCase() ?? ''
    const control = typed && ((await controlOf(ctx, `2022/${typed}`)) ?? (await controlOf(ctx, `2013/${typed}`)))
    if (control) return { card: await controlPage(ctx, control) }
    return { card: ctx.turn?.origin === 'command' ? await registerPage(ctx, '2022', 0) : await minePage(ctx) }
  },
})

const register = action({
  reads: true,
  may: oversees,
  run: async (ctx) => ({
    card: await registerPage(ctx, ctx.turn?.with?.edition === '2013' ? '2013' : '2022', pageIn(ctx)),
  }),
})

const show = action<Duty>({
  about: 'act',
  reads: true,
  load: dutyOf,
  may: mayRead,
  run: async (ctx, duty) => ({ card: await dutyPage(ctx, duty, pageIn(ctx)) }),
})

const control = action<Control>({
  reads: true,
  load: controlOf,
  may: (ctx, it) => oversees(ctx) || (isMember(ctx.by) && it.ownerId === ctx.by.id),
  run: async (ctx, it) => ({ card: await controlPage(ctx, it) }),
})

export const actions: Record<string, Action> = {
  attest: attesting,
  assign: assigning,
  handover: handing,
  mine,
  register,
  show,
  control,
}
