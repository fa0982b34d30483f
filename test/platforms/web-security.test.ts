import { afterAll, describe, expect, test } from 'vitest'
import { makeClient } from './desk-client.ts'
import { personOf } from './desk-core.ts'
import { ADA, makeDemo, RAVI, serveDesk } from './desk-server.ts'

const own = await serveDesk()
const demo = await serveDesk({ demo: makeDemo() })
const secure = await serveDesk({ base: 'https://desk.example.com', secure: true })
afterAll(() => Promise.all([own.close(), demo.close(), secure.close()]))

let links = 0
async function signedIn(person = ADA, path = '/') {
  const client = makeClient(own)
  const token = `token-of-a-link-${++links}`
  own.core.links.set(token, { person, path })
  const answer = await client.post(`/enter/${token}`, {})
  expect(answer.status).toBe(303)
  await client.open('/')
  return { client, token, answer }
}

describe('who is let in', () => {
  test('without a session: 401 and how to get in', async () => {
    for (const path of [
      '/',
      '/card/home.inbox',
      '/live',
      '/options?field=person&q=a',
      '/file/fil_00000000000000000000000000',
    ]) {
      const answer = await makeClient(own).ask(path)
      expect(answer.status, path).toBe(401)
      expect(answer.text).toContain('ask Countersign there for your inbox')
    }
  })

  test('a link opened by a preview is not used up; the button uses it once, for that person and page', async () => {
    const token = 'token-of-a-previewed-link'
    own.core.links.set(token, { person: ADA, path: '/card/policies.policy/pov_1' })
    for (let n = 0; n < 3; n++) {
      const door = await makeClient(own).ask(`/enter/${token}`)
      expect(door).toMatchObject({ status: 200, text: expect.stringContaining('Come in as Ada Example') })
      expect(door.text).toContain('This link opens the desk of Ada Example, once.')
    }
    const client = makeClient(own)
    const first = await client.post(`/enter/${token}`, {})
    expect(first.headers.location).toBe('/card/policies.policy/pov_1')
    expect((await client.ask('/card/policies.policy/pov_1')).text).toContain('What this is about')
    const second = await makeClient(own).post(`/enter/${token}`, {})
    expect(second.status).toBe(403)
    expect(second.headers['set-cookie']).toBeUndefined()
    expect(second.text).toContain('was used')
  })

  test('T42 the door says whose desk it opens, before the button; one that opens none has no button', async () => {
    const { client } = await signedIn(RAVI)
    own.core.links.set('token-of-somebody-else', { person: ADA, path: '/' })
    const door = (await client.ask('/enter/token-of-somebody-else')).text
    expect(door).toContain('This link opens the desk of Ada Example, once.')
    expect(door).not.toContain('autofocus')
    for (const token of ['token-that-nobody-made', 'x', 'x'.repeat(201), '%22%3E%3Cb%3E0123456789']) {
      const none = await makeClient(own).ask(`/enter/${token}`)
      expect(none, token).toMatchObject({ status: 403, text: expect.stringContaining('was used, is too old') })
      expect(none.text).not.toContain('action="/enter')
    }
  })

  test('T42 the session cookie is HttpOnly, SameSite, and __Host- and Secure behind https', async () => {
    const { answer } = await signedIn()
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^countersign-session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Expires=/,
    )
    secure.core.links.set('token-of-a-secure-link', { person: ADA, path: '//evil.example/' })
    const behind = await makeClient(secure).post('/enter/token-of-a-secure-link', {}, { host: 'desk.example.com' })
    expect(behind.headers['set-cookie']?.[0]).toMatch(
      /^__Host-countersign-session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Expires=/,
    )
    expect(behind.headers.location).toBe('/')
    expect(behind.headers['strict-transport-security']).toContain('max-age')
  })

  test('T42 signing out ends the session itself, not only the cookie; a new link ends the session before it', async () => {
    const { client } = await signedIn()
    const kept = new Map(client.cookies)
    expect((await client.post('/leave', {})).text).toContain('signed out')
    expect(client.cookies.size).toBe(0)
    const thief = makeClient(own)
    for (const [name, value] of kept) thief.cookies.set(name, value)
    expect((await thief.ask('/')).status).toBe(401)
    const again = await signedIn()
    const before = [...again.client.cookies.values()][0] ?? ''
    own.core.links.set('token-of-the-next-link', { person: RAVI, path: '/' })
    await again.client.post('/enter/token-of-the-next-link', {})
    expect(await own.core.doors.who(before)).toBeUndefined()
  })

  test('a person acts as who the session says, whatever the form says', async () => {
    const { client } = await signedIn(RAVI)
    await client.post('/do', { do: 'home.help', key: 'k1', by: ADA, user: ADA, person: ADA, seat: ADA })
    expect(own.core.turns.at(-1)?.by).toEqual({ platform: 'web', tenant: 'desk', user: RAVI, address: {} })
  })
})

