import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  drawCardModal,
  drawForm,
  drawHome,
  drawMessage,
  drawMoment,
  drawSaid,
  drawSaidModal,
} from '../../adapters/slack/encode.ts'
import { messageCost } from '../../adapters/slack/fit.ts'
import { MESSAGE_TEXT } from '../../adapters/slack/limits.ts'
import { mrkdwn } from '../../adapters/slack/markup.ts'
import { md, plain } from '../../src/core/md.ts'
import type { Block, Button, Card, Field, Form, Option, Row } from '../../src/core/view.ts'
import { anyCard, anyForm } from './arbitrary.ts'
import { buttonsIn, type Json, read, refusals, viewRefusals, wordsIn } from './slack-blocks.ts'

const blocksOf = (card: Card): Json[] => drawMessage(card).blocks as unknown as Json[]
const seen = (...blocks: Block[]): string => read(blocksOf({ title: 'T', blocks }))

describe('a card', () => {
  test('is a header, its status in words, and its blocks in order', () => {
    const card: Card = {
      title: 'Acceptable Use v3',
      status: { label: 'Overdue', tone: 'bad' },
      blocks: [
        { kind: 'text', text: md`Due **Fri 14 March**. [Read it](https://desk.kestrel.example/p/1)` },
        { kind: 'list', items: [plain('One'), plain('Two')] },
        { kind: 'quote', text: 'It was like this.' },
        { kind: 'facts', facts: [{ label: 'Owner', value: plain('Lena') }] },
        { kind: 'progress', label: 'Done', done: 3, of: 12 },
        { kind: 'rule' },
        { kind: 'text', text: plain('You get this because you work here.'), tone: 'muted' },
        {
          kind: 'buttons',
          buttons: [{ label: 'Acknowledge', do: 'policies.acknowledge', id: 'asg_1', style: 'primary' }],
        },
      ],
    }
    const message = drawMessage(card)
    expect(message.text).toBe('Acceptable Use v3')
    expect(read(message.blocks as unknown as Json[])).toBe(
      [
        'Acceptable Use v3',
        '✕ Overdue',
        'Due Fri 14 March. Read it',
        '- One',
        '- Two',
        '> It was like this.',
        'Owner: Lena',
        'Done',
        '███░░░░░░░░░ 3 of 12 (25 %)',
        '—',
        'You get this because you work here.',
        '[Acknowledge]',
      ].join('\n'),
    )
    expect(refusals('message', message.blocks as unknown as Json[])).toEqual([])
  })

  test('T18 tells notifications its title and nothing else', () => {
    const secret = 'CANARY-4711'
    const message = drawMessage({
      title: 'A report waits for you',
      blocks: [
        { kind: 'text', text: plain(secret) },
        { kind: 'quote', text: secret },
        { kind: 'buttons', buttons: [{ label: 'Open', do: 'incidents.triage', id: 'rep_1' }] },
      ],
    })
    expect(message.text).toBe('A report waits for you')
    expect(JSON.stringify(buttonsIn(message.blocks as unknown as Json[]))).not.toContain(secret)
  })

  test('a row with one button is one block; with more they stand below; each says whose it is', () => {
    const rows: Row[] = [
      {
        title: plain('Mei'),
        text: plain('Admin, last used 3 May'),
        buttons: [{ label: 'Keep', do: 'access.keep', id: 'rit_1' }],
      },
      {
        title: plain('Omar'),
        status: { label: 'Flagged', tone: 'warning' },
        buttons: [
          { label: 'Keep', do: 'access.keep', id: 'rit_2' },
          { label: 'Remove', do: 'access.remove', id: 'rit_2', style: 'danger', asks: true },
        ],
      },
    ]
    const blocks = blocksOf({ title: 'Review', blocks: [{ kind: 'rows', rows }] })
    expect(blocks.map((block) => block.type)).toEqual(['header', 'section', 'rich_text', 'actions'])
    const buttons = buttonsIn(blocks)
    expect(buttons.map((button) => button.accessibility_label)).toEqual(['Keep: Mei', 'Keep: Omar', 'Remove: Omar'])
    expect(buttons.map((button) => button.action_id)).toEqual(['do.0', 'do.1', 'do.2.asks'])
  })

  test('a table reads in text of equal width, wide characters included', () => {
    const drawn = seen({
      kind: 'table',
      caption: 'Sites',
      columns: ['Site', 'People'],
      rows: [
        ['Berlin', '40'],
        ['大阪', '7'],
      ],
    })
    expect(drawn).toContain('Site    People\nBerlin  40\n大阪    7')
  })

  test('a picture is a link with its words; only web addresses become links', () => {
    expect(seen({ kind: 'image', src: '/chart.png', alt: 'A curve' })).toContain('Picture: A curve')
    const odd = blocksOf({
      title: 'T',
      blocks: [
        { kind: 'text', text: [{ text: 'go', href: 'javascript:alert(1)' }] },
        { kind: 'buttons', buttons: [{ label: 'Go', href: 'file:///etc/passwd' }] },
      ],
    })
    expect(JSON.stringify(odd)).not.toMatch(/javascript:|file:/)
    const path = drawMessage(
      { title: 'T', blocks: [{ kind: 'buttons', buttons: [{ label: 'Go', href: '/p/1' }] }] },
      { desk: 'https://d.example' },
    )
    expect(JSON.stringify(path.blocks)).toContain('https://d.example/p/1')
  })

  test('a confirm dialog asks before something that cannot be undone', () => {
    const confirm = { title: 'Remove?', text: 'Access ends today.', yes: 'Remove', no: 'Back' }
    const [button] = buttonsIn(
      blocksOf({
        title: 'T',
        blocks: [{ kind: 'buttons', buttons: [{ label: 'Remove', do: 'a.b', style: 'danger', confirm }] }],
      }),
    )
    expect(button).toMatchObject({ style: 'danger', confirm: { confirm: { text: 'Remove' }, style: 'danger' } })
  })
})

