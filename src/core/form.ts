import { isId } from './id.ts'
import type { Entries, Field, Fields } from './view.ts'
import { words } from './words.ts'

/** The typed answers of a form, from the very fields that drew it. */
export type Answers<F extends Fields> = { [K in keyof F]: Answer<F[K]> }

type Answer<T extends Field> = T extends { optional: true } ? Value<T> | undefined : Value<T>
type Value<T extends Field> = T extends { kind: 'number' }
  ? number
  : T extends { kind: 'choices' | 'file' }
    ? string[]
    : T extends { kind: 'agree' }
      ? true
      : string

/** Chat platforms cut a text input at 3,000 characters; ours is the smallest common measure. */
export const LONGEST_LINE = 200
export const LONGEST_TEXT = 3000

const en = {
  needed: 'This is needed.',
  tooLong: (max: number, is: number) => `At most ${max} characters; this has ${is}.`,
  notANumber: 'A whole number, please.',
  between: (min: number, max: number) => `Between ${min} and ${max}, please.`,
  notADate: 'A date as YYYY-MM-DD, please.',
  notBefore: (day: string) => `Not before ${day}.`,
  notAfter: (day: string) => `Not after ${day}.`,
  notOffered: 'Please choose one of the answers offered.',
  notAPerson: 'Please choose a person from the list.',
  agree: 'Please tick this to go on.',
  oneLine: 'One line only, please.',
  tooMany: (max: number) => (max === 1 ? 'One file only, please.' : `At most ${max} files, please.`),
}
const text = words({ en })

/**
 * Reads what was typed against the fields. Either every answer with its type, or one sentence per field that needs
 * correcting. Names that no field carries are ignored, so nothing can be smuggled in (T38).
 */
export function read<F extends Fields>(
  fields: F,
  entries: Entries,
  language: string,
): { answers: Answers<F> } | { errors: Record<string, string> } {
  const answers: Record<string, unknown> = Object.create(null)
  const errors: Record<string, string> = {}
  for (const [name, field] of Object.entries(fields)) {
    const typed = Object.hasOwn(entries, name) ? entries[name] : undefined
    const result = readField(field, typed, language)
    if ('error' in result) errors[name] = result.error
    else answers[name] = result.value
  }
  return Object.keys(errors).length > 0 ? { errors } : { answers: answers as Answers<F> }
}

type Result = { value: unknown } | { error: string }

function readField(field: Field, typed: string | string[] | undefined, language: string): Result {
  const say = text(language)
  const many = Array.isArray(typed) ? typed : typed === undefined || typed === '' ? [] : [typed]
  const one = (many[0] ?? '').trim()
  const empty = field.kind === 'choices' || field.kind === 'file' ? many.length === 0 : one === ''
  if (empty && field.kind !== 'agree') {
    if (field.optional) return { value: undefined }
    return { error: say.needed }
  }
  switch (field.kind) {
    case 'line':
      if (/[\r\n]/.test(one)) return { error: say.oneLine }
      return within(one, field.max ?? LONGEST_LINE, language)
    case 'lines':
      return within(one, field.max ?? LONGEST_TEXT, language)
    case 'number': {
      const value = /^-?\d{1,15}$/.test(one) ? Number(one) : Number.NaN
      if (Number.isNaN(value)) return { error: say.notANumber }
      const min = field.min ?? -Number.MAX_SAFE_INTEGER
      const max = field.max ?? Number.MAX_SAFE_INTEGER
      return value < min || value > max ? { error: say.between(min, max) } : { value }
    }
    case 'date':
      if (!isDate(one)) return { error: say.notADate }
      if (field.min !== undefined && one < field.min) return { error: say.notBefore(field.min) }
      if (field.max !== undefined && one > field.max) return { error: say.notAfter(field.max) }
      return { value: one }
    case 'choice':
      return field.options.some((option) => option.value === one) ? { value: one } : { error: say.notOffered }
    case 'choices': {
      const offered = new Set(field.options.map((option) => option.value))
      return many.every((value) => offered.has(value)) ? { value: [...new Set(many)] } : { error: say.notOffered }
    }
    case 'person':
      return isId('per', one) ? { value: one } : { error: say.notAPerson }
    case 'agree':
      return one === 'yes' ? { value: true } : { error: say.agree }
    case 'file':
      return readFiles([...new Set(many)], field.max, language)
  }
}

/** Well-formed ids, the same file once; whose they are is asked where there is a database (`strangeFiles`). */
function readFiles(ids: string[], max: number | undefined, language: string): Result {
  const say = text(language)
  if (!ids.every((id) => isId('fil', id))) return { error: say.notOffered }
  return max !== undefined && ids.length > max ? { error: say.tooMany(max) } : { value: ids }
}

function within(value: string, max: number, language: string): Result {
  // NUL cannot be stored in PostgreSQL text, and lone surrogates are not text.
  const clean = value.replaceAll('\u0000', '').toWellFormed()
  return clean.length > max ? { error: text(language).tooLong(max, clean.length) } : { value: clean }
}

/** A day that exists, as YYYY-MM-DD. */
export function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const at = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value)
}
