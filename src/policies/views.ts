import type { Block, Button, Card, Ctx, Text } from '../core/workflow.ts'
import type { Reason } from './audience.ts'
import { pageButton } from './places.ts'
import type { Next, Request } from './request.ts'
import { minutes } from './source.ts'
import { text } from './text.ts'
import type { Version } from './versions.ts'

const muted = (words: Text): Block => ({ kind: 'text', text: words, tone: 'muted' })
const paragraph = (words: Text): Block => ({ kind: 'text', text: words })

/** What is asked: what it is, how long it takes, by when, what is new, and why this person gets it. */
export function askCard(ctx: Ctx, it: Request, how: { isReminder?: boolean; reason?: Reason }): Card {
  const say = text(ctx.by.language)
  const { version, assignment } = it
  const isOverdue = assignment.dueAt < ctx.now
  const isDueToday = assignment.dueOn <= say.localDay(ctx.now, ctx.by.timezone)
  const due = say.day(assignment.dueOn)
  return {
    title: how.isReminder
      ? say.request.reminderTitle(version.title, version.version)
      : say.request.title(version.title, version.version),
    ...(isOverdue ? { status: { label: say.request.overdue, tone: 'bad' } } : {}),
    blocks: [
      ...(how.isReminder ? [paragraph(isOverdue ? say.request.remindLate(due) : say.request.remind(due))] : []),
      paragraph(say.request.head(version.title, version.version, minutes(version), due)),
      ...news(ctx, version),
      { kind: 'buttons', buttons: askButtons(ctx, it, !isOverdue && !isDueToday) },
      ...(how.reason ? [muted(say.why(how.reason, ctx.house.organisation))] : []),
    ],
  }
}

export const readButton = (ctx: Ctx, it: Request): Button => ({
  label: text(ctx.by.language).request.read,
  do: 'policies.acknowledge',
  id: it.assignment.id,
  shown: it.version.id,
  style: 'primary',
  asks: true,
})

function askButtons(ctx: Ctx, it: Request, mayWait: boolean): Button[] {
  const { request } = text(ctx.by.language)
  return [
    readButton(ctx, it),
    { label: request.ask, do: 'policies.ask', id: it.version.id, asks: true },
    ...(mayWait ? [{ label: request.later, do: 'policies.later', id: it.assignment.id, asks: true }] : []),
  ]
}

/** The author's own words: what is new, or of a first version what it is about. */
function news(ctx: Ctx, version: Version): Block[] {
  const say = text(ctx.by.language)
  if (version.changes) return [paragraph(say.request.news(version.changes))]
  return version.summary ? [paragraph([{ text: version.summary }])] : []
}

/** The receipt, on the very card that asked, and what waits next. */
export function doneCard(ctx: Ctx, it: Request, next: Next | undefined): Card {
  const say = text(ctx.by.language)
  const { version, acknowledgement } = it
  if (!acknowledgement) throw new Error('doneCard: there is no acknowledgement')
  const receipt = say.receipt(acknowledgement.number)
  const words =
    acknowledgement.source === 'imported'
      ? say.request.imported(
          say.date(acknowledgement.acknowledgedAt),
          receipt,
          acknowledgement.importSource ?? '',
          say.date(acknowledgement.recordedAt),
        )
      : say.request.done(say.moment(acknowledgement.acknowledgedAt, ctx), receipt)
  return {
    title: say.request.doneTitle(version.title, version.version),
    status: { label: say.request.acknowledged, tone: 'good' },
    blocks: [
      paragraph(words),
      ...(acknowledgement.statement ? [{ kind: 'quote' as const, text: acknowledgement.statement }] : []),
      paragraph(next ? say.request.nextWaits(next.count) : say.request.nothing),
      { kind: 'buttons', buttons: [...(next ? [nextButton(ctx, next)] : []), ...whole(ctx, version)] },
    ],
  }
}

const nextButton = (ctx: Ctx, next: Next): Button => ({
  label: text(ctx.by.language).request.next(next.title),
  do: 'home.show',
  id: next.id,
  with: { card: next.card },
  style: 'primary',
})

export const readAgain = (ctx: Ctx, version: Pick<Version, 'id'>): Button => ({
  label: text(ctx.by.language).request.again,
  do: 'policies.read',
  id: version.id,
})

const whole = (ctx: Ctx, version: Version): Button[] => [pageButton(ctx, version) ?? readAgain(ctx, version)]

/** A newer version asks instead: when it came, what changed, and the way to it. */
export function replacedCard(ctx: Ctx, it: Request, newer: Request | undefined): Card {
  const say = text(ctx.by.language)
  const { version } = it
  const title = say.request.replacedTitle(version.title, version.version)
  if (!newer) return { title, blocks: [paragraph(say.request.replacedAlone)] }
  const at = say.moment(replacedAt(it, newer), ctx)
  const isAsked = newer.assignment.state === 'open' && newer.campaign.state === 'open' && !newer.acknowledgement
  return {
    title,
    status: { label: say.request.replacedLabel, tone: 'neutral' },
    blocks: [
      paragraph(say.request.replaced(newer.version.version, at)),
      ...news(ctx, newer.version),
      ...(isAsked
        ? [
            paragraph(
              say.request.head(
                newer.version.title,
                newer.version.version,
                minutes(newer.version),
                say.day(newer.assignment.dueOn),
              ),
            ),
            { kind: 'buttons' as const, buttons: [readButton(ctx, newer)] },
          ]
        : []),
      ...(newer.acknowledgement
        ? [paragraph(say.request.alreadyNewer(newer.version.version, say.receipt(newer.acknowledgement.number)))]
        : []),
    ],
  }
}

/** When the newer version took over: the launch of everybody, or of this person's trial. */
export const replacedAt = (it: Request, newer: Request): Date => it.version.supersededAt ?? newer.assignment.createdAt

/** Stopped, or no longer this person's: nothing is left to do. */
export function overCard(ctx: Ctx, it: Request): Card {
  const say = text(ctx.by.language)
  return {
    title: say.request.overTitle(it.version.title, it.version.version),
    status: { label: say.request.over, tone: 'neutral' },
    blocks: [paragraph(it.assignment.state === 'left' ? say.request.left : say.request.stopped)],
  }
}
