import { LONGEST_TEXT } from '../core/form.ts'
import { isId, newId } from '../core/id.ts'
import { plain } from '../core/md.ts'
import type { Field } from '../core/view.ts'
import { dayOf } from '../core/words.ts'
import type { Carried, Ctx, Form, Option } from '../core/workflow.ts'
import { carriedOf, carriedWith, shorten } from './carried.ts'
import { AUDIENCES, CATEGORIES, KNOWN, SEVERITIES, SHORTEST_REASON, type Verdict } from './kinds.ts'
import type { Report } from './register.ts'
import { seesReport } from './sight.ts'
import type { Say } from './text.ts'
import { firstWords, kindOf, paragraph, quote } from './views.ts'
import { sayTo } from './when.ts'

/** What an action asks, without the fields. */
type Frame = Omit<Form, 'fields' | 'do' | 'errors'>

const optionsOf = <T extends string>(values: readonly T[], labels: Record<T, string>): Option[] =>
  values.map((value) => ({ value, label: labels[value] }))

const choice = (label: string, options: Option[]): Field & { kind: 'choice'; optional: true } => ({
  kind: 'choice',
  label,
  options,
  optional: true,
})

/** One required question; everything else has a default (field practice: nobody under stress picks a severity). */
export const reportFields = (say: Say) => ({
  what: { kind: 'lines' as const, label: say.form.what, hint: say.form.whatHint, max: LONGEST_TEXT },
  category: choice(say.form.kind, optionsOf(CATEGORIES, say.category)),
  ongoing: choice(say.form.ongoing, optionsOf(KNOWN, say.known)),
  personalData: choice(say.form.personalData, optionsOf(KNOWN, say.known)),
  audience: choice(say.form.audience, optionsOf(AUDIENCES, say.audience)),
})

/** Filled with what was typed after the command or with the message it came from. The id of the report is made here. */
export async function reportForm(ctx: Ctx): Promise<Frame> {
  const say = sayTo(ctx).form
  const { turn } = ctx
  const carried = await carriedOf(ctx)
  const what = shorten(turn?.with?.text?.trim() || carried?.text || '', LONGEST_TEXT)
  return {
    id: isId('rep', turn?.id) ? turn.id : newId('rep', ctx.now, ctx.random),
    title: say.title,
    submit: say.submit,
    intro: plain(say.intro),
    ...(carried?.author || carried?.link ? { blocks: [paragraph(say.carried), ...originOf(carried)] } : {}),
    with: { ...carriedWith(carried), origin: originOfTurn(ctx) },
    values: { what, category: 'not-sure', ongoing: 'unknown', personalData: 'unknown', audience: 'responders' },
  }
}

const originOf = (carried: Carried) => [carried.author, carried.link].flatMap((one) => (one ? [quote(one)] : []))

/** Where the report began, through the form: command, shortcut, message, home, button, web. */
export const originOfTurn = (ctx: Ctx): string =>
  (/^[a-z]{1,20}$/.exec(ctx.turn?.with?.origin ?? ctx.turn?.origin ?? '') ?? ['button'])[0]

/** Why, and what the reporter may hear of it. */
export const reasonFields = (say: Say, kind: Verdict) => ({
  reason: {
    kind: 'lines' as const,
    label: say.decision.reason,
    hint: say.decision.reasonHint(SHORTEST_REASON[kind]),
    max: LONGEST_TEXT,
  },
  toReporter: {
    kind: 'lines' as const,
    label: say.decision.toReporter,
    hint: say.decision.toReporterHint,
    max: 1000,
    optional: true as const,
  },
})

export const severityField = (say: Say) => ({
  kind: 'choice' as const,
  label: say.decision.severity,
  options: optionsOf(SEVERITIES, say.severity),
})

/** Number, day and words together: Slack shows 75 characters of a choice, and Teams has to carry a hundred of them. */
const WORDS = 36

/**
 * Reports are told apart by their first words. A choice travels in a form, which only this responder is shown and whose
 * body already quotes the report in question; titles and notifications hold none of it (T18). What somebody does not see
 * in full stands there by its kind.
 */
export const originalField = (ctx: Ctx, others: readonly Report[]) => {
  const say = sayTo(ctx)
  const { language, timezone } = ctx.by
  const labelOf = (one: Report, day: string) =>
    seesReport(ctx, one) === 'full'
      ? say.decision.optionTold(one.number, day, firstWords(one, WORDS))
      : say.decision.option(one.number, day, kindOf(say, one))
  return {
    kind: 'choice' as const,
    label: say.decision.of,
    options: others.map((one) => ({
      value: one.id,
      label: labelOf(one, dayOf(one.reportedAt, language, timezone)),
    })),
  }
}

/** The version decided upon stays the one that was on the screen when the form was opened. */
const shownIn = (ctx: Ctx, it: Report): string => (ctx.turn?.entries ? ctx.turn.shown : undefined) ?? String(it.version)

export function verdictForm(ctx: Ctx, it: Report, kind: Verdict): Frame {
  const say = sayTo(ctx)
  return {
    title: say.verdict[kind],
    submit: say.decision.submit,
    shown: shownIn(ctx, it),
    intro: say.decision.intro(it.number, say.decision.explained[kind]),
    blocks: [quote(it.what)],
  }
}

export function reopenForm(ctx: Ctx, it: Report): Frame {
  const { reopening } = sayTo(ctx)
  return { title: reopening.title(it.number), submit: reopening.submit, shown: shownIn(ctx, it) }
}

export function detailForm(ctx: Ctx, it: Report): Frame {
  const { detail } = sayTo(ctx)
  return { title: detail.title(it.number), submit: detail.submit }
}
