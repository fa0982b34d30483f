import { DeliveryError } from '../../src/core/errors.ts'
import { textOf } from '../../src/core/md.ts'
import type { Block, Button, Card, Entries, Form, Reply, Row, Turn } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { buttonsOf } from '../support/incidents.ts'
import { makeWorld } from '../support/world.ts'
import type { Bench, Seen, SeenCard, SeenForm, Trouble } from './contract.ts'
import { BIDI } from './corpus.ts'
import { makeProbe } from './probe.ts'

const TROUBLES: Record<Trouble, () => DeliveryError> = {
  permanent: () => new DeliveryError('blocked', { permanent: true }),
  limited: () => new DeliveryError('too many', { retryAfter: 60 }),
  unknown: () => new DeliveryError('timed out', { unknown: true }),
}

/** What somebody has in front of them. */
type Front = { reply: Reply; typed: Entries; last?: () => Promise<void> }

/** The chat in memory: nothing is drawn, so it shows what the core itself promises. */
export async function openMemory(): Promise<Bench> {
  const probe = makeProbe()
  const world = await makeWorld({ workflows: [home, probe.workflow], seed: 'memory bench' })
  const fronts = new Map<string, Front>()
  const frontOf = (who: string): Front => {
    const front = fronts.get(who) ?? { reply: {}, typed: {} }
    fronts.set(who, front)
    return front
  }
  const chatOf = (who: string) => world.platform.chats.get(who) ?? []

  /** Does it, keeps how to do it again, and shows the answer where a chat would. */
  async function turn(who: string, what: Omit<Turn, 'by'>): Promise<void> {
    const front = frontOf(who)
    const once = async () => {
      const reply = await world.as(who).do(what.do, what)
      const clicked = chatOf(who).find((one) => one.anchor === what.anchor)
      if (clicked && reply.card && !reply.beside) clicked.card = reply.card
      const { card, ...others } = reply
      front.reply = clicked && !reply.beside ? others : { card, ...others }
      front.typed = reply.form?.values ?? {}
    }
    front.last = once
    await once()
  }

  let presses = 0
  const key = () => `bench-${++presses}`

  return {
    world,
    probe,
    async sees(who) {
      const { reply, typed } = frontOf(who)
      return {
        cards: chatOf(who).map((one) => seenCard(one.card)),
        ...(reply.card ? { shown: seenCard(reply.card) } : {}),
        ...(reply.form ? { form: seenForm(reply.form, typed) } : {}),
        ...(reply.say ? { said: textOf(reply.say) } : {}),
      } satisfies Seen
    },
    async press(who, label, { title = '', of = who } = {}) {
      const clicked = chatOf(of).findLast((one) => one.card.title.startsWith(title.trim()))
      const button = clicked && buttonsOf(clicked.card).find((one) => one.label === label)
      if (!button || !('do' in button)) throw new Error(`no button ${label} in the chat of ${of}`)
      const { do: what, id, shown, with: parameters } = button
      await turn(who, { key: key(), do: what, id, shown, with: parameters, anchor: clicked?.anchor, origin: 'button' })
    },
    async fill(who, entries) {
      const { reply, typed } = frontOf(who)
      for (const [label, value] of Object.entries(entries)) {
        const [name, field] = Object.entries(reply.form?.fields ?? {}).find(([, one]) => one.label === label) ?? []
        if (name === undefined || field === undefined) throw new Error(`no field ${label}`)
        typed[name] = field.kind === 'person' ? await personCalled(who, String(value)) : value
      }
    },
    async submit(who) {
      const { reply, typed } = frontOf(who)
      if (!reply.form) throw new Error('no form is open')
      const { do: what, id, shown, with: parameters } = reply.form
      const at = { do: what, id, shown, with: parameters, anchor: anchorOf(who, id) }
      await turn(who, { key: key(), ...at, entries: { ...typed } })
    },
    again: async (who) => frontOf(who).last?.(),
    async command(who, line) {
      const reply = await world.as(who).command(line)
      Object.assign(frontOf(who), { reply, typed: reply.form?.values ?? {} })
    },
    home: async (who) => seenCard(await world.as(who).card('home.inbox')),
    search: async (who, _, typed) =>
      (await world.core.options('person', typed, world.as(who).actor)).map((option) => option.label),
    async alive(who) {
      const cards = [...chatOf(who).map((one) => one.card), ...[frontOf(who).reply.card].flatMap((one) => one ?? [])]
      return cards.flatMap(spansOf).flatMap((span) => (span.href ? [span.href] : []))
    },
    trouble: (how) => void world.platform.trouble.push(TROUBLES[how]()),
    close: async () => undefined,
  }

  /** The card a form was opened from: a platform remembers it. */
  function anchorOf(who: string, id: string | undefined) {
    return chatOf(who).findLast((one) => buttonsOf(one.card).some((button) => 'do' in button && button.id === id))
      ?.anchor
  }

  async function personCalled(who: string, called: string): Promise<string> {
    const [found] = await world.core.options('person', called, world.as(who).actor)
    if (!found) throw new Error(`nobody is called ${called}`)
    return found.value
  }
}

const seenCard = (card: Card): SeenCard => ({
  title: card.title,
  text: [card.status?.label ?? '', ...card.blocks.map(wordsOf)].join('\n').replace(BIDI, ''),
  buttons: buttonsOf(card).map((button) => button.label),
})

const seenForm = (form: Form, typed: Entries): SeenForm => ({
  title: form.title,
  submit: form.submit,
  text: [
    textOf(form.intro ?? []),
    ...Object.values(form.fields).map((field) => JSON.stringify(field)),
    ...(form.blocks ?? []).map(wordsOf),
  ].join('\n'),
  fields: Object.entries(form.fields).map(([name, field]) => ({
    label: field.label,
    value: typed[name] ?? '',
    ...(form.errors?.[name] ? { error: form.errors[name] } : {}),
  })),
})

function wordsOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return textOf(block.text)
    case 'heading':
    case 'quote':
      return block.text
    case 'list':
      return block.items.map(textOf).join('\n')
    case 'facts':
      return block.facts.map((fact) => `${fact.label}: ${textOf(fact.value)}`).join('\n')
    case 'rows':
      return [...block.rows.map(rowWords), block.more ? `${block.more.left} more` : ''].join('\n')
    case 'table':
      return [block.caption, ...[block.columns, ...block.rows].map((row) => row.join(' '))].join('\n')
    case 'progress':
      return `${block.label} ${block.done}/${block.of}`
    case 'image':
      return block.alt
    case 'buttons':
      return block.buttons.map(buttonWords).join(' ')
    case 'rule':
      return '—'
  }
}

const rowWords = (row: Row): string =>
  [textOf(row.title), textOf(row.text ?? []), row.status?.label ?? ''].filter((words) => words !== '').join(' ')

const buttonWords = (button: Button): string =>
  'do' in button && button.confirm ? [button.label, ...Object.values(button.confirm)].join(' ') : button.label

type Spanned = { text: string; href?: string }
const spansOf = (value: unknown): Spanned[] => {
  if (Array.isArray(value)) return value.flatMap(spansOf)
  if (typeof value !== 'object' || value === null) return []
  const own = 'text' in value && typeof value.text === 'string' && !('kind' in value) ? [value as Spanned] : []
  return [...own, ...Object.values(value).flatMap(spansOf)]
}
