import { faultOf, type Log } from './log.ts'
import { plain } from './md.ts'
import type { Actor, Card, Core, Form, Reply, Turn } from './workflow.ts'

/** What every chat does with an answer before it is drawn. */

/** A turn that always answers: what the core could not, is said in the platform's own words, and counted as failed. */
export function answering(core: Pick<Core, 'turn'>, log: Log, failed: { event: string; words: string }) {
  return async (turn: Turn): Promise<Reply> => {
    try {
      return await core.turn(turn)
    } catch (error) {
      log.error({ do: turn.do, ...faultOf(error) }, failed.event)
      return { say: plain(failed.words), failed: true }
    }
  }
}

/** The names of chosen people, by their ids. */
export type Names = Record<string, string>

/** For forms that are drawn with people already in them: a platform shows a choice by its name. */
export async function namesIn(core: Pick<Core, 'options'>, form: Form, by: Actor): Promise<Names> {
  const names: Names = {}
  for (const [name, field] of Object.entries(form.fields)) {
    const id = form.values?.[name]
    if (field.kind !== 'person' || typeof id !== 'string' || id === '') continue
    const found = await core.options('person', id, by).catch(() => [])
    const label = found.find((option) => option.value === id)?.label
    if (label !== undefined) names[id] = label
  }
  return names
}

/** Sentence and card where there is only one place for both. */
export const withWords = (card: Card, { say }: Reply): Card =>
  say ? { ...card, blocks: [{ kind: 'text', text: say }, ...card.blocks] } : card
