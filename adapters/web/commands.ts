import { plain } from '../../src/core/md.ts'
import type { Block, Card, Command } from '../../src/core/workflow.ts'
import type { Signed } from './visit.ts'

/** What this person may ask for by a word: the list of the help, which names nothing they would be refused. */
export const offeredTo = ({ desk, visitor, language }: Signed): Command[] =>
  desk.core.commands.filter((command) => command.hint(language) !== '' && (command.offered?.(visitor.person) ?? true))

/** As people type it into the chat of the desk. */
export const typedAs = ({ word, slash }: Command): string =>
  slash?.command ?? (word === DEFAULT_WORD ? '/isms' : `/isms ${word}`)

/** What `/isms` alone means. */
const DEFAULT_WORD = 'inbox'

/** The help as a page: nothing can be typed there, so each command is a button that does it. */
export function helpPage(visit: Signed, name: string, card: Card): Card {
  const rows = offeredTo(visit)
    .filter((command) => command.do !== name)
    .map((command) => ({
      title: plain(command.hint(visit.language)),
      text: [{ text: typedAs(command), code: true as const }],
      buttons: [{ label: capital(command.word), do: command.do }],
    }))
  return { ...card, blocks: [...card.blocks.filter((block) => !isTyped(block)), { kind: 'rows', rows }] }
}

/** A list of what to type: every line begins with it. */
const isTyped = (block: Block): boolean => block.kind === 'list' && block.items.every(([span]) => span?.code === true)

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)