describe('what does not fit is said', () => {
  const rows = (count: number): Row[] =>
    Array.from({ length: count }, (_, n) => ({
      title: plain(`Person ${n}`),
      buttons: [{ label: 'Keep', do: 'access.keep', id: `rit_${n}` }],
    }))

  test('rows are counted, together with those the workflow left out', () => {
    const blocks = blocksOf({
      title: 'Review',
      blocks: [
        { kind: 'rows', rows: rows(60), more: { left: 5, href: 'https://desk.kestrel.example/review' } },
        { kind: 'buttons', buttons: [{ label: 'Send', do: 'access.send' }] },
      ],
    })
    expect(blocks.length).toBeLessThanOrEqual(50)
    const drawn = read(blocks)
    const kept = drawn.match(/Person/g)?.length ?? 0
    expect(drawn).toContain(`${65 - kept} more in the browser.`)
    expect(drawn.endsWith('[Send]')).toBe(true)
  })

  test('long text is cut at the sum that Slack takes, and the buttons stay', () => {
    const drawn = blocksOf({
      title: 'Policy',
      blocks: [
        { kind: 'text', text: plain('word '.repeat(6000)) },
        { kind: 'text', text: plain('After it.') },
        { kind: 'buttons', buttons: [{ label: 'Acknowledge', do: 'policies.acknowledge' }] },
      ],
    })
    expect(wordsIn(drawn)).toBeLessThan(13_200)
    expect(wordsIn(drawn)).toBeGreaterThan(8_000)
    expect(read(drawn)).toMatch(/There is more than fits here: see it in the browser\.$/)
    expect(read(drawn)).toContain('[Acknowledge]')
    expect(read(drawn)).not.toContain('After it.')
  })

  test('a long title of a modal stands whole above it', () => {
    const form: Form = {
      title: 'Report something that you noticed',
      submit: 'Send',
      do: 'incidents.report',
      fields: { what: { kind: 'lines', label: 'What?' } },
    }
    const view = drawForm(form, {}) as unknown as Json
    expect((view.title as Json).text).toBe('Report something that y…')
    expect(read(view.blocks as Json[])).toContain('Report something that you noticed')
  })
})

