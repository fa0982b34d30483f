import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeEgress } from '../../adapters/teams/egress.ts'
import { drawFormMessage, drawMessage } from '../../adapters/teams/encode.ts'
import { teams } from '../../adapters/teams/index.ts'
import { delivery } from '../../db/schema/messages.ts'
import { DeliveryError } from '../../src/core/errors.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import { post as postMessage } from '../../src/core/messages.ts'
import type { Card, Form } from '../../src/core/view.ts'
import { workflows } from '../../src/workflows.ts'
import { NASTY, shownAs } from '../platforms/corpus.ts'
import { EVERY_BLOCK, EVERY_FIELD } from '../platforms/every.ts'
import { makeProbe, newTask } from '../platforms/probe.ts'
import { serveRoutes } from '../platforms/slack-person.ts'
import { makeFakeCore } from '../platforms/slack-scene.ts'
import { actionsIn, type Json, livingInMessage, readCard } from '../platforms/teams-cards.ts'
import { openTeamsCompany } from '../platforms/teams-company.ts'
import { faultsOf } from '../platforms/teams-faults.ts'
import type { Manner } from '../platforms/teams-person.ts'
import { TENANT, userOf } from '../platforms/teams-users.ts'
import { imported, launch } from '../support/policies.ts'
import { stateOf } from './loop.ts'

const ELSEWHERE = 'e15e3e2a-0000-4000-8000-0000000000ee'
const probe = makeProbe()
const company = await openTeamsCompany({
  seed: 'teams threats',
  workflows: [...workflows, probe.workflow],
  outside: {
    stranger: userOf('stranger', 'A Stranger'),
    federated: { ...userOf('federated', 'Fay Federated'), tenantId: ELSEWHERE },
    visitor: { ...userOf('visitor', 'A Visitor'), userRole: 'anonymous' },
  },
})
afterAll(() => company.close())
const { world, standIn } = company
await launch(world, await imported(world))

const READ = 'Read and acknowledge'
const NEUTRAL = /people of this organisation only/
const MESSAGE = 'application/vnd.microsoft.activity.message'

const task = (who: string, title = 'A task') =>
  newTask(probe, world.now(), systemRandom, { ownerId: world.person(who).id, title, names: who })
const thanked = async (id: string) => (await world.entries(id)).filter((one) => one.type === 'probe.thanked').length
const acknowledged = async (who: string) =>
  (await world.sql`select 1 from acknowledgement where person_id = ${world.person(who).id}`).length

/** A click on a button of a card, as its data would come. */
const click = (who: string, data: Json, more: Json = {}): Json => ({
  ...company.as(who).common(),
  type: 'invoke',
  name: 'adaptiveCard/action',
  value: { action: { type: 'Action.Execute', verb: 'do', data }, trigger: 'manual' },
  ...more,
})
const thank = (id: string, more: Json = {}): Json => click('omar', { cs: { do: 'probe.thank', id } }, more)

/** All that is stored, and all that was asked of Microsoft. */
async function everything() {
  const [counted] = await world.owner`select (select count(*) from entry)::int as entries,
    (select count(*) from receipt)::int as receipts, (select count(*) from identity)::int as identities`
  // Whoever comes first makes the adapter fetch the published keys: those are asked for once.
  const calls = standIn.calls.filter(({ path }) => !path.startsWith('/v1/.well-known/')).length
  return { counted, state: await stateOf(world), calls, strays: standIn.strays.length }
}

/** Whatever would reach the terminal or the journal past our log. */
const printed: string[] = []
beforeEach(() => {
  const keep = (...words: unknown[]) => void printed.push(words.map(String).join(' '))
  for (const name of ['error', 'warn', 'log', 'info', 'debug', 'trace'] as const)
    vi.spyOn(console, name).mockImplementation(keep)
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((words) => {
      keep(words)
      return true
    })
})
afterEach(() => vi.restoreAllMocks())

const seconds = () => Math.floor(Date.now() / 1000)
const LONG_AGO = Math.min(seconds(), world.now().getTime() / 1000) - 3600
const TOMORROW = Math.max(seconds(), world.now().getTime() / 1000) + 86_400
const SKILL = { ver: '1.0', appid: '00000000-0000-4000-8000-00000000b07b' }
const STS = 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/'
const V2 = 'https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0'

