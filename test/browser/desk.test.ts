import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import * as cards from '../platforms/desk-cards.ts'
import { message } from '../platforms/desk-core.ts'
import { ADA, MEI, makeDemo, RAVI, serveDesk } from '../platforms/desk-server.ts'
import { at, browser, focused, hold, tabTo } from './story.ts'

describe('with the keyboard alone', () => {
  test('a policy is acknowledged in two presses; the bar moves and the focus stays at the card', () =>
    at('/', {}, async (page, desk) => {
      await tabTo(page, 'Read and acknowledge')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Acceptable Use, version 3' }).waitFor()
      await tabTo(page, 'I have read version 3')
      await page.keyboard.press('Enter')
      await page.getByText('Receipt').waitFor()
      expect(await page.getByRole('dialog').count()).toBe(0)
      await page.getByText('88 of 118').waitFor()
      expect(await focused(page)).toBe('Read it again')
      expect(desk.core.turns.map((turn) => turn.do)).toEqual(['policies.acknowledge', 'policies.acknowledge'])
    }))

  test('a report: a line, Enter, the form with its words; wrong answers are said and kept; then the number', () =>
    at('/', {}, async (page) => {
      await page.getByLabel('Write to Countersign').focus()
      await page.keyboard.type('/incident lost laptop in taxi')
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Report something' })
      const what = dialog.getByLabel('What happened?')
      await what.waitFor()
      expect(await what.inputValue()).toBe('lost laptop in taxi')
      await dialog.getByRole('combobox', { name: 'Who else knows?' }).pressSequentially('in')
      await page.getByRole('option', { name: 'Ingrid Invented' }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      expect(await dialog.getByRole('combobox', { name: 'Who else knows?' }).inputValue()).toBe('Ingrid Invented')
      await what.fill('')
      await what.press('Tab')
      await tabTo(page, 'Send')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await page.getByRole('alert').innerText()).toContain('What happened? – This is needed.')
      expect(await page.evaluate('document.activeElement.id')).toBe('f-what')
      await page.keyboard.type('lost laptop')
      await tabTo(page, 'Send')
      await page.keyboard.press('Enter')
      await page.getByText('Ravi is on duty').waitFor()
    }))

  test('a right is removed only after being asked; Escape leaves it and brings the focus back', () =>
    at('/card/access.review/rev_1', {}, async (page, desk) => {
      await tabTo(page, 'Remove: Sol')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Remove the right of Sol Madeup?' }).waitFor()
      await page.keyboard.press('Escape')
      expect(await focused(page)).toContain('Remove: Sol')
      expect(desk.core.turns).toEqual([])
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
      await page.getByText('older version of Countersign').waitFor()
      expect(desk.core.turns.map((turn) => turn.do)).toEqual(['access.remove'])
    }))

  test('another seat is found by a part of its name', () =>
    at('/', {}, async (page) => {
      await page.getByPlaceholder('Another seat').pressSequentially('fict')
      await page.getByRole('option', { name: 'Ravi Fictive' }).waitFor()
      await page.keyboard.press('Enter')
      await page.locator('[data-test=who]').filter({ hasText: 'Ravi' }).waitFor()
      expect(await page.getByText('I left my laptop').innerText()).toContain('<!channel>')
    }))
})

test("what the lead's picture asks for is done at the lead's seat, one press away", () =>
  at('/', {}, async (page, desk) => {
    const picture = page.locator('[data-test=picture]')
    await picture.getByText('87 of 118').waitFor()
    expect(await picture.getByRole('button').allInnerTexts()).toEqual(["Sit at Mei Invented's seat to act"])
    await picture.getByRole('button').click()
    await page.locator('[data-test=who]').filter({ hasText: 'Mei' }).waitFor()
    await picture.getByRole('button', { name: 'Remind 30 people' }).click()
    await page.getByText('older version of Countersign').first().waitFor()
    expect(desk.core.turns.map((turn) => [turn.do, turn.by.user])).toEqual([['policies.remind', MEI]])
  }))