describe('a form', () => {
  const base = { title: 'Attest', submit: 'Send', do: 'controls.attest', id: 'occ_1', shown: '2' }
  const options: Option[] = [
    { value: 'yes', label: 'Operates' },
    { value: 'no', label: 'Does not operate', hint: 'Opens a finding' },
  ]
  const many = Array.from({ length: 120 }, (_, n) => ({ value: `v${n}`, label: `Option ${n}` }))
  const elementOf = (field: Field, value?: string | string[]): Json => {
    const view = drawForm(
      { ...base, fields: { it: field }, values: { it: value } },
      {},
      { files: true },
      { per_1: 'Mei' },
    )
    expect(viewRefusals(view as unknown as Json)).toEqual([])
    const input = (view.blocks as unknown as Json[]).find((block) => block.type === 'input')
    return (input?.element ?? {}) as Json
  }

  const kinds: [string, Field, string | string[] | undefined, Json][] = [
    [
      'a line',
      { kind: 'line', label: 'L', max: 80 },
      'Hi',
      { type: 'plain_text_input', multiline: false, max_length: 80, initial_value: 'Hi' },
    ],
    [
      'lines',
      { kind: 'lines', label: 'L' },
      undefined,
      { type: 'plain_text_input', multiline: true, max_length: 3000 },
    ],
    [
      'a number',
      { kind: 'number', label: 'L', min: 1, max: 9 },
      '4',
      { type: 'number_input', min_value: '1', max_value: '9', initial_value: '4' },
    ],
    ['a date', { kind: 'date', label: 'L' }, '2026-12-01', { type: 'datepicker', initial_date: '2026-12-01' }],
    [
      'a choice',
      { kind: 'choice', label: 'L', options },
      'no',
      { type: 'radio_buttons', initial_option: { value: 'no' } },
    ],
    [
      'a long choice',
      { kind: 'choice', label: 'L', options: many },
      'v11',
      { type: 'static_select', initial_option: { value: 'v11' } },
    ],
    [
      'choices',
      { kind: 'choices', label: 'L', options },
      ['yes'],
      { type: 'checkboxes', initial_options: [{ value: 'yes' }] },
    ],
    [
      'long choices',
      { kind: 'choices', label: 'L', options: many },
      ['v3', 'gone'],
      { type: 'multi_static_select', initial_options: [{ value: 'v3' }] },
    ],
    [
      'a person',
      { kind: 'person', label: 'L' },
      'per_1',
      { type: 'external_select', min_query_length: 1, initial_option: { value: 'per_1' } },
    ],
    [
      'a statement',
      { kind: 'agree', label: 'L', statement: 'I have read version 3.' },
      'yes',
      { type: 'checkboxes', initial_options: [{ value: 'yes' }] },
    ],
    ['files', { kind: 'file', label: 'L', max: 3 }, undefined, { type: 'file_input', max_files: 3 }],
  ]
  test.each(kinds)('asks for %s', (_what, field, value, expected) => {
    expect(elementOf(field, value)).toMatchObject(expected)
  })

  test('a prefilled text that is longer than its field is cut and says so', () => {
    const view = drawForm(
      { ...base, fields: { it: { kind: 'line', label: 'L', max: 10 } }, values: { it: 'x'.repeat(25) } },
      {},
    )
    expect(viewRefusals(view as unknown as Json)).toEqual([])
    expect(read(view.blocks as unknown as Json[])).toContain('the last 15 characters were left out')
  })

  test('a long statement is read in full above its box', () => {
    const statement =
      'I have read version 3 of this policy, I know where to find it, and I will follow it from today on.'
    const view = drawForm({ ...base, fields: { it: { kind: 'agree', label: 'Statement', statement } } }, {})
    expect(read(view.blocks as unknown as Json[])).toContain(statement)
  })

  test('more choices than Slack takes are said to be elsewhere, and no choice is no menu', () => {
    const some = drawForm({ ...base, fields: { it: { kind: 'choice', label: 'L', options: many } } }, {})
    expect(read(some.blocks as unknown as Json[])).toContain('20 more choices in the browser.')
    const none = drawForm({ ...base, fields: { it: { kind: 'choice', label: 'L', options: [] } } }, {})
    expect(viewRefusals(none as unknown as Json)).toEqual([])
  })

  test('without the scope to read files they are asked for elsewhere', () => {
    const view = drawForm({ ...base, fields: { it: { kind: 'file', label: 'Proof' } } }, {})
    expect(read(view.blocks as unknown as Json[])).toContain('Proof: Files can be added in the browser.')
  })

  test('errors stand at their fields when the form is drawn again', () => {
    const view = drawForm(
      { ...base, fields: { it: { kind: 'lines', label: 'Why?' } }, errors: { it: 'This is needed.' } },
      {},
    )
    expect(read(view.blocks as unknown as Json[])).toBe('Why?: ____\nPlease correct: This is needed.')
  })
})

