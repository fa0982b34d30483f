import { Refusal } from '../core/errors.ts'
import { plain } from '../core/md.ts'
import { has, isActive } from '../core/rules.ts'
import { action, type Ctx, card, type Reply, type Waiting, type Workflow } from '../core/workflow.ts'
import { escalateLate, returnLeft } from './escalate.ts'
import { dashboard } from './figures.ts'
import { listCard, waitingRow } from './list-view.ts'
import { pageCard } from './page-view.ts'
import { receiptOf } from './receipt.ts'
import { happenings } from './record.ts'
import { othersSeen, ownReports, type Report, reportById, toldOf, undecided } from './register.ts'
import { outcomeCard } from './reporter-view.ts'
import { reporting } from './reporting.ts'
import { isTriager, seesReport } from './sight.ts'
import { text } from './text.ts'
import { triageCard } from './triage-view.ts'
import { triaging } from './triaging.ts'

const isOwn = (ctx: Ctx, it: Report) => it.reporterId === ctx.by.id
const lists = async (ctx: Ctx) => {
  const [own, open, others] = await Promise.all([ownReports(ctx), undecided(ctx), othersSeen(ctx)])
  return listCard(ctx, { own, open, others })
}

/**
 * Incidents: anyone reports what they saw in one sentence; every report ends in a reasoned verdict by a named person
 * who did not report it (A.5.25, A.6.8; 2013: A.16.1.2 to A.16.1.4). Private by default.
 */
export const incidents: Workflow = {
  name: 'incidents',
  actions: {
    ...reporting,
    ...triaging,
    show: action({
      about: 'rep',
      reads: true,
      load: reportById,
      may: (ctx, it) => seesReport(ctx, it) !== 'none',
      async run(ctx, it): Promise<Reply> {
        const sight = seesReport(ctx, it)
        if (sight === 'none') throw new Refusal(plain(text(ctx.by.language).refusal.gone))
        return { card: pageCard(ctx, await toldOf(ctx, it), sight) }
      },
    }),
    mine: action({
      reads: true,
      may: (ctx) => isActive(ctx.by),
      run: async (ctx) => ({ card: await lists(ctx) }),
    }),
  },
  cards: {
    report: card<Report>({
      about: 'rep',
      load: reportById,
      sees: seesReport,
      draw: async (ctx, it, sees) => pageCard(ctx, await toldOf(ctx, it), sees),
    }),
    triage: card<Report>({
      about: 'rep',
      load: reportById,
      sees: (ctx) => (isTriager(ctx.by) ? 'full' : 'none'),
      draw: async (ctx, it) => triageCard(ctx, await toldOf(ctx, it)),
    }),
    receipt: card<Report>({
      about: 'rep',
      load: reportById,
      sees: (ctx, it) => (isActive(ctx.by) && isOwn(ctx, it) ? 'full' : 'none'),
      draw: receiptOf,
    }),
    outcome: card<Report>({
      about: 'rep',
      load: reportById,
      sees: (ctx, it) => (isActive(ctx.by) && isOwn(ctx, it) ? 'full' : 'none'),
      draw: async (ctx, it) => outcomeCard(ctx, await toldOf(ctx, it)),
    }),
    mine: card({
      sees: (ctx) => (isActive(ctx.by) ? 'full' : 'none'),
      draw: lists,
    }),
  },
  commands: [
    {
      word: 'incident',
      do: 'incidents.report',
      hint: (language) => text(language).command.report,
      slash: { command: '/incident', usage: text('en').command.usage },
      shortcut: {
        name: text('en').command.shortcut,
        description: text('en').command.shortcutText,
        kinds: ['message', 'global'],
      },
    },
    { word: 'reports', do: 'incidents.mine', hint: (language) => text(language).command.reports },
  ],
  waiting: waitingOf,
  dashboard,
  happenings,
  tick: async (ctx) => (await returnLeft(ctx)) + (await escalateLate(ctx)),
}

/** One's own assessments first, then what nobody has taken on; an ISMS manager is asked for what came to them. */
async function waitingOf(ctx: Ctx): Promise<Waiting[]> {
  const isMine = (it: Report) => it.state === 'under-assessment' && it.assessedBy === ctx.by.id
  const asked = (it: Report) => it.state === 'reported' && (has(ctx.by, 'responder') || it.escalatedAt !== null)
  const open = await undecided(ctx)
  return [...open.filter(isMine), ...open.filter(asked)].map((it) => waitingRow(ctx, it))
}
