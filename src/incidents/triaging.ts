import { Refusal } from '../core/errors.ts'
import { type Answers, LONGEST_TEXT } from '../core/form.ts'
import { plain, type Text } from '../core/md.ts'
import { action, type Ctx, type Fields, type Reply } from '../core/workflow.ts'
import { originalField, reasonFields, reopenForm, severityField, verdictForm } from './forms.ts'
import { type Severity, SHORTEST_REASON, type Verdict } from './kinds.ts'
import { isOpen, originals, type Report, reportById, toldOf } from './register.ts'
import { isTriager } from './sight.ts'
import { triageCard } from './triage-view.ts'
import { decide, type Given, reopen, takeOn } from './verdict.ts'
import { decisionWords } from './views.ts'
import { sayTo } from './when.ts'

/** Those who handle reports may try. */
const about = { about: 'rep', load: reportById, may: (ctx: Ctx) => isTriager(ctx.by) } as const

/** Nobody handles what they reported; they are told so in words, since the report itself is no secret to them (T12). */
function refuseOwn(ctx: Ctx, it: Report): void {
  if (it.reporterId === ctx.by.id) throw new Refusal(sayTo(ctx).refusal.own)
}

/** The triage card as things are now. */
async function asItStands(ctx: Ctx, it: Report, say?: Text | string): Promise<Reply> {
  const told = await toldOf(ctx, (await reportById(ctx, it.id)) ?? it)
  const words = typeof say === 'string' ? plain(say) : say
  return { card: triageCard(ctx, told), ...(words ? { say: words } : {}) }
}

/** One action for each verdict, so that each has its own form and its own button. */
const deciding = <F extends Fields>(
  kind: Verdict,
  fields: (ctx: Ctx, it: Report) => F | Promise<F>,
  given: (answers: Answers<F>) => Omit<Given, 'verdict'>,
) =>
  action<Report, F>({
    ...about,
    asks: {
      fields,
      async form(ctx, it) {
        const { refusal } = sayTo(ctx)
        refuseOwn(ctx, it)
        if (!isOpen(it)) return { instead: await asItStands(ctx, it, refusal.notOpen) }
        if (kind === 'duplicate' && (await originals(ctx, it.id, 1)).length === 0)
          throw new Refusal(refusal.nothingElse)
        return verdictForm(ctx, it, kind)
      },
    },
    run: (ctx, it, answers) => giveVerdict(ctx, it, { verdict: kind, ...given(answers) }),
  })

async function giveVerdict(ctx: Ctx, it: Report, given: Given): Promise<Reply> {
  refuseOwn(ctx, it)
  const say = sayTo(ctx)
  const least = SHORTEST_REASON[given.verdict]
  const length = [...given.reason].length
  if (length < least) {
    const problem = say.decision.tooShort(least, length)
    throw new Refusal(problem, { reason: problem })
  }
  const end = await decide(ctx, it, given)
  if (end === 'late') return asItStands(ctx, it, say.refusal.late)
  if (end === 'not original') throw new Refusal(say.refusal.noSuchOther, { of: say.refusal.noSuchOther })
  const told = await toldOf(ctx, it)
  const last = told.decisions.at(-1)
  return asItStands(ctx, it, last && say.decision.done(it.number, decisionWords(ctx, told, last)))
}

/** What responders do with a report. */
export const triaging = {
  take: action({
    ...about,
    async run(ctx, it: Report): Promise<Reply> {
      refuseOwn(ctx, it)
      return asItStands(ctx, it, (await takeOn(ctx, it)) ? undefined : sayTo(ctx).refusal.late)
    },
  }),

  incident: deciding(
    'incident',
    (ctx) => ({ severity: severityField(sayTo(ctx)), ...reasonFields(sayTo(ctx), 'incident') }),
    ({ severity, reason, toReporter }) => ({ severity: severity as Severity, reason, toReporter }),
  ),
  weakness: deciding(
    'weakness',
    (ctx) => reasonFields(sayTo(ctx), 'weakness'),
    (answers) => answers,
  ),
  'false-alarm': deciding(
    'false-alarm',
    (ctx) => reasonFields(sayTo(ctx), 'false-alarm'),
    (answers) => answers,
  ),
  'no-action': deciding(
    'no-action',
    (ctx) => reasonFields(sayTo(ctx), 'no-action'),
    (answers) => answers,
  ),
  duplicate: deciding(
    'duplicate',
    async (ctx, it) => ({
      of: originalField(ctx, await originals(ctx, it.id)),
      ...reasonFields(sayTo(ctx), 'duplicate'),
    }),
    ({ of, reason, toReporter }) => ({ duplicateOf: of, reason, toReporter }),
  ),

  reopen: action({
    ...about,
    asks: {
      fields: (ctx) => {
        const { reason, reasonHint } = sayTo(ctx).reopening
        return { reason: { kind: 'lines' as const, label: reason, hint: reasonHint, max: LONGEST_TEXT } }
      },
      async form(ctx, it: Report) {
        refuseOwn(ctx, it)
        if (isOpen(it)) return { instead: await asItStands(ctx, it, sayTo(ctx).refusal.notDecided) }
        return reopenForm(ctx, it)
      },
    },
    async run(ctx, it, { reason }): Promise<Reply> {
      refuseOwn(ctx, it)
      return asItStands(ctx, it, (await reopen(ctx, it, reason)) ? undefined : sayTo(ctx).refusal.late)
    },
  }),
}
