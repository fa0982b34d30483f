import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App, Receiver } from '@slack/bolt'
import { readBody } from '../../src/core/body.ts'
import type { Log } from '../../src/core/log.ts'
import { type Answer, makeReplays } from '../../src/core/replay.ts'
import type { Under } from '../../src/core/under.ts'
import type { Route } from '../../src/core/workflow.ts'
import { type Body, parseBody } from './body.ts'
import { dispatch, type Outcome } from './dispatch.ts'
import { BODY } from './limits.ts'
import { isSigned } from './verify.ts'

/** Events, clicks, commands and searched choices all arrive here; the manifest declares the same. */
const PATH = '/slack/events'

type Wiring = { signingSecret: string; now: () => Date; log: Log; under: Under }

/** Bolt's Receiver on a route of the one HTTP server: it listens nowhere itself. */
export type HttpReceiver = Receiver & { routes: Route[] }

export function makeReceiver({ signingSecret, now, log, under }: Wiring): HttpReceiver {
  if (signingSecret.trim() === '') throw new Error('The Slack signing secret is empty: set it, or use Socket Mode.')
  const replays = makeReplays(now)
  let app: App | undefined

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readBody(request, BODY)
    if (raw === undefined) return refuse(response, 413)
    const timestamp = one(request.headers['x-slack-request-timestamp'])
    const signature = one(request.headers['x-slack-signature'])
    if (signature === undefined || !isSigned({ timestamp, signature, body: raw }, signingSecret, now())) {
      log.warn({}, 'slack.signature')
      return refuse(response, 401)
    }
    const body = parseBody(request.headers, raw)
    if (body === undefined) return refuse(response, 400)
    const answer = await replays.once(signature, () => answerTo(body, request.headers))
    write(response, answer)
  }

  async function answerTo(body: Body, headers: IncomingMessage['headers']): Promise<Answer> {
    if (body.type === 'url_verification') return { status: 200, body: String(body.challenge), type: 'text/plain' }
    if (body.ssl_check === '1') return { status: 200, body: '' }
    if (!app) return { status: 503, body: '' }
    const retryNum = Number(one(headers['x-slack-retry-num']))
    const outcome = await dispatch(
      app,
      {
        body,
        ...(retryNum > 0 ? { retryNum, retryReason: one(headers['x-slack-retry-reason'])?.slice(0, 50) } : {}),
      },
      under,
    )
    return toHttp(outcome)
  }

  return {
    init(bolt) {
      app = bolt
    },
    start: async () => {},
    stop: () => under.drained(),
    routes: [{ method: 'POST', path: PATH, handle }],
  }
}

const one = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined

function toHttp({ status, payload }: Outcome): Answer {
  if (payload === undefined || payload === null || payload === '') return { status, body: '' }
  if (typeof payload === 'string') return { status, body: payload, type: 'text/plain; charset=utf-8' }
  return { status, body: JSON.stringify(payload), type: 'application/json; charset=utf-8' }
}

function write(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(answer.status, answer.type ? { 'content-type': answer.type } : {})
  response.end(answer.body)
}

/** No word about why: whoever cannot sign learns nothing. The rest of a body that is too large is not read. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' })
  response.end()
}