const NASTY = [
  '<!channel>',
  '<!here|x>',
  '<!everyone>',
  '<@U0MEI00001>',
  '<#C0GENERAL1>',
  '<!subteam^S123|security>',
  '<https://evil.example|Approve in Slack>',
  '<mailto:a@evil.example|x>',
  '[x](https://evil.example)',
  'https://evil.example',
  '*bold* _it_ ~no~ `code` ```block```',
  '> quoted\n> again',
  ':rotating_light: &lt;!channel&gt; &amp;',
  'a\u202eb\u2066c\u2069',
  '名前 اسم 😀👩‍👩‍👧',
  '\u0000\u0007 lone \ud800 half',
  '   ',
]
const TOKEN = /<[!@#]|<https?:|<mailto:/i
const BIDI = /[\u202a-\u202e\u2066-\u2069]/

/** Every string that Slack would read as text, with how it reads it. */
function strings(node: unknown, found: { text: string; type: string }[] = []): { text: string; type: string }[] {
  if (Array.isArray(node)) for (const one of node) strings(one, found)
  else if (typeof node === 'object' && node !== null) {
    const { text, type } = node as Json
    if (typeof text === 'string') found.push({ text, type: String(type) })
    for (const inner of Object.values(node)) strings(inner, found)
  }
  return found
}

describe('T21 T22 words of people stay words', () => {
  const everywhere = (words: string): unknown[] => {
    const buttons: Button[] = [
      { label: words, do: 'a.b', confirm: { title: words, text: words, yes: words, no: words } },
    ]
    const blocks: Block[] = [
      { kind: 'text', text: md`Hello **${words}**, _${words}_ \`${words}\` ${words}` },
      { kind: 'text', text: plain(words), tone: 'muted' },
      { kind: 'heading', text: words },
      { kind: 'list', items: [plain(words)] },
      { kind: 'quote', text: words },
      { kind: 'facts', facts: [{ label: words, value: plain(words) }] },
      {
        kind: 'rows',
        rows: [{ title: plain(words), text: plain(words), status: { label: words, tone: 'bad' }, buttons }],
      },
      { kind: 'rows', rows: [{ title: plain(words), buttons: [{ label: words, do: 'a.b' }] }] },
      { kind: 'table', caption: words, columns: [words], rows: [[words]] },
      { kind: 'progress', label: words, done: 1, of: 2 },
      { kind: 'image', src: 'not an address', alt: words },
      { kind: 'buttons', buttons },
    ]
    const card: Card = { title: words, blocks, status: { label: words, tone: 'good' } }
    const option = { value: 'v', label: words, hint: words }
    const form: Form = {
      title: words,
      submit: words,
      do: 'a.b',
      intro: plain(words),
      blocks,
      fields: {
        a: { kind: 'line', label: words, hint: words, placeholder: words },
        b: { kind: 'choice', label: words, options: [option] },
        c: { kind: 'agree', label: words, statement: words },
        d: { kind: 'person', label: words },
        e: { kind: 'file', label: words },
      },
      errors: { a: words },
      values: { d: 'per_1' },
    }
    return [
      drawMessage(card),
      drawHome(card),
      drawCardModal(card),
      drawSaid(plain(words)),
      drawSaidModal(plain(words)),
      drawForm(form, {}, {}, { per_1: words }),
    ]
  }

  test.each(NASTY)('%s', (words) => {
    for (const drawn of everywhere(words)) {
      for (const { text, type } of strings(drawn)) {
        expect(text, type).not.toMatch(TOKEN)
        expect(text, type).not.toMatch(BIDI)
        if (type === 'mrkdwn') expect(text).not.toMatch(/[*_~`](bold|it|no|code)/)
      }
      expect(JSON.stringify(drawn)).not.toContain(JSON.stringify({ type: 'link' }).slice(1, -1))
      expect(JSON.stringify(drawn)).not.toMatch(/"type":"(user|usergroup|broadcast|channel)"/)
    }
  })

  test('mrkdwn is only used for words without any mark of it, and verbatim', () => {
    expect(mrkdwn(plain('a_b'))).toBeUndefined()
    expect(mrkdwn(md`**Mei** & [desk](https://d.example/?a=1&b=2)`)).toBe(
      '*Mei* &amp; <https://d.example/?a=1&amp;b=2|desk>',
    )
    // Neighbours of one format are one, and marks stand beside letters: Slack shows other marks as they are.
    const bold = (text: string) => ({ text, bold: true as const })
    expect(mrkdwn([bold('EVT-1'), bold(' · '), bold('Kind')])).toBe('*EVT-1 · Kind*')
    expect(mrkdwn([bold('a '), { text: 'b' }, bold(' c')])).toBe('*a* b *c*')
    const blocks = blocksOf({
      title: 'T',
      blocks: [{ kind: 'rows', rows: [{ title: plain('Mei'), buttons: [{ label: 'Go', do: 'a.b' }] }] }],
    })
    expect(blocks[1]).toMatchObject({ text: { type: 'mrkdwn', verbatim: true } })
  })
})

describe('whatever a card holds, Slack takes it', () => {
  test('as a message', () => {
    fc.assert(
      fc.property(anyCard, (one) => {
        const { text: fallback, blocks } = drawMessage(one)
        expect(refusals('message', blocks as unknown as Json[])).toEqual([])
        expect(messageCost(blocks)).toBeLessThanOrEqual(MESSAGE_TEXT)
        expect(fallback.length).toBeLessThanOrEqual(4000)
        expect(fallback).not.toBe('')
      }),
      { numRuns: 150, endOnFailure: true },
    )
  }, 120_000)

  test('as Home and as a modal', () => {
    fc.assert(
      fc.property(anyCard, (one) => {
        expect(viewRefusals(drawHome(one) as unknown as Json)).toEqual([])
        expect(viewRefusals(drawCardModal(one) as unknown as Json)).toEqual([])
      }),
      { numRuns: 100, endOnFailure: true },
    )
  }, 120_000)

  test('as a form', () => {
    fc.assert(
      fc.property(anyForm, fc.boolean(), (one, files) => {
        expect(viewRefusals(drawForm(one, {}, { files }) as unknown as Json)).toEqual([])
      }),
      { numRuns: 150, endOnFailure: true },
    )
  }, 120_000)

  test('and what stands in for a slow answer', () => {
    expect(viewRefusals(drawMoment() as unknown as Json)).toEqual([])
    expect(viewRefusals(drawSaidModal(plain('')) as unknown as Json)).toEqual([])
  })
})
