import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { slack } from '../../adapters/slack/index.ts'
import { connect, open } from '../../db/client.ts'
import { makeCore } from '../../src/core/core.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Platform } from '../../src/core/workflow.ts'
import { serve } from '../../src/http.ts'
import { CONNECTIONS } from '../../src/installation.ts'
import { workflows } from '../../src/workflows.ts'
import type { Statement } from './capture.ts'
import { SECRET } from './click.ts'

/**
 * One side of the click benchmark in a process of its own: `product` is the product's HTTP server, Bolt and core;
 * `peer` is bare node:http that checks the signature and sends the same statements raw, in the same round trips: like
 * the product it knows who clicks, and on what, before it writes.
 */
type Setting = {
  mode: 'product' | 'peer'
  access: { host: string; user: string; database: string }
  now: string
  statements?: string
}

const setting = JSON.parse(process.argv[2] ?? '{}') as Setting

const { port } = setting.mode === 'product' ? await product() : await peer()
console.log(JSON.stringify({ port }))

async function product() {
  const { db } = await connect({ ...setting.access, connections: CONNECTIONS })
  const now = () => new Date(setting.now)
  const house = {
    workflows,
    organisation: 'Bench',
    desk: undefined,
    workday: { from: 9, to: 17, days: [1, 2, 3, 4, 5] },
    timezone: 'UTC',
  }
  const platforms: Platform[] = []
  const core = makeCore({ db, house, now, random: systemRandom, log: silent, platforms, wake() {} })
  // Slack itself answers at once and in memory: what follows the answer to a click is not what is measured.
  const answer = JSON.stringify({
    ok: true,
    team_id: 'T0000BENCH',
    user_id: 'UBOT',
    bot_id: 'BBOT',
    ts: '1.1',
    channel: 'D1',
  })
  const platform = slack(
    {
      botToken: 'xoxb-bench',
      signingSecret: SECRET,
      teamIds: ['T0000BENCH'],
      fetch: async () => new Response(answer, { headers: { 'content-type': 'application/json' } }),
    },
    { now: () => new Date(), log: silent, random: systemRandom },
  )
  platforms.push(platform)
  const routes = platform.mount(core)
  await platform.start?.()
  return serve(routes, { host: '127.0.0.1', port: 0, log: silent, ready: async () => true })
}

async function peer() {
  const sql = open({ ...setting.access, connections: CONNECTIONS })
  const revive = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && 'base64' in value
      ? Buffer.from(String(value.base64), 'base64')
      : value
  const known = new Map(
    Object.entries(JSON.parse(readFileSync(setting.statements ?? '', 'utf8'), revive) as Record<string, Statement[]>),
  )
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', async () => {
      const raw = Buffer.concat(pieces)
      const stamp = String(request.headers['x-slack-request-timestamp'])
      const mine = Buffer.from(`v0=${createHmac('sha256', SECRET).update(`v0:${stamp}:`).update(raw).digest('hex')}`)
      const theirs = Buffer.from(String(request.headers['x-slack-signature']))
      if (mine.length !== theirs.length || !timingSafeEqual(mine, theirs)) {
        response.writeHead(401).end()
        return
      }
      const payload = JSON.parse(new URLSearchParams(raw.toString()).get('payload') ?? '{}')
      const statements = known.get(JSON.parse(payload.view.private_metadata).id) ?? []
      await sql.begin(async (tx) => {
        for (const flight of flightsOf(statements))
          await Promise.all(
            flight.map((one) => tx.unsafe(one.text, one.values as never[], { prepare: one.values.length > 0 })),
          )
      })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : 0 }
}

function flightsOf(statements: readonly Statement[]): Statement[][] {
  const count = Math.max(0, ...statements.map((one) => one.flight))
  return Array.from({ length: count }, (_, n) => statements.filter((one) => one.flight === n + 1))
}
