import { describe, expect, test } from 'vitest'
import * as cards from '../platforms/desk-cards.ts'
import { message } from '../platforms/desk-core.ts'
import { ADA, type Running } from '../platforms/desk-server.ts'
import { at } from './story.ts'

/** Buttons that show something and change nothing: the message of the card stays what it is. */
const reminder = {
  title: 'GitHub waits for you',
  blocks: [
    {
      kind: 'buttons' as const,
      buttons: [
        { label: 'Open', do: 'access.keep', id: 'rev_1' },
        {
          label: 'Open all',
          do: 'access.keep',
          id: 'rev_1',
          confirm: { title: 'Open all of them?', text: 'There are 42.', yes: 'Open them', no: 'Not now' },
        },
      ],
    },
  ],
}

/** Another card comes; when it is there, the whole chat was looked through for news. */
async function otherNews(desk: Running, id: string) {
  desk.core.chats.get(ADA)?.push(message(id, { ...cards.triage, title: `News ${id}` }))
  await desk.platform.deliver({}, cards.triage, undefined, 'k')
}

describe('an answer that only shows something stays where it was asked for', () => {
  test.each(['pressed', 'asked first'])('%s', (how) =>
    at('/', {}, async (page, desk) => {
      desk.core.chats.get(ADA)?.push(message('msg_5', reminder))
      await page.reload()
      const card = page.locator('[data-message=msg_5]')
      if (how === 'pressed') await card.getByRole('button', { name: 'Open', exact: true }).click()
      else {
        await card.locator('summary').click()
        await page.getByRole('dialog').getByRole('button', { name: 'Open them' }).click()
      }
      await card.getByText('2 need you').waitFor()
      for (const id of ['msg_6', 'msg_7']) {
        await otherNews(desk, id)
        await page.getByText(`News ${id}`).waitFor()
        expect(await card.innerText()).toContain('2 need you')
      }
      expect(await page.getByRole('dialog').count()).toBe(0)
    }),
  )

  test('and is seen from its title on, however long it is', () =>
    at('/', { viewport: { width: 1280, height: 700 } }, async (page, desk) => {
      desk.core.chats.get(ADA)?.push(message('msg_5', reminder))
      await page.reload()
      const card = page.locator('[data-message=msg_5]')
      await card.getByRole('button', { name: 'Open', exact: true }).click()
      const title = card.getByRole('heading', { name: '2 need you' })
      await title.waitFor()
      const [log, there] = [await page.locator('[data-log]').boundingBox(), await title.boundingBox()]
      expect(there?.y).toBeGreaterThanOrEqual(log?.y ?? 0)
    }))

  test('until the card itself has news', () =>
    at('/', {}, async (page, desk) => {
      const sent = message('msg_5', reminder)
      desk.core.chats.get(ADA)?.push(sent)
      await page.reload()
      const card = page.locator('[data-message=msg_5]')
      await card.getByRole('button', { name: 'Open', exact: true }).click()
      await card.getByText('2 need you').waitFor()
      sent.card = { ...reminder, title: 'GitHub waits for you since Monday' }
      await desk.platform.deliver({}, sent.card, undefined, 'k')
      await card.getByText('since Monday').waitFor()
    }))
})
