import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { ADA, makeDemo, serveDesk } from '../platforms/desk-server.ts'
import { launch, pictureFolder } from './chromium.ts'

const [browser, folder] = await Promise.all([launch(), pictureFolder()])
afterAll(() => browser.close())

const WIDE = { viewport: { width: 1360, height: 900 } }
const NARROW = { viewport: { width: 320, height: 700 }, deviceScaleFactor: 2 }

const PLACES: [string, string, BrowserContextOptions][] = [
  ['desk', '/', WIDE],
  ['desk-dark', '/', { ...WIDE, colorScheme: 'dark' }],
  ['desk-narrow', '/', NARROW],
  ['inbox', '/card/home.inbox', WIDE],
  ['policy', '/card/policies.policy/pov_1', WIDE],
  ['policy-dark', '/card/policies.policy/pov_1', { ...WIDE, colorScheme: 'dark' }],
  ['policy-narrow', '/card/policies.policy/pov_1', NARROW],
  ['review', '/card/access.review/rev_1', WIDE],
  ['overview', '/card/home.dashboard', WIDE],
  ['missing', '/card/policies.policy/pov_2', WIDE],
  ['inbox-narrow', '/card/home.inbox', NARROW],
  ['review-narrow', '/card/access.review/rev_1', { ...NARROW, colorScheme: 'dark' }],
  ['plain', '/', { ...WIDE, javaScriptEnabled: false }],
]

test.each(PLACES)('picture of %s', async (name, path, options) => {
  const desk = await serveDesk({ demo: makeDemo() })
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await page.goto(desk.base + path)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  expect(await page.title()).not.toBe('')
  await context.close()
  await desk.close()
})

test('picture of the way in', async () => {
  const desk = await serveDesk()
  const page = await browser.newPage(WIDE)
  desk.core.links.set('a-link-from-chat-00', { person: ADA, path: '/' })
  await page.goto(`${desk.base}/enter/a-link-from-chat-00`)
  await page.screenshot({ path: join(folder, 'enter.png') })
  await page.goto(desk.base)
  await page.screenshot({ path: join(folder, 'out.png') })
  await page.goto(`${desk.base}/enter/a-link-from-chat-00`)
  await page.getByRole('button', { name: 'Come in' }).click()
  await page.getByText('wait for you').waitFor()
  await page.screenshot({ path: join(folder, 'own-desk.png') })
  await page.close()
  await desk.close()
})

type Page = Awaited<ReturnType<typeof browser.newPage>>

const SCENES: [string, (page: Page) => Promise<void>][] = [
  ['acknowledge', async (page) => page.getByRole('button', { name: 'Read and acknowledge' }).click()],
  ['acknowledged', acknowledge],
  ['look-slack', async (page) => page.getByRole('button', { name: 'Slack look' }).click()],
  ['look-teams', async (page) => page.getByRole('button', { name: 'Teams look' }).click()],
  ['seats', async (page) => page.getByPlaceholder('Another seat').focus()],
  ['report', async (page) => report(page, 'lost laptop in taxi')],
  ['report-wrong', wrongReport],
]

test.each(SCENES)('picture of %s', async (name, play) => {
  const desk = await serveDesk({ demo: makeDemo() })
  const context = await browser.newContext(WIDE)
  const page = await context.newPage()
  await page.goto(desk.base)
  await play(page)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(folder, `${name}.png`) })
  expect(desk.faults).toEqual([])
  await context.close()
  await desk.close()
})

async function acknowledge(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Read and acknowledge' }).click()
  await page.getByRole('button', { name: 'I have read version 3' }).click()
  await page.getByText('Receipt').waitFor()
}

async function report(page: Page, words: string): Promise<void> {
  await page.getByLabel('Write to Countersign').fill(`/incident ${words}`)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('dialog').waitFor()
}

async function wrongReport(page: Page): Promise<void> {
  await report(page, '')
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
  await page.getByRole('alert').waitFor()
}
