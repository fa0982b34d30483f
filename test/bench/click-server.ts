import { createHmac, createPublicKey, createVerify, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { slack } from '../../adapters/slack/index.ts'
import { teams } from '../../adapters/teams/index.ts'
import { connect, open } from '../../db/client.ts'
import { makeCore } from '../../src/core/core.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Platform } from '../../src/core/workflow.ts'
import { serve } from '../../src/http.ts'
import { CONNECTIONS } from '../../src/installation.ts'
import { workflows } from '../../src/workflows.ts'
import type { Statement } from './capture.ts'
import { APP_ID, SECRET, TENANT } from './chats.ts'

/**
 * One side of the click benchmark in a process of its own: `product` is the product's HTTP server, adapter and core;
 * `peer` is bare node:http that checks the signature and sends the same statements raw, in the same round trips: like
 * the product it knows who clicks, and on what, before it writes.
 */
type Setting = {
  mode: 'product' | 'peer'
  platform: 'slack' | 'teams'
  access: { host: string; user: string; database: string }
  now: string
  statements?: string
  metadataUrl?: string
  publicKey?: string
}

const setting = JSON.parse(process.argv[2] ?? '{}') as Setting

async function product() {
  const { db } = await connect({ ...setting.access, connections: CONNECTIONS })
  const now = () => new Date(setting.now)
  const house = {
    workflows,
    organisation: 'Bench',
    desk: undefined,
    workday: { from: 9, to: 17, days: [1, 2, 3, 4, 5] },
    timezone: 'UTC',
    typed: (word: string) => word,
  }
  const platforms: Platform[] = []
  const core = makeCore({ db, house, now, random: systemRandom, log: silent, platforms, wake() {} })
  const platform = setting.platform === 'slack' ? inSlack() : inTeams()
  platforms.push(platform)
  const routes = platform.mount(core)
  await platform.start?.()
  return serve(routes, { host: '127.0.0.1', port: 0, log: silent, ready: async () => true })
}

/** The chats answer at once and in memory: what follows the answer to a click is not what is measured. */
const answering = (answer: object) => async () =>
  new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })

const deps = { now: () => new Date(), log: silent, random: systemRandom }

const inSlack = (): Platform =>
  slack(
    {
      botToken: 'xoxb-bench',
      signingSecret: SECRET,
      teamIds: ['T0000BENCH'],
      fetch: answering({ ok: true, team_id: 'T0000BENCH', user_id: 'UBOT', bot_id: 'BBOT', ts: '1.1', channel: 'D1' }),
    },
    deps,
  )

/** The keys come from the bench's own service; everything else is answered without a way. */
const offline: typeof fetch = async (input, init) =>
  String(input).startsWith(new URL(setting.metadataUrl ?? '').origin) ? fetch(input, init) : answering({ id: '1:1' })()

const inTeams = (): Platform =>
  teams(
    {
      appId: APP_ID,
      tenantIds: [TENANT],
      credential: { secret: 'bench' },
      openIdMetadataUrl: setting.metadataUrl ?? '',
      fetch: offline,
    },
    deps,
  )

async function peer() {
  const sql = open({ ...setting.access, connections: CONNECTIONS })
  const revive = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && 'base64' in value
      ? Buffer.from(String(value.base64), 'base64')
      : value
  const known = new Map(
    Object.entries(JSON.parse(readFileSync(setting.statements ?? '', 'utf8'), revive) as Record<string, Statement[]>),
  )
  const { isSigned, subjectOf } = setting.platform === 'slack' ? slackPeer() : teamsPeer()
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', async () => {
      const raw = Buffer.concat(pieces)
      if (!isSigned(request, raw)) {
        response.writeHead(401).end()
        return
      }
      const statements = known.get(subjectOf(raw)) ?? []
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

const slackPeer = () => ({
  isSigned({ headers }: IncomingMessage, raw: Buffer) {
    const stamp = String(headers['x-slack-request-timestamp'])
    const mine = Buffer.from(`v0=${createHmac('sha256', SECRET).update(`v0:${stamp}:`).update(raw).digest('hex')}`)
    const theirs = Buffer.from(String(headers['x-slack-signature']))
    return mine.length === theirs.length && timingSafeEqual(mine, theirs)
  },
  subjectOf(raw: Buffer): string {
    const payload = JSON.parse(new URLSearchParams(raw.toString()).get('payload') ?? '{}')
    return JSON.parse(payload.view.private_metadata).id
  },
})

function teamsPeer() {
  const key = createPublicKey(setting.publicKey ?? '')
  return {
    isSigned({ headers }: IncomingMessage) {
      const [head = '', claims = '', signature = ''] = (headers.authorization ?? '').slice('Bearer '.length).split('.')
      const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString())
      const isRight = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(key, signature, 'base64url')
      return isRight && aud === APP_ID && exp * 1000 > Date.now()
    },
    subjectOf: (raw: Buffer): string => JSON.parse(raw.toString()).value.data.cs.id,
  }
}

const { port } = setting.mode === 'product' ? await product() : await peer()
console.log(JSON.stringify({ port }))
