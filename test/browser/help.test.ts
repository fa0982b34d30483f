import { describe, expect, test } from 'vitest'
import { at } from './story.ts'

describe.each([true, false])('the help, with JavaScript: %s', (javaScriptEnabled) => {
  test('does what it names, on a page one can go back from', () =>
    at('/card/home.help', { javaScriptEnabled }, async (page, desk) => {
      const main = page.getByRole('main')
      const offered = await main.getByRole('button').allInnerTexts()
      expect(offered.map((label) => label.split('\n')[0])).toEqual(['Inbox', 'Policies', 'Status', 'Incident'])
      await main.getByRole('button', { name: 'Policies' }).click()
      await main.getByRole('heading', { name: 'Your policies' }).waitFor()
      await page.goBack()
      await main.getByRole('button', { name: 'Incident' }).click()
      await main.getByLabel('What happened?').fill('lost laptop')
      await main.getByRole('button', { name: 'Send' }).click()
      await main.getByText('Ravi is on duty').waitFor()
      expect(desk.core.turns.map((turn) => turn.do)).toEqual(['policies.mine', 'incidents.report', 'incidents.report'])
    }))
})

test('on a phone the list of what can be typed stands there whole', () =>
  at('/', { viewport: { width: 360, height: 640 } }, async (page) => {
    await page.getByText('What can I type?').click()
    const hidden = await page.evaluate<number>(
      "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.commands dl'))",
    )
    expect(hidden).toBe(0)
  }))
