import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { slack } from '../../adapters/slack/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import type { Reply, Turn } from '../../src/core/workflow.ts'
import type { Json } from './slack-blocks.ts'
import { makeFakeCore, PEOPLE } from './slack-scene.ts'
import { type SlackStandIn, startSlack } from './slack-stand-in.ts'

/** Just enough of RFC 6455: short and medium text frames, one client. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126
      ? Buffer.from([0x81, payload.length])
      : Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255])
  return Buffer.concat([head, payload])
}

function* unframe(bytes: Buffer): Generator<{ opcode: number; text: string }> {
  for (let at = 0; at + 6 <= bytes.length; ) {
    const opcode = (bytes[at] ?? 0) & 15
    let size = (bytes[at + 1] ?? 0) & 127
    at += 2
    if (size === 126) {
      size = bytes.readUInt16BE(at)
      at += 2
    }
    const mask = bytes.subarray(at, at + 4)
    at += 4
    yield {
      opcode,
      text: Buffer.from(bytes.subarray(at, at + size).map((byte, n) => byte ^ (mask[n % 4] ?? 0))).toString(),
    }
    at += size
  }
}

type Line = {
  url: string
  send(envelope: Json): void
  next(): Promise<Json>
  connected(): Promise<void>
  drop(): void
  close(): Promise<void>
}

/** Slack's end of Socket Mode. */
async function openLine(): Promise<Line> {
  const got: Json[] = []
  let tell = () => {}
  let greet = () => {}
  let wire: Socket | undefined
  const server = createServer()
  server.on('upgrade', (request, socket: Socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    socket.write(
      frame(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0COUNTER1' } })),
    )
    wire = socket
    greet()
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      for (const { opcode, text } of unframe(bytes)) {
        if (opcode === 8) socket.end(Buffer.from([0x88, 0]))
        if (opcode !== 1) continue
        got.push(JSON.parse(text) as Json)
        tell()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link`,
    send: (envelope) => void wire?.write(frame(JSON.stringify(envelope))),
    async next() {
      while (got.length === 0)
        await new Promise<void>((resolve) => {
          tell = resolve
        })
      return got.shift() as Json
    },
    connected: () =>
      new Promise((resolve) => {
        greet = resolve
      }),
    drop: () => void wire?.destroy(),
    async close() {
      wire?.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function given(answer: (turn: Turn) => Reply | Promise<Reply>, changed?: () => Promise<void>) {
  const fake = makeFakeCore(answer)
  const line = await openLine()
  const workspace: SlackStandIn = await startSlack({
    users: PEOPLE,
    links: { appToken: 'xapp-stand-in', url: line.url },
  })
  const platform = slack(
    { botToken: workspace.token, appToken: 'xapp-stand-in', apiUrl: workspace.apiUrl },
    { now: () => new Date(), log: silent, random: systemRandom, changed },
  )
  expect(platform.mount(fake.core)).toEqual([])
  await platform.start?.()
  opened.push(workspace, line, { close: async () => platform.stop?.() })
  return { ...fake, line, workspace, platform }
}

const command = (workspace: SlackStandIn): Json => ({
  type: 'slash_commands',
  envelope_id: 'env-command',
  accepts_response_payload: true,
  payload: {
    command: '/isms',
    text: 'help',
    user_id: 'U0MEI00001',
    team_id: workspace.team,
    trigger_id: workspace.trigger('U0MEI00001'),
    response_url: workspace.responseUrl({ user: 'U0MEI00001' }),
  },
})

test('in Socket Mode a command is answered over the connection, without a signing secret', async () => {
  const { line, workspace, turns } = await given(() => ({ say: plain('Hello') }))
  line.send(command(workspace))
  expect(await line.next()).toMatchObject({
    envelope_id: 'env-command',
    payload: { response_type: 'ephemeral', text: 'Hello' },
  })
  expect(turns[0]).toMatchObject({ do: 'home.help', by: { user: 'U0MEI00001' } })
})

test('an event is acknowledged when its work is done; one that failed is left to be brought again', async () => {
  let fails = true
  const { line, workspace } = await given(
    () => ({}),
    async () => {
      if (fails) throw new Error('database is gone')
    },
  )
  const event = (envelope: string, id: string): Json => ({
    type: 'events_api',
    envelope_id: envelope,
    accepts_response_payload: false,
    payload: {
      type: 'event_callback',
      team_id: workspace.team,
      event_id: id,
      event: { type: 'team_join', user: { id: 'U0NEW00001', team_id: workspace.team } },
    },
  })
  line.send(event('env-1', 'Ev1'))
  line.send(command(workspace))
  expect(await line.next()).toMatchObject({ envelope_id: 'env-command' })
  fails = false
  line.send(event('env-2', 'Ev1'))
  expect(await line.next()).toMatchObject({ envelope_id: 'env-2' })
})

test('what is under way when the process stops is finished first', async () => {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const { promise: asked, resolve: tell } = Promise.withResolvers<void>()
  const { line, workspace, platform } = await given(() => {
    tell()
    return promise
  })
  line.send(command(workspace))
  await asked
  const stopping = platform.stop?.()
  resolve({ say: plain('Done in time') })
  expect(await line.next()).toMatchObject({ payload: { text: 'Done in time' } })
  await stopping
})

test('a connection that is lost and refused for a while comes back, and nothing ends the process', async () => {
  const stray: unknown[] = []
  const note = (reason: unknown) => void stray.push(reason)
  process.on('unhandledRejection', note)
  const { line, workspace } = await given(() => ({ say: plain('Still here') }))
  workspace.fail('apps.connections.open', { status: 503 })
  const back = line.connected()
  line.drop()
  await back
  line.send(command(workspace))
  expect(await line.next()).toMatchObject({ payload: { text: 'Still here' } })
  process.off('unhandledRejection', note)
  expect(stray).toEqual([])
}, 30_000)
