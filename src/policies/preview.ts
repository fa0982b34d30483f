import { and, eq } from 'drizzle-orm'
import { campaign } from '../../db/schema/campaigns.ts'
import { atWork } from '../core/schedule.ts'
import type { Block, Button, Card, Ctx } from '../core/workflow.ts'
import { type Addressee, peopleIn } from './audience.ts'
import { toAsk } from './ordering.ts'
import { minutes } from './source.ts'
import { text } from './text.ts'
import type { Version } from './versions.ts'

/** Chat platforms take about one message a second from a bot to one workspace; the estimate keeps to it. */
const MESSAGES_A_SECOND = 1
const DEPARTMENTS = 12
const NAMES = 5

export type Preview = {
  people: Addressee[]
  /** In the audience, but nothing is asked of them: acknowledged or being asked already. */
  spared: number
  departments: { name: string; count: number }[]
  firstAt: Date
  lastAt: Date
  sendingSeconds: number
  readingMinutes: number
}

/** What a launch to everyone would do, counted on the data of this moment. */
export async function previewOf(ctx: Ctx, version: Version, opensOn?: string): Promise<Preview> {
  const [people, all] = await Promise.all([toAsk(ctx, version.id, version.audience), peopleIn(ctx, version.audience)])
  const counts = new Map<string, number>()
  for (const { department } of people) counts.set(department, (counts.get(department) ?? 0) + 1)
  const start = opensOn ? new Date(`${opensOn}T00:00:00Z`) : ctx.now
  const from = start > ctx.now ? start : ctx.now
  const moments = people.map((one) => atWork(from, one.timezone, ctx.house.workday).getTime()).sort((a, b) => a - b)
  let last = from.getTime()
  for (const moment of moments) last = Math.max(last + 1000 / MESSAGES_A_SECOND, moment)
  return {
    people,
    spared: all.length - people.length,
    departments: [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
    firstAt: new Date(moments[0] ?? from.getTime()),
    lastAt: new Date(last),
    sendingSeconds: Math.ceil(people.length / MESSAGES_A_SECOND),
    readingMinutes: people.length * minutes(version),
  }
}

/** Before anything is sent: who, when, how long it takes, and three ways to go on. */
export async function previewCard(ctx: Ctx, version: Version, it: { dueOn: string; opensOn?: string }): Promise<Card> {
  const say = text(ctx.by.language)
  const preview = await previewOf(ctx, version, it.opensOn)
  const count = preview.people.length
  return {
    title: say.preview.title(version.title, version.version),
    blocks: [
      { kind: 'text', text: say.preview.who(count, say.day(it.dueOn)) },
      ...(preview.spared > 0 ? [{ kind: 'text' as const, text: say.preview.spared(preview.spared) }] : []),
      ...(count > 0 ? numbers(ctx, preview) : []),
      ...(await firstLaunch(ctx)),
      { kind: 'buttons', buttons: launchButtons(ctx, version, it, count) },
    ],
  }
}

function numbers(ctx: Ctx, preview: Preview): Block[] {
  const say = text(ctx.by.language)
  const shown = preview.departments.slice(0, DEPARTMENTS)
  const rest = preview.departments.slice(DEPARTMENTS).reduce((sum, one) => sum + one.count, 0)
  const names = preview.people.slice(0, NAMES).map((one) => one.name)
  return [
    {
      kind: 'facts',
      facts: [
        { label: say.preview.first, value: [{ text: say.dayAndTime(preview.firstAt, ctx.by.timezone) }] },
        { label: say.preview.last, value: [{ text: say.dayAndTime(preview.lastAt, ctx.by.timezone) }] },
        { label: say.preview.sending, value: [{ text: say.preview.seconds(preview.sendingSeconds) }] },
        { label: say.preview.reading, value: [{ text: say.preview.minutes(preview.readingMinutes) }] },
        { label: say.preview.sample, value: [{ text: names.join(', ') }] },
      ],
    },
    {
      kind: 'table',
      caption: say.preview.departments,
      columns: [say.preview.department, say.preview.people],
      rows: [
        ...shown.map((one) => [one.name || say.preview.none, String(one.count)]),
        ...(rest > 0 ? [[say.preview.others, String(rest)]] : []),
      ],
    },
  ]
}

function launchButtons(ctx: Ctx, version: Version, it: { dueOn: string; opensOn?: string }, count: number): Button[] {
  const { preview } = text(ctx.by.language)
  const what = { id: version.id, with: { due: it.dueOn, ...(it.opensOn ? { opens: it.opensOn } : {}) } }
  return [
    { label: preview.toMe, do: 'policies.me', ...what },
    { label: preview.toPilot, do: 'policies.pilot', ...what, asks: true },
    ...(count > 0 ? [{ label: preview.toEveryone, do: 'policies.everyone', ...what, asks: true }] : []),
  ]
}

/** A bot that suddenly writes to everybody looks like phishing: before the first time the security lead tells people. */
async function firstLaunch(ctx: Ctx): Promise<Block[]> {
  const say = text(ctx.by.language)
  const [earlier] = await ctx.db
    .select({ id: campaign.id })
    .from(campaign)
    .where(and(eq(campaign.workflow, 'policies'), eq(campaign.scope, 'everyone')))
    .limit(1)
  if (earlier) return []
  return [
    { kind: 'text', text: say.preview.firstTime },
    { kind: 'buttons', buttons: [{ label: say.announcement.button, do: 'policies.announce' }] },
  ]
}

/** Words to copy into the organisation's own channel or mail, sent by a person people know. */
export function announcementCard(ctx: Ctx): Card {
  const say = text(ctx.by.language)
  const { organisation, typed } = ctx.house
  return {
    title: say.announcement.title,
    blocks: [
      { kind: 'text', text: say.announcement.how },
      { kind: 'quote', text: say.announcement.text(organisation, ctx.by.name, typed('verify'), typed('incident')) },
    ],
  }
}
