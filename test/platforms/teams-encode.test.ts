import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AdaptiveCard,
  drawCard,
  drawCardDialog,
  drawForm,
  drawFormDialog,
  drawFormMessage,
  drawMessage,
  drawSaid,
} from '../../adapters/teams/encode.ts'
import { md, plain } from '../../src/core/md.ts'
import type { Block, Card, Field, Form } from '../../src/core/view.ts'
import { anyCard, anyForm } from './arbitrary.ts'
import { BIDI, NASTY, shownAs } from './corpus.ts'
import { LONG } from './every.ts'
import { actionsIn, elementsIn, inputsIn, type Json, livingIn, readCard } from './teams-cards.ts'
import { faultsOf } from './teams-faults.ts'

const DESK = 'https://desk.kestrel.example'
/** The smallest limit that a page of Microsoft names for a card, with room left. */
const MOST_BYTES = 25_000

const bytesOf = (it: unknown): number => Buffer.byteLength(JSON.stringify(it))
const asJson = (card: AdaptiveCard): Json => card as unknown as Json
const seen = (...blocks: Block[]): string => readCard(asJson(drawCard({ title: 'T', blocks }, { desk: DESK })))
const formOf = (fields: Record<string, Field>, more: Partial<Form> = {}): Form => ({
  title: 'F',
  submit: 'Send',
  do: 'a.b',
  fields,
  ...more,
})
const asForm = (form: Form): Json => asJson(drawForm(form, {}, 'Action.Submit', { desk: DESK }))

describe('a card', () => {
  test('is its title, its status in words, and its blocks in order', () => {
    const card: Card = {
      title: 'Acceptable Use v3',
      status: { label: 'Overdue', tone: 'bad' },
      blocks: [
        { kind: 'text', text: md`Due **Fri 14 March**. [Read it](https://desk.kestrel.example/p/1)` },
        { kind: 'list', items: [plain('One'), plain('Two')] },
        { kind: 'quote', text: 'It was like this.' },
        { kind: 'facts', facts: [{ label: 'Owner', value: plain('Lena') }] },
        { kind: 'progress', label: 'Done', done: 3, of: 12 },
        { kind: 'text', text: plain('You get this because you work here.'), tone: 'muted' },
        { kind: 'buttons', buttons: [{ label: 'Acknowledge', do: 'policies.acknowledge', id: 'asg_1' }] },
      ],
    }
    const drawn = asJson(drawCard(card))
    const lines = readCard(drawn).split('\n')
    const places = [
      'Acceptable Use v3',
      '✕ Overdue',
      'Due Fri 14 March. Read it',
      'One',
      'Two',
      'It was like this.',
      'Owner: Lena',
      'Done',
      '███░░░░░░░░░ 3 of 12 (25 %)',
      'You get this because you work here.',
      'Acknowledge',
    ].map((words) => lines.findIndex((line) => line.includes(words)))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(faultsOf(drawn)).toEqual([])
  })

  test('T18 tells notifications its title and nothing else', () => {
    const secret = 'CANARY-4711'
    const card: Card = { title: 'A report waits for you', blocks: [{ kind: 'quote', text: secret }] }
    const { attachments, ...told } = drawMessage(card)
    expect(told.summary).toBe('A report waits for you')
    expect(JSON.stringify(told)).not.toContain(secret)
    expect(JSON.stringify(attachments)).toContain(secret)
  })

  test('only web addresses become links; a path is one of our desk', () => {
    const drawn = drawCard(
      {
        title: 'T',
        blocks: [
          { kind: 'text', text: [{ text: 'go', href: 'javascript:alert(1)' }] },
          { kind: 'image', src: 'file:///etc/passwd', alt: 'A curve' },
          {
            kind: 'buttons',
            buttons: [
              { label: 'No', href: 'data:text/html,x' },
              { label: 'Go', href: '/p/1' },
            ],
          },
        ],
      },
      { desk: DESK },
    )
    expect(JSON.stringify(drawn)).not.toMatch(/javascript:|file:|data:text/)
    expect(actionsIn(asJson(drawn)).map(({ action }) => action.url)).toEqual([`${DESK}/p/1`])
  })

  test('buttons stand side by side as far as a phone is wide, five at most, and keep their order', () => {
    const labels = ['I’m on it', 'Incident', 'Weakness', 'False alarm', 'No action', 'Duplicate', 'Look at it']
    const buttons = labels.map((label) => ({ label, do: 'home.help' }))
    const drawn = asJson(drawCard({ title: 'T', blocks: [{ kind: 'buttons', buttons }] }))
    const sets = elementsIn(drawn).flatMap((one) => (one.type === 'ActionSet' ? [one.actions as Json[]] : []))
    expect(sets.flat().map((one) => one.title)).toEqual(labels)
    expect(sets.map((set) => set.length)).toEqual([3, 3, 1])
    const short = Array.from({ length: 7 }, (_, n) => ({ label: String(n), do: 'home.help' }))
    const few = asJson(drawCard({ title: 'T', blocks: [{ kind: 'buttons', buttons: short }] }))
    const widths = elementsIn(few).flatMap((one) => (one.type === 'ActionSet' ? [(one.actions as Json[]).length] : []))
    expect(widths).toEqual([5, 2])
  })
})

