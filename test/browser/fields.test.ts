import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import * as cards from '../platforms/desk-cards.ts'
import { message } from '../platforms/desk-core.ts'
import { ADA } from '../platforms/desk-server.ts'
import { at } from './story.ts'

const NOBODY = 'I know nobody called that. Choose a name from the list.'

async function openReport(page: Page) {
  await page.getByLabel('Write to Countersign').fill('/incident lost laptop')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByLabel('What happened?').waitFor()
}

test('one file: choosing another unticks the one that is attached', () =>
  at('/', {}, async (page, desk) => {
    const request = {
      title: 'An export',
      blocks: [{ kind: 'buttons' as const, buttons: [{ label: 'Bring', do: 'access.import' }] }],
    }
    desk.core.chats.get(ADA)?.push(message('msg_5', request))
    await page.reload()
    await page.getByRole('button', { name: 'Bring' }).click()
    const dialog = page.getByRole('dialog')
    const attach = (name: string, words: string) =>
      dialog.getByLabel('The export').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(words) })
    await attach('a.csv', 'one')
    await dialog.getByRole('button', { name: 'Bring it' }).click()
    const kept = dialog.getByRole('checkbox', { name: 'Attached: a.csv' })
    await kept.waitFor()
    await attach('b.csv', 'another')
    expect(await kept.isChecked()).toBe(false)
    await dialog.getByLabel('Which system?').fill('crm')
    await dialog.getByRole('button', { name: 'Bring it' }).click()
    await page.getByText('Ravi is on duty').waitFor()
    expect(desk.core.turns.at(-1)?.entries).toEqual({ system: 'crm', file: cards.OTHER_FILE })
  }))

