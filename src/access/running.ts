import { eq } from 'drizzle-orm'
import { entitlement } from '../../db/schema/access.ts'
import { Refusal } from '../core/errors.ts'
import { plain } from '../core/md.ts'
import { personById } from '../core/people.ts'
import { has, isMember } from '../core/rules.ts'
import { action, type Card, type Ctx, type Reply } from '../core/workflow.ts'
import { mayDecide, whileOpen } from './decisions.ts'
import { itemCard } from './item-view.ts'
import { historyOf, itemsOf, type Matter, matterOf, type Running, runningOf, standings } from './items.ts'
import { listCard } from './list-view.ts'
import { moveItems, openItems } from './moving.ts'
import { mayRun, overview, seesWhole } from './overview.ts'
import { placeOf } from './place.ts'
import { recordButton } from './record.ts'
import { waiting } from './reminding.ts'
import { removalsCard, reportCard } from './report-view.ts'
import { drawMine, drawShare, isTheirs, type ShareRow, shareRow } from './shares.ts'
import { maySign, sign, signedHash } from './signing.ts'
import { text } from './text.ts'

export const lookingOf = (ctx: Ctx) => ({ language: ctx.by.language, timezone: ctx.by.timezone, now: ctx.now })

export async function drawList(ctx: Ctx): Promise<Card> {
  const [mine, systems] = await Promise.all([waiting(ctx), overview(ctx)])
  const mayImport = systems.some((one) => mayRun(ctx, one.system))
  return listCard(mine, systems, mayImport, lookingOf(ctx))
}

export async function drawReport(ctx: Ctx, it: Running): Promise<Card> {
  const [items, who] = await Promise.all([itemsOf(ctx, it.review.id), standings(ctx, it.review.id)])
  const mayHandOver = it.review.state === 'open' && mayRun(ctx, it.system)
  const record = recordButton(ctx, it.review.id)
  return reportCard(it, items, who, { page: placeOf(ctx.turn?.with).page, mayHandOver, record }, lookingOf(ctx))
}

export const drawRemovals = async (ctx: Ctx, it: Running): Promise<Card> =>
  removalsCard(it, await itemsOf(ctx, it.review.id), lookingOf(ctx))

export async function drawItem(ctx: Ctx, matter: Matter): Promise<Card> {
  const { item, it } = matter
  const [history, meanings] = await Promise.all([
    historyOf(ctx, item.id),
    ctx.db.select().from(entitlement).where(eq(entitlement.systemId, it.system.id)),
  ])
  const ifRemoved = meanings.find((one) => one.code === item.entitlementCode)?.ifRemoved ?? ''
  const card = itemCard(matter, history, ifRemoved, mayDecide(ctx, matter), lookingOf(ctx))
  const record = recordButton(ctx, item.id)
  return record.length > 0 ? { ...card, blocks: [...card.blocks, { kind: 'buttons', buttons: record }] } : card
}

/** Its reviewer, and those who see the whole review. */
export const seesItem = (ctx: Ctx, { item, it }: Matter): boolean =>
  isMember(ctx.by) && (item.reviewerId === ctx.by.id || seesWhole(ctx, it.system))

/** Where the owner stands: their own card where they have one. */
async function ownersCard(ctx: Ctx, it: Running, say?: string): Promise<Reply> {
  const card = (await drawMine(ctx, it.review.id, placeOf(undefined))) ?? (await drawReport(ctx, it))
  return { card, ...(say ? { say: plain(say) } : {}) }
}

/** The hash that may be signed now, when it is the one that was shown; otherwise how things stand instead. */
async function signable(ctx: Ctx, it: Running): Promise<string | Reply> {
  const say = text(ctx.by.language).say
  if (it.review.state === 'signed') return ownersCard(ctx, it)
  const [items, who] = await Promise.all([itemsOf(ctx, it.review.id), standings(ctx, it.review.id)])
  const open = who.filter((one) => one.open > 0).map((one) => say.missingOne(one.name, one.open))
  if (open.length > 0) return ownersCard(ctx, it, say.missing(open.join(', ')))
  const sha256 = signedHash(it, items)
  return ctx.turn?.shown === sha256 ? sha256 : ownersCard(ctx, it, say.listChanged)
}

