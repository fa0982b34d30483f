import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, BrowserContextOptions, Frame, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { chatLink } from '../../adapters/teams/tab-places.ts'
import { makeClient } from '../platforms/desk-client.ts'
import { DESK, HOST, openTabCompany } from '../platforms/tab-company.ts'
import { userOf } from '../platforms/teams-users.ts'
import { CAST } from '../support/people.ts'
import { imported, launch as launchPolicy } from '../support/policies.ts'
import { launch, pictureFolder } from './chromium.ts'
import { framingAt, openInternet, type Plan, TEAMS, teamsAt } from './teams-host.ts'

const company = await openTabCompany({ seed: 'tab in a browser' })
const { world } = company
await launchPolicy(world, await imported(world))
const internet = await openInternet(DESK, company.port)
const [browser, folder] = await Promise.all([launch(internet.arguments), pictureFolder()])
afterAll(async () => {
  await browser.close()
  await internet.close()
  await company.close()
})
const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** A browser of its own, and everything that went wrong in it. */
async function story(
  play: (page: Page, context: BrowserContext) => Promise<void>,
  options: BrowserContextOptions = {},
) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1100, height: 800 },
    ...options,
  })
  context.setDefaultTimeout(8_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  try {
    await play(page, context)
    expect(problems).toEqual([])
  } finally {
    await context.close()
  }
}

const plan = (who: string, more: Partial<Plan> = {}): Plan => ({ user: userOf(who).id, ...more })
const signedOn = (who: string): Plan => plan(who, { token: company.token(who) })

/** The single-use link of the chat, as a deep link hands it to the tab. */
async function linkOf(who: string, path = '/'): Promise<string> {
  const { card } = await world.as(who).do('home.door', { with: { path } })
  return /\/enter\/([\w-]+)/.exec(JSON.stringify(card))?.[1] ?? ''
}

const tab = (page: Page) => page.frameLocator('iframe')
const frameOf = (page: Page): Frame => page.frames()[1] as Frame
const press = (page: Page, who: string) =>
  tab(page)
    .getByRole('button', { name: `Come in as ${CAST[who]?.name}` })
    .click()
const isThere = (page: Page, words: string) => tab(page).getByText(words).first().waitFor()
const asked = (page: Page) => page.evaluate<string[]>('asked')
const picture = (page: Page, name: string) => page.screenshot({ path: join(folder, `tab-${name}.png`) })
const acknowledged = async (who: string) =>
  (await world.sql`select 1 from acknowledgement where person_id = ${world.person(who).id}`).length

describe('with single sign-on', () => {
  test('the person sees their inbox in Teams, does in it what they came for, and stays after a reload', () =>
    story(async (page, context) => {
      await page.goto(teamsAt(signedOn('omar')))
      await isThere(page, 'Omar Haddad')
      await picture(page, 'inbox')
      await tab(page).getByRole('button', { name: 'Read and acknowledge' }).first().click()
      await tab(page).getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
      await tab(page).getByRole('dialog').getByText('Receipt').first().waitFor()
      await picture(page, 'acknowledged')
      expect(await acknowledged('omar')).toBe(1)
      await frameOf(page).evaluate('location.reload()')
      await isThere(page, 'Omar Haddad')
      await page.reload()
      await isThere(page, 'Omar Haddad')
      const cookies = (await context.cookies()).map(({ name, sameSite, secure }) => ({ name, sameSite, secure }))
      expect(cookies).toEqual([{ name: '__Host-countersign-framed', sameSite: 'None', secure: true }])
    }))

  test('T42 the session is of the frame in Teams: a page of its own, and a frame elsewhere, know nothing of it', () =>
    story(async (page, context) => {
      await page.goto(teamsAt(signedOn('lena')))
      await isThere(page, 'Lena Brandt')
      const own = await context.newPage()
      expect((await own.goto(DESK))?.status()).toBe(401)
      // An ordinary session beside it: neither touches the other.
      await own.goto(`${DESK}/enter/${await linkOf('mei')}`)
      await own.getByRole('button', { name: 'Come in' }).click()
      await own.getByText('Mei Tanaka-Voss').first().waitFor()
      await frameOf(page).evaluate('location.reload()')
      await isThere(page, 'Lena Brandt')
      await tab(page).getByRole('button', { name: 'Sign out' }).click()
      await isThere(page, 'You are signed out')
      expect((await own.reload())?.status()).toBe(200)
      await own.getByText('Mei Tanaka-Voss').first().waitFor()
    }))

  test('a session that is over leads back in', () =>
    story(async (page) => {
      await page.goto(teamsAt(signedOn('kiran')))
      await isThere(page, 'Kiran Adhikari')
      await world.sql`update session set ended_at = now() where person_id = ${world.person('kiran').id}`
      await frameOf(page).evaluate('location.reload()')
      await isThere(page, 'You are signed out')
      await picture(page, 'over')
      await tab(page).getByRole('link', { name: 'Come in again' }).click()
      await isThere(page, 'Kiran Adhikari')
    }))

  test('a file of the desk is saved from the frame', () =>
    story(async (page) => {
      await page.goto(teamsAt(signedOn('yuki')))
      await isThere(page, CAST.yuki?.name ?? '')
      const [version] = await world.sql<{ file_id: string }[]>`select file_id from policy_version limit 1`
      const saved = page.waitForEvent('download')
      await frameOf(page).evaluate(`location.href = '/file/${version?.file_id}'`)
      expect((await saved).url()).toBe(`${DESK}/file/${version?.file_id}`)
    }))
})

