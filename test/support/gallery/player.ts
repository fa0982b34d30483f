import type { Button, Card, Entries, Form, Reply, Text, Turn } from '../../../src/core/workflow.ts'
import { buttonsOf } from '../incidents.ts'
import type { World } from '../world.ts'

/** One card or form as one person saw it, under `slice.card--state` or `slice.action--state`. */
export type Picture = { name: string; who: string } & ({ card: Card } | { form: Form })

/** Anything that anybody saw, named pictures included. */
export type Sight = { where: string; who: string; card?: Card; form?: Form; say?: Text }

export type Do = Extract<Button, { do: string }>

/** Buttons of a card or a form that do something. */
export const doing = (blocks: Card['blocks']): Do[] =>
  buttonsOf({ title: '', blocks }).filter((button): button is Do => 'do' in button)

/** Somebody with a camera in the world: plays, and keeps what is seen. Buttons are found by what they do, in any language. */
export function makePlayer(world: World) {
  const pictures: Picture[] = []
  const sights: Sight[] = []

  function keep(name: string, who: string, shown: Card | Form): void {
    if (pictures.some((one) => one.name === name)) throw new Error(`two pictures are called ${name}`)
    if ('fields' in shown) pictures.push({ name, who, form: shown })
    else if (shown.blocks.length > 0) pictures.push({ name, who, card: shown })
    else throw new Error(`${who} sees nothing of ${name}`)
  }

  const seen = (where: string, who: string, reply: Reply): Reply => {
    sights.push({ where, who, ...reply })
    return reply
  }

  const player = {
    world,
    pictures,
    sights,
    /** A card as a page, or as it would be drawn for this person. */
    async page(state: string, who: string, card: string, id?: string): Promise<Card> {
      const shown = await world.as(who).card(card, id)
      keep(`${card}--${state}`, who, shown)
      sights.push({ where: card, who, card: shown })
      return shown
    },
    /** Does something; the answer is seen, not kept. */
    act: async (who: string, action: string, turn: Partial<Turn> = {}): Promise<Reply> =>
      seen(action, who, await world.as(who).do(action, turn)),
    /** Opens a form and keeps its picture. */
    async asks(state: string, who: string, action: string, turn: Partial<Turn> = {}): Promise<Form> {
      const { form, say } = seen(action, who, await world.as(who).do(action, turn))
      if (!form) throw new Error(`${action} asks ${who} nothing: ${JSON.stringify(say)}`)
      keep(`${action}--${state}`, who, form)
      return form
    },
    /** Sends an open form: what stands in it, and the entries over it. */
    async send(who: string, form: Form, entries: Entries = {}, state?: string): Promise<Reply> {
      const { do: action, id, shown, with: parameters } = form
      const turn = { id, shown, with: parameters, entries: { ...form.values, ...entries } }
      const reply = seen(action, who, await world.as(who).do(action, turn))
      if (state !== undefined && reply.form) keep(`${action}--${state}`, who, reply.form)
      return reply
    },
    /** Presses the n-th button of a card that does this. */
    async press(who: string, on: Card | Form | undefined, action: string, n = 0): Promise<Reply> {
      const button = doing(on?.blocks ?? []).filter((one) => one.do === action)[n]
      if (!button) throw new Error(`no button does ${action} on ${on?.title}`)
      const { id, shown, with: parameters } = button
      return seen(action, who, await world.as(who).do(action, { id, shown, with: parameters }))
    },
    async command(who: string, line: string): Promise<Reply> {
      return seen(line, who, await world.as(who).command(line))
    },
    /** Keeps something that came as an answer. */
    shot(name: string, who: string, shown: Card | Form | undefined): void {
      if (!shown) throw new Error(`nothing to keep as ${name}`)
      keep(name, who, shown)
    },
    /** Time passes and the worker works; every card that stands in a chat afterwards was seen there. */
    async pass(time: string): Promise<void> {
      await world.pass(time)
      await player.work()
    },
    async work(): Promise<void> {
      await world.work()
      for (const [who, chat] of world.platform.chats)
        for (const { card } of chat) sights.push({ where: `chat of ${who}`, who, card })
    },
    newest(who: string): Card {
      const card = world.chat(who).at(-1)
      if (!card) throw new Error(`${who} has no message`)
      return card
    },
  }
  return player
}

export type Player = ReturnType<typeof makePlayer>
