import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { turnOf } from './acknowledgement.ts'
import { captureTurns } from './capture.ts'
import { type Duty, type Ground, makeGround } from './ground.ts'
import { CLIENTS, median, PAIRED, paired, ratioOf, refuseLoss } from './pairs.ts'
import { dataFolder } from './product.ts'
import type { Figure } from './run.ts'

export const SECRET = 'b'.repeat(32)

/** A signed acknowledgement from HTTP through Bolt to the durable row, against bare node:http doing the same statements. */
export async function click(): Promise<Figure[]> {
  const { folder, remove } = dataFolder()
  const ground = await makeGround(PAIRED)
  const started: ChildProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  try {
    const product = await side(ground, { mode: 'product' }, started)
    const rounds = await paired(
      ground.duties,
      async () => (duty) => post(agent, product, duty, ground.versionId),
      async (duties) => {
        const statements = join(folder, 'statements.json')
        await keepStatements(ground, duties, statements)
        const peer = await side(ground, { mode: 'peer', statements }, started)
        return (duty) => post(agent, peer, duty, ground.versionId)
      },
    )
    await refuseLoss(ground)
    return [
      {
        name: 'click.slack',
        unit: 'signed clicks/s at 32 clients',
        peer: 'bare node:http with signature check and the same statements through raw pipelined postgres',
        aim: 'ratio >= 0.75',
        ...ratioOf(rounds),
      },
      {
        name: 'click.slack.p99',
        value: Math.round(median(rounds.map((one) => one.p99))),
        unit: 'ms at 32 clients',
        aim: '< 100',
      },
    ]
  } finally {
    agent.destroy()
    for (const child of started) child.kill('SIGKILL')
    await ground.remove()
    remove()
  }
}

async function keepStatements(ground: Ground, duties: readonly Duty[], file: string): Promise<void> {
  const captured = await captureTurns(
    ground,
    duties.map((duty) => turnOf(duty, ground.versionId)),
  )
  const bySubject = Object.fromEntries(duties.map((duty, n) => [duty.assignmentId, captured[n]]))
  const plain = (_key: string, value: unknown) => {
    if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
    const buffer = value as { type?: string; data?: number[] } | null
    return buffer?.type === 'Buffer' && buffer.data ? { base64: Buffer.from(buffer.data).toString('base64') } : value
  }
  writeFileSync(file, JSON.stringify(bySubject, plain))
}

async function side(
  ground: Ground,
  setting: { mode: string; statements?: string },
  started: ChildProcess[],
): Promise<number> {
  const { host, port, user, database } = ground.embedded.app
  const whole = { ...setting, access: { host, port, user, database }, now: ground.deps.now().toISOString() }
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('click-server.ts', import.meta.url)), JSON.stringify(whole)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  started.push(child)
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) if (line.startsWith('{"port"')) return (JSON.parse(line) as { port: number }).port
  throw new Error(`the ${setting.mode} side did not start`)
}

function post(agent: Agent, port: number, duty: Duty, versionId: string): Promise<void> {
  const meta = {
    do: 'policies.acknowledge',
    id: duty.assignmentId,
    shown: versionId,
    with: { page: '1' },
    at: { channel: `D${duty.user}`, ts: duty.ts },
  }
  const payload = {
    type: 'view_submission',
    team: { id: 'T0000BENCH' },
    user: { id: duty.user, team_id: 'T0000BENCH' },
    trigger_id: `t.${duty.assignmentId}`,
    view: {
      id: `V${duty.assignmentId}`,
      hash: '1.a',
      type: 'modal',
      callback_id: 'policies.acknowledge',
      private_metadata: JSON.stringify(meta),
      state: { values: {} },
      blocks: [],
    },
  }
  const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`
  const stamp = String(Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${stamp}:${body}`).digest('hex')}`
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    'x-slack-request-timestamp': stamp,
    'x-slack-signature': signature,
  }
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, port, host: '127.0.0.1', method: 'POST', path: '/slack/events', headers },
      (response) => {
        response.resume()
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