describe('T42 what another site can do', () => {
  const click = { do: 'policies.acknowledge', key: 'k', id: 'asg_x', form: '1' }

  test.each([
    ['without a token', { csrf: '' }, {}],
    ['with a made-up token', { csrf: 'x'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same domain', {}, { 'sec-fetch-site': 'same-site' }],
    ['from another origin', {}, { origin: 'https://evil.example' }],
    ['from another origin that begins like ours', {}, { origin: `${own.base}.evil.example` }],
  ])('a click %s does nothing', async (_, fields, headers) => {
    const { client } = await signedIn()
    const before = own.core.turns.length
    const answer = await client.post('/do', { ...click, ...fields }, headers)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('nothing was done')
    expect(own.core.turns).toHaveLength(before)
  })

  test("another person's token, and one from before signing in again, are no tokens", async () => {
    const [ada, ravi] = [await signedIn(ADA), await signedIn(RAVI)]
    expect((await ada.client.post('/do', { ...click, csrf: ravi.client.csrf })).status).toBe(403)
    expect((await ada.client.post('/do', click)).status).not.toBe(403)
  })

  test('the same with an upload: nothing is stored before the token is seen', async () => {
    const { client } = await signedIn()
    const before = own.core.kept.length
    const file = '--x\r\nContent-Disposition: form-data; name="e_proof"; filename="a.png"\r\n\r\nbytes\r\n'
    const late = `--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${client.csrf}\r\n--x--\r\n`
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    expect((await client.ask('/do', { method: 'POST', headers, body: file + late })).status).toBe(403)
    expect(own.core.kept).toHaveLength(before)
  })

  test('the way in cannot be pressed from another site either', async () => {
    own.core.links.set('token-of-a-forced-link', { person: ADA, path: '/' })
    const answer = await makeClient(own).post('/enter/token-of-a-forced-link', {}, { 'sec-fetch-site': 'cross-site' })
    expect(answer.status).toBe(403)
    expect(own.core.links.has('token-of-a-forced-link')).toBe(true)
  })

  test('in the demo too a click needs a page of this desk', async () => {
    const client = makeClient(demo)
    await client.open('/')
    expect((await client.post('/seat', { person: RAVI, csrf: 'wrong' })).status).toBe(403)
    expect((await client.post('/seat', { person: RAVI })).status).toBe(303)
    expect((await client.open('/')).text).toContain('EVT-2026-0041')
  })
})

describe('T49 names and addresses', () => {
  test('another host name is refused: a site that points its name at this computer reads nothing', async () => {
    for (const desk of [own, demo, secure]) {
      const answer = await makeClient(desk).ask('/', { headers: { host: 'rebound.evil.example' } })
      expect(answer.status).toBe(421)
      expect(answer.text).not.toContain('Ada')
    }
    const local = await makeClient(demo).ask('/', { headers: { host: `localhost:${demo.port}` } })
    expect(local.status).toBe(200)
    expect((await makeClient(secure).ask('/', { headers: { host: 'desk.example.com' } })).status).toBe(401)
  })
})

describe('what every answer says', () => {
  test.each([
    ['/', 200],
    ['/card/home.inbox', 200],
    ['/card/policies.policy/pov_2', 404],
    ['/nowhere', 404],
    ['/do', 405],
  ])('%s: nothing inline, no frame, not kept, not indexed', async (path, status) => {
    const { client } = await signedIn()
    const { status: is, headers, text } = await client.ask(path)
    expect(is).toBe(status)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    )
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['x-powered-by']).toBeUndefined()
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style="|\son\w+="/)
  })

  test('T20 what is missing and what is not for this person look alike', async () => {
    const { client } = await signedIn()
    const words = (text: string) => text.replace(/name="(key|csrf)" value="[^"]*"/g, '')
    const pages = ['/card/policies.policy/pov_9', '/card/incidents.secret/rep_1', '/nowhere', '/file/fil_1']
    const answers = await Promise.all(pages.map((path) => client.ask(path)))
    expect(new Set(answers.map((answer) => `${answer.status} ${words(answer.text)}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(404)
    expect(answers[0]?.text).toContain('This is not here, or it is not yours.')
  })

  test('a bug shows a number and nothing else; the log has the place and nobody', async () => {
    const { client } = await signedIn()
    const answer = await client.post('/do', { do: 'home.fault', key: 'k' })
    expect(answer.status).toBe(500)
    const id = /number if it happens again: ([0-9a-f]{8})/.exec(answer.text)?.[1]
    expect(own.faults.at(-1)).toMatchObject({ error: id, fault: 'TypeError' })
    expect(answer.text + JSON.stringify(own.faults)).not.toContain('ada@example.com')
  })

  test('assets are named by their bytes and may be kept; nothing beside them is served', async () => {
    const page = (await makeClient(own).ask('/')).text
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(page)?.[1] ?? ''
    expect((await makeClient(own).ask(style)).headers['cache-control']).toContain('immutable')
    for (const path of ['/assets/../routes.ts', '/assets/desk.css', `${style}.map`, '/assets/%2e%2e/index.ts'])
      expect((await makeClient(own).ask(path)).status).not.toBe(200)
  })
})

test('T27 a stored page is saved, never shown, under a harmless name', async () => {
  const { client } = await signedIn()
  const answer = await client.ask('/file/fil_00000000000000000000000000')
  expect(answer.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'content-disposition': 'attachment; filename="_b__x_.html"; filename*=UTF-8\'\'_b__x_.html',
  })
  expect((await client.ask('/file/fil_00000000000000000000000001')).status).toBe(404)
  expect((await client.ask('/file/../../etc/passwd')).status).toBe(404)
})

test('T44 an answer is found by the person who clicked and by nobody else', async () => {
  const [ada, ravi] = [await signedIn(ADA), await signedIn(RAVI)]
  const click = await ada.client.post('/do', { do: 'policies.acknowledge', key: 'k-44', id: 'asg_x', form: '1' })
  const to = click.headers.location ?? ''
  expect((await ada.client.ask(to)).text).toContain('A-10293')
  expect((await ravi.client.ask(to)).text).not.toContain('A-10293')
  expect(personOf(ADA).id).not.toBe(RAVI)
})