describe('T04 T06 T08 only what Microsoft signed for this app, about our tenant, reaches the core', () => {
  test('a valid token is accepted', async () => {
    const { id } = task('omar')
    const answer = await company.as('omar').send(thank(id))
    expect(answer).toMatchObject({ status: 200, body: { type: MESSAGE, value: 'Thank you, Omar Haddad.' } })
    expect(await thanked(id)).toBe(1)
  })

  test.each([
    ['ran out two minutes ago', { exp: seconds() - 120 }, 200],
    ['ran out ten minutes ago', { exp: seconds() - 600 }, 401],
    ['begins in two minutes', { nbf: seconds() + 120 }, 200],
    ['begins in ten minutes', { nbf: seconds() + 600 }, 401],
  ])('clocks differ by minutes: a token that %s', async (_what, claims, status) => {
    const { send, turns, close } = await alone()
    expect(await send(standIn.sign(claims))).toMatchObject({ status })
    expect(turns).toHaveLength(status === 200 ? 1 : 0)
    await close()
  })

  const evil = 'https://evil.example/emea/'
  const at = (serviceUrl: string): [Manner, Json] => [{ claims: { serviceurl: serviceUrl } }, { serviceUrl }]
  const conversation = { conversationType: 'personal', id: standIn.personal(userOf('omar').id) }
  const refused: [string, Manner, Json, number][] = [
    ['no token', { token: null }, {}, 401],
    ['an empty token', { token: '' }, {}, 401],
    ['words for a token', { token: 'a.b.c' }, {}, 401],
    ['three parts that are no JSON', { token: 'AAAA.BBBB.CCCC' }, {}, 401],
    ['alg none', { signing: { key: 'none' } }, {}, 401],
    ['alg none with a signature', { signing: { header: { alg: 'none' } } }, {}, 401],
    ['HS256 with the public key', { signing: { key: 'public' } }, {}, 401],
    ['HS256 that says RS256', { signing: { key: 'public', header: { alg: 'RS256' } } }, {}, 401],
    ['RS256 that says RS512', { signing: { header: { alg: 'RS512' } } }, {}, 401],
    ['ES256', { signing: { header: { alg: 'ES256' } } }, {}, 401],
    ['a key nobody published', { signing: { key: 'stranger' } }, {}, 401],
    ['a key id nobody published', { signing: { header: { kid: 'somebody' } } }, {}, 401],
    ['no key id', { signing: { header: { kid: undefined } } }, {}, 401],
    ['a key published for nobody', { signing: { key: 'unendorsed' } }, {}, 401],
    ['a key published for another channel', { signing: { key: 'elsewhere' } }, {}, 401],
    ['another audience', { claims: { aud: '00000000-0000-4000-8000-00000000b07b' } }, {}, 401],
    ['no audience', { claims: { aud: undefined } }, {}, 401],
    ['audiences, ours among them', { claims: { aud: [standIn.appId, 'other'] } }, {}, 401],
    ['another issuer', { claims: { iss: 'https://evil.example' } }, {}, 401],
    ['an issuer with a slash', { claims: { iss: 'https://api.botframework.com/' } }, {}, 401],
    ['one that ran out an hour ago', { claims: { exp: LONG_AGO } }, {}, 401],
    ['one that never runs out', { claims: { exp: undefined } }, {}, 401],
    ['one that begins tomorrow', { claims: { nbf: TOMORROW } }, {}, 401],
    ['no serviceurl claim', { claims: { serviceurl: undefined } }, {}, 401],
    ['a foreign serviceurl claim', { claims: { serviceurl: evil } }, {}, 401],
    ['no service address', {}, { serviceUrl: undefined }, 401],
    ['an empty service address', ...at(''), 401],
    ['a foreign service address', {}, { serviceUrl: evil }, 401],
    ['a foreign service address, signed', ...at(evil), 401],
    ['one of another port, signed', ...at('https://smba.trafficmanager.net:444/emea/'), 401],
    ['one without TLS, signed', ...at('http://smba.trafficmanager.net/emea/'), 401],
    ['one with a user, signed', ...at('https://smba.trafficmanager.net@evil.example/'), 401],
    ['one with a password, signed', ...at('https://me:secret@smba.trafficmanager.net/'), 401],
    ['the metadata of a cloud, signed', ...at('https://169.254.169.254/latest/'), 401],
    ['this computer, signed', ...at('https://localhost/'), 401],
    ['this computer in IPv6, signed', ...at('https://[::1]/'), 401],
    ['the emulator’s token', { claims: { iss: STS, ver: '1.0', appid: standIn.appId } }, {}, 401],
    ['the emulator’s second token', { claims: { iss: V2, ver: '2.0', azp: standIn.appId } }, {}, 401],
    ['a token of another bot', { claims: { iss: STS, ...SKILL } }, {}, 401],
    ['a token of another bot under the right issuer', { claims: SKILL }, {}, 401],
    ['AseChannel', {}, { channelId: 'AseChannel' }, 401],
    ['the emulator', {}, { channelId: 'emulator' }, 401],
    ['another channel', {}, { channelId: 'webchat' }, 401],
    ['an empty channel', {}, { channelId: '' }, 401],
    ['no channel', {}, { channelId: undefined }, 401],
    ['a foreign tenant', {}, { conversation: { ...conversation, tenantId: ELSEWHERE }, channelData: {} }, 403],
    [
      'a foreign tenant in both places',
      {},
      { conversation: { ...conversation, tenantId: ELSEWHERE }, channelData: { tenant: { id: ELSEWHERE } } },
      403,
    ],
    ['two tenants that differ', {}, { channelData: { tenant: { id: ELSEWHERE } } }, 403],
    ['two tenants that differ the other way', {}, { conversation: { ...conversation, tenantId: ELSEWHERE } }, 403],
    ['no tenant', {}, { conversation, channelData: {} }, 403],
    ['a foreign tenant, forged', { signing: { key: 'stranger' } }, { conversation, channelData: {} }, 401],
  ]

  test.each(refused)(
    '%s is refused without a word, and nothing is stored or sent',
    async (_what, manner, more, status) => {
      const { id } = task('omar')
      const before = await everything()
      const answer = await company.as('omar').send(thank(id, more), manner)
      expect(answer).toEqual({ status, text: '' })
      await company.settled()
      expect(await everything()).toEqual(before)
    },
  )

  test('T36 T30 none of it was printed past the log, which has one short line for each and no token', async () => {
    const { id } = task('omar')
    const lines = company.lines.length
    for (const key of ['stranger', 'none', 'public', 'unendorsed'] as const)
      await company.as('omar').send(thank(id), { signing: { key } })
    await company.as('omar').send(thank(id), { claims: { exp: LONG_AGO } })
    expect(printed).toEqual([])
    const added = company.lines.slice(lines)
    expect(added).toEqual(Array.from({ length: 5 }, () => JSON.stringify({ status: 401, event: 'teams.refused' })))
    expect(company.lines.join('\n')).not.toMatch(/eyJ|Bearer|OUTBOUND/)
  })

  test('keys that cannot be fetched refuse nobody for good: 503, and Teams comes again', async () => {
    const { send, turns, close } = await alone({ send: () => Promise.reject(new TypeError('fetch failed')) })
    expect([await send(standIn.sign()), turns.length]).toEqual([{ status: 503, text: '' }, 0])
    await close()
    expect(printed).toEqual([])
  })

  test('T36 keys that never come hold nobody up for longer than ten seconds', async () => {
    const asked = Promise.withResolvers<void>()
    const silence = createServer(() => asked.resolve())
    await new Promise<void>((resolve) => silence.listen(0, '127.0.0.1', resolve))
    const hand = new AbortController()
    const limit = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(hand.signal)
    const url = `http://127.0.0.1:${(silence.address() as AddressInfo).port}/keys`
    const { send, turns, close } = await alone({ url, send: fetch })
    const answer = send(standIn.sign())
    await asked.promise
    hand.abort()
    expect([await answer, turns.length]).toEqual([{ status: 503, text: '' }, 0])
    expect(limit).toHaveBeenCalledExactlyOnceWith(10_000)
    await close()
    silence.closeAllConnections()
    await new Promise((resolve) => silence.close(resolve))
  })
})

