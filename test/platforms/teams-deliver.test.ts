import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { checkTeams } from '../../adapters/teams/check.ts'
import { DeliveryError } from '../../src/core/errors.ts'
import { plain } from '../../src/core/md.ts'
import type { Address, Card } from '../../src/core/workflow.ts'
import { makeFakeCore } from './slack-scene.ts'
import { type Json, readCard } from './teams-cards.ts'
import { DESK, FEDERATED, GUS, MEI, OMAR, openTeamsScene, type TeamsScene } from './teams-scene.ts'
import type { Failure, Kind, TeamsUser } from './teams-stand-in.ts'
import { TENANT, userOf } from './teams-users.ts'

const card = (words: string): Card => ({ title: 'Acceptable Use v3', blocks: [{ kind: 'text', text: plain(words) }] })

let scene: TeamsScene
beforeEach(async () => {
  scene = await openTeamsScene(makeFakeCore(() => ({})).core)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await scene.stop()
})

const serviceUrl = 'https://smba.trafficmanager.net/emea/'
/** Of somebody who wrote to us, known by their id on Teams, and of somebody from the directory, who never did. */
const wrote = ({ id: user, mri }: TeamsUser): Address => ({ tenant: TENANT, user, mri, serviceUrl })
const listed = ({ id: user }: TeamsUser): Address => ({ tenant: TENANT, user, serviceUrl })
const to = wrote(MEI)

const deliver = (words = 'one', at = to, sent?: Awaited<ReturnType<TeamsScene['platform']['deliver']>>) =>
  scene.platform.deliver(at, card(words), sent, 'k')
const calls = (method: string, path: RegExp) =>
  scene.standIn.calls.filter((call) => call.method === method && path.test(call.path))
