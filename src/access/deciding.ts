import { Refusal } from '../core/errors.ts'
import { plain } from '../core/md.ts'
import type { Fields, Form } from '../core/view.ts'
import { action, type Ctx, type Reply } from '../core/workflow.ts'
import { type Choice, decide, mayDecide, mayUndo, UNDO_MS, undo } from './decisions.ts'
import { needsReason } from './flags.ts'
import { handOn } from './handing.ts'
import { type Matter, matterOf } from './items.ts'
import { nameOf } from './names.ts'
import { placeOf } from './place.ts'
import { drawMine } from './shares.ts'
import { text } from './text.ts'

/** The reviewer's own card where they were, with a sentence when there is one to say. */
async function standing(ctx: Ctx, { it }: Matter, say?: string): Promise<Reply> {
  const card = await drawMine(ctx, it.review.id, placeOf(ctx.turn?.with))
  return { ...(card ? { card } : {}), ...(say ? { say: plain(say) } : {}) }
}

const done = async (ctx: Ctx, matter: Matter, recorded: boolean): Promise<Reply> =>
  standing(ctx, matter, recorded ? undefined : text(ctx.by.language).say.faster)

/** Nothing to ask any more: decided, changed, handed over or signed since the card was drawn. */
async function stale(ctx: Ctx, matter: Matter): Promise<{ instead: Reply } | undefined> {
  const { item, it } = matter
  const say = text(ctx.by.language).say
  if (it.review.state === 'signed') return { instead: await standing(ctx, matter, say.signed(it.signedByName ?? '')) }
  const shown = ctx.turn?.shown
  return shown !== undefined && shown !== String(item.version)
    ? { instead: await standing(ctx, matter, say.faster) }
    : undefined
}

const kept = (ctx: Ctx) => (ctx.turn?.with ? { with: ctx.turn.with } : {})

const reasonOf = (
  language: string,
  hint: 'justifyHint' | 'removeHint',
): { reason: Fields[string] & { kind: 'lines' } } => {
  const say = text(language).form
  return { reason: { kind: 'lines', label: say.reason, hint: say[hint], max: 1000 } }
}

function justifyForm(ctx: Ctx, { item }: Matter) {
  const say = text(ctx.by.language).form
  return {
    title: say.justify(nameOf(item)),
    submit: say.keepSubmit,
    shown: String(item.version),
    intro: (item.privileged === 'yes' ? say.justifyIntro : say.justifyGrave)(item.entitlementLabel),
    ...kept(ctx),
  }
}

export const deciding = {
  keep: action<Matter>({
    about: 'rit',
    load: matterOf,
    may: (ctx, matter: Matter) => mayDecide(ctx, matter),
    async run(ctx, matter) {
      const old = await stale(ctx, matter)
      if (old) return old.instead
      const { item } = matter
      // Whatever button was drawn.
      if (needsReason(item)) {
        const fields = reasonOf(ctx.by.language, 'justifyHint')
        const form: Form = { ...justifyForm(ctx, matter), do: 'access.justify', id: item.id, fields }
        return { form }
      }
      return done(ctx, matter, await decide(ctx, matter, { choice: 'keep' }))
    },
  }),

  justify: action({
    about: 'rit',
    load: matterOf,
    may: (ctx, matter: Matter) => mayDecide(ctx, matter),
    asks: {
      fields: (ctx: Ctx) => reasonOf(ctx.by.language, 'justifyHint'),
      form: async (ctx, matter: Matter) => (await stale(ctx, matter)) ?? justifyForm(ctx, matter),
    },
    run: async (ctx, matter, { reason }) => done(ctx, matter, await decide(ctx, matter, { choice: 'keep', reason })),
  }),

  remove: action({
    about: 'rit',
    load: matterOf,
    may: (ctx, matter: Matter) => mayDecide(ctx, matter),
    asks: {
      fields: (ctx: Ctx) => reasonOf(ctx.by.language, 'removeHint'),
      async form(ctx, matter: Matter) {
        const say = text(ctx.by.language).form
        const old = await stale(ctx, matter)
        if (old) return old
        return {
          title: say.remove(nameOf(matter.item)),
          submit: say.removeSubmit,
          shown: String(matter.item.version),
          intro: say.removeIntro,
          ...kept(ctx),
        }
      },
    },
    run: async (ctx, matter, { reason }) => done(ctx, matter, await decide(ctx, matter, { choice: 'remove', reason })),
  }),

  more: action({
    about: 'rit',
    load: matterOf,
    may: (ctx, matter: Matter) => mayDecide(ctx, matter),
    asks: {
      fields: (ctx: Ctx) => {
        const say = text(ctx.by.language).form
        const options = (['keep', 'remove', 'change', 'unknown', 'not-mine'] as const).map((value) => ({
          value,
          label: say.option[value],
        }))
        return {
          choice: { kind: 'choice', label: say.choice, options },
          reason: { kind: 'lines', label: say.reason, hint: say.moreReason, max: 1000, optional: true },
          to: { kind: 'line', label: say.to, hint: say.toHint, optional: true },
          person: { kind: 'person', label: say.person, hint: say.personHint, optional: true },
        } as const
      },
      async form(ctx, matter: Matter) {
        const say = text(ctx.by.language).form
        const old = await stale(ctx, matter)
        if (old) return old
        const { item } = matter
        return { title: say.more(nameOf(item)), submit: say.moreSubmit, shown: String(item.version), ...kept(ctx) }
      },
    },
    async run(ctx, matter, { choice, reason, to, person }) {
      if (choice === 'not-mine') {
        const say = text(ctx.by.language).say
        const moved = await handOn(ctx, matter, person, reason ?? '')
        return standing(ctx, matter, moved ? say.handedOver(1) : say.faster)
      }
      return done(ctx, matter, await decide(ctx, matter, { choice: choice as Choice, reason, changeTo: to }))
    },
  }),

  undo: action<Matter>({
    about: 'rit',
    load: matterOf,
    may: (ctx, matter: Matter) => mayUndo(ctx, matter),
    async run(ctx, matter) {
      const say = text(ctx.by.language).say
      const { item } = matter
      if (ctx.turn?.shown !== undefined && ctx.turn.shown !== String(item.version)) throw new Refusal(say.notUndone)
      if (await undo(ctx, matter)) return standing(ctx, matter)
      const isOld = (item.decidedAt?.getTime() ?? 0) <= ctx.now.getTime() - UNDO_MS
      return standing(ctx, matter, isOld ? say.tooLate : say.notUndone)
    },
  }),
}
