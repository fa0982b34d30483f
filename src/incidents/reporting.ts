import { Refusal } from '../core/errors.ts'
import { LONGEST_TEXT } from '../core/form.ts'
import { isId, newId } from '../core/id.ts'
import { join } from '../core/md.ts'
import { isActive } from '../core/rules.ts'
import { action, type Ctx, type Reply } from '../core/workflow.ts'
import { carriedOf } from './carried.ts'
import { onDuty } from './duty.ts'
import { detailForm, originOfTurn, reportFields, reportForm } from './forms.ts'
import type { Audience, Category, Known } from './kinds.ts'
import { receiptOf } from './receipt.ts'
import { type Report, reportById } from './register.ts'
import { addDetail, makeReport, withdraw } from './report.ts'
import { dutyWords } from './reporter-view.ts'
import { sayTo, when } from './when.ts'

const isOwn = (ctx: Ctx, it: Report) => isActive(ctx.by) && it.reporterId === ctx.by.id

/** Nobody looks at a withdrawn report any more, so its reporter is sent to a new one. */
function refuseWithdrawn(ctx: Ctx, it: Report): void {
  if (it.state === 'withdrawn') throw new Refusal(sayTo(ctx).refusal.withdrawn)
}

/** What the person who saw something does. */
export const reporting = {
  report: action({
    about: 'new',
    load: async (_ctx, id) => (id === '' || isId('rep', id) ? { id } : undefined),
    may: (ctx) => isActive(ctx.by),
    asks: { fields: (ctx) => reportFields(sayTo(ctx)), form: reportForm },
    async run(ctx, { id }, said): Promise<Reply> {
      const it = await makeReport(ctx, id === '' ? newId('rep', ctx.now, ctx.random) : id, {
        what: said.what,
        // read() lets only the values offered through.
        category: (said.category ?? 'not-sure') as Category,
        ongoing: (said.ongoing ?? 'unknown') as Known,
        personalData: (said.personalData ?? 'unknown') as Known,
        audience: (said.audience ?? 'responders') as Audience,
        origin: originOfTurn(ctx),
        carried: await carriedOf(ctx),
      })
      const { receipt } = sayTo(ctx)
      const duty = await onDuty(ctx, it.reporterId)
      return { say: join([receipt.thanks(it.number, when(ctx, it.reportedAt)), dutyWords(ctx, it, duty)]) }
    },
  }),

  detail: action({
    about: 'rep',
    load: reportById,
    may: isOwn,
    asks: {
      fields: (ctx) => ({ more: { kind: 'lines' as const, label: sayTo(ctx).detail.what, max: LONGEST_TEXT } }),
      form(ctx, it) {
        refuseWithdrawn(ctx, it)
        return detailForm(ctx, it)
      },
    },
    async run(ctx, it, { more }): Promise<Reply> {
      refuseWithdrawn(ctx, it)
      await addDetail(ctx, it, more)
      return { card: await receiptOf(ctx, it), say: sayTo(ctx).detail.added(it.number) }
    },
  }),

  withdraw: action({
    about: 'rep',
    load: reportById,
    may: isOwn,
    async run(ctx, it): Promise<Reply> {
      const isDone = await withdraw(ctx, it)
      const now = (await reportById(ctx, it.id)) ?? it
      const isTooLate = !isDone && now.state === 'decided'
      return {
        card: await receiptOf(ctx, now),
        ...(isTooLate ? { say: [{ text: sayTo(ctx).refusal.tooLate }] } : {}),
      }
    },
  }),
}
