import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Posted, startTeams, type TeamsStandIn, type TeamsUser } from '../platforms/teams-stand-in.ts'
import { makeCertificate } from './certificate.ts'
import type { Env } from './started.ts'

export type Microsoft = TeamsStandIn & {
  /** What leads a started process here: three addresses, the bot's own settings, and whom to trust. */
  env: Env
  /** What was asked of each of the three, as `POST login /…/token`. */
  asked: string[]
  /** The first answer of `look` that is one: now, or after a call that came in. */
  until<T>(look: () => T | undefined): Promise<T>
}

type Part = 'login' | 'keys' | 'service'

const HOST = '127.0.0.1'
export const SECRET = 'outbound-secret-of-the-tests'
const ELSEWHERE = 'https://login.microsoftonline.com'

/** What Entra says of a wrong secret. [learn.microsoft.com, AADSTS error codes] */
const WRONG_SECRET = {
  error: 'invalid_client',
  error_description: 'AADSTS7000215: Invalid client secret provided. Trace ID: 0 Correlation ID: 0',
  error_codes: [7000215],
}

/**
 * The stand-in of Teams behind TLS, for a process that is started: the token service, the keys and the connector, each
 * at an address of its own, so that a call in the wrong place finds nothing. The certificate is made here and now.
 */
export async function startMicrosoft(users: TeamsUser[], tenant: string, folder: string): Promise<Microsoft> {
  const inner = await startTeams({ now: () => new Date(), users, tenant })
  const inside = new URL(inner.metadataUrl).origin
  const certificate = makeCertificate(HOST)
  const trusted = join(folder, 'microsoft.pem')
  writeFileSync(trusted, certificate.cert, { mode: 0o644 })
  const asked: string[] = []
  const waiting = new Set<() => void>()
  const servers: Server[] = []

  async function open(part: Part): Promise<string> {
    const server = createServer(certificate, (request, response) => {
      answer(part, request, response).catch(() => response.destroy())
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
    return `https://${HOST}:${(server.address() as AddressInfo).port}`
  }

  async function answer(part: Part, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const { method = 'GET', url: path = '/' } = request
    asked.push(`${method} ${part} ${path}`)
    if (partOf(path) !== part) return reply(response, 404, '{}')
    const isToken = new URL(path, inside).pathname.endsWith('/oauth2/v2.0/token')
    if (isToken && new URLSearchParams(raw.toString()).get('client_secret') !== SECRET)
      return reply(response, 401, JSON.stringify(WRONG_SECRET))
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const { authorization, 'content-type': type = 'application/json' } = request.headers
    const told = await fetch(inside + path, {
      method,
      headers: { 'content-type': type, ...(authorization ? { authorization } : {}) },
      signal: gone.signal,
      ...(raw.length > 0 ? { body: raw } : {}),
    })
    // The documents name addresses: here they are ours.
    const text = (await told.text()).replaceAll(inside, keys).replaceAll(ELSEWHERE, login)
    const wait = told.headers.get('retry-after')
    reply(response, told.status, text, wait === null ? {} : { 'retry-after': wait })
  }

  function reply(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(text)
    for (const look of waiting) look()
  }

  const [login, keys, service] = [await open('login'), await open('keys'), await open('service')]
  const serviceUrl = `${service}/emea/`

  return {
    ...inner,
    serviceUrl,
    sign: (claims, how) => inner.sign({ serviceurl: serviceUrl, ...claims }, how),
    asked,
    env: {
      TEAMS_APP_ID: inner.appId,
      TEAMS_APP_SECRET: SECRET,
      TEAMS_TENANT_IDS: tenant,
      TEAMS_LOGIN_URL: login,
      TEAMS_OPENID_METADATA_URL: `${keys}${new URL(inner.metadataUrl).pathname}`,
      TEAMS_SERVICE_HOSTS: new URL(service).host,
      NODE_EXTRA_CA_CERTS: trusted,
    },
    until: <T>(look: () => T | undefined) =>
      new Promise<T>((resolve) => {
        const again = () => {
          const found = look()
          if (found === undefined) return
          waiting.delete(again)
          resolve(found)
        }
        waiting.add(again)
        again()
      }),
    async close() {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
      await inner.close()
    },
  }
}

/** Where a path belongs. */
function partOf(path: string): Part {
  if (path.startsWith('/emea/v3/')) return 'service'
  return path.startsWith('/v1/.well-known/') ? 'keys' : 'login'
}

/** The words of a message as its notification shows them, or as they were said. */
export const headOf = ({ activity }: Posted): string => String(activity.summary ?? activity.text ?? '')
