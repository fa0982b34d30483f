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
export const click = (): Promise<Figure[]> => clicked('click.slack', () => undefined)

/**
 * The same from a form that was opened on a message: when the row stands and Slack has its answer, the product edits
 * that message too, which its peer does not.
 */
export const clickInMessage = (): Promise<Figure[]> =>
  clicked('click.slack.message', ({ user, ts }) => ({ channel: `D${user}`, ts }))

/** The message that a form was opened on; none when it was opened in the Home tab. */
type Opened = (duty: Duty) => { channel: string; ts: string } | undefined

async function clicked(name: string, at: Opened): Promise<Figure[]> {
  const { folder, remove } = dataFolder()
  const ground = await makeGround(PAIRED)
  const started: ChildProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  try {
    const product = await side(ground, { mode: 'product' }, started)
    const rounds = await paired(
      ground.duties,
      async () => (duty) => post(agent, product, bodyOf(duty, ground.versionId, at)),
      async (duties) => {
        const statements = join(folder, 'statements.json')
        await keepStatements(ground, duties, statements)
        const peer = await side(ground, { mode: 'peer', statements }, started)
        return (duty) => post(agent, peer, bodyOf(duty, ground.versionId, at))
      },
    )
    await refuseLoss(ground)
    return [
      {
        name,
        unit: 'signed clicks/s at 32 clients',
        peer: 'bare node:http with signature check, and the same statements in the same round trips through raw postgres',
        aim: 'ratio >= 0.75',
        ...ratioOf(rounds),
      },
      {
        name: `${name}.p99`,
        value: Math.round(median(rounds.map((one) => one.p99))),
        peerValue: Math.round(median(rounds.map((one) => one.theirP99))),
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

function bodyOf(duty: Duty, versionId: string, at: Opened): string {
  const meta = {
    do: 'policies.acknowledge',
    id: duty.assignmentId,
    shown: versionId,
    with: { page: '1' },
    at: at(duty),
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
  return `payload=${encodeURIComponent(JSON.stringify(payload))}`
}

function post(agent: Agent, port: number, body: string): Promise<void> {
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
