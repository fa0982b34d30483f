import { expect, test } from 'vitest'
import { drawCard, drawReply } from '../../adapters/web/encode.ts'
import { drawForm } from '../../adapters/web/form.ts'
import { safeHref, sourceOf } from '../../adapters/web/html.ts'
import type { Scene } from '../../adapters/web/scene.ts'
import { text } from '../../adapters/web/text.ts'
import { md, plain } from '../../src/core/md.ts'
import type { Block, Card, Field, Form } from '../../src/core/view.ts'

const scene: Scene = {
  base: new URL('https://desk.example.com'),
  csrf: 'token',
  key: () => 'key',
  back: '/',
  say: text('en'),
  level: 2,
}

const card = (...blocks: Block[]) => sourceOf(drawCard({ title: 'A card', blocks }, scene))

// What people type, and what was seen in the wild.
const NASTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '<!channel>',
  '<@U123> <!subteam^S1>',
  '[Approve](https://evil.example)',
  '<https://evil.example|Approve in chat>',
  'javascript:alert(1)',
  '</textarea><script>alert(1)</script>',
  '</title><svg onload=alert(1)>',
  '&lt;b&gt; &#x3c;b>',
  'a\u202Eb\u2066c\u2069d',
  'nul\u0000 and bell\u0007',
  '\ud800 lone',
]

const everywhere = (words: string): Card => ({
  title: words,
  status: { label: words, tone: 'bad' },
  blocks: [
    { kind: 'text', text: md`Said **${words}** and \`${words}\`` },
    { kind: 'heading', text: words },
    { kind: 'list', items: [plain(words)], ordered: true },
    { kind: 'quote', text: words },
    { kind: 'facts', facts: [{ label: words, value: plain(words) }] },
    {
      kind: 'rows',
      rows: [
        {
          title: plain(words),
          text: plain(words),
          buttons: [{ label: words, do: 'a.b', id: words, with: { page: words } }],
        },
      ],
      more: { left: 3, href: words },
    },
    { kind: 'table', caption: words, columns: [words], rows: [[words]] },
    { kind: 'progress', label: words, done: 1, of: 2 },
    { kind: 'image', src: words, alt: words },
    {
      kind: 'buttons',
      buttons: [
        { label: words, href: words },
        { label: words, do: 'a.b', confirm: { title: words, text: words, yes: words, no: words } },
      ],
    },
  ],
})

const fields = (words: string): Record<string, Field> => ({
  line: { kind: 'line', label: words, hint: words, placeholder: words },
  lines: { kind: 'lines', label: words, max: 10 },
  number: { kind: 'number', label: words },
  date: { kind: 'date', label: words, min: words, max: words },
  choice: { kind: 'choice', label: words, options: [{ value: words, label: words, hint: words }] },
  long: {
    kind: 'choice',
    label: words,
    options: Array.from({ length: 9 }, (_, n) => ({ value: `${n}`, label: words })),
  },
  choices: { kind: 'choices', label: words, options: [{ value: words, label: words }] },
  person: { kind: 'person', label: words },
  agree: { kind: 'agree', label: words, statement: words },
  file: { kind: 'file', label: words },
})

function form(words: string): Form {
  const asked = fields(words)
  const each = (value: string | string[]) => Object.fromEntries(Object.keys(asked).map((name) => [name, value]))
  const errors = Object.fromEntries(Object.keys(asked).map((name) => [name, words]))
  return { title: words, submit: words, do: 'a.b', intro: plain(words), fields: asked, values: each(words), errors }
}

const OURS =
  /^(html|article|header|h\d|p|span|strong|em|code|bdi|br|a|ul|ol|li|dl|dt|dd|div|blockquote|hr|table|caption|thead|tbody|tr|th|td|progress|img|form|input|button|details|summary|section|fieldset|legend|label|textarea|select|option|optgroup)$/

