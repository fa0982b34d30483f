import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Json, refusals, viewRefusals } from './slack-blocks.ts'

/**
 * A Slack workspace on loopback, as far as the adapter uses one: it keeps what people would see and says no where Slack
 * says no (single-use triggers of three seconds, limits of blocks and views, response_urls of five uses).
 */
export type SlackUser = { id: string; name: string; email?: string } & Json

export type Posted = { channel: string; ts: string; text: string; blocks: Json[]; metadata?: Json; edits: number }
export type Whispered = { user: string; ts: string; text: string; blocks: Json[] }
export type View = Json & { id: string; hash: string; type: string; blocks: Json[]; private_metadata: string }
export type Failure = { status?: number; headers?: Record<string, string>; error?: string; hang?: true; after?: true }

export type SlackStandIn = {
  apiUrl: string
  team: string
  token: string
  users: Map<string, SlackUser>
  /** Messages that stand in a channel, oldest first. */
  messages(channel: string): Posted[]
  /** What stands in a person's conversation with the app. */
  chat(user: string): Posted[]
  dm(user: string): string
  whispers: Whispered[]
  /** Modals that are open in front of a person, the top one last. */
  modals(user: string): View[]
  show(user: string, views: View[]): void
  home(user: string): View | undefined
  calls: { method: string; args: Json }[]
  trigger(user: string): string
  responseUrl(of: { user: string; at?: Posted; whisper?: Whispered }): string
  makeView(given: Json): View
  /** The private address of an uploaded file, for whoever has the token. */
  keepFile(text: string): string
  /** The next calls of a method fail like this; `after` does the work first. */
  fail(method: string, ...how: Failure[]): void
  /** Resolves with the next call of that method. */
  next(method: string): Promise<Json>
  close(): Promise<void>
}

type Options = {
  now?: () => Date
  scopes?: string[]
  users: SlackUser[]
  team?: string
  /** Where Socket Mode leads to, for that token. */
  links?: { appToken: string; url: string }
}

const TRIGGER_MS = 3000
const URL_USES = 5
const URL_MS = 30 * 60_000