test.each(['tomas', 'TOMÁS', 'sorensen'])('a seat is found as it is typed, with accents or without: %s', (typed) =>
  at('/', {}, async (page) => {
    await page.getByPlaceholder('Another seat').pressSequentially(typed)
    await page.getByRole('option', { name: 'Tomás Sørensen' }).waitFor()
    expect(await page.getByRole('option').count()).toBe(1)
  }),
)

describe('without JavaScript', () => {
  const plain = { javaScriptEnabled: false }

  test('acknowledge in two clicks, back at the desk the card says so', () =>
    at('/', plain, async (page) => {
      await page.getByRole('button', { name: 'Read and acknowledge' }).click()
      await page.getByRole('button', { name: 'I have read version 3' }).click()
      expect(await page.locator('[data-test=card]').innerText()).toContain('A-10293')
      await page.getByRole('link', { name: 'Back to the desk' }).click()
      expect(await page.locator('[data-test=picture]').innerText()).toContain('88 of 118')
      expect(await page.locator('[data-message=msg_2]').innerText()).toContain('Done, 10:00')
    }))

  test('report, correct, find a person, attach a file, send', () =>
    at('/', plain, async (page, desk) => {
      await page.getByLabel('Write to Countersign').fill('/incident')
      await page.getByRole('button', { name: 'Send' }).click()
      await page
        .getByLabel('A picture or a file')
        .setInputFiles({ name: 'taxi.png', mimeType: 'image/png', buffer: Buffer.from('x') })
      await page.getByRole('button', { name: 'Send' }).click()
      expect(await page.getByRole('alert').innerText()).toContain('What happened? – This is needed.')
      expect(await page.evaluate('document.activeElement.dataset.test')).toBe('problems')
      await page.getByLabel('What happened?').fill('lost laptop')
      await page.getByLabel('Who else knows?').first().fill('omar')
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('combobox', { name: 'Who else knows?' }).selectOption({ label: 'Omar Sample · Platform' })
      await page.getByRole('button', { name: 'Send' }).click()
      expect(await page.locator('[data-test=card]').innerText()).toContain('EVT-2026-0042')
      expect(desk.core.turns.at(-1)?.entries).toMatchObject({
        what: 'lost laptop',
        who: cards.PEOPLE[2]?.value,
        proof: cards.FILE,
      })
    }))

  test('a button that asks first opens where it stands', () =>
    at('/card/access.review/rev_1', plain, async (page, desk) => {
      await page.getByText('Remove: Yuki').click()
      expect(desk.core.turns).toEqual([])
      await page
        .getByRole('group', { name: 'Remove the right of Yuki Notreal?' })
        .getByRole('button', { name: 'Remove' })
        .click()
      expect(desk.core.turns.map((turn) => turn.do)).toEqual(['access.remove'])
    }))

  test('the newest message is in sight', () =>
    at('/', { ...plain, viewport: { width: 1280, height: 760 } }, async (page) => {
      const log = await page.locator('[data-log]').boundingBox()
      const newest = await page.locator('[data-message=msg_2] .buttons').boundingBox()
      expect((newest?.y ?? 0) + (newest?.height ?? 0)).toBeLessThanOrEqual((log?.y ?? 0) + (log?.height ?? 0))
    }))
})

test('news arrive by themselves, what is being typed stays', () =>
  at('/', {}, async (page, desk) => {
    await page.getByLabel('Write to Countersign').fill('/incident half a sen')
    desk.core.chats.get(ADA)?.push(message('msg_9', cards.triage))
    desk.core.acknowledged.add(RAVI)
    await desk.platform.deliver({}, cards.triage, undefined, 'k')
    await page.getByText('I left my laptop').waitFor()
    await page.getByText('88 of 118').waitFor()
    expect(await page.getByLabel('Write to Countersign').inputValue()).toBe('/incident half a sen')
    expect(await page.locator('[data-message=msg_2]').count()).toBe(1)
  }))

