import type { Command } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'

/** What an empty message means, when no workflow claims it. */
const DEFAULT_WORD = 'inbox'

/** `isTyped`: there were words; an empty message means a command too. */
export type Called = { do: string; text: string; isTyped: boolean } | { unknown: string }

/**
 * Which action a typed message means: `inbox`, `incident lost laptop`, with or without our name before it, and also as it
 * would be typed in other chats (`/isms help`, `/incident`). The commands menu inserts the same words.
 */
export function called(
  commands: readonly Command[],
  activity: Pick<Activity, 'text' | 'entities' | 'recipient'>,
): Called {
  const words = withoutOurName(activity)
    .replace(/^\/?isms(?=\s|$)/i, '')
    .trim()
  const [word = '', ...rest] = words.split(/\s+/)
  const sought = (word === '' ? DEFAULT_WORD : word).toLowerCase()
  const found = commands.find((one) => one.word.toLowerCase() === sought || one.slash?.command === sought)
  if (!found) return { unknown: word }
  return { do: found.do, text: rest.length === 0 ? '' : words.slice(word.length).trim(), isTyped: word !== '' }
}

/** The text of a message is what was typed, sign for sign; only a mention of ourselves is not meant. */
function withoutOurName({ text = '', entities, recipient }: Pick<Activity, 'text' | 'entities' | 'recipient'>): string {
  const mentions = (entities ?? []).filter((one) => one.type === 'mention' && one.mentioned?.id === recipient?.id)
  return mentions.reduce((words, one) => (one.text ? words.replaceAll(one.text, ' ') : words), text).trim()
}

/** A message action's id is the action it does; the manifest declares the same. */
export const extensionCalled = (commands: readonly Command[], id: unknown): Command | undefined =>
  commands.find((one) => one.shortcut !== undefined && one.do === id)
