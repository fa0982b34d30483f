import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, expect } from 'vitest'
import { makeDemo, type Running, serveDesk } from '../platforms/desk-server.ts'
import { launch } from './chromium.ts'

export const browser = await launch()
afterAll(() => browser.close())

/** A page at the desk of the demo, and everything that went wrong in it. */
export async function at(
  path: string,
  options: BrowserContextOptions,
  play: (page: Page, desk: Running) => Promise<void>,
) {
  const desk = await serveDesk({ demo: makeDemo() })
  const context = await browser.newContext(options)
  // Shorter than a test may take, so that a story fails where it stands.
  context.setDefaultTimeout(8_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  // A form to correct is 422, which the console notes as an error.
  page.on('console', (line) => line.type() === 'error' && !line.text().includes('422') && problems.push(line.text()))
  try {
    await page.goto(desk.base + path)
    await play(page, desk)
    expect(problems).toEqual([])
  } finally {
    await context.close()
    await desk.close()
  }
}

/** Tabs until something with that name has the focus, as a person without a mouse does. */
export async function tabTo(page: Page, name: string) {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate<string>('document.activeElement.textContent.trim()')
    if (here.startsWith(name)) return
  }
  throw new Error(`${name} is not reached with the keyboard`)
}

export const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent.trim().slice(0, 40)')

/** The next request to that path is answered by the desk as usual, but the answer waits until the story lets it go. */
export async function hold(page: Page, path: string) {
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      const response = await route.fetch({ maxRedirects: 0 })
      asked.resolve()
      await go.promise
      await route.fulfill({ response })
    },
    { times: 1 },
  )
  return { asked: asked.promise, go: go.resolve }
}
