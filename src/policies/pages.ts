import { peopleById } from '../core/people.ts'
import { has } from '../core/rules.ts'
import type { Block, Button, Card, Ctx } from '../core/workflow.ts'
import { pagesOf } from './document.ts'
import { fileButton, pageButton } from './places.ts'
import { recordButton } from './record.ts'
import { askedOf } from './request.ts'
import { minutes } from './source.ts'
import { text } from './text.ts'
import { type Version, versionsOf } from './versions.ts'

/** Earlier versions that are named on a page; the register of a document rarely has more. */
const MOST_EARLIER = 10

/**
 * A version as a page: its facts, its text, the versions before it. In the browser the whole text; in chat page by page,
 * because a message has an end.
 */
export async function policyCard(ctx: Ctx, version: Version, page = 1): Promise<Card> {
  const say = text(ctx.by.language)
  const pages = pagesOf(version)
  const isWhole = ctx.platform === ctx.house.desk?.platform || pages.length <= 1
  const at = Math.min(Math.max(1, page), Math.max(1, pages.length))
  return {
    title: say.page.title(version.title, version.version),
    ...(version.supersededAt ? { status: { label: say.request.replacedLabel, tone: 'warning' } } : {}),
    blocks: [
      ...(isWhole || at === 1 ? await facts(ctx, version) : []),
      ...(isWhole ? [] : [{ kind: 'text' as const, text: say.reading.page(at, pages.length, minutes(version)) }]),
      { kind: 'rule' },
      ...(version.format === 'markdown' ? (isWhole ? pages.flat() : (pages[at - 1] ?? [])) : ofFile(ctx, version)),
      ...(isWhole ? [] : turning(ctx, version, at, pages.length)),
      ...(isWhole || at === pages.length ? await earlier(ctx, version) : []),
      ...(await foot(ctx, version, isWhole || at === pages.length ? Math.max(1, pages.length) : undefined)),
    ],
  }
}

async function facts(ctx: Ctx, version: Version): Promise<Block[]> {
  const say = text(ctx.by.language)
  const people = await peopleById(
    ctx.db,
    [version.ownerId, version.approvedBy].filter((id): id is string => id !== null),
  )
  const nameOf = (id: string | null) => (id === null ? '' : (people.get(id)?.name ?? ''))
  const approved =
    version.approvedOn === null
      ? say.page.notApproved
      : say.page.approvedBy(nameOf(version.approvedBy), say.date(version.approvedOn))
  const fact = (label: string, value: string | null) => (value ? [{ label, value: [{ text: value }] }] : [])
  return [
    ...(version.summary ? [{ kind: 'text' as const, text: [{ text: version.summary }] }] : []),
    {
      kind: 'facts',
      facts: [
        ...fact(say.page.version, version.version),
        ...fact(say.page.owner, nameOf(version.ownerId)),
        ...fact(say.page.approved, approved),
        ...fact(say.page.effective, version.effectiveFrom && say.date(version.effectiveFrom)),
        ...fact(say.page.review, version.reviewOn && say.date(version.reviewOn)),
        ...fact(say.page.classification, version.classification),
        ...fact(say.page.controls, version.controls.join(', ')),
        ...fact(say.page.changes, version.changes),
        { label: say.page.sha256, value: [{ text: version.sha256, code: true }] },
      ],
    },
  ]
}

function ofFile(ctx: Ctx, version: Version): Block[] {
  const say = text(ctx.by.language)
  return [
    { kind: 'text', text: say.reading.file(version.format.toUpperCase(), minutes(version)) },
    { kind: 'buttons', buttons: [fileButton(ctx, version)] },
  ]
}

function turning(ctx: Ctx, version: Version, at: number, of: number): Block[] {
  const say = text(ctx.by.language)
  const turn = (label: string, page: number): Button => ({
    label,
    do: 'policies.read',
    id: version.id,
    with: { page: String(page) },
  })
  const whole = pageButton(ctx, version)
  const buttons = [
    ...(at > 1 ? [turn(say.reading.back, at - 1)] : []),
    ...(at < of ? [turn(say.reading.next, at + 1)] : []),
    ...(whole ? [whole] : []),
  ]
  return [{ kind: 'buttons', buttons }]
}

async function earlier(ctx: Ctx, version: Version): Promise<Block[]> {
  const say = text(ctx.by.language)
  const others = (await versionsOf(ctx, version.policyId)).filter((one) => one.id !== version.id)
  if (others.length === 0) return []
  return [
    { kind: 'rule' },
    { kind: 'heading', text: say.page.others },
    {
      kind: 'rows',
      rows: others.slice(0, MOST_EARLIER).map((one) => ({
        title: [{ text: say.page.title(one.title, one.version) }],
        text: [{ text: one.approvedOn ? say.page.approvedOn(say.date(one.approvedOn)) : say.page.notApproved }],
        buttons: [{ label: say.page.open, do: 'policies.read', id: one.id }],
      })),
      ...(others.length > MOST_EARLIER ? { more: { left: others.length - MOST_EARLIER } } : {}),
    },
  ]
}

/** Whoever is asked to acknowledge this version can do it where they have read it. */
async function foot(ctx: Ctx, version: Version, lastPage: number | undefined): Promise<Block[]> {
  const say = text(ctx.by.language)
  const asked = lastPage === undefined ? undefined : await askedOf(ctx, version.id)
  const buttons: Button[] = [
    ...(asked
      ? [
          {
            label: say.reading.acknowledge,
            do: 'policies.acknowledge',
            id: asked,
            shown: version.id,
            with: { page: String(lastPage) },
            style: 'primary' as const,
            asks: true,
          },
        ]
      : []),
    { label: say.request.ask, do: 'policies.ask', id: version.id, asks: true },
    ...(has(ctx.by, 'isms-manager') && version.supersededAt === null
      ? [{ label: say.publish.button, do: 'policies.publish', with: { version: version.id }, asks: true }]
      : []),
    ...(has(ctx.by, 'isms-manager', 'auditor')
      ? [{ label: say.roster.button, do: 'policies.roster', id: version.id }]
      : []),
    ...recordButton(ctx, version.id),
  ]
  return [{ kind: 'buttons', buttons }]
}
