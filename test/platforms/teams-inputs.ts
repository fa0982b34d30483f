import { inputsIn, type Json } from './teams-cards.ts'

/** By input id; a list for several choices, true or false for a box. */
export type Typed = Record<string, string | string[] | boolean>

/**
 * What a client sends for the inputs of a card: text, whatever was asked for. Refuses what Teams' own clients would not
 * let through. `found`: values that a search offered.
 */
export function gathered(card: Json, action: Json, typed: Typed, found: ReadonlySet<string>): Record<string, string> {
  if (action.associatedInputs === 'none') return {}
  const inputs = inputsIn(card)
  for (const id of Object.keys(typed))
    if (!inputs.some((input) => input.id === id)) throw new Error(`there is no input ${id}`)
  const values: Record<string, string> = {}
  for (const input of inputs) {
    const id = String(input.id)
    const value = entryOf(input, typed[id], found)
    checked(input, value)
    // An empty text is sent as such; nothing chosen is not sent at all.
    if (value !== '' || ['Input.Text', 'Input.Toggle'].includes(String(input.type))) values[id] = value
  }
  return values
}

function entryOf(input: Json, typed: Typed[string] | undefined, found: ReadonlySet<string>): string {
  if (input.type === 'Input.Toggle') {
    const [on, off] = onOff(input)
    return (typed === undefined ? input.value === on : typed === true || typed === on) ? on : off
  }
  if (input.type !== 'Input.ChoiceSet') return String(typed ?? input.value ?? '')
  const standing = String(input.value ?? '')
  const chosen = typed === undefined ? standing.split(',') : [typed].flat().map(String)
  const values = chosen.filter((value) => value !== '')
  for (const value of values)
    if (!choicesOf(input).some((choice) => choice.value === value) && !found.has(value))
      throw new Error(`${value} is not offered by ${String(input.id)}`)
  if (values.length > 1 && input.isMultiSelect !== true) throw new Error(`${String(input.id)} takes one choice`)
  return values.join(',')
}

function checked(input: Json, value: string): void {
  const { type, label, min, max, maxLength, regex } = input
  const name = String(label ?? input.id)
  const isEmpty = type === 'Input.Toggle' ? value === onOff(input)[1] : value === ''
  if (isEmpty && input.isRequired === true) throw new Error(`Teams asks for ${name} first`)
  if (isEmpty) return
  if (type === 'Input.Text' && value.length > Number(maxLength ?? Infinity)) throw new Error(`too long for ${name}`)
  if (type === 'Input.Text' && typeof regex === 'string' && !new RegExp(regex).test(value))
    throw new Error(`${name} takes something else`)
  if (type === 'Input.Number') {
    const number = Number(value)
    if (Number.isNaN(number)) throw new Error(`${name} takes numbers`)
    if (number < Number(min ?? -Infinity) || number > Number(max ?? Infinity)) throw new Error(`out of range: ${name}`)
  }
  if (type === 'Input.Date') {
    if (!/^\d{4}-\d\d-\d\d$/.test(value)) throw new Error(`${name} takes dates`)
    if (value < String(min ?? '') || value > String(max ?? '9999')) throw new Error(`out of range: ${name}`)
  }
}

export const choicesOf = (input: Json): Json[] => (input.choices ?? []) as Json[]

/** What a box is worth when it is ticked, and when it is not. */
export const onOff = (input: Json): [string, string] => [
  String(input.valueOn ?? 'true'),
  String(input.valueOff ?? 'false'),
]

/** What the search of a menu is called; undefined where nothing is searched. */
export const datasetOf = (input: Json | undefined): string | undefined =>
  (input?.['choices.data'] as { dataset?: string } | undefined)?.dataset
