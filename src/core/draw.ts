import { isId } from './id.ts'
import { text } from './text.ts'
import type { Card, Ctx } from './workflow.ts'

/**
 * A card as this person may see it, from the data of this moment. undefined: there is no such card, it is about
 * something else, or it is not theirs to see, and nobody is told which (T20). null: nothing left to say.
 */
export async function draw(ctx: Ctx, name: string, id: string | undefined): Promise<Card | null | undefined> {
  const [workflow, what] = name.split('.')
  const cards = ctx.house.workflows.find((one) => one.name === workflow)?.cards
  const source = cards && what !== undefined && Object.hasOwn(cards, what) ? cards[what] : undefined
  if (!source) return undefined
  if (source.about !== undefined && !isId(source.about, id)) return undefined
  const subject = source.load ? await source.load(ctx, id ?? '') : id
  if (source.load && subject === undefined) return undefined
  const sees = await source.sees(ctx, subject)
  return sees === 'none' ? undefined : source.draw(ctx, subject, sees)
}

/** The same as a page, where something must always be shown. */
export async function drawFor(ctx: Ctx, name: string, id: string | undefined): Promise<Card> {
  const drawn = await draw(ctx, name, id)
  const words = text(ctx.by.language)
  if (drawn === undefined) return { title: words.gone, blocks: [] }
  return drawn ?? { title: words.nothingLeft, blocks: [] }
}