export const running = {
  reviews: action({
    reads: true,
    may: (ctx) => isMember(ctx.by),
    run: async (ctx) => ({ card: await drawList(ctx) }),
  }),

  show: action<ShareRow>({
    about: 'asg',
    reads: true,
    load: shareRow,
    may: isTheirs,
    run: async (ctx, share) => ({ card: await drawShare(ctx, share, placeOf(ctx.turn?.with)) }),
  }),

  item: action<Matter>({
    about: 'rit',
    reads: true,
    load: matterOf,
    may: seesItem,
    run: async (ctx, matter) => ({ card: await drawItem(ctx, matter) }),
  }),

  report: action<Running>({
    about: 'rev',
    reads: true,
    load: runningOf,
    may: (ctx, it) => seesWhole(ctx, it.system),
    run: async (ctx, it) => ({ card: await drawReport(ctx, it) }),
  }),

  removals: action<Running>({
    about: 'rev',
    reads: true,
    load: runningOf,
    may: (ctx, it) => seesWhole(ctx, it.system),
    run: async (ctx, it) => ({ card: await drawRemovals(ctx, it) }),
  }),

  sign: action({
    about: 'rev',
    load: runningOf,
    may: maySign,
    asks: {
      async fields(ctx: Ctx, it: Running) {
        const say = text(ctx.by.language).form
        const items = await itemsOf(ctx, it.review.id)
        return {
          statement: { kind: 'agree', label: say.signLabel, statement: say.signStatement(items.length) },
        } as const
      },
      async form(ctx, it: Running) {
        const say = text(ctx.by.language)
        const sha256 = await signable(ctx, it)
        if (typeof sha256 !== 'string') return { instead: sha256 }
        return {
          title: say.form.sign(it.system.name),
          submit: say.form.signSubmit,
          shown: sha256,
          intro: say.form.signIntro,
          blocks: [
            {
              kind: 'facts' as const,
              facts: [{ label: say.review.hash, value: [{ text: sha256, code: true as const }] }],
            },
          ],
        }
      },
    },
    async run(ctx, it) {
      const sha256 = await signable(ctx, it)
      if (typeof sha256 !== 'string') return sha256
      const items = await itemsOf(ctx, it.review.id)
      await sign(ctx, it, text(ctx.by.language).form.signStatement(items.length))
      const signed = await runningOf(ctx, it.review.id)
      return ownersCard(ctx, signed ?? it)
    },
  }),

  'hand-over': action({
    about: 'asg',
    load: shareRow,
    may: (ctx, share: ShareRow) => mayRun(ctx, share.it.system),
    asks: {
      fields: (ctx: Ctx) => {
        const say = text(ctx.by.language).form
        return {
          person: { kind: 'person', label: say.handOverTo },
          reason: { kind: 'lines', label: say.reason, max: 1000 },
        } as const
      },
      async form(ctx, share: ShareRow) {
        const say = text(ctx.by.language)
        const [open, who] = await Promise.all([
          openItems(ctx, share.it.review.id, share.personId),
          personById(ctx.db, share.personId),
        ])
        if (open.length === 0 || share.it.review.state === 'signed')
          return { instead: { card: await drawReport(ctx, share.it), say: plain(say.say.nothingOpen) } }
        return {
          title: say.form.handOver,
          submit: say.form.handOverSubmit,
          intro: say.form.handOverIntro(who?.name ?? '', open.length),
        }
      },
    },
    async run(ctx, share, { person, reason }) {
      const { say } = text(ctx.by.language)
      const heir = await personById(ctx.db, person)
      if (!heir || !isMember(heir) || has(heir, 'auditor')) throw new Refusal(say.notHere, { person: say.notHere })
      if (heir.id === share.personId) throw new Refusal(say.notYourself, { person: say.notYourself })
      await whileOpen(ctx, share.it)
      const { review, system } = share.it
      const items = await openItems(ctx, review.id, share.personId)
      const moved = await moveItems(ctx, { review, system, items, to: heir.id, reason, from: share.personId })
      return { card: await drawReport(ctx, share.it), say: plain(say.handedOver(moved)) }
    },
  }),
}
