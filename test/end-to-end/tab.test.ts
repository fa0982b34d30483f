import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { launch } from '../browser/chromium.ts'
import { openInternet, teamsAt } from '../browser/teams-host.ts'
import { makePerson } from '../platforms/teams-person.ts'
import { TENANT, userOf } from '../platforms/teams-users.ts'
import { startMicrosoft } from './microsoft.ts'
import { makePlace } from './started.ts'

// A started process shares two cores with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const DESK = 'https://isms.kestrel.example'
const MEI = userOf('mei', 'Mei Tanaka-Voss')
/** Of Teams in the browser. */
const CLIENT = '5e3ce6c0-2b1f-4285-8d4b-75ee78787346'

const place = makePlace()
const port = await freePort()
const microsoft = await startMicrosoft([MEI], TENANT, place.root)
const internet = await openInternet(DESK, port)
const browser = await launch(internet.arguments)
afterAll(async () => {
  await browser.close()
  await internet.close()
  await place.clear()
  await microsoft.close()
})

test('the started product shows its desk as a tab of Teams, to whoever Entra says is there', async () => {
  const env = { ...microsoft.env, COUNTERSIGN_DATA: place.folder('data'), PUBLIC_URL: DESK, PORT: String(port) }
  writeFileSync(
    join(place.root, 'people.csv'),
    'email,name,department,roles\nmei@example.com,Mei Tanaka-Voss,Security,\n',
  )
  const imported = await place.countersign(['import', 'people', 'people.csv', '--source', 'HR', '--expected', '1'], env)
  expect(imported, imported.err).toMatchObject({ code: 0 })
  const product = await place.start(env)
  // Known from the chat on, as everybody who uses the app is.
  await makePerson(microsoft, `http://127.0.0.1:${port}`, MEI, () => new Date()).say('inbox')
  await microsoft.until(() => microsoft.chat(MEI.id)[0])

  const iss = `${microsoft.env.TEAMS_LOGIN_URL}/${TENANT}/v2.0`
  const claims = { ver: '2.0', iss, tid: TENANT, oid: MEI.id, azp: CLIENT, scp: 'access_as_user' }
  const page = await browser.newPage({ ignoreHTTPSErrors: true })
  await page.goto(teamsAt({ user: MEI.id, token: microsoft.sign(claims) }))
  const tab = page.frameLocator('iframe')
  await tab.getByText('Mei Tanaka-Voss').first().waitFor({ timeout: 15_000 })
  await page.reload()
  await tab.getByText('Mei Tanaka-Voss').first().waitFor({ timeout: 15_000 })
  expect(page.frames()[1]?.url()).toBe(`${DESK}/`)
  expect((await product.end('SIGTERM')).code).toBe(0)
})

/** With a public address the product does not say where it listens. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo
      probe.close(() => resolve(free))
    })
  })
}
