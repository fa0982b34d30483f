import { cut } from '../core/drawing.ts'
import { isId, KINDS, type Kind } from '../core/id.ts'
import { md } from '../core/md.ts'
import { personByEmail, searchPeople } from '../core/people.ts'
import { has, SYSTEM } from '../core/rules.ts'
import { dateOf, timeOf } from '../core/words.ts'
import type { Block, Button, Card, Ctx, Happenings, Recorded, Row, Told } from '../core/workflow.ts'
import { type Entry, type Page, pageOf, type Which } from './entries.ts'
import { text } from './text.ts'

/** Of a title on a row: its page has all of it, and a page of rows has to fit into one message. */
const LONGEST = 90

/** What a button or a typed word asks of the record: of one thing or person, of one workflow, and from where on. */
export type Asked = { about?: string; of?: string; before?: string; after?: string }

type Speaking = { name: string; happenings: Happenings }

const speaking = (ctx: Ctx): Speaking[] =>
  ctx.house.workflows.flatMap(({ name, happenings }) => (happenings ? [{ name, happenings }] : []))

/** The record a page at a time, in words and as this reader may see it: what happened, about what, who, when. */
export async function recordCard(ctx: Ctx, asked: Asked = {}): Promise<Card> {
  const say = text(ctx.by.language)
  const { about } = asked
  const of = about ? undefined : speaking(ctx).find(({ name, happenings }) => name === asked.of && happenings.heading)
  const page = await pageOf(ctx, await whichOf(ctx, about, of), {
    before: isId('ent', asked.before) ? asked.before : undefined,
    after: isId('ent', asked.after) ? asked.after : undefined,
  })
  const told = await tellAll(ctx, page.rows)
  const kept = { ...(about ? { about } : {}), ...(of ? { of: of.name } : {}) }
  return {
    title: say.record,
    ...(of?.happenings.heading ? { status: { label: of.happenings.heading(ctx.by.language), tone: 'neutral' } } : {}),
    blocks: [
      { kind: 'text', text: say.recordIntro(ctx.by.timezone), tone: 'muted' },
      ...(about ? [{ kind: 'text' as const, text: say.recordOf(await nameOf(ctx, about)) }] : []),
      { kind: 'buttons', buttons: filters(ctx, about, of?.name) },
      page.rows.length > 0
        ? { kind: 'rows', rows: page.rows.map((one) => rowOf(ctx, one, told.get(one.id) ?? {}, about)) }
        : { kind: 'text', text: say.recordEmpty },
      ...turning(ctx, page, kept),
    ],
  }
}

async function whichOf(ctx: Ctx, about: string | undefined, of: Speaking | undefined): Promise<Which> {
  const seesWho = has(ctx.by, 'isms-manager')
  if (of) return { seesWho, types: Object.keys(of.happenings.words('en')) }
  if (about === undefined) return { seesWho }
  const parts = await Promise.all(speaking(ctx).map(({ happenings }) => happenings.parts?.(ctx, about) ?? []))
  return { seesWho, about: [...new Set([about, ...parts.flat()])], ...(isId('per', about) ? { by: about } : {}) }
}

type Telling = Partial<Told>

/** Each workflow tells of its own things; nobody tells of what this reader may not see. */
async function tellAll(ctx: Ctx, entries: readonly Recorded[]): Promise<Map<string, Telling>> {
  const all = speaking(ctx)
  const told = await Promise.all(all.map(({ happenings }) => happenings.tell?.(ctx, entries)))
  return new Map(
    entries.map((one) => {
      const things = told.map((some) => some?.get(one.id)).find((thing) => thing !== undefined)
      const words = all
        .map(({ happenings }) => happenings.words(ctx.by.language))
        .find((some) => Object.hasOwn(some, one.type))
      return [one.id, { ...things, what: things?.what ?? words?.[one.type] ?? one.type }]
    }),
  )
}

/** What the record is about, for the line above its rows: by its title, or nothing where it is not this reader's. */
async function nameOf(ctx: Ctx, about: string): Promise<string> {
  const stand: Recorded = { id: 'about', type: '', at: ctx.now, actor: '', object: about, action: '', ref: null }
  const told = (await tellAll(ctx, [stand])).get('about')
  return told?.about || about
}

function rowOf(ctx: Ctx, it: Entry, told: Telling, about: string | undefined): Row {
  const say = text(ctx.by.language)
  const { timezone, language } = ctx.by
  const seesWho = has(ctx.by, 'isms-manager') || !it.isKept
  const who = it.actor === SYSTEM.id ? say.system : seesWho ? (it.name ?? it.actor) : say.notTold
  const thing = told.about ? [{ text: ` · ${cut(told.about, LONGEST)}` }] : []
  const buttons: Button[] = [
    ...(told.opens ? [{ label: say.open, ...told.opens }] : []),
    ...(isId('per', it.object) && it.object !== about && it.object !== it.actor && told.about
      ? [ofOne(say.about(cut(told.about, LONGEST)), it.object)]
      : []),
    ...(seesWho && it.name !== null && it.actor !== about ? [ofOne(say.by(cut(it.name, LONGEST)), it.actor)] : []),
  ]
  return {
    title: [{ text: told.what ?? it.type, bold: true }, ...thing],
    text: say.entry({
      who,
      at: `${dateOf(it.at, language, timezone)}, ${timeOf(it.at, timezone)}`,
      tried: it.type === 'turn.denied' ? md` · \`${it.action}\`` : [],
      id: it.id,
    }),
    ...(buttons.length > 0 ? { buttons } : {}),
  }
}

const ofOne = (label: string, about: string): Button => ({ label, do: 'home.record', with: { about } })

/** By what it is about: those that are not chosen already. */
function filters(ctx: Ctx, about: string | undefined, of: string | undefined): Button[] {
  const say = text(ctx.by.language)
  const every: Button = { label: say.everything, do: 'home.record' }
  if (about) return [every]
  const some = speaking(ctx).flatMap(({ name, happenings }): Button[] =>
    happenings.heading && name !== of
      ? [{ label: happenings.heading(ctx.by.language), do: 'home.record', with: { of: name } }]
      : [],
  )
  return of ? [every, ...some] : some
}

function turning(ctx: Ctx, page: Page, kept: Record<string, string>): Block[] {
  const say = text(ctx.by.language)
  const [first, last] = [page.rows[0], page.rows.at(-1)]
  const turn = (label: string, by: Record<string, string>): Button => ({
    label,
    do: 'home.record',
    with: { ...kept, ...by },
  })
  const newest: Button = {
    label: say.newest,
    do: 'home.record',
    ...(Object.keys(kept).length > 0 ? { with: kept } : {}),
  }
  const buttons = [
    ...(page.hasNewer ? [first ? turn(say.newer, { after: first.id }) : newest] : []),
    ...(page.hasOlder && last ? [turn(say.older, { before: last.id })] : []),
  ]
  return buttons.length > 0 ? [{ kind: 'buttons', buttons }] : []
}

/** What was typed after the command: an id, a control of Annex A, a person by mail address or name. */
export async function askedFor(ctx: Ctx, typed: string): Promise<string | undefined> {
  if (Object.keys(KINDS).some((kind) => isId(kind as Kind, typed))) return typed
  if (/^A\.\d+(\.\d+)+$/i.test(typed)) return `annex-a/2022/${typed.toUpperCase()}`
  const known = await personByEmail(ctx.db, typed)
  if (known) return known.id
  const found = await searchPeople(ctx.db, typed, 2)
  return found.length === 1 ? found[0]?.id : undefined
}