export async function startSlack(options: Options): Promise<SlackStandIn> {
  const now = options.now ?? (() => new Date())
  const team = options.team ?? 'T0COUNTER1'
  const token = 'xoxb-stand-in'
  const scopes = options.scopes ?? ['commands', 'chat:write', 'im:write', 'users:read', 'users:read.email']
  const users = new Map(options.users.map((user) => [user.id, user]))
  const channels = new Map<string, Posted[]>()
  const whispers: Whispered[] = []
  const stacks = new Map<string, View[]>()
  const homes = new Map<string, View>()
  const triggers = new Map<string, { user: string; at: number; used: boolean }>()
  const urls = new Map<string, { user: string; at: number; uses: number; post?: Posted; whisper?: Whispered }>()
  const files = new Map<string, string>()
  const failures = new Map<string, Failure[]>()
  const calls: { method: string; args: Json }[] = []
  const waiting = new Map<string, ((args: Json) => void)[]>()
  let counter = 1000
  const stamp = (): string => `${Math.floor(now().getTime() / 1000)}.${String(++counter).padStart(6, '0')}`
  const dm = (user: string): string => `D${user.slice(1)}`
  const standing = (channel: string): Posted[] => {
    const known = channels.get(channel) ?? []
    channels.set(channel, known)
    return known
  }

  const makeView = (given: Json): View => ({
    private_metadata: '',
    ...given,
    type: String(given.type),
    blocks: given.blocks as Json[],
    id: `V${randomBytes(6).toString('hex').toUpperCase()}`,
    hash: stamp(),
    team_id: team,
    state: { values: {} },
  })

  /** Uses the trigger up and answers whose it was, or Slack's error. */
  function spend(id: unknown): { user: string } | { error: string } {
    const trigger = triggers.get(String(id))
    if (!trigger) return { error: 'invalid_trigger_id' }
    if (trigger.used) return { error: 'exchanged_trigger_id' }
    trigger.used = true
    return now().getTime() - trigger.at > TRIGGER_MS ? { error: 'expired_trigger_id' } : { user: trigger.user }
  }

  const find = (id: unknown): { stack: View[]; at: number } | undefined => {
    for (const stack of stacks.values()) {
      const at = stack.findIndex((view) => view.id === id)
      if (at >= 0) return { stack, at }
    }
    return undefined
  }

  function open(args: Json, onTop: boolean): Json {
    const whose = spend(args.trigger_id)
    if ('error' in whose) return { ok: false, error: whose.error }
    const problems = viewRefusals(args.view as Json)
    if (problems.length > 0) return invalid('invalid_arguments', problems)
    const stack = onTop ? (stacks.get(whose.user) ?? []) : []
    if (stack.length >= 3) return { ok: false, error: 'push_limit_reached' }
    const view = makeView(args.view as Json)
    stacks.set(whose.user, [...stack, view])
    return { ok: true, view }
  }

  const methods: Record<string, (args: Json) => Json> = {
    'auth.test': () => ({
      ok: true,
      team_id: team,
      team: 'Stand-in',
      url: 'https://stand-in.example/',
      user_id: 'U0BOT',
      user: 'countersign',
    }),
    'apps.connections.open': () =>
      options.links ? { ok: true, url: options.links.url } : { ok: false, error: 'not_allowed_token_type' },
    'users.info': (args) => {
      const user = users.get(String(args.user))
      return user ? { ok: true, user: userOf(user, team) } : { ok: false, error: 'user_not_found' }
    },
    'users.lookupByEmail': (args) => {
      const user = [...users.values()].find((one) => one.email === args.email)
      return user ? { ok: true, user: userOf(user, team) } : { ok: false, error: 'users_not_found' }
    },
    'users.list': () => ({ ok: true, members: [...users.values()].map((user) => userOf(user, team)) }),
    'conversations.open': (args) =>
      users.has(String(args.users))
        ? { ok: true, channel: { id: dm(String(args.users)) } }
        : { ok: false, error: 'user_not_found' },
    'chat.postMessage': (args) => {
      const to = String(args.channel)
      if (!/^[UDC]/.test(to)) return { ok: false, error: 'channel_not_found' }
      const blocks = (args.blocks ?? []) as Json[]
      const problems = refusals('message', blocks)
      if (problems.includes('msg_blocks_too_long')) return { ok: false, error: 'msg_blocks_too_long' }
      if (problems.length > 0) return invalid('invalid_blocks', problems)
      const channel = to.startsWith('U') ? dm(to) : to
      const posted = {
        channel,
        ts: stamp(),
        text: String(args.text ?? ''),
        blocks,
        metadata: args.metadata as Json,
        edits: 0,
      }
      standing(channel).push(posted)
      return { ok: true, channel, ts: posted.ts, message: posted as unknown as Json }
    },
    'chat.update': (args) => {
      const posted = standing(String(args.channel)).find((one) => one.ts === args.ts)
      if (!posted) return { ok: false, error: 'message_not_found' }
      const problems = refusals('message', (args.blocks ?? []) as Json[])
      if (problems.length > 0) return invalid('invalid_blocks', problems)
      Object.assign(posted, { text: args.text, blocks: args.blocks, edits: posted.edits + 1 })
      return { ok: true, channel: posted.channel, ts: posted.ts }
    },
    'views.open': (args) => open(args, false),
    'views.push': (args) => open(args, true),
    'views.update': (args) => {
      const found = find(args.view_id)
      if (!found) return { ok: false, error: 'not_found' }
      const problems = viewRefusals(args.view as Json)
      if (problems.length > 0) return invalid('invalid_arguments', problems)
      const view = { ...makeView(args.view as Json), id: String(args.view_id) }
      found.stack[found.at] = view
      return { ok: true, view }
    },
    'views.publish': (args) => {
      const user = String(args.user_id)
      const before = homes.get(user)
      if (before && args.hash !== undefined && args.hash !== before.hash) return { ok: false, error: 'hash_conflict' }
      const problems = viewRefusals(args.view as Json)
      if (problems.length > 0) return invalid('invalid_arguments', problems)
      const view = { ...makeView(args.view as Json), ...(before ? { id: before.id } : {}) }
      homes.set(user, view)
      return { ok: true, view }
    },
  }

  function hook(id: string, body: Json): number {
    const url = urls.get(id)
    if (!url || url.uses >= URL_USES || now().getTime() - url.at > URL_MS) return 404
    url.uses++
    const blocks = (body.blocks ?? []) as Json[]
    if (refusals('message', blocks).length > 0) return 400
    const text = String(body.text ?? '')
    if (body.replace_original === true && url.post) Object.assign(url.post, { text, blocks, edits: url.post.edits + 1 })
    else if (body.replace_original === true && url.whisper) Object.assign(url.whisper, { text, blocks })
    else whispers.push({ user: url.user, ts: stamp(), text, blocks })
    return 200
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    if (path.startsWith('/hooks/')) {
      const body = JSON.parse(raw) as Json
      calls.push({ method: 'response_url', args: body })
      response.writeHead(hook(path.slice(7), body)).end('ok')
      return
    }
    if (path.startsWith('/files/')) {
      const known = request.headers.authorization === `Bearer ${token}` ? files.get(path) : undefined
      response.writeHead(known === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(known)
      return
    }
    const method = path.replace('/api/', '').split('?')[0] ?? ''
    const args = argumentsOf(raw)
    calls.push({ method, args })
    for (const tell of waiting.get(method)?.splice(0) ?? []) tell(args)
    const failure = failures.get(method)?.shift()
    if (failure?.after) methods[method]?.(args)
    if (failure?.hang) return
    if (failure?.status) {
      response.writeHead(failure.status, failure.headers ?? {}).end('no')
      return
    }
    const expected = method === 'apps.connections.open' ? options.links?.appToken : token
    const signedIn = expected === undefined || request.headers.authorization === `Bearer ${expected}`
    const result = failure?.error
      ? { ok: false, error: failure.error }
      : !signedIn
        ? { ok: false, error: 'invalid_auth' }
        : (methods[method]?.(args) ?? { ok: false, error: 'unknown_method' })
    response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': scopes.join(',') })
    response.end(JSON.stringify(result))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    apiUrl: `${origin}/api/`,
    team,
    token,
    users,
    messages: standing,
    chat: (user) => standing(dm(user)),
    dm,
    whispers,
    modals: (user) => stacks.get(user) ?? [],
    show: (user, views) => void stacks.set(user, views),
    home: (user) => homes.get(user),
    calls,
    trigger(user) {
      const id = `${++counter}.474747.${randomBytes(8).toString('hex')}`
      triggers.set(id, { user, at: now().getTime(), used: false })
      return id
    },
    responseUrl({ user, at, whisper }) {
      const id = randomBytes(8).toString('hex')
      urls.set(id, { user, at: now().getTime(), uses: 0, post: at, whisper })
      return `${origin}/hooks/${id}`
    },
    makeView,
    keepFile(text) {
      const path = `/files/${++counter}`
      files.set(path, text)
      return `${origin}${path}`
    },
    fail: (method, ...how) => void failures.set(method, [...(failures.get(method) ?? []), ...how]),
    next: (method) =>
      new Promise((resolve) => {
        waiting.set(method, [...(waiting.get(method) ?? []), resolve])
      }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const invalid = (error: string, problems: string[]): Json => ({
  ok: false,
  error,
  response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
})

/** Slack's clients send nested arguments as JSON inside a form. */
function argumentsOf(raw: string): Json {
  const args: Json = {}
  for (const [name, value] of new URLSearchParams(raw)) {
    args[name] = /^[[{]/.test(value) ? JSON.parse(value) : value
  }
  return args
}

const userOf = ({ id, name, email, ...more }: SlackUser, team: string): Json => ({
  id,
  team_id: team,
  name: name.toLowerCase(),
  real_name: name,
  deleted: false,
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_email_confirmed: true,
  tz: 'Europe/Berlin',
  locale: 'en-GB',
  profile: { real_name: name, ...(email ? { email } : {}) },
  ...more,
})
