import { type IncomingHttpHeaders, request } from 'node:http'
import type { Running } from './desk-server.ts'

type Answer = { status: number; headers: IncomingHttpHeaders; text: string }

type Ask = { method?: string; headers?: Record<string, string>; body?: string | Buffer }

/** A browser without a page: keeps cookies, sends what it is told, follows nothing by itself. */
export type Client = {
  ask(path: string, ask?: Ask): Promise<Answer>
  /** GET, remembering the token of the page. */
  open(path: string): Promise<Answer>
  /** A form with the token of the page that was opened last. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  readonly cookies: Map<string, string>
  csrf: string
}

export function makeClient(desk: Pick<Running, 'port'>): Client {
  const cookies = new Map<string, string>()
  const client: Client = {
    cookies,
    csrf: '',
    async ask(path, { method = 'GET', headers = {}, body } = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await send(desk.port, path, method, { ...(cookie ? { cookie } : {}), ...headers }, body)
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') cookies.delete(name)
        else cookies.set(name, value)
      }
      return answer
    },
    async open(path) {
      const answer = await client.ask(path)
      client.csrf = /name="csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? client.csrf
      return answer
    },
    post(path, fields, headers = {}) {
      const body = new URLSearchParams({ csrf: client.csrf, ...fields }).toString()
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return client.ask(path, { method: 'POST', body, headers: { ...type, ...headers } })
    },
  }
  return client
}

const send = (port: number, path: string, method: string, headers: Record<string, string>, body?: string | Buffer) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