/** The adapter by itself, on the computer's clock unless handed another; `send`: its way out. */
async function alone({ url = standIn.metadataUrl, send = standIn.fetch, now = () => new Date() }: Alone = {}) {
  const { core, turns } = makeFakeCore(() => ({}))
  const { appId } = standIn
  const config = { appId, tenantIds: [TENANT], credential: { secret: 'x' }, openIdMetadataUrl: url, fetch: send }
  const adapter = teams(config, { now, log: silent, random: systemRandom })
  const server = await serveRoutes(adapter.mount(core))
  return {
    turns,
    close: server.close,
    async send(token: string) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = JSON.stringify(thank('rep_1'))
      const answer = await fetch(`${server.url}/api/messages`, { method: 'POST', headers, body })
      return { status: answer.status, text: await answer.text() }
    },
  }
}

type Alone = { url?: string; send?: typeof fetch; now?: () => Date }

describe('T36 the keys of Microsoft', () => {
  const url = 'https://keys.example/v1/.well-known/openidconfiguration'
  const DOCUMENT = { jwks_uri: 'https://keys.example/v1/.well-known/keys' }
  const accepted = { status: 200, text: expect.stringContaining('statusCode') }
  const unavailable = { status: 503, text: '' }

  /** Microsoft with those documents: the stand-in's own keys, unless it is told otherwise. */
  async function microsoft(document: () => Promise<unknown> = async () => DOCUMENT) {
    const published: unknown = await (await fetch(standIn.metadataUrl.replace(/[^/]+$/, 'keys'))).json()
    const asked: string[] = []
    const its = { asked, isAway: false, keys: published }
    const send: typeof fetch = async (input) => {
      asked.push(String(input))
      if (its.isAway) throw new TypeError('fetch failed')
      return Response.json(String(input) === url ? await document() : its.keys)
    }
    return { its, send }
  }
  const hours = (some: number) => some * 3_600_000
  const later = (ms: number, key: string) =>
    standIn.sign({ exp: (Date.now() + ms) / 1000 + 3600 }, key === 'ours' ? {} : { header: { kid: key } })

  test('fifty requests while their document hangs: one fetch, and all of them are answered', async () => {
    const hanging = Promise.withResolvers<unknown>()
    const { its, send } = await microsoft(() => hanging.promise)
    let arrived = 0
    const all = Promise.withResolvers<void>()
    const now = () => {
      // Asked for once by each request, right before its token is looked at.
      if (++arrived === 50) all.resolve()
      return new Date()
    }
    const bot = await alone({ url, send, now })
    const answers = Array.from({ length: 50 }, () => bot.send(standIn.sign()))
    await all.promise
    expect(its.asked).toEqual([url])
    hanging.resolve(DOCUMENT)
    expect(await Promise.all(answers)).toEqual(Array(50).fill(accepted))
    expect(its.asked).toEqual([url, DOCUMENT.jwks_uri])
    await bot.close()
  })

  test('remembered for a day; after that they stay good while Microsoft is away, and it is asked once a minute', async () => {
    const { its, send } = await microsoft()
    let ms = 0
    const bot = await alone({ url, send, now: () => new Date(Date.now() + ms) })
    expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    its.isAway = true
    ms = hours(23)
    expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    expect(its.asked).toHaveLength(2)
    ms = hours(25)
    for (let i = 0; i < 3; i++) expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    expect(its.asked).toHaveLength(3)
    ms += 120_000
    expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    expect(its.asked).toHaveLength(4)
    // Somebody's key may be a new one of Microsoft's: nobody can tell while it is away.
    expect(await bot.send(later(ms, 'unheard-of'))).toEqual(unavailable)
    its.isAway = false
    ms += 120_000
    expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    expect(its.asked).toHaveLength(7)
    await bot.close()
  })

  test('a key that is taken back is refused from the next fetch on; an empty answer takes nothing back', async () => {
    const { its, send } = await microsoft()
    let ms = 0
    const bot = await alone({ url, send, now: () => new Date(Date.now() + ms) })
    expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    const { keys } = its.keys as { keys: Json[] }
    its.keys = { keys: [] }
    ms = hours(25)
    expect(await bot.send(later(ms, 'ours'))).toEqual(accepted)
    its.keys = { keys: keys.filter(({ kid }) => kid !== 'stand-in') }
    ms = hours(26)
    expect(await bot.send(later(ms, 'ours'))).toEqual({ status: 401, text: '' })
    await bot.close()
  })

  test('a key id nobody published is looked for at most once an hour', async () => {
    const { its, send } = await microsoft()
    let ms = 0
    const bot = await alone({ url, send, now: () => new Date(Date.now() + ms) })
    for (let i = 0; i < 5; i++) expect(await bot.send(later(ms, `unheard-of-${i}`))).toEqual({ status: 401, text: '' })
    expect(its.asked).toHaveLength(2)
    ms = hours(1.1)
    for (let i = 0; i < 5; i++) expect(await bot.send(later(ms, `unheard-of-${i}`))).toEqual({ status: 401, text: '' })
    expect(its.asked).toHaveLength(4)
    await bot.close()
  })

  test.each([
    ['on a foreign host', 'https://evil.example/keys'],
    ['on a host of the service', 'https://smba.trafficmanager.net/keys'],
    ['on another port', 'https://keys.example:8443/keys'],
    ['without TLS', 'http://keys.example/v1/.well-known/keys'],
    ['in a file', 'file:///etc/keys.json'],
    ['nowhere', ''],
  ])('T07 keys that are said to be %s are not fetched, and nobody is believed', async (_where, jwks_uri) => {
    const { its, send } = await microsoft(async () => ({ jwks_uri }))
    const bot = await alone({ url, send })
    expect([await bot.send(standIn.sign()), bot.turns.length]).toEqual([unavailable, 0])
    expect(its.asked).toEqual([url])
    await bot.close()
  })

  test('T07 without TLS they are asked for by nobody but a test', async () => {
    const called: string[] = []
    const send: typeof fetch = async (input) => {
      called.push(String(input))
      return Response.json({})
    }
    const plainUrl = 'http://keys.example/openid'
    const outside = makeEgress({ openIdMetadataUrl: plainUrl }, send)
    await expect(outside.fetch(plainUrl)).rejects.toThrow('not of the service')
    await makeEgress({ openIdMetadataUrl: plainUrl, fetch: send }, send).fetch(plainUrl)
    expect(called).toEqual([plainUrl])
  })

  test.each([
    ['an error page', () => new Response('<html>', { status: 200 })],
    ['an error', () => new Response('{}', { status: 500 })],
    ['no document', () => Response.json([])],
  ])('%s in the place of their document: 503, and it is asked again', async (_what, answer) => {
    const asked: string[] = []
    const bot = await alone({
      url,
      async send(input) {
        asked.push(String(input))
        return answer()
      },
    })
    expect([await bot.send(standIn.sign()), await bot.send(standIn.sign())]).toEqual([unavailable, unavailable])
    expect(asked).toEqual([url, url])
    await bot.close()
  })
})

