import { LARGEST_FILE } from '../../src/core/files.ts'
import type { Field } from '../../src/core/view.ts'
import type { Form, Reply, Turn } from '../../src/core/workflow.ts'
import { entriesOf, type RefusedUpload, type Sent } from './decode.ts'
import { MOST_FILES } from './limits.ts'
import { unknownIn } from './people.ts'
import type { DeskWords } from './text.ts'
import type { Signed } from './visit.ts'

/**
 * The form once more, where a typed name was not chosen or a file was not taken: with what was typed, and nothing done.
 * When there is no such form any more, what the core says instead. undefined: nothing is wrong.
 */
export async function askAgain(visit: Signed, sent: Sent, turn: Turn): Promise<Reply | undefined> {
  const unknown = await unknownIn(visit, sent)
  if (unknown.length === 0 && sent.refused.length === 0) return undefined
  const opened = await visit.desk.core.turn({ ...turn, key: `${turn.key}:again`, entries: undefined })
  const { form } = opened
  // Without the file the answer is not what was meant, so that it is not sent on.
  if (form === undefined) return sent.refused.length > 0 ? opened : undefined
  const wrong = unknown.filter((name) => kindOf(form, name) === 'person')
  const each = (value: string) => Object.fromEntries(wrong.map((name) => [name, value]))
  const errors = { ...each(visit.say.form.nobody), ...fileErrors(form, sent, visit.say) }
  if (Object.keys(errors).length === 0) return undefined
  return { form: { ...form, values: { ...entriesOf(sent), ...each('') }, errors } }
}

/** One sentence or more for each field of the form that was given a file which was not taken. */
export function fileErrors(form: Form, { refused }: Sent, say: DeskWords): Record<string, string> {
  const fields = new Set(refused.map(({ field }) => field).filter((name) => kindOf(form, name) === 'file'))
  return Object.fromEntries(
    [...fields].map((name) => [
      name,
      sentencesFor(
        refused.filter(({ field }) => field === name),
        say,
      ),
    ]),
  )
}

function sentencesFor(refused: readonly RefusedUpload[], { form: say }: DeskWords): string {
  const named = (why: RefusedUpload['why']) => refused.filter((file) => file.why === why).map(({ name }) => name)
  const [large, empty, many] = [named('too large'), named('empty'), named('too many')]
  return [
    ...large.map((name) => say.tooLarge(name, LARGEST_FILE / 1024 / 1024)),
    ...empty.map((name) => say.empty(name)),
    ...(many.length > 0 ? [say.leftOut(MOST_FILES, many)] : []),
    ...(large.length + many.length > 0 ? [say.restStays] : []),
  ].join(' ')
}

const kindOf = (form: Form, name: string): Field['kind'] | undefined =>
  Object.hasOwn(form.fields, name) ? form.fields[name]?.kind : undefined