test('a card is drawn anew while the answer to its button is on the way: the answer still finds its place', () =>
  at('/', {}, async (page, desk) => {
    const answer = await hold(page, '/do')
    await page.getByRole('button', { name: 'Read and acknowledge' }).click()
    await answer.asked
    const [asked] = desk.core.chats.get(ADA) ?? []
    if (!asked) throw new Error('nobody asked Ada')
    asked.card = { ...asked.card, title: `${asked.card.title}, once more` }
    await desk.platform.deliver({}, asked.card, undefined, 'k')
    await page.getByText('once more').waitFor()
    answer.go()
    await page.getByRole('button', { name: 'I have read version 3' }).click()
    await page.getByText('Receipt').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.locator('[data-region=messages] [data-test=card]').getByText('Receipt').count()).toBe(1)
  }))

test('news that come while one moves to another seat do not hold one back', () =>
  at('/', {}, async (page, desk) => {
    const move = await hold(page, '/seat')
    const step = page.locator('[data-test=step]').filter({ hasText: "Decide a leaver's access" })
    await step.getByRole('button', { name: 'Take me there' }).click({ noWaitAfter: true })
    await move.asked
    // The page is still Ada's; what it reads now is Ravi's already, and a reload would take the way to the step back.
    const news = page.waitForResponse((response) => new URL(response.url()).pathname === '/')
    await desk.platform.deliver({}, cards.triage, undefined, 'k')
    await (await news).finished()
    move.go()
    await page.waitForURL('**/card/access.review/rev_1', { waitUntil: 'commit' })
  }))

test('one stays at the seat the guide began with, whatever its next step is', async () => {
  const demo = makeDemo()
  const desk = await serveDesk({
    demo: { ...demo, guide: async () => ({ steps: (await demo.guide()).steps.slice(demo.days > 0 ? 2 : 0) }) },
  })
  const page = await browser.newPage()
  await page.goto(desk.base)
  await page.getByRole('button', { name: '+3 days' }).click()
  await page.locator('[data-test=clock]').filter({ hasText: 'Thu 26 November' }).waitFor()
  expect(await page.locator('[data-test=who]').innerText()).toBe('Ada Example')
  await page.reload()
  expect(await page.locator('[data-test=who]').innerText()).toBe('Ada Example')
  await page.close()
  await desk.close()
})

test('T22 words of people stay words in a real browser', () =>
  at('/', {}, async (page, desk) => {
    const words = '<img src=x onerror="document.title=1"><b>bold</b> [Approve](https://evil.example)'
    desk.core.chats.get(ADA)?.push(message('msg_8', { title: words, blocks: [{ kind: 'quote', text: words }] }))
    await page.reload()
    expect(await page.getByRole('blockquote').innerText()).toBe(words)
    expect(await page.locator('.quote *:not(p), .card-title *').count()).toBe(0)
    expect(await page.title()).toBe('Desk · Countersign')
  }))

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

type Violation = { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }

async function violations(page: Page): Promise<string[]> {
  // Our own policy refuses scripts from elsewhere; the test's tool goes past it.
  await page.evaluate(axe)
  const found = await page.evaluate<Violation[]>('axe.run().then((run) => run.violations)')
  return found
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary}`))
}

const PAGES = ['/', '/?view=inbox', '/card/policies.policy/pov_1', '/card/access.review/rev_1', '/card/home.dashboard']

describe.each(['light', 'dark'] as const)('axe finds nothing serious in the %s', (colorScheme) => {
  test.each(PAGES)('%s', (path) =>
    at(path, { colorScheme, viewport: { width: 1280, height: 900 } }, async (page) => {
      expect(await violations(page)).toEqual([])
    }),
  )

  test.each(['Slack look', 'Teams look'])('%s', (look) =>
    at('/', { colorScheme }, async (page) => {
      await page.getByRole('button', { name: look }).click()
      expect(await violations(page)).toEqual([])
    }),
  )

  test('a form with corrections in its dialog', () =>
    at('/', { colorScheme }, async (page) => {
      await page.getByLabel('Write to Countersign').fill('/incident')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
      await page.getByRole('alert').waitFor()
      expect(await violations(page)).toEqual([])
    }))
})

describe('320 pixels are enough', () => {
  test.each(PAGES)('%s', (path) =>
    at(path, { viewport: { width: 320, height: 640 } }, async (page) => {
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect(width).toBeLessThanOrEqual(320)
    }),
  )
})
