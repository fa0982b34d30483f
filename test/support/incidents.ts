import { type Text, textOf } from '../../src/core/md.ts'
import type { Button, Card, Entries, Reply } from '../../src/core/workflow.ts'
import type { World } from './world.ts'

const isText = (value: unknown): value is Text =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one?.text === 'string' && !('kind' in one))

/** Every word of a card that a person reads, buttons and all, in one string. */
export const wordsOf = (card: Card | undefined): string =>
  JSON.stringify(card ?? null, (_name, value) => (isText(value) ? textOf(value) : value))

export const sayOf = (reply: Reply): string => textOf(reply.say ?? [])

/** The buttons of a card, those in rows too. */
export const buttonsOf = (card: Card): Button[] =>
  card.blocks.flatMap((block) =>
    block.kind === 'buttons'
      ? block.buttons
      : block.kind === 'rows'
        ? block.rows.flatMap((row) => row.buttons ?? [])
        : [],
  )

export const labelsOf = (card: Card): string[] => buttonsOf(card).map((one) => one.label)

/** Presses the button with that label on that card, and submits the form it opens when entries are given. */
export async function press(world: World, who: string, card: Card | undefined, label: string, entries?: Entries) {
  const button = card && buttonsOf(card).find((one) => one.label === label)
  if (!button || !('do' in button)) throw new Error(`no button ${label} on ${card?.title}`)
  const { id, shown } = button
  const reply = await world.as(who).do(button.do, { id, shown, with: button.with })
  return entries && reply.form ? submit(world, who, reply, entries) : reply
}

/** Submits an open form: what stood in it, and the entries over it. */
export function submit(world: World, who: string, { form }: Reply, entries: Entries = {}): Promise<Reply> {
  if (!form) throw new Error('no form is open')
  const { id, shown } = form
  return world.as(who).do(form.do, { id, shown, with: form.with, entries: { ...form.values, ...entries } })
}

/** Somebody reports by command and sends it. Answers the reply and the report's id. */
export async function reports(world: World, who: string, what: string, entries: Entries = {}) {
  const opened = await world.as(who).command(`/incident ${what}`)
  const reply = await submit(world, who, opened, entries)
  return { id: opened.form?.id ?? '', reply, number: /EVT-\d{4}-\d{4}/.exec(sayOf(reply))?.[0] ?? '' }
}

/** The newest card in somebody's chat, or the newest whose title holds those words. */
export const newest = (world: World, who: string, title = ''): Card | undefined =>
  world.chat(who).findLast((one) => one.title.includes(title))
