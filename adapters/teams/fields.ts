import type { Names } from '../../src/core/answering.ts'
import { clean, cut, never } from '../../src/core/drawing.ts'
import { plain } from '../../src/core/md.ts'
import { MOST_OFFERED } from '../../src/core/uploads.ts'
import type { Field, Form, Option } from '../../src/core/view.ts'
import { muted, type Piece } from './blocks.ts'
import { FEW_OPTIONS, FIELD_ERROR, INPUT, MOST_OPTIONS, OPTION, RICH_TEXT } from './limits.ts'
import { choiceText, type Element, literal, richText } from './markup.ts'
import { fieldId } from './payload.ts'
import type { Pen } from './pen.ts'

type Value = string | string[] | undefined

/** Every kind of field; a new kind does not compile until it is drawn. The error follows its input. */
export function drawField(form: Form, name: string, field: Field, pen: Pen, names: Names): Piece[] {
  const before: Element[] = []
  const after: Element[] = []
  // A form that comes back says what was chosen, also when that was nothing: nothing is proposed then.
  const value = form.values?.[name] ?? (form.errors ? [] : undefined)
  const input = drawInput(field, value, pen, names, before, after)
  const error = form.errors?.[name]
  const items = [
    ...before,
    ...(input ? [{ ...input, id: fieldId(name), ...labelled(field, pen) }] : []),
    ...(error
      ? richText(plain(`${pen.words.errorSign} ${cut(error, FIELD_ERROR)}`), undefined, { color: 'Attention' })
      : []),
    ...(field.hint ? muted(plain(cut(field.hint, INPUT.hint)), pen) : []),
    ...after,
  ]
  return [{ drawn: [{ type: 'Container', items }], keep: true }]
}

const labelled = (field: Field, pen: Pen) => ({
  label: literal(field.label, INPUT.label),
  ...(field.optional ? {} : { isRequired: true, errorMessage: pen.words.needed }),
})

/** `before` and `after` take what the input itself has no room for; undefined when a card cannot ask for it. */
function drawInput(
  field: Field,
  value: Value,
  pen: Pen,
  names: Names,
  before: Element[],
  after: Element[],
): Element | undefined {
  switch (field.kind) {
    case 'line':
    case 'lines':
      return drawText(field, value, pen, after)
    case 'number': {
      const typed = first(value)
      return {
        type: 'Input.Number',
        ...(field.min === undefined ? {} : { min: field.min }),
        ...(field.max === undefined ? {} : { max: field.max }),
        ...(typed !== undefined && /^-?\d{1,15}$/.test(typed) ? { value: Number(typed) } : {}),
      }
    }
    case 'date': {
      const day = first(value)
      return {
        type: 'Input.Date',
        ...(field.min ? { min: field.min } : {}),
        ...(field.max ? { max: field.max } : {}),
        ...(day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day) ? { value: day } : {}),
      }
    }
    case 'choice':
    case 'choices':
      if (field.options.length === 0) {
        before.push(...muted(plain(`${field.label}: –`), pen))
        return undefined
      }
      return drawChoices(field, value, pen, after)
    case 'person': {
      const id = first(value)
      const known = id !== undefined && names[id] !== undefined ? [drawOption({ value: id, label: names[id] })] : []
      return {
        type: 'Input.ChoiceSet',
        style: 'filtered',
        choices: known,
        // Searched while somebody types: an invoke `application/search` asks us. [Adaptive Cards 1.6, drawn by Teams]
        'choices.data': { type: 'Data.Query', dataset: 'person' },
        ...(known.length > 0 ? { value: id } : {}),
      }
    }
    case 'agree': {
      const fits = field.statement.length <= OPTION.title
      if (!fits) before.push(...richText(plain(field.statement), undefined, {}, RICH_TEXT))
      return {
        type: 'Input.Toggle',
        title: choiceText(fits ? field.statement : field.label, OPTION.title),
        valueOn: 'yes',
        valueOff: '',
        value: first(value) === 'yes' ? 'yes' : '',
      }
    }
    case 'file':
      return drawFiles(field, value, pen, before, after)
    default:
      return never(field)
  }
}

