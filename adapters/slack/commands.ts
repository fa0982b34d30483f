import type { Command } from '../../src/core/workflow.ts'

/** The one command that leads everywhere: `/isms WORD …`. The manifest declares the same. */
const UMBRELLA = '/isms'
/** What `/isms` alone means, when no workflow claims it. */
const DEFAULT_WORD = 'inbox'

/** As people type it: `/isms` alone is the inbox. */
export const typedAs = ({ word, slash }: Command): string =>
  slash?.command ?? (word === DEFAULT_WORD ? UMBRELLA : `${UMBRELLA} ${word}`)

export type Called = { do: string; text: string; asks: boolean }

/** Which action a slash command means; the word nobody offers comes back as `unknown`. */
export function called(commands: readonly Command[], slash: string, typed: string): Called | { unknown: string } {
  const own = commands.find((one) => one.slash?.command === slash)
  const words = typed.trim()
  if (slash !== UMBRELLA) return own ? answer(own, words) : { unknown: slash }
  if (words === '') {
    const first = own ?? commands.find((one) => one.word === DEFAULT_WORD)
    return first ? answer(first, '') : { unknown: slash }
  }
  const [word = '', rest = ''] = splitOnce(words)
  const found = commands.find((one) => one.word.toLowerCase() === word.toLowerCase())
  return found ? answer(found, rest) : { unknown: word }
}

const splitOnce = (words: string): string[] => {
  const at = words.search(/\s/)
  return at < 0 ? [words] : [words.slice(0, at), words.slice(at).trim()]
}

/** What is offered as a shortcut opens a form: there is no other surface for a shortcut's answer. */
const answer = (command: Command, text: string): Called => ({
  do: command.do,
  text,
  asks: command.shortcut !== undefined,
})

/** `incidents.report:message`; the manifest declares the same callback ids. */
export function shortcutCalled(commands: readonly Command[], callbackId: string): Command | undefined {
  const [name, kind] = callbackId.split(':')
  return commands.find((one) => one.do === name && one.shortcut?.kinds.some((offered) => offered === kind))
}
