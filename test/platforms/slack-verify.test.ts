import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { slack } from '../../adapters/slack/index.ts'
import { makeReceiver } from '../../adapters/slack/receiver.ts'
import { isSigned } from '../../adapters/slack/verify.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import { makeUnder } from '../../src/core/under.ts'
import { serveRoutes, sign } from './slack-person.ts'
import { COMMANDS, makeClock, makeFakeCore, openScene, PEOPLE, type SlackScene } from './slack-scene.ts'
import { startSlack } from './slack-stand-in.ts'

type Case = { desc: string; timestamp: string; now: string; body: string; signature: string; ok: boolean }
const vectors = JSON.parse(readFileSync(new URL('../vectors/slack-signature.json', import.meta.url), 'utf8')) as {
  signing_secret: string
  cases: Case[]
}

const FORM = 'application/x-www-form-urlencoded'

describe('T01 only what Slack signed reaches the core', () => {
  test.each(vectors.cases)('$desc', async ({ timestamp, now, body, signature, ok }) => {
    const { core, turns } = makeFakeCore(() => ({ say: [{ text: 'Hello' }] }), {
      commands: [
        {
          ...COMMANDS[0],
          word: 'hook',
          do: 'home.hook',
          hint: () => '',
          slash: { command: '/webhook-collect', usage: '' },
        },
      ],
    })
    const workspace = await startSlack({ users: PEOPLE })
    const clock = makeClock(Number(now) * 1000)
    const platform = slack(
      {
        botToken: workspace.token,
        signingSecret: vectors.signing_secret,
        apiUrl: workspace.apiUrl,
        teamIds: ['T1DC2JH3J'],
      },
      { now: clock.now, log: silent, random: systemRandom, after: clock.after },
    )
    const server = await serveRoutes(platform.mount(core))
    const response = await fetch(`${server.url}/slack/events`, {
      method: 'POST',
      headers: { 'content-type': FORM, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature },
      body,
    })
    expect(response.status).toBe(ok ? 200 : 401)
    expect(turns).toHaveLength(ok ? 1 : 0)
    await server.close()
    await workspace.close()
  })

  test('an empty secret verifies nothing and starts nothing', () => {
    const body = Buffer.from('a=1')
    const headers = sign(body, 1000, '')
    const signed = { timestamp: '1000', signature: headers['x-slack-signature'], body }
    expect(isSigned(signed, '', new Date(1_000_000))).toBe(false)
    const after = async () => {}
    expect(() =>
      makeReceiver({ signingSecret: ' ', now: () => new Date(), log: silent, under: makeUnder(after) }),
    ).toThrow('signing secret')
    expect(() => slack({ botToken: 'nonsense' }, { now: () => new Date(), log: silent, random: systemRandom })).toThrow(
      /xoxb-.*signing secret/,
    )
  })
})

describe('a signed request', () => {
  let scene: SlackScene
  let turns: ReturnType<typeof makeFakeCore>['turns']

  beforeEach(async () => {
    const fake = makeFakeCore(() => ({ say: [{ text: 'Hello' }] }))
    turns = fake.turns
    scene = await openScene(fake.core)
  })
  afterEach(() => scene.stop())

  const post = (body: string | Buffer, headers: Record<string, string>) =>
    fetch(`${scene.url}/slack/events`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
  const now = () => Math.floor(scene.clock.now().getTime() / 1000)
  const command = (more = '') =>
    `team_id=${scene.workspace.team}&user_id=U0MEI00001&command=%2Fisms&text=help&trigger_id=1.2.3${more}`

  test('T02 sent again within its five minutes gets the first answer and does nothing', async () => {
    const body = command()
    const headers = { 'content-type': FORM, ...sign(body, now()) }
    const [first, second] = await Promise.all([post(body, headers), post(body, headers)])
    scene.clock.pass(200_000)
    const third = await post(body, headers)
    const answers = await Promise.all([first, second, third].map((one) => one.text()))
    expect([first, second, third].map((one) => one.status)).toEqual([200, 200, 200])
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('Hello')
    expect(turns).toHaveLength(1)
  })

  test('T02 from 301 seconds ahead or behind is refused', async () => {
    for (const skew of [301, -301]) {
      const body = command(`&n=${skew}`)
      expect((await post(body, { 'content-type': FORM, ...sign(body, now() + skew) })).status).toBe(401)
    }
    expect(turns).toHaveLength(0)
  })

  const odd: [string, string | Buffer, Record<string, string>][] = [
    ['a payload twice', 'payload={"type":"shortcut"}&payload={"type":"block_actions"}', { 'content-type': FORM }],
    ['a payload beside other fields', 'payload=%7B%7D&command=%2Fisms', { 'content-type': FORM }],
    ['a field twice', 'command=/isms&user_id=U1&user_id=U2', { 'content-type': FORM }],
    ['no content type', 'command=/isms', { 'content-type': '' }],
    ['a form that says it is text', 'command=/isms', { 'content-type': 'text/plain' }],
    ['JSON that says it is a form', '{"type":"event_callback"}', { 'content-type': FORM, 'x-odd': '1' }],
    ['another charset', 'command=/isms', { 'content-type': `${FORM}; charset=utf-16` }],
    ['a compressed body', gzipSync('command=/isms'), { 'content-type': FORM, 'content-encoding': 'gzip' }],
    ['bytes that are no UTF-8', Buffer.from([0x63, 0x3d, 0xff, 0xfe]), { 'content-type': FORM }],
    ['a list instead of an object', '[]', { 'content-type': 'application/json' }],
    ['broken JSON', '{"type":', { 'content-type': 'application/json' }],
  ]
  test.each(odd)('T03 with %s reaches nobody', async (_what, body, headers) => {
    const response = await post(body, { ...headers, ...sign(body, now()) })
    expect([400, 404]).toContain(response.status)
    expect(turns).toHaveLength(0)
  })

  test('T03 the charset UTF-8 may be named', async () => {
    const body = command()
    const headers = { 'content-type': `${FORM}; charset=UTF-8`, ...sign(body, now()) }
    expect((await post(body, headers)).status).toBe(200)
    expect(turns).toHaveLength(1)
  })

  test('T37 more than a megabyte is refused before it is read, deep nesting is refused quickly', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, 0x61)
    expect((await post(large, { 'content-type': FORM, ...sign(large, now()) })).status).toBe(413)
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
    const begun = performance.now()
    const response = await post(deep, { 'content-type': 'application/json', ...sign(deep, now()) })
    expect(response.status).toBe(400)
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(turns).toHaveLength(0)
  })

  test('proves the address to Slack', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c-123' })
    const signed = await post(body, { 'content-type': 'application/json', ...sign(body, now()) })
    expect(await signed.text()).toBe('c-123')
    const unsigned = await post(body, { 'content-type': 'application/json' })
    expect(unsigned.status).toBe(401)
  })

  test('of a kind that nobody handles is answered, not left hanging', async () => {
    const said = await scene.mei.interact({ type: 'workflow_step_edit', team: { id: scene.workspace.team } })
    expect(said.status).toBe(404)
  })
})