describe('T05 it does not start without what makes it safe', () => {
  const config = { appId: standIn.appId, tenantIds: [TENANT], credential: { secret: 'x' } }
  const deps = { now: world.now, log: silent, random: systemRandom }
  const pem = { thumbprint: 'a'.repeat(64), privateKey: 'x' }
  test.each([
    ['an empty app id', { ...config, appId: '' }, /app id must be.*Developer Portal\.$/],
    ['a blank app id', { ...config, appId: '   ' }, /app id must be/],
    ['an app id that is none', { ...config, appId: 'changeme' }, /app id must be/],
    ['no secret', { ...config, credential: { secret: '' } }, /credential is missing.*registration\.$/],
    ['a blank secret', { ...config, credential: { secret: ' \n' } }, /credential is missing/],
    ['a certificate without its key', { ...config, credential: { ...pem, privateKey: '' } }, /credential is missing/],
    ['half a thumbprint', { ...config, credential: { ...pem, thumbprint: 'abc' } }, /SHA-256 of the certificate/],
    ['no tenant', { ...config, tenantIds: [] }, /No tenant is named.*may act\.$/],
    ['an empty tenant', { ...config, tenantIds: [''] }, /^"" is not the id of a tenant/],
    ['every tenant', { ...config, tenantIds: ['common'] }, /^"common" is not the id of a tenant/],
    ['one tenant and a blank', { ...config, tenantIds: [TENANT, ' '] }, /is not the id of a tenant/],
  ])('%s: one sentence with its cure', (_what, wrong, sentence) => {
    expect(() => teams(wrong, deps)).toThrow(sentence)
    expect(() => teams(wrong, deps)).not.toThrow(/\n| {2}/)
  })
})

