import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { turnOf } from './acknowledgement.ts'
import { captureTurns } from './capture.ts'
import { type Chat, SLACK } from './chats.ts'
import { type Duty, type Ground, makeGround } from './ground.ts'
import { CLIENTS, median, PAIRED, paired, ratioOf, refuseLoss } from './pairs.ts'
import { dataFolder } from './product.ts'
import type { Figure } from './run.ts'
import { startService } from './service.ts'

/** A signed acknowledgement from HTTP through Bolt to the durable row, against bare node:http doing the same statements. */
export const click = (): Promise<Figure[]> => clicked({ name: 'click.slack', chat: SLACK, isOnMessage: false })

/**
 * The same from a form that was opened on a message: when the row stands and Slack has its answer, the product edits
 * that message too, which its peer does not.
 */
export const clickInMessage = (): Promise<Figure[]> =>
  clicked({ name: 'click.slack.message', chat: SLACK, isOnMessage: true })

/** The same through Teams: an activity whose token the SDK checks, against bare node:http that checks it itself. */
export async function clickInTeams(): Promise<Figure[]> {
  const service = await startService()
  try {
    const { chat, metadataUrl, publicKey } = service
    return await clicked({ name: 'click.teams', chat, isOnMessage: false, more: { metadataUrl, publicKey } })
  } finally {
    service.close()
  }
}

type Clicked = { name: string; chat: Chat; isOnMessage: boolean; more?: object }

async function clicked({ name, chat, isOnMessage, more = {} }: Clicked): Promise<Figure[]> {
  const { folder, remove } = dataFolder()
  const ground = await makeGround(PAIRED, { chat })
  const started: ChildProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const press = (port: number) => (duty: Duty) => {
    const { actor, assignmentId, anchor } = duty
    const { versionId } = ground
    return post(
      agent,
      port,
      chat,
      chat.submit({ actor, assignmentId, versionId, at: isOnMessage ? anchor : undefined }),
    )
  }
  try {
    const common = { ...more, platform: chat.platform }
    const product = await side(ground, { ...common, mode: 'product' }, started)
    const rounds = await paired(
      ground.duties,
      async () => press(product),
      async (duties) => {
        const statements = join(folder, 'statements.json')
        await keepStatements(ground, duties, statements)
        return press(await side(ground, { ...common, mode: 'peer', statements }, started))
      },
    )
    await refuseLoss(ground)
    const peer =
      'bare node:http with signature check, and the same statements in the same round trips through raw postgres'
    return [
      { name, unit: 'signed clicks/s at 32 clients', peer, aim: 'ratio >= 0.75', ...ratioOf(rounds) },
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

async function side(ground: Ground, setting: object, started: ChildProcess[]): Promise<number> {
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
  throw new Error('a side did not start')
}

function post(
  agent: Agent,
  port: number,
  { path }: Chat,
  { body, headers }: ReturnType<Chat['submit']>,
): Promise<void> {
  const all = { ...headers, 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers: all }, (response) => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
