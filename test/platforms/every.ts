import { md, plain } from '../../src/core/md.ts'
import type { Block, Field } from '../../src/core/view.ts'

/** One of each kind, each with a word of its own. A new kind does not compile until it stands here. */
const BLOCKS: { [K in Block['kind']]: Extract<Block, { kind: K }> } = {
  text: { kind: 'text', text: md`canary-text **canary-bold** [canary-link](https://docs.example/page)` },
  heading: { kind: 'heading', text: 'canary-heading' },
  list: { kind: 'list', items: [plain('canary-item')] },
  quote: { kind: 'quote', text: 'canary-quote' },
  facts: { kind: 'facts', facts: [{ label: 'canary-fact', value: plain('canary-value') }] },
  rows: {
    kind: 'rows',
    rows: [
      {
        title: plain('canary-row'),
        text: plain('canary-row-text'),
        status: { label: 'canary-row-status', tone: 'bad' },
        buttons: [{ label: 'canary-row-button', do: 'home.help' }],
      },
    ],
    more: { left: 4711 },
  },
  table: { kind: 'table', caption: 'canary-caption', columns: ['canary-column'], rows: [['canary-cell']] },
  progress: { kind: 'progress', label: 'canary-progress', done: 3, of: 4 },
  image: { kind: 'image', src: 'https://pictures.example/one.png', alt: 'canary-picture' },
  buttons: {
    kind: 'buttons',
    buttons: [
      { label: 'canary-way', href: 'https://docs.example/way' },
      {
        label: 'canary-button',
        do: 'home.help',
        style: 'danger',
        confirm: { title: 'canary-sure', text: 'canary-because', yes: 'canary-yes', no: 'canary-no' },
      },
    ],
  },
  rule: { kind: 'rule' },
}
export const EVERY_BLOCK: Block[] = Object.values(BLOCKS)

/** Every word above; `4711` is the number of rows that were left out. */
export const BLOCK_WORDS = [
  ...new Set(['canary-status', '4711', ...(JSON.stringify(EVERY_BLOCK).match(/canary-[a-z-]+/g) ?? [])]),
]

const FIELDS: { [K in Field['kind']]: Extract<Field, { kind: K }> } = {
  line: { kind: 'line', label: 'canary-line', hint: 'canary-hint' },
  lines: { kind: 'lines', label: 'canary-lines' },
  number: { kind: 'number', label: 'canary-number', min: 1, max: 5 },
  date: { kind: 'date', label: 'canary-date' },
  choice: { kind: 'choice', label: 'canary-choice', options: options(3) },
  choices: { kind: 'choices', label: 'canary-choices', options: options(12) },
  person: { kind: 'person', label: 'canary-person' },
  agree: { kind: 'agree', label: 'canary-agree', statement: 'canary-statement' },
  file: { kind: 'file', label: 'canary-file', optional: true },
}
export const EVERY_FIELD: Record<string, Field> = FIELDS

function options(count: number) {
  return Array.from({ length: count }, (_, n) => ({ value: `v${n}`, label: `canary-option-${n}` }))
}

/** More than any chat takes: 200 rows with a button, a long text, a wide and long table. */
export const LONG: Block[] = [
  { kind: 'text', text: plain(`${'Long words follow one another. '.repeat(900)}The end of the text.`) },
  {
    kind: 'rows',
    rows: Array.from({ length: 200 }, (_, n) => ({
      title: plain(`Row ${n}: ${'wide '.repeat(30)}`),
      text: plain('More about it.'),
      buttons: [{ label: `Do ${n} ${'on and on '.repeat(12)}`, do: 'home.help' }],
    })),
  },
  {
    kind: 'table',
    caption: 'A long table',
    columns: Array.from({ length: 12 }, (_, n) => `Column ${n}`),
    rows: Array.from({ length: 120 }, (_, n) =>
      Array.from({ length: 12 }, (_, m) => `cell ${n}/${m} ${'x'.repeat(40)}`),
    ),
  },
  { kind: 'buttons', buttons: [{ label: 'The one that matters', do: 'home.help', style: 'primary' }] },
]
