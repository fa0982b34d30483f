import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from './teams-cards.ts'
import { type Answer, makeConversations, refusal } from './teams-connector.ts'
import { DRIVE, type Drive, makeDrive } from './teams-drive.ts'
import { documentOf, makeTokens, type Signing, TOKEN, tokenAnswer } from './teams-tokens.ts'

/**
 * The Bot Connector, the token service and the Bot Framework's keys on loopback, as far as a bot uses them: it keeps what
 * people would see and says no where Teams says no.
 */
export type TeamsUser = {
  /** Object id in Entra. */
  id: string
  /** Their id for this bot: `29:…`. */
  mri: string
  name: string
  email?: string
  userPrincipalName?: string
  userRole: 'user' | 'guest' | 'anonymous'
  tenantId: string
}

export type Posted = { id: string; conversation: string; activity: Json; edits: number }
export type Kind = 'send' | 'edit' | 'delete' | 'create' | 'member' | 'token'
/** `after` does the work first; `hang` never answers. */
export type Failure = { status?: number; headers?: Record<string, string>; code?: string; hang?: true; after?: true }
export type Call = { method: string; path: string; body: Json }

export type TeamsStandIn = {
  /** The one client of the adapter: leads here instead of outside, and nowhere else. */
  fetch: typeof fetch
  /** Addresses somebody tried to call that are no service of Teams. */
  strays: string[]
  metadataUrl: string
  appId: string
  tenant: string
  serviceUrl: string
  users: Map<string, TeamsUser>
  /** Where people's files are. */
  drive: Drive
  sign(claims?: Json, how?: Signing): string
  /** What stands in a person's conversation with the bot, oldest first; by either of their ids. */
  chat(user: string): Posted[]
  /** The id of that conversation. */
  personal(user: string): string
  messages(conversation: string): Posted[]
  calls: Call[]
  /** How often a token was asked for. */
  logins(): number
  /** The next calls of a kind fail like this. */
  fail(kind: Kind, ...how: Failure[]): void
  /** Resolves with the next call of that kind. */
  next(kind: Kind): Promise<Call>
  /** This person wrote to the bot or installed it: their conversation is there from now on. */
  meet(user: string): void
  /** This person blocks the bot: nothing reaches them any more. */
  block(user: string): void
  close(): Promise<void>
}

type Options = {
  now: () => Date
  users: TeamsUser[]
  tenant?: string
  appId?: string
  /** A page of a roster never holds more, whatever is asked for. */
  page?: number
}

const SERVICE = 'https://smba.trafficmanager.net/emea/'
const OUTSIDE = ['https://smba.trafficmanager.net', 'https://login.microsoftonline.com', DRIVE]

export async function startTeams(options: Options): Promise<TeamsStandIn> {
  const { now, tenant = '7ea1157a-0000-4000-8000-0000000000aa', page = 500 } = options
  const appId = options.appId ?? 'c0de51e0-0000-4000-8000-0000000000b0'
  const users = new Map(options.users.map((user) => [user.id, user]))
  const tokens = makeTokens(appId, now)
  const conversations = makeConversations({ appId, users, now, page })
  const failures = new Map<Kind, Failure[]>()
  const waiting = new Map<Kind, ((call: Call) => void)[]>()
  const drive = makeDrive()
  const calls: Call[] = []
  const strays: string[] = []
  let logins = 0

  function login(): Answer {
    logins++
    return tokenAnswer
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const method = request.method ?? 'GET'
    const bytes = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    if (url.pathname.startsWith('/drive/')) return drive.answer(request, response, url, bytes)
    const raw = bytes.toString()
    const isLogin = method === 'POST' && url.pathname.endsWith('/oauth2/v2.0/token')
    const body = isLogin ? Object.fromEntries(new URLSearchParams(raw)) : parsed(raw)
    const call = { method, path: url.pathname + url.search, body: body ?? {} }
    calls.push(call)
    const isConnector = url.pathname.startsWith('/emea/v3/')
    const known = method === 'GET' ? documentOf(url, origin, tenant, tokens.keys) : undefined
    const meant = isConnector ? conversations.meant(method, url, call.body) : undefined
    if (known) reply(response, known)
    else if (isLogin) reply(response, done('token', login, call))
    else if (isConnector && request.headers.authorization !== `Bearer ${TOKEN}`)
      reply(response, refusal(401, 'Unauthorized', 'Authorization has been denied for this request'))
    else if (!meant) reply(response, refusal(404, 'NotFound', 'No such route'))
    else if (!body) reply(response, refusal(400, 'BadSyntax', 'Not JSON'))
    else reply(response, done(meant.kind, meant.work, call))
  }

  function done(kind: Kind, work: () => Answer, call: Call): Answer | undefined {
    for (const tell of waiting.get(kind)?.splice(0) ?? []) tell(call)
    const failure = failures.get(kind)?.shift()
    if (!failure) return work()
    if (failure.after) work()
    if (failure.hang) return undefined
    const { status = 500, code = 'ServiceError', headers } = failure
    return { ...refusal(status, code, 'as told'), headers }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const inside: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    if (!OUTSIDE.includes(url.origin) && url.origin !== origin) {
      strays.push(request.url)
      throw new TypeError(`nobody may call ${url.host}`)
    }
    const { method, headers, signal, redirect } = request
    const bytes = await request.arrayBuffer()
    const body = bytes.byteLength > 0 ? { body: bytes } : {}
    const at = `${origin}${url.origin === DRIVE ? '/drive' : ''}${url.pathname}${url.search}`
    return fetch(at, { method, headers, signal, redirect, ...body })
  }

  return {
    fetch: inside,
    strays,
    metadataUrl: `${origin}/v1/.well-known/openidconfiguration`,
    appId,
    tenant,
    serviceUrl: SERVICE,
    users,
    drive,
    sign: tokens.sign,
    chat: (user) => conversations.messages(conversations.personal(user)),
    personal: conversations.personal,
    messages: conversations.messages,
    calls,
    logins: () => logins,
    fail: (kind, ...how) => void failures.set(kind, [...(failures.get(kind) ?? []), ...how]),
    next: (kind) =>
      new Promise((resolve) => {
        waiting.set(kind, [...(waiting.get(kind) ?? []), resolve])
      }),
    meet: (user) => void conversations.opened(conversations.personal(user)),
    block: conversations.block,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** undefined: not JSON. */
function parsed(raw: string): Json | undefined {
  try {
    return JSON.parse(raw || '{}') as Json
  } catch {
    return undefined
  }
}

/** Without an answer the caller waits for as long as it likes. */
function reply(response: ServerResponse, answer: Answer | undefined): void {
  if (!answer) return
  const type = answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(answer.status, { ...type, ...answer.headers })
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
}
