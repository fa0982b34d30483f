import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
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
