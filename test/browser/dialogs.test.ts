import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { at, focused, tabTo } from './story.ts'

const TITLE = 'Acceptable Use, version 3'
const SCREENS = { 'a phone': { width: 360, height: 640 }, 'a low window': { width: 1280, height: 600 } }

/** Where the dialog stands, once `name` in it is there: how far it is scrolled, and what has the focus. */
async function standing(page: Page, name: string) {
  await page.getByRole('dialog').getByRole('heading', { name }).waitFor()
  const scrolled = await page.evaluate<number>("document.querySelector('dialog').scrollTop")
  return { scrolled, focus: await focused(page) }
}

const isLong = (page: Page) =>
  page.evaluate<boolean>(
    "document.querySelector('dialog').scrollHeight > document.querySelector('dialog').clientHeight + 200",
  )

describe.each(Object.entries(SCREENS))('a long text on %s', (_, viewport) => {
  test('begins at its beginning, and so does its next page', () =>
    at('/', { viewport }, async (page) => {
      await page.getByRole('button', { name: 'Read and acknowledge' }).click()
      expect(await standing(page, 'What this is about')).toEqual({ scrolled: 0, focus: TITLE })
      expect(await isLong(page)).toBe(true)
      await page.getByRole('dialog').getByRole('button', { name: 'Next page' }).click()
      expect(await standing(page, 'Page 2')).toEqual({ scrolled: 0, focus: TITLE })
    }))
})

test('with the keyboard: from the title through the text to the statement, page by page', () =>
  at('/', { viewport: SCREENS['a low window'] }, async (page, desk) => {
    await tabTo(page, 'Read and acknowledge')
    await page.keyboard.press('Enter')
    expect(await standing(page, 'What this is about')).toEqual({ scrolled: 0, focus: TITLE })
    await tabTo(page, 'Next page')
    await page.keyboard.press('Enter')
    expect(await standing(page, 'Page 2')).toEqual({ scrolled: 0, focus: TITLE })
    // Enter on a title agrees to nothing.
    await page.keyboard.press('Enter')
    expect(desk.core.acknowledged.size).toBe(0)
    await tabTo(page, 'I have read version 3')
    await page.keyboard.press('Enter')
    await page.getByText('Receipt').waitFor()
  }))

test('a form to correct begins at the first wrong answer, in sight', () =>
  at('/', { viewport: SCREENS['a phone'] }, async (page) => {
    await page.getByLabel('Write to Countersign').fill('/incident')
    await page.keyboard.press('Enter')
    expect((await standing(page, 'Report something')).focus).toBe('Report something')
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('f-what')
    const [field, end] = [await page.locator('#f-what').boundingBox(), await page.locator('.form-end').boundingBox()]
    expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(end?.y ?? 0)
  }))

test('a card in a dialog that is answered there begins anew too', () =>
  at('/?view=inbox', { viewport: SCREENS['a phone'] }, async (page) => {
    await page.getByLabel('Write to Countersign').fill('/isms')
    await page.keyboard.press('Enter')
    expect(await standing(page, 'Your inbox')).toEqual({ scrolled: 0, focus: 'Your inbox' })
    await page.getByRole('dialog').getByRole('button', { name: 'Attest' }).click()
    const title = 'Restore test of the build servers'
    expect(await standing(page, title)).toEqual({ scrolled: 0, focus: title })
    expect(await page.getByRole('dialog', { name: title }).count()).toBe(1)
  }))
