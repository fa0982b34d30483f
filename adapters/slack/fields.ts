import type { types } from '@slack/bolt'
import type { Names } from '../../src/core/answering.ts'
import { clean, cut, never } from '../../src/core/drawing.ts'
import { plain } from '../../src/core/md.ts'
import type { Field, Form, Option } from '../../src/core/view.ts'
import { muted, type Piece } from './blocks.ts'
import { FEW_OPTIONS, FIELD_ERROR, INPUT, MOST_FILES, MOST_OPTIONS, OPTION, SECTION } from './limits.ts'
import { plainText } from './markup.ts'
import { fieldId } from './payload.ts'
import type { Pen } from './pen.ts'

/** Every kind of field; a new kind does not compile until it is drawn. */
export function drawField(form: Form, name: string, field: Field, pen: Pen, names: Names): Piece[] {
  const before: types.KnownBlock[] = []
  const after: types.KnownBlock[] = []
  const error = form.errors?.[name]
  if (error) after.push(...muted(plain(`${pen.words.errorSign} ${cut(error, FIELD_ERROR)}`), pen))
  const element = drawElement(field, form.values?.[name], pen, names, before, after)
  if (!element) return [{ drawn: [...before, ...after], keep: true }]
  const input: types.InputBlock = {
    type: 'input',
    block_id: fieldId(form, name),
    label: plainText(field.label, INPUT.label),
    element: { ...element, action_id: field.kind },
    optional: field.optional ?? false,
    ...(field.hint ? { hint: plainText(field.hint, INPUT.hint) } : {}),
  }
  return [{ drawn: [...before, input, ...after], keep: true }]
}

type Value = string | string[] | undefined
type Element = types.InputBlock['element']

/** `before` and `after` take what the input itself has no room for; undefined when Slack cannot ask for it. */
function drawElement(
  field: Field,
  value: Value,
  pen: Pen,
  names: Names,
  before: types.KnownBlock[],
  after: types.KnownBlock[],
): Element | undefined {
  switch (field.kind) {
    case 'line':
    case 'lines':
      return drawText(field, value, pen, after)
    case 'number': {
      const typed = numberWithin(first(value), field.min, field.max)
      return {
        type: 'number_input',
        is_decimal_allowed: false,
        ...(field.min === undefined ? {} : { min_value: String(field.min) }),
        ...(field.max === undefined ? {} : { max_value: String(field.max) }),
        ...(typed === undefined ? {} : { initial_value: typed }),
      }
    }
    case 'date': {
      const day = first(value)
      return {
        type: 'datepicker',
        ...(day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day) ? { initial_date: day } : {}),
      }
    }
    case 'choice':
    case 'choices': {
      if (field.options.length === 0) {
        // Slack refuses a view with an empty menu.
        before.push(...muted(plain(`${field.label}: –`), pen))
        return undefined
      }
      const options = offered(field.options, pen, after)
      return field.kind === 'choice' ? drawChoice(options, first(value)) : drawChoices(options, value)
    }
    case 'person': {
      const id = first(value)
      const name = id === undefined ? undefined : names[id]
      return {
        type: 'external_select',
        min_query_length: 1,
        ...(id !== undefined && name !== undefined ? { initial_option: drawOption({ value: id, label: name }) } : {}),
      }
    }
    case 'agree': {
      const fits = field.statement.length <= OPTION.text
      if (!fits) before.push({ type: 'section', text: plainText(field.statement, SECTION) })
      const option = drawOption({ value: 'yes', label: fits ? field.statement : pen.words.agree })
      return { type: 'checkboxes', options: [option], ...(first(value) === 'yes' ? { initial_options: [option] } : {}) }
    }
    case 'file':
      if (!pen.files) {
        before.push(...muted(plain(`${field.label}: ${pen.words.filesElsewhere}`), pen))
        return undefined
      }
      return { type: 'file_input', max_files: Math.min(field.max ?? MOST_FILES, MOST_FILES) }
    default:
      return never(field)
  }
}

function drawText(
  field: Extract<Field, { kind: 'line' | 'lines' }>,
  value: Value,
  pen: Pen,
  after: types.KnownBlock[],
): Element {
  const max = Math.min(field.max ?? INPUT.text, INPUT.text)
  // Slack refuses the whole view when the text that stands in a field is longer than the field takes.
  const whole = clean(first(value) ?? '')
  const fitting = /[\ud800-\udbff]$/.test(whole.slice(0, max)) ? whole.slice(0, max - 1) : whole.slice(0, max)
  if (fitting.length < whole.length)
    after.unshift(...muted(plain(pen.words.shortened(whole.length - fitting.length)), pen))
  return {
    type: 'plain_text_input',
    multiline: field.kind === 'lines',
    max_length: max,
    ...(fitting === '' ? {} : { initial_value: fitting }),
    ...(field.placeholder ? { placeholder: plainText(field.placeholder, INPUT.placeholder) } : {}),
  }
}

function drawChoice(options: types.PlainTextOption[], value: string | undefined): Element {
  const chosen = options.find((option) => option.value === value)
  const initial = chosen ? { initial_option: chosen } : {}
  return { type: options.length <= FEW_OPTIONS ? 'radio_buttons' : 'static_select', options, ...initial }
}

function drawChoices(options: types.PlainTextOption[], value: Value): Element {
  const values = Array.isArray(value) ? value : [value]
  const chosen = options.filter((option) => values.includes(option.value))
  const initial = chosen.length > 0 ? { initial_options: chosen } : {}
  return { type: options.length <= FEW_OPTIONS ? 'checkboxes' : 'multi_static_select', options, ...initial }
}

function offered(all: readonly Option[], pen: Pen, after: types.KnownBlock[]): types.PlainTextOption[] {
  const left = all.length - MOST_OPTIONS
  if (left > 0) after.push(...muted(plain(pen.words.fewerOptions(left)), pen))
  return all.slice(0, MOST_OPTIONS).map(drawOption)
}

export function drawOption(option: Option): types.PlainTextOption {
  if (option.value.length > OPTION.value) throw new RangeError(`an option's value is longer than ${OPTION.value}`)
  return {
    text: plainText(option.label, OPTION.text),
    value: option.value,
    ...(option.hint ? { description: plainText(option.hint, OPTION.hint) } : {}),
  }
}

/** Text outside the limits in the field would make Slack refuse the whole view. */
function numberWithin(typed: string | undefined, min = -Infinity, max = Infinity): string | undefined {
  if (typed === undefined || !/^-?\d{1,15}$/.test(typed)) return undefined
  return Number(typed) >= min && Number(typed) <= max ? typed : undefined
}

const first = (value: Value): string | undefined => (Array.isArray(value) ? value[0] : value)