/**
 * Teams has no input for files: what was sent to us is offered as choices, and what no form took yet is chosen. `before`
 * is all there is where nothing was sent.
 */
function drawFiles(
  field: Extract<Field, { kind: 'file' }>,
  value: Value,
  pen: Pen,
  before: Element[],
  after: Element[],
): Element | undefined {
  const { words, uploads } = pen
  const way = [{ text: words.sendFiles }, { text: words.orBrowser, ...(pen.desk ? { href: pen.desk } : {}) }]
  if (uploads.length === 0) {
    before.push(...muted([{ text: `${field.label}: ` }, ...way], pen))
    return undefined
  }
  const isCut = uploads.length >= MOST_OFFERED
  after.push(...muted(isCut ? [{ text: words.onlyNewest(MOST_OFFERED) }, ...way.slice(1)] : way, pen))
  // In the order in which they were sent: an import reads them in the order in which they are chosen.
  const sent = uploads.toReversed()
  const options = sent.map(({ id, name, size }) => ({ value: id, label: `${name} (${words.brought.size(size)})` }))
  const fresh = sent.filter((one) => !one.isTaken).map(({ id }) => id)
  const kind = field.max === 1 ? 'choice' : 'choices'
  const chosen = value ?? fresh.slice(-(field.max ?? fresh.length))
  return drawChoices({ kind, label: field.label, options }, kind === 'choice' ? first(chosen) : chosen, pen, after)
}

function drawText(
  field: Extract<Field, { kind: 'line' | 'lines' }>,
  value: Value,
  pen: Pen,
  after: Element[],
): Element {
  const max = Math.min(field.max ?? INPUT.text, INPUT.text)
  const whole = clean(first(value) ?? '')
  const fitting = /[\ud800-\udbff]$/.test(whole.slice(0, max)) ? whole.slice(0, max - 1) : whole.slice(0, max)
  if (fitting.length < whole.length)
    after.unshift(...muted(plain(pen.words.shortened(whole.length - fitting.length)), pen))
  return {
    type: 'Input.Text',
    ...(field.kind === 'lines' ? { isMultiline: true } : {}),
    maxLength: max,
    ...(fitting === '' ? {} : { value: fitting }),
    ...(field.placeholder ? { placeholder: literal(field.placeholder, INPUT.placeholder) } : {}),
  }
}

function drawChoices(
  field: Extract<Field, { kind: 'choice' | 'choices' }>,
  value: Value,
  pen: Pen,
  after: Element[],
): Element {
  const isMultiSelect = field.kind === 'choices'
  // A client joins several values with commas.
  if (isMultiSelect && field.options.some((option) => option.value.includes(',')))
    throw new RangeError('an option of several holds a comma in its value')
  const options = field.options.slice(0, MOST_OPTIONS)
  const left = field.options.length - options.length
  if (left > 0) after.push(...muted(plain(pen.words.fewerOptions(left)), pen))
  for (const { label, hint } of options) if (hint) after.push(...muted(plain(`${label}: ${hint}`), pen))
  const chosen = (Array.isArray(value) ? value : [value ?? '']).filter((one) => options.some((it) => it.value === one))
  return {
    type: 'Input.ChoiceSet',
    style: options.length <= FEW_OPTIONS ? 'expanded' : 'compact',
    ...(isMultiSelect ? { isMultiSelect } : {}),
    wrap: true,
    choices: options.map(drawOption),
    ...(chosen.length > 0 ? { value: chosen.join(',') } : {}),
  }
}

export function drawOption(option: Option): { title: string; value: string } {
  if (option.value.length > OPTION.value) throw new RangeError(`an option's value is longer than ${OPTION.value}`)
  return { title: choiceText(option.label, OPTION.title), value: option.value }
}

const first = (value: Value): string | undefined => (Array.isArray(value) ? value[0] : value)
