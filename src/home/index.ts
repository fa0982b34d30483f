import { eq } from 'drizzle-orm'
import { identity } from '../../db/schema/people.ts'
import { draw } from '../core/draw.ts'
import { has, isActive } from '../core/rules.ts'
import { action, type Card, type Ctx, card, type Workflow } from '../core/workflow.ts'
import { dashboardCard } from './dashboard.ts'
import { door } from './door.ts'
import { inboxCard } from './inbox.ts'
import { linkIdentity } from './linking.ts'
import { askedFor, recordCard } from './record.ts'
import { text } from './text.ts'

const everyone = (ctx: Ctx) => isActive(ctx.by)
const leads = (ctx: Ctx) => has(ctx.by, 'isms-manager')
const readers = (ctx: Ctx) => has(ctx.by, 'isms-manager', 'auditor')

function helpCard(ctx: Ctx): Card {
  const say = text(ctx.by.language)
  const offered = ctx.house.workflows
    .flatMap((workflow) => workflow.commands)
    .filter((command) => command.offered?.(ctx.by) ?? true)
  return {
    title: say.help,
    blocks: [
      { kind: 'text', text: say.helpIntro(ctx.house.organisation) },
      {
        kind: 'list',
        items: offered.map((command) =>
          say.command(
            `${ctx.house.typed(command.word, ctx.platform)}${command.slash ? ' …' : ''}`,
            command.hint(ctx.by.language),
          ),
        ),
      },
    ],
  }
}

export const home: Workflow = {
  name: 'home',
  commands: [
    { word: 'inbox', do: 'home.inbox', hint: (language) => text(language).hints.inbox },
    { word: 'status', do: 'home.status', hint: (language) => text(language).hints.status },
    { word: 'verify', do: 'home.verify', hint: (language) => text(language).hints.verify },
    {
      word: 'record',
      do: 'home.record',
      hint: (language) => text(language).hints.record,
      offered: (person) => has(person, 'isms-manager', 'auditor'),
    },
    { word: 'help', do: 'home.help', hint: (language) => text(language).hints.help },
  ],
  actions: {
    inbox: action({ may: everyone, reads: true, run: async (ctx) => ({ card: await inboxCard(ctx) }) }),
    help: action({ may: everyone, reads: true, run: async (ctx) => ({ card: helpCard(ctx) }) }),
    status: action({ may: everyone, reads: true, run: async (ctx) => ({ card: await dashboardCard(ctx) }) }),
    verify: action({
      may: everyone,
      reads: true,
      run: async (ctx) => {
        const typed = (word: string) => ctx.house.typed(word, ctx.platform)
        return { say: text(ctx.by.language).ours(ctx.house.organisation, typed('inbox'), typed('incident')) }
      },
    }),
    record: action({
      may: readers,
      reads: true,
      run: async (ctx) => {
        const { text: typed = '', ...asked } = ctx.turn?.with ?? {}
        if (typed.trim() === '') return { card: await recordCard(ctx, asked) }
        const about = await askedFor(ctx, typed.trim())
        return about
          ? { card: await recordCard(ctx, { about }) }
          : { say: text(ctx.by.language).nobodyCalled(typed.trim()) }
      },
    }),
    /** A card of any workflow in answer to a click: what may be seen is decided by the card. */
    show: action({
      may: everyone,
      reads: true,
      run: async (ctx) => {
        const drawn = await draw(ctx, ctx.turn?.with?.card ?? '', ctx.turn?.id)
        return { card: drawn ?? (await inboxCard(ctx)) }
      },
    }),
    door,
    link: action({
      about: 'idn',
      load: async (ctx, id) => (await ctx.db.select({ id: identity.id }).from(identity).where(eq(identity.id, id)))[0],
      may: leads,
      asks: {
        fields: (ctx) => {
          const say = text(ctx.by.language)
          return { person: { kind: 'person', label: say.linkPerson, hint: say.linkHint } }
        },
        form: (ctx) => {
          const say = text(ctx.by.language)
          return { title: say.linkTitle, submit: say.link }
        },
      },
      run: async (ctx, subject, answers) => {
        const person = await linkIdentity(ctx, subject.id, answers.person)
        return { card: await dashboardCard(ctx), say: text(ctx.by.language).linked(person.name) }
      },
    }),
  },
  happenings: { words: (language) => text(language).happenings },
  cards: {
    inbox: card({ sees: (ctx) => (isActive(ctx.by) ? 'full' : 'none'), draw: inboxCard }),
    help: card({ sees: (ctx) => (isActive(ctx.by) ? 'full' : 'none'), draw: async (ctx) => helpCard(ctx) }),
    dashboard: card({ sees: (ctx) => (readers(ctx) ? 'full' : 'none'), draw: dashboardCard }),
    record: card<string | undefined>({
      sees: (ctx) => (readers(ctx) ? 'full' : 'none'),
      draw: (ctx, about) => recordCard(ctx, about ? { about } : {}),
    }),
  },
}