describe('without single sign-on', () => {
  test('the link of the chat enters, once; loaded again, the session goes on for the same person of Teams', () =>
    story(async (page) => {
      const here = plan('ines', { link: await linkOf('ines', '/card/home.help') })
      await page.goto(teamsAt(here))
      await isThere(page, 'This link opens the desk of Inês Caldeira, once.')
      await picture(page, 'door')
      // Loaded again before the button was pressed, nothing is used up.
      await page.reload()
      await press(page, 'ines')
      await tab(page).getByRole('button', { name: 'Sign out' }).waitFor()
      expect(frameOf(page).url()).toBe(`${DESK}/card/home.help`)
      await page.reload()
      await isThere(page, 'Inês Caldeira')
      // Somebody else signs in to Teams in the same browser.
      await page.goto(teamsAt(plan('dora')))
      await isThere(page, 'Come in from the chat')
      await page.goto(teamsAt(plan('ines')))
      await isThere(page, 'Inês Caldeira')
    }))

  test('nor a link: the way to the chat, which Teams opens', () =>
    story(async (page) => {
      await page.goto(teamsAt(plan('ravi')))
      await tab(page).getByRole('link', { name: 'Open the chat' }).click()
      await expect
        .poll(() => asked(page))
        .toContain(`executeDeepLink https://teams.microsoft.com/l/chat/0/0?users=28:${company.appId}&message=inbox`)
    }))

  test('T44 a link that was used, or is none, lets nobody in', () =>
    story(async (page) => {
      const link = await linkOf('ravi')
      await page.goto(teamsAt(plan('ravi', { link })))
      await press(page, 'ravi')
      await tab(page).getByRole('button', { name: 'Sign out' }).waitFor()
      await page.context().clearCookies()
      await page.goto(teamsAt(plan('ravi', { link })))
      await isThere(page, 'Come in from the chat')
      await page.goto(teamsAt(plan('dora', { link: 'x'.repeat(43) })))
      await isThere(page, 'Come in from the chat')
      await page.goto(teamsAt(plan('dora', { link: '../../card/home.inbox' })))
      await isThere(page, 'Come in from the chat')
    }))
})

describe('T42 a link that was made for somebody else, sent by them: nobody sits down at their desk unawares', () => {
  const sessionsOf = async (who: string) =>
    (await world.sql`select 1 from session where person_id = ${world.person(who).id} and ended_at is null`).length
  const untouched = async (link: string, sessions: number) => {
    const door = await makeClient(company).ask(`/enter/${link}`, { headers: { host: HOST } })
    expect(door).toMatchObject({ status: 200, text: expect.stringContaining('Omar Haddad') })
    expect(await sessionsOf('omar')).toBe(sessions)
  }

  test('without single sign-on: the door says whose desk it is and waits', () =>
    story(async (page, context) => {
      const [link, sessions] = [await linkOf('omar'), await sessionsOf('omar')]
      await page.goto(teamsAt(plan('dora', { link })))
      await isThere(page, 'This link opens the desk of Omar Haddad, once.')
      await untouched(link, sessions)
      expect(await context.cookies()).toEqual([])
      await page.goto(teamsAt(plan('dora')))
      await isThere(page, 'Come in from the chat')
    }))

  test('with single sign-on: she sits at her own desk', () =>
    story(async (page) => {
      const [link, sessions] = [await linkOf('omar'), await sessionsOf('omar')]
      await page.goto(teamsAt({ ...signedOn('dora'), link }))
      await tab(page).getByRole('button', { name: 'Sign out' }).waitFor()
      await isThere(page, CAST.dora?.name ?? '')
      await untouched(link, sessions)
    }))

  test.each([
    ['a person whom nobody knows', 'stranger', {}],
    ['a token that does not fit', 'dora', { ver: '1.0' }],
  ])('%s, refused by single sign-on: the link is not even looked at', (_what, who, claims) =>
    story(async (page) => {
      const [link, sessions] = [await linkOf('omar'), await sessionsOf('omar')]
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await page.goto(teamsAt({ user: userOf(who).id, token: company.token(who, claims), link }))
      await isThere(page, 'Not open to this account')
      await untouched(link, sessions)
      expect(asked.filter((path) => path.startsWith('/enter/'))).toEqual([])
    }),
  )

  test('a session of her own stays, and she stays at her desk', () =>
    story(async (page) => {
      await page.goto(teamsAt(plan('lena', { link: await linkOf('lena') })))
      await press(page, 'lena')
      await tab(page).getByRole('button', { name: 'Sign out' }).waitFor()
      const [link, sessions] = [await linkOf('omar'), await sessionsOf('omar')]
      const hers = await sessionsOf('lena')
      await page.goto(teamsAt(plan('lena', { link })))
      await tab(page).getByRole('button', { name: 'Sign out' }).waitFor()
      await isThere(page, 'Lena Brandt')
      await untouched(link, sessions)
      expect(await sessionsOf('lena')).toBe(hers)
    }))

  test('a session that somebody else left in the browser is not hers either, whatever link she came with', () =>
    story(async (page) => {
      await page.goto(teamsAt(plan('lena', { link: await linkOf('lena') })))
      await press(page, 'lena')
      await tab(page).getByRole('button', { name: 'Sign out' }).waitFor()
      await page.goto(teamsAt(plan('dora', { link: await linkOf('dora') })))
      await isThere(page, `This link opens the desk of ${CAST.dora?.name}, once.`)
      // The button was not pressed, so that the session is still Lena's.
      await page.goto(teamsAt(plan('dora')))
      await isThere(page, 'Come in from the chat')
    }))
})