describe('T06 T37 bodies that are no activity', () => {
  const token = () => ({ authorization: `Bearer ${standIn.sign()}`, 'content-type': 'application/json' })
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const odd: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a word', '"type"'],
    ['no JSON', '{"type":'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['a list for a type', JSON.stringify({ type: ['message'] })],
    ['an empty type', JSON.stringify({ type: '' })],
    ['null for a type', JSON.stringify({ type: null })],
    ['a word for the sender', JSON.stringify(thank('rep_1', { from: 'omar' }))],
    ['a sender without an id', JSON.stringify(thank('rep_1', { from: { aadObjectId: userOf('omar').id } }))],
    ['a list for the conversation', JSON.stringify(thank('rep_1', { conversation: [] }))],
    ['a number for the address', JSON.stringify(thank('rep_1', { serviceUrl: 7 }))],
    ['an object for the channel', JSON.stringify(thank('rep_1', { channelId: { trim: 1 } }))],
    ['a word for the channel’s data', JSON.stringify(thank('rep_1', { channelData: 'msteams' }))],
    ['a word for the entities', JSON.stringify(thank('rep_1', { entities: 'all' }))],
    ['an object for the text', JSON.stringify(thank('rep_1', { text: {} }))],
    ['no id', JSON.stringify(thank('rep_1', { id: undefined }))],
    ['no conversation', JSON.stringify(thank('rep_1', { conversation: undefined }))],
    ['no value', JSON.stringify(thank('rep_1', { value: undefined }))],
    ['a value that is a list', JSON.stringify(thank('rep_1', { value: [] }))],
    ['deep nesting', deep],
    ['deep nesting inside', JSON.stringify(thank('rep_1', { value: '@' })).replace('"@"', deep)],
  ]

  test.each(odd)('%s is answered 400 and changes nothing; the next valid one is answered', async (_what, body) => {
    const before = await everything()
    const begun = performance.now()
    const answer = await fetch(`${company.address}/api/messages`, { method: 'POST', headers: token(), body })
    expect([answer.status, await answer.text()]).toEqual([400, ''])
    expect(performance.now() - begun).toBeLessThan(2000)
    expect(await everything()).toEqual(before)
    const { id } = task('omar')
    expect((await company.as('omar').send(thank(id))).status).toBe(200)
    expect(await thanked(id)).toBe(1)
  })

  test('T38 names of JavaScript’s own in what was typed become no field of ours', async () => {
    const { id } = task('omar')
    const data = `{"cs":{"do":"probe.thank","id":"${id}","__proto__":{"do":"probe.fields"}},"f.__proto__":{"polluted":"yes"},"f.constructor":"x","__proto__":{"polluted":"yes"}}`
    const body = JSON.stringify(click('omar', { at: '@' })).replace('{"at":"@"}', data)
    const answer = await fetch(`${company.address}/api/messages`, { method: 'POST', headers: token(), body })
    expect(answer.status).toBe(200)
    expect(await thanked(id)).toBe(1)
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
  })

  test('more than the limit is refused before it is parsed, said beforehand or not', async () => {
    const before = await everything()
    const large = JSON.stringify(thank('rep_1', { text: 'x'.repeat(256 * 1024) }))
    const said = await fetch(`${company.address}/api/messages`, { method: 'POST', headers: token(), body: large })
    expect([said.status, await said.text()]).toEqual([413, ''])
    const streamed = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        `${company.address}/api/messages`,
        { method: 'POST', headers: token() },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      request.on('error', reject)
      request.write(large.slice(0, 1000))
      request.end(large.slice(1000))
    })
    expect(streamed).toBe(413)
    expect(await everything()).toEqual(before)
  })
})

