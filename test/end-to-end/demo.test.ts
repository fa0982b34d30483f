import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { launch, pictureFolder } from '../browser/chromium.ts'
import { makePlace } from './started.ts'

const place = makePlace()
const browser = await launch()
const pictures = await pictureFolder()

afterAll(async () => {
  await browser.close()
  await place.clear()
})

/** The product as a newcomer starts it: no settings but a folder and a free port. */
async function visit(folder: string, options: BrowserContextOptions, play: (page: Page) => Promise<void>) {
  const product = await place.start({ COUNTERSIGN_DATA: place.folder(folder) })
  const context = await browser.newContext({ viewport: { width: 1400, height: 950 }, ...options })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('response', (answer) => answer.status() >= 500 && problems.push(`${answer.status()} ${answer.url()}`))
  try {
    await page.goto(product.address)
    await play(page)
    expect(problems).toEqual([])
  } catch (error) {
    await page.screenshot({ path: `${pictures}/demo-failed.png` })
    throw error
  } finally {
    await context.close()
    await product.end('SIGTERM')
  }
}

const step = (page: Page, title: string): Locator => page.locator('[data-test=step]').filter({ hasText: title })
const isDone = (page: Page, title: string): Promise<void> =>
  step(page, title).filter({ hasText: 'Done' }).waitFor({ timeout: 15_000 })
const newest = (page: Page): Locator => page.locator('[data-test=message]').last()
const words = (of: Locator): Promise<string> => of.innerText()

/** How many acknowledged the one-page policy, as the security lead's picture says. */
async function bar(page: Page): Promise<number> {
  const text = await words(page.locator('[data-test=picture]'))
  return Number(/Passwords and Authentication v1\.0, due[^\n]*\n+(\d+) of \d+/.exec(text)?.[1])
}

/** Sits down where the next step of the path is taken. */
async function follow(page: Page, title: string, who: string): Promise<void> {
  await step(page, title).getByRole('button', { name: 'Take me there' }).click()
  await page.locator('[data-test=who]').filter({ hasText: who }).waitFor()
}

/** The page after a click when there is no script: back to the desk. */
async function back(page: Page, hasScript: boolean): Promise<void> {
  if (!hasScript) await page.getByRole('link', { name: 'Back to the desk' }).click()
}

/** The first minute, as the path on the page tells it, and nothing that it does not tell. */
async function firstMinute(page: Page, hasScript: boolean): Promise<void> {
  const picture = (name: string) =>
    page.screenshot({ path: `${pictures}/demo-${hasScript ? '' : 'plain-'}${name}.png` })
  expect(await words(page.locator('body'))).toContain('Demo. Nothing leaves this computer.')
  await picture('1-start')

  // An employee acknowledges a one-page policy in two clicks, and the bar moves.
  const before = await bar(page)
  await newest(page).getByRole('button', { name: 'Read and acknowledge' }).click()
  await page.getByRole('button', { name: 'Acknowledge', exact: true }).click()
  await page.getByText('Receipt A-').first().waitFor()
  await back(page, hasScript)
  await isDone(page, 'Acknowledge a policy')
  expect(await words(newest(page))).toMatch(/Done, \d\d:\d\d\. Receipt A-\d+/)
  await expect.poll(() => bar(page), { timeout: 10_000 }).toBe(before + 1)
  await picture('2-acknowledged')

  // Reports with one sentence and one click after the command, and hears who answers.
  await page.getByLabel('Write to Countersign').fill('/incident lost laptop in taxi')
  await page.locator('[data-test=composer]').press('Enter')
  await page.locator('[data-test=submit]').click()
  await page
    .getByText(/EVT-2026-\d{4}/)
    .first()
    .waitFor()
  await back(page, hasScript)
  await picture('3-reported')

  // The triage card stands in the responder's seat.
  await follow(page, 'Take it on', 'Eleni Faros')
  await newest(page).filter({ hasText: 'lost laptop in taxi' }).waitFor()
  await picture('4-responder')
  await newest(page).getByRole('button', { name: 'I’m on it' }).click()
  await page.getByText('Under assessment').or(page.getByText('Being looked at')).first().waitFor()
  await back(page, hasScript)
  await isDone(page, 'Report an incident')

  // The owner of a system decides what somebody who left on Friday may still do.
  await follow(page, "Decide a leaver's access", 'Inês Valdemar')
  await page.getByRole('button', { name: 'Open' }).first().click()
  await page
    .getByRole('button', { name: /^Remove.*Amália/ })
    .first()
    .click()
  await picture('5-leaver')
  await page.locator('[data-test=submit]').click()
  await page.getByRole('alert').first().waitFor()
  await page.getByLabel('Why').fill('Left on Friday.')
  await page.locator('[data-test=submit]').click()
  await page.getByText('Left on Friday.').first().waitFor()
  if (hasScript) await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Desk', exact: true }).click()
  await isDone(page, "Decide a leaver's access")

  // Three days later: a reminder for the manager, and the digest of who is late in the team.
  await follow(page, 'Jump three days', 'Tomás Farol')
  const had = await page.locator('[data-test=message]').count()
  await page.getByRole('button', { name: '+3 days' }).click()
  await isDone(page, 'Jump three days')
  const news = async () => (await page.locator('[data-test=message]').allInnerTexts()).slice(had).join('\n')
  // With a script the page shows each day as it comes.
  await expect.poll(news, { timeout: 30_000 }).toContain('A reminder: Passwords and Authentication v1.0')
  await expect.poll(news, { timeout: 30_000 }).toContain('Pilar Ondarreta')
  await page.locator('[data-test=clock]').filter({ hasText: 'Thu 26 November' }).waitFor()
  await picture('6-later')

  // And all of it stands in the record, where the auditor does not learn who reported.
  await step(page, 'Open the record').getByRole('button', { name: 'Take me there' }).click()
  await page.getByRole('heading', { name: 'The record' }).waitFor()
  const record = await words(page.locator('[data-test=card]'))
  // Newest first; what the days in between brought stands there too.
  for (const words of ['Report taken on', 'Report received']) expect(record).toContain(words)
  await picture('7-record')
  await page.getByRole('link', { name: 'Desk', exact: true }).click()
  expect(await words(page.locator('[data-region=guide]'))).toContain('5 of 5 done')
}

describe('the first minute after the start', () => {
  test('in a browser as people have it, on an empty folder', { timeout: 180_000 }, () =>
    visit('company', {}, (page) => firstMinute(page, true)),
  )

  test('and without JavaScript', { timeout: 180_000 }, () =>
    visit('plain', { javaScriptEnabled: false }, (page) => firstMinute(page, false)),
  )
})
