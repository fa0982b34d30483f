import fc from 'fast-check'
import type { Text } from '../../src/core/md.ts'
import type { Block, Button, Card, Field, Form } from '../../src/core/view.ts'
import { NASTY } from './corpus.ts'

/** What no answer of a person can hold, and data of a database before ours might. */
const HALVES = ['\u0000\u0007 lone \ud800 half', '   ']

const words = fc.oneof(
  fc.constantFrom(...NASTY, ...HALVES),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.lorem({ maxCount: 200 }),
)
const text: fc.Arbitrary<Text> = fc.array(
  fc.record({
    text: words,
    bold: fc.constantFrom(true as const, undefined),
    href: fc.constantFrom(undefined, 'https://d.example/x'),
  }),
  { maxLength: 4 },
)
const button: fc.Arbitrary<Button> = fc.oneof(
  fc.record({ label: words, href: fc.oneof(fc.webUrl(), words) }),
  fc.record({
    label: words,
    do: fc.constant('access.keep'),
    id: fc.string({ maxLength: 40 }),
    style: fc.constantFrom(undefined, 'primary' as const, 'danger' as const),
    confirm: fc.option(fc.record({ title: words, text: words, yes: words, no: words }), { nil: undefined }),
  }),
)
const status = fc.option(fc.record({ label: words, tone: fc.constantFrom('neutral' as const, 'bad' as const) }), {
  nil: undefined,
})
const buttons = fc.array(button, { maxLength: 30 })
const rows = fc.array(
  fc.record({
    title: text,
    text: fc.option(text, { nil: undefined }),
    status,
    buttons: fc.array(button, { maxLength: 3 }),
  }),
  { maxLength: 80 },
)
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text, tone: fc.constantFrom(undefined, 'muted' as const) }),
  fc.record({ kind: fc.constant('heading' as const), text: words }),
  fc.record({ kind: fc.constant('list' as const), items: fc.array(text, { maxLength: 40 }) }),
  fc.record({ kind: fc.constant('quote' as const), text: words.map((one) => one.repeat(20)) }),
  fc.record({
    kind: fc.constant('facts' as const),
    facts: fc.array(fc.record({ label: words, value: text }), { maxLength: 12 }),
  }),
  fc.record({
    kind: fc.constant('rows' as const),
    rows,
    more: fc.option(fc.record({ left: fc.nat(50) }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('table' as const),
    caption: words,
    columns: fc.array(words, { maxLength: 12 }),
    rows: fc.array(fc.array(words, { maxLength: 12 }), { maxLength: 60 }),
  }),
  fc.record({ kind: fc.constant('progress' as const), label: words, done: fc.integer(), of: fc.integer() }),
  fc.record({ kind: fc.constant('image' as const), src: fc.oneof(fc.webUrl(), words), alt: words }),
  fc.record({ kind: fc.constant('buttons' as const), buttons }),
  fc.constant({ kind: 'rule' as const }),
)
/** Any card that compiles, however long and odd. */
export const anyCard: fc.Arbitrary<Card> = fc.record({
  title: words,
  blocks: fc.array(block, { maxLength: 25 }),
  status,
})
const option = fc.record({
  // Without a comma: a client may join several values with it.
  value: fc.string({ minLength: 1, maxLength: 75 }).map((one) => one.replaceAll(',', ';')),
  label: words,
  hint: fc.option(words, { nil: undefined }),
})
const about = { label: words, hint: fc.option(words, { nil: undefined }), optional: fc.boolean() }
const choices = fc.array(option, { maxLength: 130 })
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    ...about,
    kind: fc.constantFrom('line' as const, 'lines' as const),
    max: fc.option(fc.integer({ min: 1, max: 9000 }), { nil: undefined }),
    placeholder: fc.option(words, { nil: undefined }),
  }),
  fc.record({ ...about, kind: fc.constant('number' as const), min: fc.option(fc.integer(), { nil: undefined }) }),
  fc.record({ ...about, kind: fc.constant('date' as const) }),
  fc.record({ ...about, kind: fc.constantFrom('choice' as const, 'choices' as const), options: choices }),
  fc.record({ ...about, kind: fc.constant('agree' as const), statement: words }),
  fc.record({ ...about, kind: fc.constantFrom('person' as const, 'file' as const) }),
)
/** Any form that compiles, with what was typed and what was wrong with it. */
export const anyForm: fc.Arbitrary<Form> = fc
  .record({
    title: words,
    submit: words,
    do: fc.constant('a.b'),
    intro: fc.option(text, { nil: undefined }),
    blocks: fc.array(block, { maxLength: 8 }),
    list: fc.array(fc.tuple(field, words, fc.boolean()), { maxLength: 12 }),
  })
  .map(({ list, ...rest }) => ({
    ...rest,
    fields: Object.fromEntries(list.map(([one], n) => [`f${n}`, one])),
    values: Object.fromEntries(list.map(([, value], n) => [`f${n}`, value])),
    errors: Object.fromEntries(list.flatMap(([, value, wrong], n) => (wrong ? [[`f${n}`, value]] : []))),
  }))