describe('T02 the same activity again', () => {
  test('from two connections at once and a second later: one change, one answer', async () => {
    const { id } = task('omar')
    const omar = company.as('omar')
    const activity = thank(id)
    const both = await Promise.all([omar.send(activity), omar.send(activity), omar.send(activity)])
    await world.pass('1 second')
    both.push(await omar.again())
    expect(both.map((one) => one.status)).toEqual([200, 200, 200, 200])
    expect(new Set(both.map((one) => one.text)).size).toBe(1)
    expect(await thanked(id)).toBe(1)
  })

  test('after the process forgot it, the record answers the same', async () => {
    const { id } = task('omar')
    const activity = thank(id)
    const first = await company.as('omar').send(activity)
    await world.pass('11 minutes')
    expect((await company.as('omar').send(activity)).text).toBe(first.text)
    expect(await thanked(id)).toBe(1)
  })

  test('the id of somebody else’s activity gives nobody their answer', async () => {
    const { id } = task('omar', 'Canary of Omar')
    const activity = thank(id)
    await company.as('omar').send(activity)
    await world.pass('11 minutes')
    const stolen = { ...activity, from: company.as('lena').common().from }
    expect((await company.as('lena').send(stolen)).text).not.toMatch(/Omar/)
    expect(await thanked(id)).toBe(1)
  })
})

describe('T11 a card meant for one person', () => {
  test('somebody else’s click in a room is theirs, and refused, whatever the card says about names', async () => {
    const card = company.message('kiran', READ)
    const [{ action = {} } = {}] = actionsIn(company.as('kiran').cardOf(card) ?? {}).filter((one) => one.title === READ)
    const room = { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: '19:general@thread.tacv2' }
    const common = company.as('yuki').common(room)
    const data = { ...(action.data as Json), user: userOf('kiran').id, email: 'kiran@example.com', name: 'kiran' }
    for (const [name, value] of [
      ['task/fetch', { data }],
      ['task/submit', { data: { ...data, cs: { ...((action.data as Json).cs as Json), submit: true } } }],
      ['adaptiveCard/action', { action: { type: 'Action.Execute', data } }],
    ] as const) {
      const answer = await company.as('yuki').send({
        ...common,
        id: `f:${name}`,
        type: 'invoke',
        name,
        value,
        replyToId: card.id,
        from: { ...(common.from as Json), name: 'Kiran Adhikari', email: 'kiran@example.com' },
      })
      expect(answer.text).toContain('This is not yours')
    }
    expect([await acknowledged('kiran'), await acknowledged('yuki')]).toEqual([0, 0])
  })
})