test.each(NASTY)('T21 T22 %j stays text wherever it stands', (words) => {
  const drawn = sourceOf(drawReply({ card: everywhere(words), form: form(words), say: plain(words) }, scene))
  const tags = [...drawn.matchAll(/<\/?([a-zA-Z!][^\s>/]*)/g)].map((found) => found[1] ?? '')
  expect(tags.filter((tag) => !OURS.test(tag))).toEqual([])
  // Attribute values are quoted and hold no quote: what is left of a tag without them names no handler.
  const bare = [...drawn.matchAll(/<[a-z][^>]*>/g)].map((found) => found[0].replace(/"[^"]*"/g, '""'))
  expect(bare.filter((tag) => /\son\w+=|style=|'/.test(tag))).toEqual([])
  expect(drawn).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u)
  expect(
    [...drawn.matchAll(/(?:href|src)="([^"]*)"/g)].map((found) => found[1]).filter((to) => !/^(\/|#f-)/.test(to ?? '')),
  ).toEqual([])
})

test('T22 a link is made by code only, and leads to http, https, mailto or a path of this desk', () => {
  const drawn = card({ kind: 'text', text: md`See [the page](https://ok.example/a?b=1&c=2) and https://not.example.` })
  expect(drawn).toContain('<a href="https://ok.example/a?b=1&amp;c=2" rel="noopener noreferrer">the page</a>')
  expect(drawn).not.toContain('href="https://not.example')
  const to = (href: string) => safeHref(href, scene.base)
  expect(to('https://desk.example.com/card/x.y?z#w')).toBe('/card/x.y?z#w')
  for (const bad of [
    'javascript:alert(1)',
    'JaVaScRiPt:1',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'https://a:b@evil.example',
    '/a b',
    'vbscript:x',
    '',
  ])
    expect(to(bad), bad).toBeUndefined()
})

test('a name that runs the other way does not turn the sentence around it', () => {
  expect(card({ kind: 'text', text: md`**${'שרה'}** has 3 rights` })).toContain(
    '<strong><bdi>שרה</bdi></strong> has 3 rights',
  )
})

test('a status is a word and a shape, never a colour alone', () => {
  for (const tone of ['neutral', 'good', 'warning', 'bad'] as const)
    expect(sourceOf(drawCard({ title: 'A', status: { label: 'Overdue', tone }, blocks: [] }, scene))).toMatch(
      /<span class="shape" aria-hidden="true">.<\/span>Overdue/u,
    )
})

test('a bar is full only when nothing is missing, and says its numbers', () => {
  expect(card({ kind: 'progress', label: 'Read', done: 999, of: 1000 })).toContain('999 of 1000 · 99 %')
  expect(card({ kind: 'progress', label: 'Read', done: 0, of: 0 })).toContain('<progress value="0" max="1"')
})

test('every button carries what to do, about what and which revision, and says whose row it is', () => {
  const drawn = card({
    kind: 'rows',
    rows: [
      {
        title: plain('Sol'),
        buttons: [{ label: 'Keep', do: 'access.keep', id: 'rit_1', shown: 'r7', with: { page: '2' } }],
      },
    ],
  })
  for (const [name, value] of Object.entries({
    do: 'access.keep',
    id: 'rit_1',
    shown: 'r7',
    with_page: '2',
    csrf: 'token',
    key: 'key',
  }))
    expect(drawn).toContain(`<input type="hidden" name="${name}" value="${value}">`)
  expect(drawn).toContain('Keep<span class="unseen">: Sol</span>')
})

test('a field that needs a correction says so to everybody and keeps what was typed', () => {
  const drawn = sourceOf(
    drawForm(
      {
        title: 'T',
        submit: 'Send',
        do: 'a.b',
        fields: { what: { kind: 'line', label: 'What?' } },
        values: { what: 'typed' },
        errors: { what: 'Shorter.' },
      },
      scene,
    ),
  )
  expect(drawn).toMatch(
    /<input type="text" id="f-what" name="e_what" aria-describedby="f-what-error" aria-invalid="true" required value="typed"/,
  )
  expect(drawn).toContain('<a href="#f-what">What? – Shorter.</a>')
  expect(drawn).toMatch(/role="alert" tabindex="-1" autofocus/)
})
