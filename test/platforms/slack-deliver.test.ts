import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkSlack, findByEmail, members } from '../../adapters/slack/check.ts'
import { slack } from '../../adapters/slack/index.ts'
import { profileOf } from '../../adapters/slack/profile.ts'
import { botScopes } from '../../manifest/slack.ts'
import { DeliveryError } from '../../src/core/errors.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import type { Card } from '../../src/core/workflow.ts'
import { type Json, read } from './slack-blocks.ts'
import { SECRET } from './slack-person.ts'
import { makeFakeCore, openScene, type SlackScene } from './slack-scene.ts'
import type { Failure } from './slack-stand-in.ts'

const to = { team: 'T0COUNTER1', user: 'U0MEI00001' }
const card = (words: string): Card => ({ title: 'Acceptable Use v3', blocks: [{ kind: 'text', text: plain(words) }] })

let scene: SlackScene
beforeEach(async () => {
  scene = await openScene(makeFakeCore(() => ({})).core)
})
afterEach(() => scene.stop())

const calls = (method: string) => scene.workspace.calls.filter((call) => call.method === method)
const chat = () => scene.workspace.chat('U0MEI00001')
async function problem(work: Promise<unknown>): Promise<DeliveryError> {
  const error = await work.then(
    () => undefined,
    (failed: unknown) => failed,
  )
  if (!(error instanceof DeliveryError)) throw new Error('a DeliveryError was expected')
  return error
}

