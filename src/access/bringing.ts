import { and, count, eq, isNotNull, isNull, min } from 'drizzle-orm'
import { accessGrant, system } from '../../db/schema/access.ts'
import { Refusal } from '../core/errors.ts'
import { dropUpload, readFile } from '../core/files.ts'
import { has, isMember } from '../core/rules.ts'
import { addDays, localDay } from '../core/schedule.ts'
import type { Field, Form } from '../core/view.ts'
import { action, type Card, type Ctx } from '../core/workflow.ts'
import { ExportRefused } from './formats/index.ts'
import { importAccess } from './imports.ts'
import { runningOf } from './items.ts'
import { mayRun, seesWhole } from './overview.ts'
import { placeOf } from './place.ts'
import { receiptCard } from './receipt-view.ts'
import { type Brought, openReview, snapshotOf } from './reviews.ts'
import { drawReport, lookingOf } from './running.ts'
import { drawMine } from './shares.ts'
import { text } from './text.ts'

/** Accounts without a person that a receipt lists by name. */
const LISTED = 20
/** Days a review runs when nobody says otherwise. */
const USUAL = 14

export async function drawReceipt(ctx: Ctx, it: Brought): Promise<Card> {
  const of = eq(accessGrant.snapshotId, it.snapshot.id)
  const account = { accountId: accessGrant.accountId }
  const [linked, unlinked] = await Promise.all([
    ctx.db
      .selectDistinct(account)
      .from(accessGrant)
      .where(and(of, isNotNull(accessGrant.personId))),
    ctx.db
      .select({
        ...account,
        accountEmail: min(accessGrant.accountEmail),
        link: min(accessGrant.link),
        line: min(accessGrant.line),
        n: count(),
      })
      .from(accessGrant)
      .where(and(of, isNull(accessGrant.personId)))
      .groupBy(accessGrant.accountId)
      .orderBy(min(accessGrant.line)),
  ])
  const shown = unlinked.slice(0, LISTED).map((one) => ({ ...one, link: one.link ?? 'none' }))
  return receiptCard(
    it,
    { linked: linked.length, unlinked: shown, left: unlinked.length - shown.length },
    mayRun(ctx, it.system),
    lookingOf(ctx),
  )
}

export const seesReceipt = (ctx: Ctx, it: Brought): boolean => seesWhole(ctx, it.system)

const systemsOf = async (ctx: Ctx) => {
  const all = await ctx.db.select().from(system).orderBy(system.name)
  return all.filter((one) => mayRun(ctx, one))
}

async function importFields(ctx: Ctx) {
  const say = text(ctx.by.language).form
  const options = (await systemsOf(ctx)).map(({ code, name }) => ({ value: code, label: name }))
  return {
    system: { kind: 'choice', label: say.system, options },
    file: { kind: 'file', label: say.file, hint: say.fileHint, max: 1 },
    expected: { kind: 'number', label: say.expected, hint: say.expectedHint, min: 0, optional: true },
    taken: {
      kind: 'date',
      label: say.taken,
      hint: say.takenHint,
      max: localDay(ctx.now, ctx.by.timezone),
      optional: true,
    },
  } as const
}

function importFrame(ctx: Ctx) {
  const say = text(ctx.by.language).form
  return { title: say.import, submit: say.importSubmit, intro: say.importIntro }
}

type StartFields = { due: Field & { kind: 'date' }; empty?: Field & { kind: 'agree' } }

export const bringing = {
  import: action({
    may: async (ctx) => isMember(ctx.by) && (has(ctx.by, 'isms-manager') || (await systemsOf(ctx)).length > 0),
    asks: {
      fields: importFields,
      async form(ctx) {
        const say = text(ctx.by.language).say
        if ((await systemsOf(ctx)).length === 0) throw new Refusal(say.unknownSystem('', say.noSystems))
        return importFrame(ctx)
      },
    },
    async run(ctx, _, { system: code, file: files, expected, taken }) {
      const say = text(ctx.by.language).say
      const [fileId = ''] = files
      const kept = await readFile(ctx.db, fileId)
      if (!kept) throw new Refusal(say.lostFile, { file: say.lostFile })
      const extractedAt = taken === undefined ? undefined : new Date(`${taken}T00:00:00Z`)
      try {
        const { snapshotId } = await importAccess(ctx, {
          system: code,
          bytes: kept.bytes,
          name: '',
          expected,
          extractedAt,
        })
        const brought = snapshotId === undefined ? undefined : await snapshotOf(ctx, snapshotId)
        return brought ? { card: await drawReceipt(ctx, brought) } : {}
      } catch (error) {
        if (!(error instanceof ExportRefused)) throw error
        // Not kept: a shadow file must not stay behind because somebody chose it. What somebody else brought, and
        // evidence of something else, stays.
        await dropUpload(ctx.db, { fileId, personId: ctx.by.id })
        const { file: _gone, ...values } = ctx.turn?.entries ?? {}
        const form: Form = {
          ...importFrame(ctx),
          do: 'access.import',
          fields: await importFields(ctx),
          values,
          errors: { file: error.message },
        }
        return { form }
      }
    },
  }),

  receipt: action<Brought>({
    about: 'snp',
    reads: true,
    load: snapshotOf,
    may: seesReceipt,
    run: async (ctx, it) => ({ card: await drawReceipt(ctx, it) }),
  }),

  start: action({
    about: 'snp',
    load: snapshotOf,
    may: (ctx, it: Brought) => mayRun(ctx, it.system),
    asks: {
      fields: (ctx: Ctx, it: Brought): StartFields => {
        const say = text(ctx.by.language).form
        const due = { kind: 'date', label: say.startDue, min: localDay(ctx.now, ctx.by.timezone) } as const
        const empty = { kind: 'agree', label: say.startEmpty, statement: say.startEmptyStatement } as const
        return it.receipt.grants === 0 ? { due, empty } : { due }
      },
      async form(ctx, it: Brought) {
        const say = text(ctx.by.language)
        if (it.reviewId !== null) return { instead: { card: await drawReceipt(ctx, it) } }
        if (!it.receipt.balanced) throw new Refusal(say.say.unbalanced)
        const due = addDays(localDay(ctx.now, ctx.by.timezone), USUAL)
        return { title: say.form.start(it.system.name), submit: say.form.startSubmit, values: { due } }
      },
    },
    async run(ctx, it, answers) {
      const reviewId = await openReview(ctx, {
        snapshotId: it.snapshot.id,
        dueOn: answers.due,
        confirmedEmpty: it.receipt.grants === 0,
      })
      const opened = await runningOf(ctx, reviewId)
      if (!opened) throw new Error('access.start: the review vanished')
      return { card: (await drawMine(ctx, reviewId, placeOf(undefined))) ?? (await drawReport(ctx, opened)) }
    },
  }),
}