const created = () => calls('POST', /\/v3\/conversations$/)
const sent = () => calls('POST', /\/activities$/)
const edited = () => calls('PUT', /\/activities\//)
const chat = (user = MEI) => scene.standIn.chat(user.id)
const wordsIn = ({ activity }: { activity: Json }) => {
  const [attachment] = activity.attachments as { content: Json }[]
  return readCard(attachment?.content ?? {})
}

async function problem(work: Promise<unknown>): Promise<Pick<DeliveryError, 'retryAfter' | 'permanent' | 'unknown'>> {
  const error = await work.then(
    () => undefined,
    (failed: unknown) => failed,
  )
  if (!(error instanceof DeliveryError)) throw new Error(`a DeliveryError was expected, not ${String(error)}`)
  const { retryAfter, permanent, unknown } = error
  return { retryAfter, permanent, unknown }
}

/** Where Entra gives tokens. */
const isLogin = (input: string | URL | Request) => new URL(String(input)).pathname.endsWith('/token')

const AGAIN = { retryAfter: undefined, permanent: false, unknown: false }
const NEVER = { ...AGAIN, permanent: true }
const UNKNOWN = { ...AGAIN, unknown: true }
const later = (retryAfter: number) => ({ ...AGAIN, retryAfter })

describe('a card is delivered', () => {
  test('into the conversation with the person, opened once, and edited where it stands', async () => {
    const anchor = await deliver('one')
    await deliver('else')
    expect(anchor).toEqual({ serviceUrl, conversation: scene.standIn.personal(MEI.id), id: chat()[0]?.id })
    expect(await deliver('two', to, anchor)).toEqual(anchor)
    expect(chat().map((one) => wordsIn(one).split('\n')[1])).toEqual(['two', 'else'])
    expect(created()).toHaveLength(1)
  })

  test.each([
    ['their id on Teams', wrote(OMAR), OMAR.mri],
    ['their id in Entra alone', listed(OMAR), OMAR.id],
  ])('to somebody who never wrote, by %s', async (_what, at, id) => {
    await deliver('one', at)
    expect(created()[0]?.body).toEqual({
      bot: { id: `28:${scene.standIn.appId}` },
      members: [{ id }],
      isGroup: false,
      tenantId: TENANT,
      channelData: { tenant: { id: TENANT } },
    })
    expect(chat(OMAR)).toHaveLength(1)
  })

  test('where a conversation is known, none is opened', async () => {
    scene.standIn.meet(MEI.id)
    await deliver('one', { ...to, conversation: scene.standIn.personal(MEI.id) })
    expect(created()).toHaveLength(0)
    expect(chat()).toHaveLength(1)
  })

  test('to each in their own', async () => {
    await deliver('one')
    await deliver('two', wrote(OMAR))
    expect([chat(MEI), chat(OMAR)].map((posts) => posts.map((one) => wordsIn(one).split('\n')[1]))).toEqual([
      ['one'],
      ['two'],
    ])
  })

  test('heard when it comes and not when it is edited; T18 its notification is the title and nothing else', async () => {
    const anchor = await deliver('canary')
    await deliver('canary two', to, anchor)
    const [{ body: first } = { body: {} as Json }] = sent()
    const [{ body: second } = { body: {} as Json }] = edited()
    expect(first.channelData).toEqual({ notification: { alert: true } })
    expect(second.channelData).toBeUndefined()
    for (const { summary, text } of [first, second]) expect([summary, text]).toEqual(['Acceptable Use v3', undefined])
  })

  test('anew when the message that stood there is gone', async () => {
    const anchor = await deliver()
    chat().length = 0
    const again = await deliver('two', to, anchor)
    expect(again).not.toEqual(anchor)
    expect(chat().map((one) => wordsIn(one).split('\n')[1])).toEqual(['two'])
    expect(sent().at(-1)?.body.channelData).toEqual({ notification: { alert: true } })
  })

  test('anew when what stands in the database is no message of Teams', async () => {
    await deliver('one', to, { channel: 'C1', ts: '1.1' })
    expect(chat()).toHaveLength(1)
  })
})

describe('what goes wrong is told for what it is', () => {
  const blocked = { status: 403, code: 'MessageWritesBlocked' }
  const cases: [string, Failure, sending: object, editing: object][] = [
    ['a rate limit', { status: 429, headers: { 'retry-after': '7' } }, later(7), later(7)],
    ['a rate limit without its time', { status: 429 }, later(5), later(5)],
    ['a rate limit until a date', { status: 429, headers: { 'retry-after': 'Mon, 23 Nov' } }, later(5), later(5)],
    ['something changed meanwhile', { status: 412, code: 'PreconditionFailed' }, later(5), later(5)],
    ['a server that broke', { status: 500 }, UNKNOWN, AGAIN],
    ['a gateway', { status: 502 }, UNKNOWN, AGAIN],
    ['a server that is busy', { status: 503, headers: { 'retry-after': '3' } }, UNKNOWN, AGAIN],
    ['a gateway that waited', { status: 504 }, UNKNOWN, AGAIN],
    ['somebody who blocked us', blocked, NEVER, NEVER],
    ['an administrator who switched us off', { status: 403, code: 'BotDisabledByAdmin' }, NEVER, NEVER],
    ['a room we are not in', { status: 403, code: 'BotNotInConversationRoster' }, NEVER, NEVER],
    ['a card that is too large', { status: 413, code: 'MessageSizeTooBig' }, NEVER, NEVER],
    ['our own mistake', { status: 400, code: 'BadSyntax' }, NEVER, NEVER],
  ]

  test.each(cases)('%s, for a new message', async (_what, failure, expected) => {
    scene.standIn.fail('send', failure)
    expect(await problem(deliver())).toEqual(expected)
    expect(sent()).toHaveLength(1)
  })

  test.each(cases)('%s, for an edit, which may be made twice', async (_what, failure, _sending, expected) => {
    const anchor = await deliver()
    scene.standIn.fail('edit', failure)
    expect(await problem(deliver('two', to, anchor))).toEqual(expected)
    expect(edited()).toHaveLength(1)
    expect(sent()).toHaveLength(1)
  })

  test.each(cases)(
    '%s, for a conversation that is opened, which may be done twice',
    async (_what, failure, _s, expected) => {
      scene.standIn.fail('create', failure)
      expect(await problem(deliver())).toEqual(expected)
      expect(sent()).toHaveLength(0)
      await deliver()
      expect(chat()).toHaveLength(1)
    },
  )

  test('a conversation that is gone', async () => {
    scene.standIn.fail('send', { status: 404, code: 'ConversationNotFound' })
    expect(await problem(deliver())).toEqual(NEVER)
  })

  test('somebody who is not here, or of another tenant, or who blocked us', async () => {
    expect(await problem(deliver('one', listed(userOf('nobody'))))).toEqual(NEVER)
    expect(await problem(deliver('one', wrote(FEDERATED)))).toEqual(NEVER)
    scene.standIn.block(OMAR.id)
    expect(await problem(deliver('one', wrote(OMAR)))).toEqual(NEVER)
  })

  test('a post whose answer never came may have arrived and is not made twice', async () => {
    scene.standIn.fail('send', { status: 502, after: true })
    expect(await problem(deliver())).toEqual(UNKNOWN)
    expect(chat()).toHaveLength(1)
    expect(sent()).toHaveLength(1)
  })

  test('an answer that names no message: it may stand there', async () => {
    const odd = await openTeamsScene(makeFakeCore(() => ({})).core, {
      fetch: (inside) => async (input, init) =>
        String(input).endsWith('/activities') ? new Response('{}', { status: 202 }) : inside(input, init),
    })
    expect(await problem(odd.platform.deliver(to, card('one'), undefined, 'k'))).toEqual(UNKNOWN)
    await odd.stop()
  })

  test('nobody behind an address', async () => {
    expect(await problem(deliver('one', {}))).toEqual(NEVER)
    expect(await problem(deliver('one', { channel: 'C1' }))).toEqual(NEVER)
  })

  test('one rate limit holds up nobody else', async () => {
    scene.standIn.fail('send', { status: 429, headers: { 'retry-after': '60' } })
    expect(await problem(deliver())).toEqual(later(60))
    await deliver('one', wrote(OMAR))
    expect(chat(OMAR)).toHaveLength(1)
  })
})

describe('a token', () => {
  test('is asked for once, and once more when it was refused; the message is sent once', async () => {
    await deliver()
    await deliver()
    expect(scene.standIn.logins()).toBe(1)
    scene.standIn.fail('send', { status: 401, code: 'Unauthorized' })
    await deliver()
    expect(scene.standIn.logins()).toBe(2)
    expect(chat()).toHaveLength(3)
  })

  test('refused twice is an operator’s matter: the message waits, and nothing goes round in circles', async () => {
    await deliver()
    scene.standIn.fail('send', { status: 401 }, { status: 401 }, { status: 401 })
    expect(await problem(deliver())).toEqual(later(300))
    expect(sent()).toHaveLength(3)
    expect(scene.standIn.logins()).toBe(2)
  })

  const atLogin = (answer: () => Promise<Response>) =>
    openTeamsScene(makeFakeCore(() => ({})).core, {
      fetch: (inside) => (input, init) => (isLogin(input) ? answer() : inside(input, init)),
    })
  const wrongSecret = async () =>
    Response.json(
      { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret canary.' },
      { status: 401 },
    )

  test('that Entra does not give for this secret: nothing was sent, so nothing is unknown; an operator’s matter', async () => {
    const wrong = await atLogin(wrongSecret)
    const of = (words: string, sent?: Json) => problem(wrong.platform.deliver(to, card(words), sent, 'k'))
    expect(await of('one')).toEqual(later(300))
    expect(await of('two', { serviceUrl, conversation: 'a:1', id: '1' })).toEqual(later(300))
    expect(wrong.standIn.calls.filter((call) => call.path.startsWith('/emea/'))).toEqual([])
    await wrong.stop()
  })

  test.each([
    ['cannot be fetched', () => Promise.reject(new TypeError('fetch failed'))],
    ['takes too long', () => Promise.reject(new DOMException('too long', 'TimeoutError'))],
    ['comes as a page of a proxy', async () => new Response('<html>', { status: 502 })],
    ['comes broken', async () => Response.json({ error: 'temporarily_unavailable' }, { status: 503 })],
  ])('that %s: nothing was sent, it is tried again', async (_what, answer) => {
    const lost = await atLogin(answer)
    expect(await problem(lost.platform.deliver(to, card('one'), undefined, 'k'))).toEqual(AGAIN)
    scene.standIn.meet(MEI.id)
    const conversation = scene.standIn.personal(MEI.id)
    expect(await problem(lost.platform.deliver({ ...to, conversation }, card('one'), undefined, 'k'))).toEqual(AGAIN)
    await lost.stop()
  })

  test('what the doctor asks: every problem with its cure, and no secret', async () => {
    const config = (more: object = {}) => ({
      appId: scene.standIn.appId,
      tenantIds: [TENANT],
      credential: { secret: 'outbound-secret' },
      desk: DESK,
      openIdMetadataUrl: scene.standIn.metadataUrl,
      fetch: scene.standIn.fetch,
      ...more,
    })
    expect(await checkTeams(config())).toEqual([])
    expect(await checkTeams(config({ appId: '' }))).toEqual([expect.stringMatching(/Developer Portal/)])
    const inside = scene.standIn.fetch
    const wrong: typeof fetch = (input, init) => (isLogin(input) ? wrongSecret() : inside(input, init))
    expect(await checkTeams(config({ fetch: wrong }))).toEqual([
      'Entra does not accept the credential (AADSTS7000215): compare app id, tenant and secret with the registration.',
    ])
    const nowhere: typeof fetch = () => Promise.reject(new TypeError('fetch failed'))
    expect(await checkTeams(config({ fetch: nowhere }))).toEqual([expect.stringMatching(/^Entra cannot be reached/)])
    expect(await checkTeams(config({ openIdMetadataUrl: 'https://keys.example/openid' }))).toEqual([
      'The keys that Teams signs with cannot be fetched: keys.example must be reachable, or nothing that people do in Teams is believed.',
    ])
  })
})

describe('a connection', () => {
  /** The service at a door of the test's own. */
  const toward = (port: number, path = /\/v3\//) =>
    openTeamsScene(makeFakeCore(() => ({})).core, {
      fetch: (inside) => (input, init) =>
        path.test(String(input)) ? fetch(`http://127.0.0.1:${port}/`, init) : inside(input, init),
    })

  test('that broke after the request went out is unknown, one that never was is not', async () => {
    const broken = createServer((request) => request.on('data', () => {}).on('end', () => request.socket.destroy()))
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
    const { port } = broken.address() as AddressInfo
    const far = await toward(port, /\/activities/)
    expect(await problem(far.platform.deliver(to, card('one'), undefined, 'k'))).toEqual(UNKNOWN)
    const anchor = { serviceUrl, conversation: far.standIn.personal(MEI.id), id: '1' }
    expect(await problem(far.platform.deliver(to, card('one'), anchor, 'k'))).toEqual(AGAIN)
    await new Promise((resolve) => broken.close(resolve))
    expect(await problem(far.platform.deliver(to, card('one'), undefined, 'k'))).toEqual(AGAIN)
    await far.stop()
  })

  test('T07 that leads elsewhere is not followed', async () => {
    const asked: string[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(request.url === '/' ? 307 : 200, { location: '/stolen' }).end('{"id":"1"}')
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const far = await toward((elsewhere.address() as AddressInfo).port)
    expect(await problem(far.platform.deliver(to, card('one'), undefined, 'k'))).toEqual(AGAIN)
    expect(asked).toEqual(['/'])
    await far.stop()
    elsewhere.closeAllConnections()
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  test.each([
    ['a new message', 'send', UNKNOWN],
    ['an edit', 'edit', AGAIN],
    ['a conversation', 'create', AGAIN],
  ] as [string, Kind, object][])('that hangs is given up after ten seconds: %s', async (_what, kind, expected) => {
    const anchor = kind === 'edit' ? await deliver() : undefined
    const { abort, limits } = handTimers()
    scene.standIn.fail(kind, { hang: true })
    const waiting = scene.standIn.next(kind)
    const work = problem(deliver('two', to, anchor))
    await waiting
    abort()
    expect(await work).toEqual(expected)
    expect(new Set(limits)).toEqual(new Set([10_000]))
  })

  /** Time-outs of calls come when the test says so. */
  function handTimers() {
    const limits: number[] = []
    const hands: AbortController[] = []
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      limits.push(ms)
      const hand = new AbortController()
      hands.push(hand)
      return hand.signal
    })
    const abort = () => {
      for (const hand of hands) hand.abort(new DOMException('too long', 'TimeoutError'))
    }
    return { abort, limits }
  }
})

describe('T15 who somebody is, as the roster says now', () => {
  test.each([
    ['a member', MEI, { standing: 'member', name: 'Mei Tanaka', email: 'mei@example.com' }],
    ['a guest', GUS, { standing: 'guest', email: 'gus@partner.example' }],
    ['somebody of another tenant', FEDERATED, { standing: 'outsider', email: undefined }],
    ['somebody who is not here', userOf('nobody'), { standing: 'outsider', name: '', email: undefined }],
  ] as [string, TeamsUser, object][])('%s', async (_what, user, expected) => {
    scene.standIn.meet(user.id)
    for (const address of [wrote(user), { ...wrote(user), conversation: scene.standIn.personal(user.id) }]) {
      const { email, ...rest } = await scene.platform.profile(address)
      expect({ email, ...rest }).toMatchObject(expected)
    }
  })

  test('is not decided when the service fails', async () => {
    scene.standIn.fail('member', { status: 503 })
    await expect(scene.platform.profile(to)).rejects.toThrow(DeliveryError)
    expect(await problem(scene.platform.profile({}).then(() => deliver('x', {})))).toEqual(NEVER)
  })
})