describe('what is too long is cut where everybody sees it', () => {
  test('rows are counted, the rest is said to be in the browser, and the button that matters stays', () => {
    const drawn = asJson(drawCard({ title: 'Long', blocks: LONG }, { desk: DESK }))
    const words = readCard(drawn)
    expect(bytesOf(drawn)).toBeLessThan(MOST_BYTES)
    expect(faultsOf(drawn)).toEqual([])
    expect(words).toContain('The one that matters')
    expect(words).not.toContain('The end of the text.')
    const rows = words.match(/^.*Row \d+: /gm)?.length ?? 0
    expect(words).toContain(`${200 - rows} more in the browser.`)
    expect(words).toContain('There is more than fits here: see it in the browser.')
  })

  test('bytes are counted, not letters: text of three bytes each is cut sooner', () => {
    const drawn = drawCard({ title: '長', blocks: [{ kind: 'text', text: plain('規則を読んだ。'.repeat(4000)) }] })
    expect(bytesOf(drawn)).toBeLessThan(MOST_BYTES)
    expect(readCard(asJson(drawn))).toContain('There is more than fits here')
  })

  test('a table says how many rows are missing', () => {
    const rows = Array.from({ length: 40 }, (_, n) => [`Site ${n}`, String(n)])
    expect(seen({ kind: 'table', caption: 'Sites', columns: ['Site', 'People'], rows })).toContain('25 more')
  })

  test('a label ends with an ellipsis, and no character is cut in half', () => {
    const label = '👩‍🚒'.repeat(60)
    const drawn = drawCard({ title: 'T', blocks: [{ kind: 'buttons', buttons: [{ label, do: 'a.b' }] }] })
    const [found] = actionsIn(asJson(drawn))
    expect(found?.title.endsWith('…')).toBe(true)
    expect(found?.title.isWellFormed()).toBe(true)
  })

  test('what was typed and does not fit is not lost silently', () => {
    const what = { kind: 'lines' as const, label: 'What?', max: 100 }
    const drawn = asForm(formOf({ what }, { values: { what: 'x'.repeat(150) } }))
    expect(readCard(drawn)).toContain('too long for Teams: the last 50 characters were left out')
    expect(inputsIn(drawn)[0]).toMatchObject({ value: 'x'.repeat(100), maxLength: 100 })
  })

  test('of very many choices the rest is said to be in the browser', () => {
    const options = Array.from({ length: 230 }, (_, n) => ({ value: `v${n}`, label: `Option ${n}` }))
    const drawn = asForm(formOf({ which: { kind: 'choice', label: 'Which?', options } }))
    expect(inputsIn(drawn)[0]?.choices).toHaveLength(200)
    expect(readCard(drawn)).toContain('30 more choices in the browser')
  })
})

describe('T21 T22 T23 what people write stays words', () => {
  test.each(NASTY)('%s', (words) => {
    const card: Card = {
      title: words,
      status: { label: words, tone: 'bad' },
      blocks: [
        { kind: 'text', text: plain(words) },
        { kind: 'heading', text: words },
        { kind: 'list', items: [plain(words)] },
        { kind: 'quote', text: words },
        { kind: 'facts', facts: [{ label: words, value: plain(words) }] },
        { kind: 'rows', rows: [{ title: plain(words), text: plain(words), buttons: [{ label: words, do: 'a.b' }] }] },
        { kind: 'table', caption: words, columns: [words], rows: [[words]] },
        { kind: 'progress', label: words, done: 1, of: 2 },
        {
          kind: 'buttons',
          buttons: [{ label: words, do: 'a.b', confirm: { title: words, text: words, yes: words, no: words } }],
        },
      ],
    }
    const drawn = asJson(drawCard(card, { desk: DESK }))
    expect(livingIn(drawn, DESK)).toEqual([])
    expect(JSON.stringify(drawn)).not.toMatch(BIDI)
    expect(shownAs(readCard(drawn))).toContain(shownAs(words))
    expect(faultsOf(drawn)).toEqual([])
    const form = asForm(
      formOf({ what: { kind: 'line', label: words, hint: words } }, { title: words, values: { what: words } }),
    )
    expect(livingIn(form, DESK)).toEqual([])
    expect(faultsOf(form)).toEqual([])
  })
})

describe('whatever a card holds, Teams takes it', () => {
  const taken = (card: AdaptiveCard | undefined) => {
    expect(faultsOf(card)).toEqual([])
    expect(bytesOf(card)).toBeLessThan(MOST_BYTES)
  }

  test('as a message and as a dialog', () => {
    fc.assert(
      fc.property(anyCard, (one) => {
        const message = drawMessage(one, { desk: DESK })
        expect(message.summary?.length).toBeLessThanOrEqual(150)
        taken(message.attachments?.[0]?.content as AdaptiveCard)
        taken(drawCardDialog(one, {}, { desk: DESK }).card.content)
      }),
      { numRuns: 100, endOnFailure: true },
    )
  }, 120_000)

  test('as a form in a message and in a dialog', () => {
    fc.assert(
      fc.property(anyForm, (one) => {
        taken(drawFormMessage(one, { desk: DESK }).attachments?.[0]?.content as AdaptiveCard)
        const dialog = drawFormDialog(one, {}, { desk: DESK })
        expect(dialog.title.length).toBeLessThanOrEqual(64)
        taken(dialog.card.content)
      }),
      { numRuns: 100, endOnFailure: true },
    )
  }, 120_000)

  test('and one sentence, also an empty one', () => {
    taken(drawSaid(plain('')).attachments?.[0]?.content as AdaptiveCard)
    taken(drawSaid(plain('x'.repeat(90_000))).attachments?.[0]?.content as AdaptiveCard)
  })
})
