import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textOf } from '../src/core/md.ts'
import type { Block } from '../src/core/view.ts'
import { blocksOf, minutesOf, paged, wordsIn } from '../src/policies/document.ts'
import { splitFrontMatter } from '../src/policies/facts.ts'

const COMPANY = new URL('../src/cli/demo/company/policies/', import.meta.url)

const spansIn = (blocks: readonly Block[]) =>
  blocks.flatMap((block) => (block.kind === 'text' ? block.text : block.kind === 'list' ? block.items.flat() : []))

const wordsOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'text') return textOf(block.text)
      if (block.kind === 'list') return block.items.map((item) => textOf(item)).join('\n')
      if (block.kind === 'heading' || block.kind === 'quote') return block.text
      if (block.kind === 'table') return [block.columns, ...block.rows].flat().join('\n')
      return ''
    })
    .join('\n')

describe('Markdown becomes what is shown', () => {
  test('headings, emphasis, code, links, lists within lists, quotes and tables', () => {
    const blocks = blocksOf(
      [
        '# Acceptable Use',
        '## Devices',
        'Lock **it _now_**, type `win+l`, see [the list](https://it.example/list).',
        '1. One\n   - inner\n2. Two',
        '> Ask first.',
        '| Class | Where |\n|---|---|\n| Public | anywhere |',
      ].join('\n\n'),
      'Acceptable Use',
    )
    expect(blocks).toEqual([
      { kind: 'heading', text: 'Devices' },
      {
        kind: 'text',
        text: [
          { text: 'Lock ' },
          { text: 'it ', bold: true },
          { text: 'now', bold: true, italic: true },
          { text: ', type ' },
          { text: 'win+l', code: true },
          { text: ', see ' },
          { text: 'the list', href: 'https://it.example/list' },
          { text: '.' },
        ],
      },
      {
        kind: 'list',
        ordered: true,
        items: [[{ text: 'One' }, { text: '\n' }, { text: '\u2003• ' }, { text: 'inner' }], [{ text: 'Two' }]],
      },
      { kind: 'quote', text: 'Ask first.' },
      { kind: 'table', caption: 'Devices', columns: ['Class', 'Where'], rows: [['Public', 'anywhere']] },
    ])
  })

  test('T22 T23 images, HTML and links that lead elsewhere are words', () => {
    const blocks = blocksOf(
      'See ![a cat](http://evil.example/x.png) <b onclick="x()">now</b> [a](javascript:alert(1)) [b](data:text/html,x) <script>x</script>',
      '',
    )
    expect(spansIn(blocks).every((span) => span.href === undefined)).toBe(true)
    expect(wordsOf(blocks)).toBe('See a cat <b onclick="x()">now</b> a b <script>x</script>')
  })

  test('a table with sentences becomes a list, so that no platform cuts the text that is agreed to', () => {
    const [list] = blocksOf('| Class | Rule |\n|---|---|\n| Restricted | no, unless the owner agreed in writing |', '')
    expect(list).toEqual({
      kind: 'list',
      items: [
        [{ text: 'Restricted', bold: true }, { text: '\nRule: ' }, { text: 'no, unless the owner agreed in writing' }],
      ],
    })
  })

  test('a list that goes on after a table keeps its numbers', () => {
    expect(wordsOf(blocksOf('3. Three\n4. Four', ''))).toBe('3. Three\n4. Four')
  })

  test('words are counted in Chinese too, and nothing takes less than a minute', () => {
    expect(wordsIn(blocksOf('离开座位时请锁定屏幕。', ''))).toBeGreaterThan(4)
    expect(minutesOf(3)).toBe(1)
    expect(minutesOf(880)).toBe(4)
  })
})

describe('pages', () => {
  test.each(readdirSync(COMPANY))('%s: every word is on exactly one page, and no page is long', (name) => {
    const body = splitFrontMatter(readFileSync(new URL(name, COMPANY), 'utf8'))?.body ?? ''
    const blocks = blocksOf(body, '')
    const pages = paged(blocks)
    expect(pages.flat()).toEqual(blocks)
    for (const page of pages) {
      expect(wordsOf(page).length).toBeLessThan(3000)
      expect(page.at(-1)?.kind).not.toBe('heading')
    }
  })

  test('whatever is written, no letter is lost and no page is too long', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('# ', '\n\n', '- ', '1. ', '| ', '> ', '```', '屏幕'),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.integer({ min: 1, max: 9000 }), (words, run) => {
        const source = `${words.join(' ')}\n\n${'a1 '.repeat(run)}\n\n${'\u{1F600}'.repeat(run)}`
        const blocks = blocksOf(source, '')
        const pages = paged(blocks)
        const bare = (all: readonly Block[]) => wordsOf(all).replace(/\s/g, '')
        expect(bare(pages.flat())).toBe(bare(blocks))
        for (const page of pages) expect(wordsOf(page).length).toBeLessThan(3000)
        expect(wordsOf(pages.flat()).isWellFormed()).toBe(wordsOf(blocks).isWellFormed())
      }),
      { numRuns: 60 },
    )
  })
})
