import { afterAll, describe, expect, test } from 'vitest'
import { drawMessage } from '../../adapters/teams/encode.ts'
import { TAB, tabLink } from '../../adapters/teams/tab-places.ts'
import { teamsManifest } from '../../manifest/teams.ts'
import { ENTER } from '../../src/core/doors.ts'
import { stateOf } from '../threats/loop.ts'
import { makeClient } from './desk-client.ts'
import { DESK, type Hand, HOST, LOGIN, openTabCompany } from './tab-company.ts'
import type { Json } from './teams-cards.ts'
import { TENANT, userOf } from './teams-users.ts'

const company = await openTabCompany({ seed: 'teams tab' })
const { world, appId } = company
const ELSEWHERE = 'e15e3e2a-0000-4000-8000-0000000000ee'
// Whoever comes in once is known to the desk from then on: so that "nothing changed" is about a refusal alone.
const bare = await openTabCompany({ seed: 'teams tab without https', desk: 'http://127.0.0.1:3000' })
afterAll(() => Promise.all([company.close(), bare.close()]))

const OWN = { host: HOST, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' }

/** What the tab's script sends. */
function ask(token: string, headers: Record<string, string> = {}, port = company.port) {
  const sent = { ...OWN, authorization: `Bearer ${token}`, ...headers }
  return makeClient({ port }).ask(`${TAB.path}/enter`, { method: 'POST', headers: sent })
}

const enterOf = (text: string): string => (JSON.parse(text) as { enter: string }).enter

/** The click of the form that the script submits in its frame. */
const press = (path: string, client = makeClient(company)) =>
  client.post(path, {}, { host: HOST, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' })

/** What a browser shows before the click; nothing is used up. */
const door = (path: string) => makeClient(company).ask(path, { headers: { host: HOST } })

const shown = async (path: string) => {
  const client = makeClient(company)
  const { headers } = await press(path, client)
  return { at: headers.location, text: (await client.ask(headers.location ?? '/', { headers: { host: HOST } })).text }
}

const seconds = () => Math.floor(world.now().getTime() / 1000)

describe('T04 single sign-on: whom Entra vouches for comes in', () => {
  test.each([
    ['from Teams on a desktop', {}],
    ['from Teams in the browser', { azp: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346' }],
    ['for the address of the app', { aud: '$api' }],
    ['with several scopes', { scp: 'openid access_as_user profile' }],
    ['with ids in capitals', { tid: TENANT.toUpperCase(), oid: userOf('omar').id.toUpperCase() }],
    ['with a clock that is two minutes behind', { exp: -120, nbf: -4000 }],
  ])('%s', async (_what, { exp, nbf, aud, ...claims }: Json) => {
    const token = company.token('omar', {
      ...claims,
      ...(aud ? { aud: `api://${HOST}/botid-${appId}` } : {}),
      ...(typeof exp === 'number' ? { exp: seconds() + exp, nbf: seconds() + Number(nbf) } : {}),
    })
    const answer = await ask(token)
    expect(answer.status).toBe(200)
    const { text } = await shown(enterOf(answer.text))
    expect(text).toContain('Omar Haddad')
  })

  test('T44 the way in works once, for ten minutes', async () => {
    const enter = enterOf((await ask(company.token('lena'))).text)
    expect(await door(enter)).toMatchObject({
      status: 200,
      text: expect.stringContaining('the desk of Lena Brandt, once'),
    })
    expect((await press(enter)).headers['set-cookie']?.[0]).toMatch(/^__Host-countersign-framed=.*Partitioned/)
    expect((await press(enter)).status).toBe(403)
    expect(await door(enter)).toMatchObject({ status: 403, text: expect.not.stringContaining('Lena') })
    const late = enterOf((await ask(company.token('lena'))).text)
    await world.pass('601 seconds')
    expect(await door(late)).toMatchObject({ status: 403, text: expect.not.stringContaining('Lena') })
    expect((await press(late)).status).toBe(403)
  })

  test('T14 who is a guest in Teams is one at the desk', async () => {
    await company.account('mei', 'guest')
    const client = makeClient(company)
    await press(enterOf((await ask(company.token('mei'))).text), client)
    expect((await client.ask('/card/home.inbox', { headers: { host: HOST } })).status).toBe(200)
    expect((await client.ask('/card/home.dashboard', { headers: { host: HOST } })).status).toBe(404)
    await company.account('mei', 'member')
  })

  test('T44 a link of their own that they came with leads where it leads, and is used up; another’s does neither', async () => {
    const link = async (who: string) => {
      const { card } = await world.as(who).do('home.door', { with: { path: '/card/home.help' } })
      return JSON.stringify(card).match(/\/enter\/([\w-]+)/)?.[1] ?? ''
    }
    const own = await link('omar')
    const answer = await ask(company.token('omar'), { 'tab-link': own })
    expect((await shown(enterOf(answer.text))).at).toBe('/card/home.help')
    expect((await press(ENTER + own)).status).toBe(403)
    expect((await door(ENTER + own)).status).toBe(403)
    const other = await link('lena')
    const led = await shown(enterOf((await ask(company.token('omar'), { 'tab-link': other })).text))
    expect(led).toMatchObject({ at: '/', text: expect.stringContaining('Omar Haddad') })
    expect((await press(ENTER + other)).headers.location).toBe('/card/home.help')
  })
})

describe('who is refused, without a word and without a trace', () => {
  type Case = [string, { who?: string; claims?: Json; hand?: Hand; headers?: Record<string, string> }, number]
  const cases: Case[] = [
    ['T04 signed by nobody', { hand: { key: 'none' } }, 401],
    ['T04 signed with the public key as a secret', { hand: { key: 'public' } }, 401],
    ['T04 signed by somebody else', { hand: { key: 'stranger' } }, 401],
    ['T04 under a key that nobody published', { hand: { kid: 'unheard-of' } }, 401],
    ['T04 under a key that came along', { hand: { key: 'stranger', header: { jku: 'https://evil.example' } } }, 401],
    ['for another app', { claims: { aud: ELSEWHERE } }, 401],
    ['for our app at another address', { claims: { aud: `api://evil.example/botid-${appId}` } }, 401],
    ['T08 of another tenant', { claims: { tid: ELSEWHERE, iss: `${LOGIN}/${ELSEWHERE}/v2.0` } }, 401],
    ['T08 of our tenant, issued by another', { claims: { iss: `${LOGIN}/${ELSEWHERE}/v2.0` } }, 401],
    ['T08 of another tenant, issued by ours', { claims: { tid: ELSEWHERE } }, 401],
    ['T08 of no tenant', { claims: { tid: undefined } }, 401],
    ['issued elsewhere', { claims: { iss: `https://login.evil.example/${TENANT}/v2.0` } }, 401],
    ['of version 1', { claims: { ver: '1.0', iss: `https://sts.windows.net/${TENANT}/`, appid: appId } }, 401],
    ['of version 1 that names the issuer of version 2', { claims: { ver: '1.0' } }, 401],
    ['T02 expired', { claims: { exp: -301 } }, 401],
    ['T02 without an end', { claims: { exp: undefined } }, 401],
    ['T02 not yet valid', { claims: { nbf: 301 } }, 401],
    ['of an app that speaks for itself', { claims: { scp: undefined, roles: ['access_as_user'] } }, 401],
    ['for something else', { claims: { scp: 'User.Read access_as_user_too' } }, 401],
    ['got by another app', { claims: { azp: ELSEWHERE } }, 401],
    ['of nobody', { claims: { oid: undefined } }, 401],
    ['of somebody whose id is none', { claims: { oid: "omar' or 1=1" } }, 401],
    ['nothing at all', { headers: { authorization: '' } }, 401],
    ['no token', { headers: { authorization: 'Bearer x' } }, 401],
    ['of a person whom nobody knows', { who: 'stranger' }, 403],
    ['T17 of a person who left', { who: 'sol' }, 403],
    ['T17 of an account that was switched off', { who: 'kiran' }, 403],
    ['T42 sent by another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['T42 sent by a sibling of ours', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['T42 sent by nobody says what', { headers: { 'sec-fetch-site': '' } }, 403],
  ]

  test.each(cases)('%s', async (_what, { who = 'omar', claims = {}, hand = {}, headers = {} }, status) => {
    if (who === 'sol') await world.leave('sol')
    if (who === 'kiran') await company.account('kiran', 'deleted')
    const { exp, nbf, ...more } = claims
    const times = {
      ...('exp' in claims ? { exp: typeof exp === 'number' ? seconds() + exp : undefined } : {}),
      ...(typeof nbf === 'number' ? { nbf: seconds() + nbf } : {}),
    }
    const token = company.token(who, { ...more, ...times }, hand)
    const [before, said] = [await stateOf(world), company.lines.length]
    const answer = await ask(token, headers)
    expect(answer).toMatchObject({ status, text: '' })
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(await stateOf(world)).toEqual(before)
    // T30 what the log says of it: which claim at most, and nothing that stood in it.
    const lines = company.lines.slice(said).join('\n')
    for (const part of [...token.split('.'), userOf(who).id, TENANT, ELSEWHERE, 'evil', 'omar'])
      if (part !== '') expect(lines).not.toContain(part)
    expect(lines).toContain(`"status":${status}`)
  })

  test('T07 whose keys are asked is decided here: those of our tenants, at Entra, once', async () => {
    const adapter = await company.another(company.entra)
    const before = company.asked.length
    for (const hand of [{}, {}, { kid: 'unheard-of' }]) await ask(company.token('omar', {}, hand), {}, adapter.port)
    await ask(company.token('omar', { tid: ELSEWHERE }), {}, adapter.port)
    expect(company.asked.slice(before)).toEqual([`/${TENANT}/discovery/v2.0/keys`])
    await adapter.stop()
  })

  test.each([
    ['that cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['that answers with a fault', async () => new Response('no', { status: 500 })],
    ['that answers with something else', async () => new Response('<html>', { status: 200 })],
  ])('keys of an Entra %s: 503, which says nothing of the sender', async (_what, fetching) => {
    const adapter = await company.another(fetching)
    const before = await stateOf(world)
    expect(await ask(company.token('omar'), {}, adapter.port)).toMatchObject({ status: 503, text: '' })
    expect((await ask(company.token('omar', {}, { key: 'public' }), {}, adapter.port)).status).toBe(401)
    expect(await stateOf(world)).toEqual(before)
    await adapter.stop()
  })
})

describe('the page of the tab', () => {
  test('T42 loads nothing from elsewhere, has nothing inline, and is framed by Microsoft’s pages only', async () => {
    const client = makeClient(company)
    const { status, headers, text } = await client.ask(TAB.path, { headers: { host: HOST } })
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ${TAB.hosts.join(' ')}`,
    )
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style="|\son\w+=/)
    expect(text).toContain(`https://teams.microsoft.com/l/chat/0/0?users=28:${appId}&amp;message=inbox`)
    const assets = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(assets).toHaveLength(3)
    for (const path of assets) {
      const asset = await client.ask(path, { headers: { host: HOST } })
      expect(asset.status, path).toBe(200)
      expect(asset.headers['cache-control']).toContain('immutable')
    }
    for (const path of ['/x', '/tab.js', '/x/tab.js', '/../tab.ts', '/%2e%2e/tab.ts'])
      expect((await client.ask(TAB.path + path, { headers: { host: HOST } })).status, path).not.toBe(200)
    expect((await client.ask(`${TAB.path}/enter`, { headers: { host: HOST } })).status).toBe(404)
    expect((await client.ask(TAB.path, { method: 'POST', headers: { host: HOST } })).status).toBe(405)
  })

  test('T42 every host that may frame it is one that Microsoft names, by https and with no wildcard but for its own names', () => {
    for (const host of TAB.hosts) {
      expect(host).toMatch(/^https:\/\/(\*\.)?[a-z0-9.]+$/)
      expect(host).toMatch(/(^|\.|\/)(microsoft\.com|cloud\.microsoft|microsoft365\.com|office\.com|office365\.com)$/)
    }
  })

  test('there is none without https: Teams would not show it', async () => {
    expect(bare.world.routes.map(({ path }) => path).filter((path) => path.startsWith(TAB.path))).toEqual([])
    expect(company.world.routes.map(({ path }) => path)).toContain(TAB.path)
  })

  test('the manifest leads there', () => {
    const { staticTabs } = teamsManifest([], { appId, url: DESK })
    expect(staticTabs).toContainEqual(expect.objectContaining({ entityId: 'inbox', contentUrl: DESK + TAB.path }))
    expect(tabLink(`${DESK}/enter/${'x'.repeat(43)}`, DESK, appId)).toContain(`/l/entity/${appId}/inbox?`)
  })
})

describe('a single-use link in a card', () => {
  const token = 'a-token-of-forty-three-characters-000000000'
  const card = (href: string) => ({
    title: 'Open in the browser',
    blocks: [{ kind: 'buttons' as const, buttons: [{ label: 'Open', href }] }],
  })
  const drawn = (href: string, tab?: string) => {
    const [attachment] = drawMessage(card(href), { desk: DESK, tab }).attachments as { content: { body: Json[] } }[]
    const actions = (attachment?.content.body ?? []).flatMap((one) => (one.actions ?? []) as Json[])
    return actions.map(({ title, url }) => ({ title, url }))
  }

  test('may be used in the tab just as well, where there is one', () => {
    const open = { title: 'Open', url: `${DESK}/enter/${token}` }
    const [webUrl, context] = [open.url, JSON.stringify({ subEntityId: token })].map(encodeURIComponent)
    const inTab = {
      title: 'Open in the tab',
      url: `https://teams.microsoft.com/l/entity/${appId}/inbox?webUrl=${webUrl}&context=${context}`,
    }
    expect(drawn(`${DESK}/enter/${token}`, appId)).toEqual([open, inTab])
    expect(drawn(`${DESK}/enter/${token}`)).toEqual([open])
  })

  test.each([
    ['another page of the desk', `${DESK}/card/home.inbox`],
    ['a door of another desk', `https://evil.example/enter/${token}`],
    ['a desk that begins like ours', `${DESK}.evil.example/enter/${token}`],
    ['more than a token', `${DESK}/enter/${token}/../x`],
    ['words', `${DESK}/enter/x"}&y`],
  ])('%s is no such link', (_what, href) => {
    expect(drawn(href, appId)).toHaveLength(drawn(href).length)
  })

  test('as somebody gets it in the chat: it leads to the page that it was made for, once', async () => {
    const yuki = company.as('yuki')
    const data = { cs: { do: 'home.door', with: { path: '/card/home.help' } } }
    const value = { action: { type: 'Action.Execute', verb: 'do', data }, trigger: 'manual' }
    const answer = await yuki.send({ ...yuki.common(), type: 'invoke', name: 'adaptiveCard/action', value })
    await company.settled()
    const all = answer.text + JSON.stringify(company.chat('yuki'))
    const [, context = ''] = /l\/entity\/[^"?]+\?webUrl=[^"&]+&context=([^"]+)"/.exec(all) ?? []
    const { subEntityId } = JSON.parse(decodeURIComponent(context)) as { subEntityId: string }
    expect((await press(ENTER + subEntityId)).headers.location).toBe('/card/home.help')
    expect((await press(ENTER + subEntityId)).status).toBe(403)
  })
})
