import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator } from 'emulate'
import type { Json } from '../platforms/slack-blocks.ts'

export type Account = { name: string; real_name: string; email: string }
export type Call = { method: string; args: Json; result: Json; token: string }
export type Message = { ts: string; text: string; blocks: Json[]; edited?: Json }

export type Workspace = {
  /** For SLACK_API_URL. */
  apiUrl: string
  team: string
  /** Bot tokens by name, each with its own scopes. */
  tokens: Record<string, string>
  /** Account ids by name. */
  ids: Record<string, string>
  /** What the product asked of Slack, and what it was answered. */
  calls: Call[]
  /** The next call of that method that fits. */
  next(method: string, fits?: (call: Call) => boolean): Promise<Call>
  /** The first call of that method that fits, also when it was made before. */
  seen(method: string, fits?: (call: Call) => boolean): Promise<Call>
  trigger(user: string): Promise<string>
  /** The conversation of a person with the app. */
  dm(user: string): Promise<string>
  /** What stands in it, oldest first. */
  chat(user: string): Promise<Message[]>
  responseUrl(): string
  close(): Promise<void>
}

const BOT = { app_id: 'A0COUNTER1', bot_id: 'B0COUNTER1', bot_user_id: 'U0COUNTER1' }
/** Sees what a person sees: the product's own token may not read messages. */
const EYES = 'xoxb-emulated-eyes'

/**
 * `emulate`'s Slack behind a thin front that adds what it leaves out: the header with the token's scopes, the refusal of
 * unknown tokens, addresses to answer clicks at; and that remembers every call.
 */
export async function startWorkspace(
  accounts: Account[],
  scopes: Record<string, readonly string[]>,
): Promise<Workspace> {
  const tokens = Object.fromEntries(Object.keys(scopes).map((name) => [name, `xoxb-emulated-${name}`]))
  const scopesOf = new Map(Object.entries(scopes).map(([name, its]) => [tokens[name], its]))
  const seeded = [
    ...Object.entries(scopes).map(([name, its]) => ({ token: tokens[name] ?? '', scopes: [...its] })),
    { token: EYES, scopes: ['im:history', 'im:write', 'im:read', 'users:read', 'users:read.email'] },
  ].map((one) => ({ ...one, type: 'bot', user_id: BOT.bot_user_id, app_id: BOT.app_id, bot_id: BOT.bot_id }))
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'Harbour', domain: 'harbour' },
        users: accounts.map(({ name, real_name, email }) => ({ name, real_name, profile: { email, real_name } })),
        oauth_apps: [{ ...BOT, client_id: '1.1', client_secret: 'none', name: 'Countersign', redirect_uris: [] }],
        tokens: seeded,
        strict_scopes: true,
      },
    },
  })
  const calls: Call[] = []
  const waiting = new Set<(call: Call) => void>()

  async function ask(method: string, args: Record<string, string>): Promise<Json> {
    const response = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${EYES}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(args).toString(),
    })
    const result = (await response.json()) as Json
    if (result.ok !== true) throw new Error(`${method}: ${String(result.error)}`)
    return result
  }

  async function forward(method: string, token: string, type: string, raw: string): Promise<Json> {
    if (!scopesOf.has(token)) return { ok: false, error: 'invalid_auth' }
    const response = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: raw,
    })
    return (await response.json()) as Json
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    const isHook = path.startsWith('/hooks/')
    const method = isHook ? 'response_url' : path.replace('/api/', '')
    const args = isHook ? (JSON.parse(raw) as Json) : argumentsOf(raw)
    const { authorization = '', 'content-type': type = '' } = request.headers
    const token = authorization.replace('Bearer ', '')
    const result = isHook ? { ok: true } : await forward(method, token, type, raw)
    const call = { method, args, result, token }
    calls.push(call)
    const its = scopesOf.get(token) ?? []
    response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': its.join(',') })
    response.end(JSON.stringify(result))
    for (const tell of waiting) tell(call)
  }

  const front = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const ids: Record<string, string> = {}
  let team = ''
  const { members } = (await ask('users.list', { limit: '200' })) as { members: Json[] }
  for (const member of members) {
    ids[String(member.name)] = String(member.id)
    team = String(member.team_id)
  }
  const dm = async (user: string): Promise<string> =>
    ((await ask('conversations.open', { users: user })) as { channel: { id: string } }).channel.id

  const next: Workspace['next'] = (method, fits = () => true) =>
    new Promise((resolve) => {
      const tell = (call: Call) => {
        if (call.method !== method || !fits(call)) return
        waiting.delete(tell)
        resolve(call)
      }
      waiting.add(tell)
    })

  return {
    apiUrl: `${origin}/api/`,
    team,
    tokens,
    ids,
    calls,
    next,
    async seen(method, fits = () => true) {
      return calls.find((call) => call.method === method && fits(call)) ?? next(method, fits)
    },
    trigger: async (user) => String((await ask('views.generateTriggerId', { user_id: user })).trigger_id),
    dm,
    async chat(user) {
      const { messages } = await ask('conversations.history', { channel: await dm(user), limit: '100' })
      return (messages as Message[]).toReversed()
    },
    responseUrl: () => `${origin}/hooks/${randomBytes(8).toString('hex')}`,
    async close() {
      front.closeAllConnections()
      await new Promise((resolve) => front.close(resolve))
      await emulator.close()
    },
  }
}

/** Slack's clients send nested arguments as JSON inside a form. */
function argumentsOf(raw: string): Json {
  const args: Json = {}
  for (const [name, value] of new URLSearchParams(raw)) args[name] = /^[[{]/.test(value) ? JSON.parse(value) : value
  return args
}