test('T15 whoever is let in by nobody is told so, and how to go on: it may be the setup', () =>
  story(async (page) => {
    const refused = [
      company.token('stranger'),
      company.token('omar', { tid: 'e15e3e2a-0000-4000-8000-0000000000ee' }),
      company.token('omar', { ver: '1.0' }),
    ]
    for (const token of refused) {
      await page.goto(teamsAt({ user: 'x', token }))
      await isThere(page, 'This account was not let in here, and nothing was recorded.')
      await tab(page).getByRole('link', { name: 'Open the chat' }).click()
      await expect.poll(() => asked(page)).toContain(`executeDeepLink ${chatLink(company.appId)}`)
    }
    await picture(page, 'outsider')
  }))

describe('T42 only Teams and Microsoft 365 may frame it', () => {
  test.each([
    ['the page of the tab', '/teams/tab'],
    ['the desk', '/'],
    ['the door', `/enter/${'x'.repeat(43)}`],
  ])('%s in a frame of somebody else, also of somebody else within Teams', (_what, path) =>
    story(async (page) => {
      const refused: string[] = []
      page.on('console', (line) => line.text().includes('frame-ancestors') && refused.push(line.text()))
      await page.goto(framingAt(DESK + path))
      await expect.poll(() => refused.length).toBe(1)
      await page.goto(framingAt(framingAt(DESK + path), TEAMS))
      await expect.poll(() => refused.length).toBe(2)
      for (const frame of page.frames()) expect(frame.url()).not.toContain(DESK)
      await page.goto(framingAt(DESK + path, TEAMS))
      await expect.poll(() => frameOf(page).url()).toBe(DESK + path)
      expect(refused).toHaveLength(2)
    }),
  )
})

describe('the page of the tab', () => {
  test('outside of Teams it says where it belongs', () =>
    story(async (page) => {
      await page.goto(`${DESK}/teams/tab`)
      await page.getByRole('heading', { name: 'This page belongs into Teams' }).waitFor()
      await picture(page, 'away')
    }))

  test('without JavaScript it says what it is for', () =>
    story(
      async (page) => {
        await page.goto(`${DESK}/teams/tab`)
        await picture(page, 'still')
        // Playwright finds no words within <noscript>; the page itself has them.
        expect(await page.locator('main').innerText()).toMatch(/^This tab needs JavaScript[^\n]*$/)
      },
      { javaScriptEnabled: false },
    ))

  const looks: [NonNullable<Plan['theme']>, BrowserContextOptions][] = [
    ['default', {}],
    ['dark', {}],
    ['contrast', {}],
    ['default', { viewport: { width: 320, height: 640 } }],
  ]
  test.each(looks)('in the theme “%s” of Teams it is found without fault by axe', (theme, options) =>
    story(async (page) => {
      await page.goto(teamsAt(plan('ravi', { theme })))
      await isThere(page, 'Come in from the chat')
      await picture(page, `chat-${theme}${options.viewport ? '-narrow' : ''}`)
      expect(await frameOf(page).evaluate('document.documentElement.dataset.theme')).toBe(theme)
      await frameOf(page).evaluate(axe)
      for (const part of ['wait', 'chat', 'outsider', 'later', 'away']) {
        const show = `for (const one of document.querySelectorAll('[data-say]')) one.hidden = one.dataset.say !== '${part}'`
        const found = await frameOf(page).evaluate<{ id: string }[]>(`${show}; axe.run().then((run) => run.violations)`)
        expect(
          found.map(({ id }) => id),
          part,
        ).toEqual([])
      }
      expect(await frameOf(page).evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }, options),
  )

  test('T48 nothing is asked of anybody but the desk', () =>
    story(async (page) => {
      const hosts = new Set<string>()
      page.on('requestfinished', (request) => hosts.add(new URL(request.url()).origin))
      await page.goto(teamsAt(plan('ravi')))
      await isThere(page, 'Come in from the chat')
      expect([...hosts].sort()).toEqual([DESK, TEAMS])
    }))
})
