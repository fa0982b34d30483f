import { has, isActive } from '../core/rules.ts'
import { action, type Card, type Ctx, card, type Workflow } from '../core/workflow.ts'
import { acknowledge } from './acknowledging.ts'
import { answer, ask, type Question, questionCard, questionOf, seesQuestion } from './asking.ts'
import { later } from './later.ts'
import { closeFinished, continueLaunches } from './launching.ts'
import { mineCard, registerCard, waitingRequests } from './lists.ts'
import { policyCard } from './pages.ts'
import { announcementCard } from './preview.ts'
import { board, type Campaign, campaignCard, campaignOf, seesCampaign } from './progress.ts'
import { announce, everyone, me, pilot, publish, stop } from './publishing.ts'
import { happenings } from './record.ts'
import { type Request, requestOf } from './request.ts'
import { cardOf } from './requests.ts'
import { type Roster, rosterCard, rosterOf, seesRoster } from './roster.ts'
import { nudge, remind, seesTeam, teamCard } from './team.ts'
import { text } from './text.ts'
import { bring } from './uploading.ts'
import { mayRead, policyFile, type Version, versionOf } from './versions.ts'

const active = (ctx: Ctx) => isActive(ctx.by)
const readers = (ctx: Ctx) => has(ctx.by, 'isms-manager', 'auditor')
const sight = (sees: boolean) => (sees ? ('full' as const) : ('none' as const))

const requestCard = (isReminder: boolean) =>
  card<Request>({
    about: 'asg',
    load: (ctx, id) => requestOf(ctx, id),
    sees: (ctx, it) => sight(it.assignment.personId === ctx.by.id),
    draw: (ctx, it) => cardOf(ctx, it, { isReminder }),
  })

const about = (
  draw: (ctx: Ctx, it: Campaign) => Promise<Card | null>,
  sees: (ctx: Ctx, it: Campaign) => boolean | Promise<boolean>,
) => card<Campaign>({ about: 'cmp', load: campaignOf, sees: async (ctx, it) => sight(await sees(ctx, it)), draw })

export const policies: Workflow = {
  name: 'policies',
  actions: {
    acknowledge,
    later,
    ask,
    answer,
    publish,
    me,
    pilot,
    everyone,
    stop,
    announce,
    import: bring,
    nudge,
    mine: action({ may: active, reads: true, run: async (ctx) => ({ card: await mineCard(ctx) }) }),
    register: action({ may: readers, reads: true, run: async (ctx) => ({ card: await registerCard(ctx) }) }),
    /** Who acknowledged, by name: of a campaign or of a version. */
    roster: action<Roster>({
      load: rosterOf,
      may: seesRoster,
      reads: true,
      run: async (ctx, it) => ({ card: await rosterCard(ctx, it, ctx.turn?.with) }),
    }),
    /** A version in chat, page by page. */
    read: action<Version>({
      about: 'pov',
      load: versionOf,
      may: mayRead,
      reads: true,
      run: async (ctx, version) => ({ card: await policyCard(ctx, version, Number(ctx.turn?.with?.page ?? 1) || 1) }),
    }),
  },
  cards: {
    request: requestCard(false),
    reminder: requestCard(true),
    policy: card<Version>({
      about: 'pov',
      load: versionOf,
      sees: async (ctx, version) => sight(await mayRead(ctx, version)),
      draw: (ctx, version) => policyCard(ctx, version),
    }),
    question: card<Question>({
      about: 'que',
      load: questionOf,
      sees: (ctx, it) => sight(seesQuestion(ctx, it)),
      draw: questionCard,
    }),
    campaign: about(campaignCard, seesCampaign),
    team: about(teamCard, seesTeam),
    mine: card({ sees: (ctx) => sight(active(ctx)), draw: mineCard }),
    register: card({ sees: (ctx) => sight(readers(ctx)), draw: registerCard }),
    roster: card<Roster>({
      load: rosterOf,
      sees: (ctx) => sight(seesRoster(ctx)),
      draw: (ctx, it) => rosterCard(ctx, it),
    }),
    announcement: card({
      sees: (ctx) => sight(has(ctx.by, 'isms-manager')),
      draw: async (ctx) => announcementCard(ctx),
    }),
  },
  commands: [
    { word: 'policies', do: 'policies.mine', hint: (language) => text(language).hints.policies },
    {
      word: 'publish',
      do: 'policies.publish',
      hint: (language) => text(language).hints.publish,
      offered: (person) => has(person, 'isms-manager'),
    },
  ],
  waiting: waitingRequests,
  dashboard: board,
  happenings,
  nudge: remind,
  tick: async (ctx) => (await continueLaunches(ctx)) + (await closeFinished(ctx)),
  file: policyFile,
}