describe('a card is delivered', () => {
  test('into the conversation with the person, opened once, and edited where it stands', async () => {
    const anchor = await scene.platform.deliver(to, card('one'), undefined, 'k1')
    await scene.platform.deliver(to, card('else'), undefined, 'k2')
    expect(anchor).toEqual({ channel: scene.workspace.dm('U0MEI00001'), ts: chat()[0]?.ts })
    expect(await scene.platform.deliver(to, card('two'), anchor, 'k1')).toEqual(anchor)
    expect(chat().map((post) => read(post.blocks).split('\n')[1])).toEqual(['two', 'else'])
    expect(calls('conversations.open')).toHaveLength(1)
  })

  test('without unfurling or parsing anything, marked as ours by nothing but a random-looking key', async () => {
    await scene.platform.deliver(to, card('one'), undefined, 'asg_1/request/per_1')
    const [{ args } = { args: {} as Json }] = calls('chat.postMessage')
    expect(args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false', parse: 'none', link_names: 'false' })
    expect(args.metadata).toMatchObject({ event_type: 'countersign_message' })
    expect(JSON.stringify(args.metadata)).not.toMatch(/asg_1|per_1/)
  })

  test('anew when the message that stood there is gone', async () => {
    const anchor = await scene.platform.deliver(to, card('one'), undefined, 'k1')
    chat().length = 0
    const again = await scene.platform.deliver(to, card('two'), anchor, 'k1')
    expect(again).not.toEqual(anchor)
    expect(chat()).toHaveLength(1)
  })
})

describe('what goes wrong is told for what it is', () => {
  const cases: [string, Failure, Partial<DeliveryError>][] = [
    ['a rate limit', { status: 429, headers: { 'retry-after': '7' } }, { retryAfter: 7 }],
    ['a rate limit without its time', { status: 429 }, { retryAfter: 30 }],
    ['a rate limit in words', { error: 'ratelimited' }, { retryAfter: 30 }],
    ['somebody who left', { error: 'account_inactive' }, { permanent: true, retryAfter: undefined }],
    ['an archived room', { error: 'is_archived' }, { permanent: true }],
    ['our own mistake', { error: 'invalid_blocks' }, { permanent: true }],
    ['a token that is wrong', { error: 'invalid_auth' }, { permanent: false, retryAfter: 300, unknown: false }],
    ['a scope that is missing', { error: 'missing_scope' }, { permanent: false, retryAfter: 300 }],
    ['a server that broke', { status: 503 }, { unknown: true, permanent: false }],
    ['Slack failing half-way', { error: 'fatal_error' }, { unknown: true }],
    ['an answer nobody knows', { error: 'something_new' }, { unknown: false, permanent: false, retryAfter: undefined }],
  ]
  test.each(cases)('%s', async (_what, failure, expected) => {
    scene.workspace.fail('chat.postMessage', failure)
    const error = await problem(scene.platform.deliver(to, card('one'), undefined, 'k1'))
    expect({ retryAfter: error.retryAfter, permanent: error.permanent, unknown: error.unknown }).toMatchObject(expected)
    expect(calls('chat.postMessage')).toHaveLength(1)
  })

  test('a post whose answer never came may have arrived and is not made twice', async () => {
    scene.workspace.fail('chat.postMessage', { after: true, status: 502 })
    expect((await problem(scene.platform.deliver(to, card('one'), undefined, 'k1'))).unknown).toBe(true)
    expect(chat()).toHaveLength(1)
    expect(calls('chat.postMessage')).toHaveLength(1)
  })

  test('a connection that broke after the request went out is unknown, one that never was is not', async () => {
    const broken = createServer((request) => request.on('data', () => {}).on('end', () => request.socket.destroy()))
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
    const { port } = broken.address() as AddressInfo
    const toward = (apiUrl: string) =>
      slack(
        { botToken: 'xoxb-x', signingSecret: SECRET, apiUrl, teamIds: ['T0COUNTER1'] },
        { now: () => new Date(), log: silent, random: systemRandom },
      )
    const room = { channel: 'C0ROOM0001' }
    expect(
      (await problem(toward(`http://127.0.0.1:${port}/api/`).deliver(room, card('one'), undefined, 'k1'))).unknown,
    ).toBe(true)
    await new Promise((resolve) => broken.close(resolve))
    const refused = await problem(toward(`http://127.0.0.1:${port}/api/`).deliver(room, card('one'), undefined, 'k1'))
    expect(refused).toMatchObject({ unknown: false, permanent: false, retryAfter: undefined })
  })

  test('a call that takes too long is given up, and its outcome is unknown', async () => {
    const platform = slack(
      {
        botToken: scene.workspace.token,
        signingSecret: SECRET,
        apiUrl: scene.workspace.apiUrl,
        fetch: () => Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      },
      { now: () => new Date(), log: silent, random: systemRandom },
    )
    expect((await problem(platform.deliver({ channel: 'C0ROOM0001' }, card('one'), undefined, 'k1'))).unknown).toBe(
      true,
    )
  })

  test('an edit or an opened conversation may simply be tried again', async () => {
    const anchor = await scene.platform.deliver(to, card('one'), undefined, 'k1')
    scene.workspace.fail('chat.update', { status: 503 })
    expect(await problem(scene.platform.deliver(to, card('two'), anchor, 'k1'))).toMatchObject({
      unknown: false,
      permanent: false,
    })
    scene.workspace.fail('conversations.open', { status: 503 })
    const other = { team: 'T0COUNTER1', user: 'U0OMAR0001' }
    expect(await problem(scene.platform.deliver(other, card('one'), undefined, 'k2'))).toMatchObject({
      unknown: false,
      permanent: false,
    })
  })

  test('one rate limit holds up nobody else', async () => {
    scene.workspace.fail('chat.postMessage', { status: 429, headers: { 'retry-after': '60' } })
    const [limited, profile] = await Promise.all([
      problem(scene.platform.deliver(to, card('one'), undefined, 'k1')),
      scene.platform.profile(to),
    ])
    expect(limited.retryAfter).toBe(60)
    expect(profile.name).toBe('Mei Tanaka')
    await scene.platform.deliver({ team: 'T0COUNTER1', user: 'U0OMAR0001' }, card('one'), undefined, 'k2')
    expect(scene.workspace.chat('U0OMAR0001')).toHaveLength(1)
  })

  test('nobody behind an address', async () => {
    expect((await problem(scene.platform.deliver({ user: 'U0NOBODY01' }, card('x'), undefined, 'k'))).permanent).toBe(
      true,
    )
    expect((await problem(scene.platform.deliver({}, card('x'), undefined, 'k'))).permanent).toBe(true)
  })
})

describe('T14 who somebody is', () => {
  test.each([
    ['U0MEI00001', { standing: 'member', email: 'mei@kestrel.example', timezone: 'Europe/Berlin', locale: 'en-GB' }],
    ['U0GUS00001', { standing: 'guest', email: 'gus@partner.example' }],
    ['U0STRANGE1', { standing: 'outsider', email: undefined }],
    ['U0LEFT0001', { standing: 'deleted', email: undefined }],
    ['U0BOT00001', { standing: 'bot', email: undefined }],
    ['U0NOBODY01', { standing: 'outsider', name: 'U0NOBODY01' }],
  ])('%s', async (user, expected) => {
    const { email, ...rest } = await scene.platform.profile({ team: 'T0COUNTER1', user })
    expect({ email, ...rest }).toMatchObject(expected)
    expect(calls('users.info').at(-1)?.args.include_locale).toBe('true')
  })

  test('an address that was not confirmed proves nothing', () => {
    const user = { id: 'U1', team_id: 'T1', is_email_confirmed: false, profile: { email: 'ceo@kestrel.example' } }
    expect(profileOf(user, new Set(['T1']))).not.toHaveProperty('email')
    expect(profileOf({ ...user, is_email_confirmed: undefined }, new Set(['T1'])).email).toBe('ceo@kestrel.example')
    expect(profileOf({ ...user, is_email_confirmed: true }, new Set(['T2'])).standing).toBe('outsider')
  })
})

describe('what the doctor asks', () => {
  const config = () => ({ botToken: scene.workspace.token, signingSecret: SECRET, apiUrl: scene.workspace.apiUrl })

  test('finds everything well', async () => {
    const found = await checkSlack(config(), botScopes)
    expect(found).toMatchObject({
      team: { id: 'T0COUNTER1' },
      bot: { name: 'countersign' },
      missingScopes: [],
      problems: [],
    })
  })

  test('names what is missing and the cure', async () => {
    const found = await checkSlack(config(), [...botScopes, 'groups:write'])
    expect(found.missingScopes).toEqual(['groups:write'])
    expect(found.problems[0]).toMatch(/lacks groups:write.*install it again/)
    const wrong = await checkSlack({ ...config(), botToken: 'xoxb-wrong' }, botScopes)
    expect(wrong.problems).toEqual([expect.stringMatching(/invalid_auth.*copy its token again/)])
    const nowhere = await checkSlack({ ...config(), apiUrl: 'http://127.0.0.1:9/api/' }, botScopes)
    expect(nowhere.problems).toEqual([expect.stringContaining('cannot be reached')])
    const elsewhere = await checkSlack({ ...config(), teamIds: ['T0ELSEWHER'] }, botScopes)
    expect(elsewhere.problems).toEqual([expect.stringContaining('not among the allowed ones')])
    const socket = await checkSlack({ ...config(), appToken: 'xapp-1' }, botScopes)
    expect(socket.problems).toEqual([expect.stringContaining('Socket Mode does not open')])
    const nothing = await checkSlack({ botToken: '' }, botScopes)
    expect(nothing.problems).toHaveLength(2)
  })

  test('finds one by mail address, and everybody who may act', async () => {
    const found = await findByEmail(config(), 'mei@kestrel.example')
    expect(found).toMatchObject({
      actor: { platform: 'slack', tenant: 'T0COUNTER1', user: 'U0MEI00001' },
      profile: { standing: 'member' },
    })
    expect(await findByEmail(config(), 'nobody@kestrel.example')).toBeUndefined()
    expect(await findByEmail(config(), 'sten@elsewhere.example')).toBeUndefined()
    const all: string[] = []
    for await (const { actor } of members(config())) all.push(actor.user)
    expect(all).toEqual(['U0MEI00001', 'U0OMAR0001', 'U0GUS00001'])
  })

  test('a token that Slack refuses stops the start with its cure; a network that is down does not', async () => {
    const deps = { now: () => new Date(), log: silent, random: systemRandom }
    const wrong = slack({ ...config(), botToken: 'xoxb-wrong' }, deps)
    await expect(wrong.start?.()).rejects.toThrow(/invalid_auth.*install the app again/)
    await slack({ ...config(), apiUrl: 'http://127.0.0.1:9/api/' }, deps).start?.()
  })
})
