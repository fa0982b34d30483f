import type { SeenCard, SeenField } from './contract.ts'
import { bodyOf, buttonsIn, elementsIn, errorAfter, type Json, titleOf } from './teams-cards.ts'
import { choicesOf, onOff, type Typed } from './teams-inputs.ts'

export const seenCard = (card: Json): SeenCard => ({
  title: titleOf(card) ?? '',
  text: bodyOf(card),
  buttons: buttonsIn(card),
})

/** What an input holds when somebody chose by what is read. */
export function chosenIn(input: Json, value: string | string[]): Typed[string] {
  if (input.type === 'Input.Toggle') return ![onOff(input)[1], '', 'no'].includes(String(value))
  const choices = choicesOf(input)
  if (choices.length === 0) return value
  const values = [value].flat().map((title) => String(choices.find((choice) => choice.title === title)?.value))
  return Array.isArray(value) ? values : (values[0] ?? '')
}

/** Before the sentence that corrects a field stands a sign. */
const SIGN = /^Please correct: /

/** The fields of a form by what is read; where a card cannot ask for one, its label and where to go instead. */
export function fieldsOf(card: Json, typed: Typed, names: ReadonlyMap<string, string>): SeenField[] {
  return elementsIn(card).flatMap((element): SeenField[] => {
    const elsewhere = askedElsewhere(element)
    if (elsewhere) return [{ label: elsewhere, value: '' }]
    if (!String(element.type).startsWith('Input.')) return []
    const error = errorAfter(card, element)?.replace(SIGN, '')
    const value = readAs(element, typed[String(element.id)] ?? standsIn(element), names)
    return [{ label: String(element.label), value, ...(error ? { error } : {}) }]
  })
}

/** Teams has no input for files: words stand in the field's place, first its label. */
function askedElsewhere(element: Json): string | undefined {
  const [first, ...more] = (element.items ?? []) as Json[]
  if (element.type !== 'Container' || element.style || element.separator || !first || more.length > 0) return undefined
  const [run] = (first.inlines ?? []) as Json[]
  return run?.isSubtle === true ? /^(.+?): /.exec(String(run.text))?.[1] : undefined
}

function standsIn(input: Json): string | string[] {
  if (input.type === 'Input.Toggle') return input.value === onOff(input)[0] ? 'yes' : ''
  const value = String(input.value ?? '')
  return input.isMultiSelect === true ? value.split(',').filter(Boolean) : value
}

function readAs(input: Json, value: Typed[string], names: ReadonlyMap<string, string>): string | string[] {
  if (typeof value === 'boolean') return value ? 'yes' : ''
  const read = (one: string): string =>
    String(choicesOf(input).find((choice) => choice.value === one)?.title ?? names.get(one) ?? one)
  return Array.isArray(value) ? value.map(read) : read(value)
}
