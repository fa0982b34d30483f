import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { person } from '../../db/schema/people.ts'
import { type Audience, policy, policyVersion } from '../../db/schema/policies.ts'
import { stopCampaign } from '../core/campaigns.ts'
import { Refusal } from '../core/errors.ts'
import { isDate } from '../core/form.ts'
import { isId } from '../core/id.ts'
import { has } from '../core/rules.ts'
import { addDays } from '../core/schedule.ts'
import { action, type Card, type Ctx, type Fields } from '../core/workflow.ts'
import { todayOf } from './audience.ts'
import { advance } from './launching.ts'
import { launchable, type Order, orderLaunch, runningFor, toAsk } from './ordering.ts'
import { announcementCard, previewCard } from './preview.ts'
import { type Campaign, campaignCard, campaignOf } from './progress.ts'
import { text } from './text.ts'
import { VERSION, type Version, versionOf } from './versions.ts'

/** Above this many people the number must be typed: nobody writes to all staff by a slip of the hand (T35). */
const TYPE_ABOVE = 50
/** Launches up to this many people are written within the click; larger ones by the worker, piece by piece. */
const AT_ONCE = 1000
/** People of a pilot that are named one by one. */
const NAMED = ['first', 'second', 'third', 'fourth', 'fifth'] as const
/** Two weeks to read: long enough for leave, short enough to remember. */
const DEFAULT_DAYS = 14
const MOST_OPTIONS = 100

const leads = (ctx: Ctx) => has(ctx.by, 'isms-manager')

/** Which version, and by when; the answer is the preview. Nothing is sent yet. */
export const publish = action({
  may: leads,
  reads: true,
  asks: {
    fields: async (ctx) => {
      const say = text(ctx.by.language).publish
      const versions = await offered(ctx)
      return {
        version: {
          kind: 'choice' as const,
          label: say.version,
          options: versions.map((one) => ({ value: one.id, label: optionOf(ctx, one, versions) })),
        },
        due: { kind: 'date' as const, label: say.due, min: todayOf(ctx) },
        opens: {
          kind: 'date' as const,
          label: say.opens,
          hint: say.opensHint,
          optional: true as const,
          min: todayOf(ctx),
        },
      }
    },
    async form(ctx) {
      const say = text(ctx.by.language).publish
      const versions = await offered(ctx)
      if (versions.length === 0) return { instead: { say: say.nothing } }
      // Of several none is chosen beforehand: the wrong one would go to everybody.
      const [only, ...more] = versions
      const chosen =
        versions.find((one) => one.id === ctx.turn?.with?.version) ?? (more.length === 0 ? only : undefined)
      return {
        title: say.title,
        submit: say.preview,
        intro: say.intro,
        values: { version: chosen?.id, due: addDays(todayOf(ctx), DEFAULT_DAYS) },
      }
    },
  },
  async run(ctx, _, { version, due, opens }) {
    const it = { dueOn: due, ...(opens ? { opensOn: opens } : {}) }
    const found = await launchable(ctx, { versionId: version, scope: 'everyone', ...it }, true)
    return { card: await previewCard(ctx, found, it) }
  },
})

