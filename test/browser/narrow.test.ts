import { expect, test } from 'vitest'
import { plain } from '../../src/core/md.ts'
import type { Block } from '../../src/core/view.ts'
import { message } from '../platforms/desk-core.ts'
import { ADA } from '../platforms/desk-server.ts'
import { at } from './story.ts'

const PHONE = { viewport: { width: 360, height: 640 } }

const rows: Block = {
  kind: 'rows',
  rows: Array.from({ length: 24 }, (_, n) => ({
    title: plain(`Review ${'of it '.repeat(n)}`.trim()),
    status: { label: 'Due soon', tone: 'warning' as const },
  })),
}

test('a label that wraps begins where its line begins', () =>
  at('/', PHONE, async (page, desk) => {
    desk.core.chats.get(ADA)?.push(message('msg_5', { title: 'Rows', blocks: [rows] }))
    await page.reload()
    const indents = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.row-title .status')].map((pill) =>
        Math.round(pill.getBoundingClientRect().left - pill.parentElement.getBoundingClientRect().left))`,
    )
    expect(indents.filter((indent) => indent === 0).length).toBeGreaterThan(0)
    // Behind a word there is always more than one letter before it.
    expect(indents.filter((indent) => indent > 0 && indent < 24)).toEqual([])
  }))

test('a long column stays wide enough to be read; the frame scrolls and shows that it does', () =>
  at('/card/home.dashboard', PHONE, async (page) => {
    const table = page.getByRole('region', { name: 'Attestations this quarter' })
    const column = await table.getByRole('columnheader', { name: 'Control' }).boundingBox()
    expect(column?.width).toBeGreaterThanOrEqual(200)
    expect(await table.evaluate((frame) => Object(frame).scrollWidth > Object(frame).clientWidth)).toBe(true)
    const shade = (name: string) =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('.table')).getPropertyValue('${name}')`)
    expect((await shade('background-attachment')).split(', ')).toEqual(['local', 'local', 'scroll', 'scroll'])
  }))
