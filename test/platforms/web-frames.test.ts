import { afterAll, describe, expect, test } from 'vitest'
import { type Client, makeClient } from './desk-client.ts'
import { ADA, makeDemo, RAVI, type Running, serveDesk } from './desk-server.ts'
import { EVERY_BLOCK } from './every.ts'

const FRAMES = { hosts: ['https://chat.example', 'https://*.chat.example'], path: '/chat/tab' }
const HOST = { host: 'desk.example.com' }
const BASE = { base: 'https://desk.example.com', secure: true }

const framed = await serveDesk({ ...BASE, frames: FRAMES })
const alone = await serveDesk(BASE)
const plain = await serveDesk({ frames: FRAMES })
const demo = await serveDesk({ demo: makeDemo(), frames: FRAMES })
const demoBehind = await serveDesk({ ...BASE, demo: makeDemo(), frames: FRAMES })
afterAll(() => Promise.all([framed, alone, plain, demo, demoBehind].map((desk) => desk.close())))

/** What a browser says of a click in a page of the desk that stands in a frame; of a page of its own. */
const IN_FRAME = { ...HOST, 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' }
const ON_TOP = { ...HOST, 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin' }

let links = 0
function linkOf(desk: Running, person = ADA) {
  const token = `token-of-a-framed-link-${++links}`
  desk.core.links.set(token, { person, path: '/' })
  return `/enter/${token}`
}

async function entered(headers: Record<string, string>, desk = framed, client: Client = makeClient(desk), who = ADA) {
  const answer = await client.post(linkOf(desk, who), {}, headers)
  expect(answer.status).toBe(303)
  const page = await client.ask('/', { headers: { ...headers } })
  client.csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  return { client, cookie: answer.headers['set-cookie']?.[0] ?? '', page }
}

describe('T42 who may show the desk in a frame', () => {
  test('the hosts that are named, on every page, and then no word of the older header', async () => {
    const { client } = await entered(IN_FRAME)
    for (const path of ['/', '/enter/x', '/card/home.inbox', '/nowhere', '/do']) {
      const { headers } = await client.ask(path, { headers: HOST })
      expect(headers['content-security-policy'], path).toContain(
        'frame-ancestors https://chat.example https://*.chat.example;upgrade-insecure-requests',
      )
      expect(headers['x-frame-options'], path).toBeUndefined()
    }
  })

  test.each([
    ['a desk that names nobody', () => alone, HOST],
    ['a desk without https', () => plain, {}],
    ['the demo', () => demo, {}],
    ['the demo, whatever its address says', () => demoBehind, HOST],
  ])('%s: nobody', async (_what, desk, headers: Record<string, string>) => {
    for (const path of ['/', '/enter/x', '/nowhere']) {
      const answer = await makeClient(desk()).ask(path, { headers })
      expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(answer.headers['x-frame-options']).toBe('DENY')
    }
  })

  test('a stored file never', async () => {
    const { client } = await entered(IN_FRAME)
    const answer = await client.ask('/file/fil_00000000000000000000000000', { headers: HOST })
    expect(answer.headers['content-security-policy']).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
  })
})

describe('T42 the session in a frame', () => {
  test('has a cookie of its own that browsers send within that site only; a page of its own has the usual one', async () => {
    expect((await entered(IN_FRAME)).cookie).toMatch(
      /^__Host-countersign-framed=[^;]+; Path=\/; HttpOnly; SameSite=None; Secure; Partitioned; Expires=/,
    )
    expect((await entered(ON_TOP)).cookie).toMatch(
      /^__Host-countersign-session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Expires=/,
    )
  })

  test.each([
    ['a browser that says nothing', () => framed, HOST],
    ['a desk that may not be framed', () => alone, IN_FRAME],
    ['a desk without https', () => plain, { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' }],
  ])('%s: the usual cookie', async (_what, desk, headers: Record<string, string>) => {
    const answer = await makeClient(desk()).post(linkOf(desk()), {}, headers)
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/countersign-session=.*SameSite=Lax/)])
  })

  test('a desk that may not be framed does not know it', async () => {
    alone.core.sessions.set('a-session-of-somebody', ADA)
    const client = makeClient(alone)
    client.cookies.set('__Host-countersign-framed', 'a-session-of-somebody')
    expect((await client.ask('/', { headers: HOST })).status).toBe(401)
    client.cookies.set('__Host-countersign-session', 'a-session-of-somebody')
    expect((await client.ask('/', { headers: HOST })).status).toBe(200)
  })

  test('leaves the other one as it is: coming in and signing out touch only their own', async () => {
    const { client } = await entered(ON_TOP, framed, makeClient(framed), RAVI)
    const usual = client.cookies.get('__Host-countersign-session') ?? ''
    // A browser that knows no partitions sends both to a page of its own; a frame is sent the second only.
    await client.post(linkOf(framed), {}, IN_FRAME)
    expect(client.cookies.get('__Host-countersign-session')).toBe(usual)
    expect((await client.ask('/', { headers: ON_TOP })).text).toContain('Ravi Fictive')
    const frame = makeClient(framed)
    frame.cookies.set('__Host-countersign-framed', client.cookies.get('__Host-countersign-framed') ?? '')
    const page = await frame.ask('/', { headers: IN_FRAME })
    expect(page.text).toContain('Ada Example')
    frame.csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const out = await frame.post('/leave', {}, IN_FRAME)
    expect(out.headers['set-cookie']).toEqual([
      '__Host-countersign-framed=; Path=/; HttpOnly; SameSite=None; Secure; Partitioned; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ])
    expect((await client.ask('/', { headers: ON_TOP })).text).toContain('Ravi Fictive')
  })

  test('is new each time: one planted before is worth nothing, and the one before is over', async () => {
    const { client } = await entered(IN_FRAME)
    const before = client.cookies.get('__Host-countersign-framed') ?? ''
    await entered(IN_FRAME, framed, client)
    expect(client.cookies.get('__Host-countersign-framed')).not.toBe(before)
    expect(await framed.core.doors.who(before)).toBeUndefined()
  })

  const click = { do: 'policies.acknowledge', key: 'k', id: 'asg_x', form: '1' }

  test.each([
    ['without a token', { csrf: '' }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same domain', {}, { 'sec-fetch-site': 'same-site' }],
    ['from an address that somebody typed', {}, { 'sec-fetch-site': 'none' }],
    ['from a browser that does not say from where', {}, { 'sec-fetch-site': '' }],
  ])('a click %s does nothing', async (_what, fields, headers) => {
    const { client } = await entered(IN_FRAME)
    const before = framed.core.turns.length
    const sent = Object.fromEntries(Object.entries({ ...IN_FRAME, ...headers }).filter(([, value]) => value !== ''))
    expect((await client.post('/do', { ...click, ...fields }, sent)).status).toBe(403)
    expect(framed.core.turns).toHaveLength(before)
    expect((await client.post('/do', click, IN_FRAME)).status).not.toBe(403)
  })

  test('the way in cannot be pressed from around the frame', async () => {
    const path = linkOf(framed)
    const around = { ...IN_FRAME, 'sec-fetch-site': 'cross-site' }
    const answer = await makeClient(framed).post(path, {}, around)
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await makeClient(framed).post(path, {}, IN_FRAME)).status).toBe(303)
  })

  test('over, it says how to come in again: by the page that the frame began with', async () => {
    const again = 'href="/chat/tab"'
    expect((await makeClient(framed).ask('/', { headers: IN_FRAME })).text).toContain(again)
    expect((await makeClient(framed).ask('/', { headers: ON_TOP })).text).not.toContain(again)
    expect((await makeClient(alone).ask('/', { headers: IN_FRAME })).text).not.toContain(again)
  })
})

test('what leads elsewhere opens beside the frame; what stays in the desk stays in it', async () => {
  const desk = await serveDesk({
    ...BASE,
    frames: FRAMES,
    core: (made) => ({ ...made, card: async () => ({ title: 'All', blocks: Object.values(EVERY_BLOCK) }) }),
  })
  const shown = async (headers: Record<string, string>) => {
    const { client } = await entered(headers, desk)
    const { text } = await client.ask('/card/probe.all', { headers })
    return [...text.matchAll(/<a [^>]*>/g)].map(([link]) => link)
  }
  const [inFrame, onTop] = [await shown(IN_FRAME), await shown(ON_TOP)]
  await desk.close()
  const outside = inFrame.filter((link) => /href="https?:/.test(link))
  expect(outside.length).toBeGreaterThan(2)
  for (const link of inFrame) expect(link.includes(' target="_blank"'), link).toBe(outside.includes(link))
  for (const link of outside) expect(link).toContain('rel="noopener noreferrer"')
  expect(onTop.filter((link) => link.includes('target='))).toEqual([])
  expect(onTop).toHaveLength(inFrame.length)
})