describe('T14 T15 accounts that are nobody of ours', () => {
  const outsiders = ['visitor', 'federated']
  const personally = (who: string) => ({
    conversationType: 'personal',
    tenantId: TENANT,
    id: standIn.personal(userOf(who).id),
  })
  const room = { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: '19:general@thread.tacv2' }
  const ways: [string, string, Json][] = [
    ['a click', 'adaptiveCard/action', { action: { type: 'Action.Execute', data: { cs: { do: 'home.inbox' } } } }],
    ['a dialog', 'task/fetch', { data: { cs: { do: 'home.help' } } }],
    ['a form', 'task/submit', { data: { cs: { do: 'incidents.report', submit: true }, 'f.what': 'canary' } }],
    ['a message action', 'composeExtension/fetchTask', { commandId: 'incidents.report' }],
  ]
  const all = [
    ...outsiders.flatMap((who) => [[who, 'in a chat', personally(who)] as const, [who, 'in a room', room] as const]),
    ['nobody', 'in a room', room] as const,
  ]

  test.each(all)('%s %s reads neutral words, sees nothing and leaves nothing', async (who, _where, conversation) => {
    const user = who === 'nobody' ? 'stranger' : who
    if (conversation !== room) standIn.meet(userOf(user).id)
    const from = { id: userOf(user).mri, name: 'Omar Haddad' }
    const acting = {
      ...company.as(user).common(conversation),
      channelData: { tenant: { id: TENANT } },
      from: who === 'nobody' ? from : { ...from, aadObjectId: userOf(user).id },
    }
    const before = await everything()
    for (const [what, name, value] of ways) {
      const answer = await company.as(user).send({ ...acting, id: `f:${who}${what}`, type: 'invoke', name, value })
      expect(answer.status, what).toBe(200)
      expect(answer.text, what).toMatch(NEUTRAL)
      expect(answer.text, what).not.toMatch(/Acceptable|Dora|Cleo|per_|asg_/)
    }
    const said = await company.as(user).send({ ...acting, id: '1', type: 'message', text: 'inbox' })
    await company.settled()
    expect(said).toEqual({ status: 200, text: '' })
    const found = await company.as(user).send({
      ...acting,
      id: 'f:search',
      type: 'invoke',
      name: 'application/search',
      value: { queryText: 'a', dataset: 'person' },
    })
    expect(found.text).not.toMatch(/Omar|Dora|per_/)
    expect(standIn.messages(room.id)).toEqual([])
    expect((await everything()).state).toEqual(before.state)
    expect((await everything()).counted).toEqual(before.counted)
  })

  test('a bot is nobody', async () => {
    const bot = { id: '28:00000000-0000-4000-8000-00000000b07b', name: 'A bot', aadObjectId: userOf('omar').id }
    const { id } = task('omar')
    expect((await company.as('omar').send(thank(id, { from: bot }))).text).toMatch(NEUTRAL)
    expect(await thanked(id)).toBe(0)
  })

  test('a guest of the tenant who stands in the register acknowledges and reports, and nothing else', async () => {
    const gus = company.as('gus')
    await gus.click(company.message('gus', READ), READ)
    await gus.submit()
    await company.settled()
    expect(await acknowledged('gus')).toBe(1)
    await gus.reportMessage('incidents.report', { body: { contentType: 'html', content: 'The badge reader is open' } })
    await gus.submit()
    await company.settled()
    const [reported] = (await world.entries()).filter((one) => one.type === 'report.made')
    expect(reported?.actor).toBe(world.person('gus').id)
    const before = await everything()
    for (const word of ['reviews', 'publish', 'record', 'register', 'probe x']) {
      await gus.say(word)
      await company.settled()
      const [attachment] = (standIn.chat(userOf('gus').id).at(-1)?.activity.attachments ?? []) as { content: Json }[]
      expect(readCard(attachment?.content ?? {}), word).toMatch(/not yours|don't know|As a guest|You said/)
    }
    await gus.close()
    expect((await everything()).state).toEqual(before.state)
  })

  test('whom the register does not know reads that somebody can link them, and nothing more', async () => {
    await company.as('stranger').say('inbox')
    await company.settled()
    const [first] = standIn.chat(userOf('stranger').id)
    expect(JSON.stringify(first?.activity)).toMatch(/don't know you yet/)
    expect(JSON.stringify(first?.activity)).not.toMatch(/Acceptable|Omar|Dora/)
    const [row] = await world.sql`select state, person_id from identity where user_id = ${userOf('stranger').id}`
    expect(row).toMatchObject({ state: 'unmatched', person_id: null })
  })
})

describe('T17 a leaver', () => {
  test('left while the dialog was open: the submit is refused and nothing is stored', async () => {
    const cleo = company.as('cleo')
    await cleo.click(company.message('cleo', READ), READ)
    await world.leave('cleo')
    await cleo.submit()
    expect(cleo.said().join()).toMatch(/not active/)
    expect(await acknowledged('cleo')).toBe(0)
    await world.owner`update person set state = 'active' where email = 'cleo@example.com'`
  })
})

describe('T07 nothing goes to an address that is not of the service', () => {
  const foreign = [
    'https://169.254.169.254/latest/',
    'https://localhost/',
    'https://[::1]/',
    'https://evil.example/emea/',
    'https://smba.trafficmanager.net@evil.example/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://smba.trafficmanager.net:8443/',
    'http://smba.trafficmanager.net/emea/',
    'file:///etc/passwd',
    'smba.trafficmanager.net/emea/',
    '',
  ]

  test.each(foreign)(
    '%s in the database: refused for good, no token is asked for, the log says so',
    async (serviceUrl) => {
      const calls: string[] = []
      const spy: typeof fetch = (input) => {
        calls.push(String(input))
        return Promise.reject(new TypeError('nobody may call'))
      }
      const config = { appId: standIn.appId, tenantIds: [TENANT], credential: { secret: 'x' }, fetch: spy }
      const adapter = teams(config, { now: world.now, log: silent, random: systemRandom })
      const { id: user, mri } = userOf('lena')
      const card: Card = { title: 'Canary', blocks: [] }
      const to = { tenant: TENANT, user, mri, serviceUrl }
      const anchor = { serviceUrl, conversation: 'a:1', id: '1' }
      for (const work of [
        adapter.deliver(to, card, undefined, 'k'),
        adapter.deliver({ ...to, conversation: 'a:1' }, card, undefined, 'k'),
        adapter.deliver({ ...to, serviceUrl: standIn.serviceUrl }, card, anchor, 'k'),
        adapter.profile(to),
      ]) {
        const error: unknown = await work.catch((failed: unknown) => failed)
        expect(error).toBeInstanceOf(DeliveryError)
        expect(error).toMatchObject({ permanent: true, unknown: false })
      }
      expect(calls).toEqual([])
    },
  )

  test('through the whole product: the message is given up, nothing left the house', async () => {
    const logins = standIn.logins()
    await world.owner`update identity set address = jsonb_set(address, '{serviceUrl}', '"https://evil.example/"')
      where user_id = ${userOf('dora').id}`
    const { id } = task('dora')
    const lines = company.lines.length
    await world.system((ctx) =>
      postMessage(ctx, { key: `${id}/evil`, to: world.person('dora').id, card: 'probe.task', subject: id }),
    )
    await world.work()
    const rows = await world.db.select().from(delivery)
    expect(rows.filter((row) => row.state === 'failed')).toHaveLength(1)
    expect(company.lines.slice(lines).join('\n')).toMatch(/not of the service.*teams\.delivery/)
    expect(standIn.strays).toEqual([])
    expect(standIn.logins()).toBe(logins)
  })

  test('all day long nobody else was called', () => {
    expect(standIn.strays).toEqual([])
  })
})

describe('T21 T22 T23 T24 nasty words in every block and every field', () => {
  const DESK = 'https://isms.example.com'
  const MORE = [
    '$' + '{$root.x} $' + "{if(true,'a','b')} {{name}}",
    'say "yes" and \\"no\\" \\ \\u0022 \'so\'',
    '","type":"Action.OpenUrl","url":"https://evil.example/x","x":"',
    '"}]},{"type":"Action.OpenUrl","title":"Go","url":"https://evil.example/y"}',
    '![picture](https://evil.example/p.png) <https://evil.example/auto>',
    '**bold** __under__ `code` ~~gone~~\r- listed',
    '{{DATE(2026-01-01T00:00:00Z)}} <at>everyone</at>',
    'a'.repeat(400),
  ].map((one) => one.slice(0, 110))
  const corpus = [...NASTY, ...MORE].map((one) => one.replace(/[\r\n]+/g, ' '))

  const MACHINE =
    'do id kind href style tone value shown with name src fileId bold italic code min max optional ordered'.split(' ')
  function spoiled<T>(shown: T, nasty: string): T {
    const walk = (value: unknown, name = ''): unknown => {
      if (typeof value === 'string') return MACHINE.includes(name) ? value : `${value.slice(0, 12)} ${nasty}`
      if (Array.isArray(value)) return value.map((one) => walk(one, name))
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, MACHINE.includes(key) ? inner : walk(inner, key)]),
      )
    }
    return walk(shown) as T
  }

  /** The card without its words: what remains must not depend on them. */
  const WORDS = ['text', 'title', 'label', 'placeholder', 'summary', 'tooltip']
  const shape = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return WORDS.includes(name) ? 'words' : value
    if (Array.isArray(value)) return value.map((one) => shape(one, name))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner, key)]))
  }

  const card: Card = {
    title: 'A title',
    status: { label: 'A status', tone: 'good' },
    blocks: EVERY_BLOCK,
  }
  const form: Form = {
    title: 'A form',
    submit: 'Send',
    do: 'probe.fields',
    intro: plain('An introduction'),
    fields: EVERY_FIELD,
    values: {},
    errors: Object.fromEntries(Object.keys(EVERY_FIELD).map((name) => [name, 'An error'])),
  }
  const drawn = (it: Card | Form): Json =>
    'fields' in it ? drawFormMessage(it, { desk: DESK }) : drawMessage(it, { desk: DESK })
  const cardIn = (message: Json): Json => (message.attachments as { content: Json }[])[0]?.content ?? {}

  test.each(corpus)('%s', (nasty) => {
    for (const it of [card, form]) {
      const before = drawn(spoiled<Card | Form>(it, 'harmless'))
      const after = drawn(spoiled<Card | Form>(it, nasty))
      expect(shape(after)).toEqual(shape(before))
      expect(faultsOf(cardIn(after))).toEqual([])
      expect(livingInMessage(after, DESK)).toEqual(livingInMessage(before, DESK))
      const read = shownAs(readCard(cardIn(after)))
      const times = read.split(shownAs(nasty)).length - 1
      expect(times, 'the words are shown as they were typed').toBeGreaterThan('fields' in it ? 15 : 10)
    }
  })

  test('a person’s words on their whole way: typed into a form, stored, shown, edited', async () => {
    const nasty = `${corpus[6]} $${'{x}'} "type":"Action.OpenUrl"`.slice(0, 40)
    const it = task('omar', nasty)
    await world.system((ctx) =>
      postMessage(ctx, { key: `${it.id}/words`, to: it.ownerId, card: 'probe.task', subject: it.id }),
    )
    await world.work()
    const omar = company.as('omar')
    await omar.click(company.message('omar', 'Answer'), 'Answer')
    await omar.submit({ 'f.note': nasty, 'f.count': '3' })
    await company.settled()
    expect(omar.said()).toEqual([`Kept: ${nasty.trim()}.`])
    const chat = standIn.chat(userOf('omar').id)
    expect(chat.flatMap(({ activity }) => livingInMessage(activity, DESK))).toEqual([])
    expect(chat.at(-1)?.activity.summary).toBe(nasty)
  })
})

test('T30 no line of the log holds what anybody wrote, a name, a token or an address', async () => {
  const { id } = task('omar', 'Canary')
  await company.as('omar').send(thank(id, { text: 'canary' }), { signing: { key: 'stranger' } })
  await company.as('omar').send(thank(id, { text: 'canary', channelData: { tenant: { id: ELSEWHERE } } }))
  await company.as('omar').send(thank(id))
  standIn.fail('send', { status: 500 })
  await company.as('omar').say('incident canary')
  await company.settled()
  expect(company.lines.length).toBeGreaterThan(2)
  expect(company.lines.join('\n')).not.toMatch(/canary|badge reader|Omar|example\.com|eyJ|OUTBOUND|outbound-secret/i)
})