describe('a file that cannot be taken', () => {
  const MB = 1024 * 1024
  // From a disk: 20 MB are slow on their way through the browser's own protocol.
  const folder = mkdtempSync(join(tmpdir(), 'countersign-files-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const files = (...sizes: [string, number][]) =>
    sizes.map(([name, size]) => {
      writeFileSync(join(folder, name), Buffer.alloc(size, 'x'))
      return join(folder, name)
    })
  const HUGE = 'huge.bin is larger than 20 MB: choose a smaller one. The rest of the form is as you left it.'
  const EMPTY = 'empty.txt is empty: choose another file.'

  test('is not sent: the dialog stays as it is, its field says why, and a choice mends it', () =>
    at('/', {}, async (page, desk) => {
      await openReport(page)
      const dialog = page.getByRole('dialog')
      const chosen = dialog.getByLabel('A picture or a file')
      const send = dialog.getByRole('button', { name: 'Send' })
      const turns = desk.core.turns.length
      await dialog.getByLabel('What happened?').fill('a lost laptop')
      const wrong: [string, [string, number][]][] = [
        [HUGE, [['huge.bin', 20 * MB + 1]]],
        [EMPTY, [['empty.txt', 0]]],
        ['At most 3 files: choose fewer.', ['1', '2', '3', '4'].map((name) => [name, 1])],
      ]
      for (const [sentence, sizes] of wrong) {
        await chosen.setInputFiles(files(...sizes))
        await send.click()
        expect(await dialog.locator('.error').innerText()).toContain(sentence)
        expect(await page.evaluate('document.activeElement.id')).toBe('f-proof')
      }
      expect(desk.core.turns).toHaveLength(turns)
      expect(await dialog.getByLabel('What happened?').inputValue()).toBe('a lost laptop')
      await chosen.setInputFiles(files(['fits.txt', 3]))
      await send.click()
      await page.getByText('Ravi is on duty').waitFor()
      expect(desk.core.turns.at(-1)?.entries).toMatchObject({ what: 'a lost laptop', proof: cards.FILE })
    }))

  test('without JavaScript the form is drawn again with what was typed and the other file', () =>
    at('/', { javaScriptEnabled: false }, async (page, desk) => {
      await openReport(page)
      await page.getByLabel('What happened?').fill('a lost laptop')
      await page.getByLabel('A picture or a file').setInputFiles(files(['huge.bin', 20 * MB + 1], ['fits.txt', 3]))
      await page.getByRole('button', { name: 'Send' }).click()
      expect(await page.locator('.error').innerText()).toContain(HUGE)
      expect(await page.getByLabel('What happened?').inputValue()).toBe('a lost laptop')
      expect(await page.getByRole('checkbox', { name: 'Attached: fits.txt' }).isChecked()).toBe(true)
      expect(desk.core.turns.filter((turn) => turn.entries)).toEqual([])
    }))
})

describe('a name that is searched', () => {
  test('stays reached when the answer to the last letter comes late', () =>
    at('/', {}, async (page, desk) => {
      await openReport(page)
      const who = page.getByRole('dialog').getByRole('combobox', { name: 'Who else knows?' })
      const late = Promise.withResolvers<void>()
      await page.route('**/options?*q=in', async (route) => {
        await late.promise
        await route.continue()
      })
      await who.pressSequentially('i')
      await page.getByRole('option', { name: 'Ingrid Invented' }).waitFor()
      await who.press('n')
      await who.press('ArrowDown')
      await who.press('ArrowDown')
      const answered = page.waitForResponse((response) => response.url().endsWith('q=in'))
      late.resolve()
      await (await answered).finished()
      await page.waitForFunction("document.querySelectorAll('[role=option]').length === 2")
      await who.press('Enter')
      expect(await who.inputValue()).toBe('Ingrid Invented')
      expect(desk.core.options_asked).toEqual(['i', 'in'])
    }))
})

describe('a name that was typed and not chosen', () => {
  test('is not sent: the field says so and keeps it, and a choice mends it', () =>
    at('/', {}, async (page, desk) => {
      await openReport(page)
      const dialog = page.getByRole('dialog')
      const who = dialog.getByRole('combobox', { name: 'Who else knows?' })
      await who.pressSequentially('Bogdan')
      await dialog.getByText('Nobody found').waitFor()
      const turns = desk.core.turns.length
      await dialog.getByRole('button', { name: 'Send' }).click()
      expect(await dialog.getByRole('alert').innerText()).toContain(NOBODY)
      expect(await who.inputValue()).toBe('Bogdan')
      expect(await page.evaluate('document.activeElement.id')).toBe('f-who')
      expect(desk.core.turns).toHaveLength(turns)
      await who.fill('omar')
      await page.getByRole('option', { name: 'Omar Sample' }).click()
      await dialog.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Ravi is on duty').waitFor()
      expect(desk.core.turns.at(-1)?.entries?.who).toBe(cards.PEOPLE[2]?.value)
    }))

  test('without JavaScript too, also where somebody else had been chosen before', () =>
    at('/', { javaScriptEnabled: false }, async (page, desk) => {
      await openReport(page)
      const who = page.getByLabel('Who else knows?').first()
      const send = page.getByRole('button', { name: 'Send' })
      for (const typed of ['Bogdan', 'omar']) {
        await who.fill(typed)
        await send.click()
        expect(await page.locator('.error').innerText()).toContain(NOBODY)
        expect(await who.inputValue()).toBe(typed)
      }
      await page.getByRole('combobox', { name: 'Who else knows?' }).selectOption({ label: 'Omar Sample · Platform' })
      await who.fill('Ingrid')
      await send.click()
      expect(await page.locator('.error').innerText()).toContain(NOBODY)
      expect(desk.core.turns.filter((turn) => turn.entries)).toEqual([])
      await page.getByRole('combobox', { name: 'Who else knows?' }).selectOption({ label: 'Ingrid Invented · Games' })
      await send.click()
      expect(desk.core.turns.at(-1)?.entries?.who).toBe(cards.PEOPLE[1]?.value)
    }))
})