/** Approved or not, what no newer version replaced, the newest first: a launch says what is missing. */
const offered = (ctx: Ctx): Promise<Version[]> =>
  ctx.db
    .select(VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(isNull(policyVersion.supersededAt))
    .orderBy(policyVersion.title, desc(policyVersion.ordinal))
    .limit(MOST_OPTIONS)
    .then((rows) => rows)

/** Beside a newer version of the same document an older one says so: it is rarely what is meant. */
function optionOf(ctx: Ctx, version: Version, all: readonly Version[]): string {
  const say = text(ctx.by.language).publish
  const [newest = version] = all
    .filter((one) => one.policyId === version.policyId)
    .sort((a, b) => b.ordinal - a.ordinal)
  return newest.id === version.id
    ? say.option(version.title, version.version)
    : say.older(version.title, version.version, newest.version)
}

const load = (ctx: Ctx, id: string) => versionOf(ctx, id)

/** What stood on the preview's button; checked again, like everything a button brings. */
function ordered(ctx: Ctx, version: Version, scope: Order['scope'], audience?: Audience): Order {
  const { due = '', opens } = ctx.turn?.with ?? {}
  if (!isDate(due)) throw new Refusal(text(ctx.by.language).launch.duePast)
  const opensOn = opens !== undefined && isDate(opens) ? opens : undefined
  return {
    versionId: version.id,
    dueOn: due,
    scope,
    ...(audience ? { audience } : {}),
    ...(opensOn ? { opensOn } : {}),
  }
}

const carried = (ctx: Ctx) => {
  const { due, opens } = ctx.turn?.with ?? {}
  return { with: { ...(due ? { due } : {}), ...(opens ? { opens } : {}) } }
}

export const me = action<Version>({
  about: 'pov',
  load,
  may: leads,
  run: async (ctx, version) => ({
    card: await go(ctx, ordered(ctx, version, 'me', [{ by: 'person', is: ctx.by.id }])),
  }),
})

export const pilot = action({
  about: 'pov',
  load,
  may: leads,
  asks: {
    fields: async (ctx) => {
      const say = text(ctx.by.language).pilot
      const departments = await departmentsOf(ctx)
      return {
        ...(departments.length > 0
          ? {
              department: {
                kind: 'choice' as const,
                label: say.department,
                optional: true as const,
                options: departments.map((name) => ({ value: name, label: name })),
              },
            }
          : {}),
        ...Object.fromEntries(
          NAMED.map((name, n) => [
            name,
            { kind: 'person' as const, label: say.person(n + 1), optional: true as const },
          ]),
        ),
      } as Fields
    },
    form: (ctx, version) => {
      const say = text(ctx.by.language).pilot
      return { id: version.id, title: say.title, submit: say.submit, intro: say.intro, ...carried(ctx) }
    },
  },
  async run(ctx, version: Version, answers: Record<string, unknown>) {
    const say = text(ctx.by.language).pilot
    const named = NAMED.map((name) => answers[name]).filter((id): id is string => isId('per', id))
    const { department } = answers
    const audience: Audience = [
      ...(typeof department === 'string' ? [{ by: 'department' as const, is: department }] : []),
      ...named.map((is) => ({ by: 'person' as const, is })),
    ]
    if (audience.length === 0) throw new Refusal(say.nobody, { first: say.nobody })
    return { card: await go(ctx, ordered(ctx, version, 'pilot', audience)) }
  },
})

const departmentsOf = (ctx: Ctx): Promise<string[]> =>
  ctx.db
    .selectDistinct({ name: person.department })
    .from(person)
    .where(and(eq(person.state, 'active'), sql`${person.department} <> ''`))
    .orderBy(person.department)
    .limit(MOST_OPTIONS)
    .then((rows) => rows.map((row) => row.name))

/** To the whole audience, after a last look at the number. */
export const everyone = action({
  about: 'pov',
  load,
  may: leads,
  asks: {
    fields: async (ctx, version) => {
      const say = text(ctx.by.language).everyone
      const count = (await toAsk(ctx, version.id, version.audience)).length
      return {
        ...(count > TYPE_ABOVE ? { count: { kind: 'line' as const, label: say.type(count), max: 12 } } : {}),
      } as Fields
    },
    async form(ctx, version) {
      const say = text(ctx.by.language).everyone
      const running = await runningFor(ctx, version.id)
      const campaigned = running && (await campaignOf(ctx, running))
      if (campaigned) return { instead: { card: await campaignCard(ctx, campaigned), say: say.running } }
      const count = (await toAsk(ctx, version.id, version.audience)).length
      return {
        id: version.id,
        title: say.title,
        submit: say.submit,
        intro: say.intro(version.title, version.version, count),
        ...carried(ctx),
      }
    },
  },
  async run(ctx, version: Version, answers: Record<string, unknown>) {
    const say = text(ctx.by.language).everyone
    const count = (await toAsk(ctx, version.id, version.audience)).length
    if (count > TYPE_ABOVE && String(answers.count).replace(/[\s.,']/g, '') !== String(count))
      throw new Refusal(say.wrongNumber(count), { count: say.wrongNumber(count) })
    return { card: await go(ctx, ordered(ctx, version, 'everyone')) }
  },
})

/** Orders and, when it is small and its day has come, launches at once; otherwise the worker goes on with it. */
async function go(ctx: Ctx, order: Order): Promise<Card> {
  const id = await orderLaunch(ctx, order)
  for (let written = 0; written < AT_ONCE; ) {
    const step = await advance(ctx, id)
    if (!step || step.isOpen) break
    written += step.written
  }
  const made = await campaignOf(ctx, id)
  if (!made) throw new Error('go: a campaign vanished')
  return campaignCard(ctx, made)
}

/** Stops at once: nothing more is sent; what was acknowledged stays. */
export const stop = action({
  about: 'cmp',
  load: campaignOf,
  may: leads,
  asks: {
    fields: (ctx) => ({ reason: { kind: 'lines' as const, label: text(ctx.by.language).stop.reason, max: 500 } }),
    form: async (ctx, it) => {
      const say = text(ctx.by.language).stop
      if (it.state !== 'open' && it.state !== 'planning') return { instead: { card: await campaignCard(ctx, it) } }
      return { id: it.id, title: say.title, submit: say.submit, intro: say.intro }
    },
  },
  async run(ctx, it: Campaign, { reason }) {
    await stopCampaign(ctx, it.id, reason)
    const stopped = await campaignOf(ctx, it.id)
    return { card: await campaignCard(ctx, stopped ?? it) }
  },
})

export const announce = action({ may: leads, reads: true, run: async (ctx) => ({ card: announcementCard(ctx) }) })
