import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeCertificate } from '../end-to-end/certificate.ts'

/** What Teams knows when it opens a tab: who is there, what single sign-on gives, and what a deep link hands in. */
export type Plan = { user: string; token?: string; link?: string; theme?: 'default' | 'dark' | 'contrast' }

export const TEAMS = 'https://teams.microsoft.com'
const EVIL = 'https://evil.example'

/**
 * The whole internet of a test, behind TLS on loopback: the desk at its public name, a stand-in of the Teams client in
 * the browser at that of Teams, and a page of somebody else. A browser is led here by its host resolver rules.
 */
export async function openInternet(desk: string, port: number) {
  const server = createTls(makeCertificate('127.0.0.1'), (asked, response) => {
    const { host } = asked.headers
    if (host === new URL(desk).host) return pass(asked, response, port)
    const url = new URL(asked.url ?? '/', `https://${host}`)
    const page = url.origin === TEAMS ? teamsPage(url, desk) : url.origin === EVIL ? framing(url) : undefined
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: own } = server.address() as AddressInfo
  return {
    arguments: [`--host-resolver-rules=MAP * 127.0.0.1:${own}`],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As whatever stands in front of the product and ends TLS. */
function pass(asked: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = asked
  const inner = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  inner.on('error', () => response.destroy())
  response.on('close', () => inner.destroy())
  asked.pipe(inner)
}

/** The address of Teams with our tab open. */
export const teamsAt = (plan: Plan): string => `${TEAMS}/?plan=${encodeURIComponent(JSON.stringify(plan))}`

/** A page that frames whatever it is told to. */
export const framingAt = (path: string, origin = EVIL): string => `${origin}/?frame=${encodeURIComponent(path)}`

const framing = (url: URL): string => around(url.searchParams.get('frame') ?? '', '')

function teamsPage(url: URL, desk: string): string {
  const frame = url.searchParams.get('frame')
  if (frame !== null) return framing(url)
  return around(`${desk}/teams/tab`, `<script>(${play})(${url.searchParams.get('plan')})</script>`)
}

/** The sandbox is stricter than none: forms and what opens beside it, and no way to the page around it. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads'

const around = (src: string, script: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page around a frame</title>
<style>body { margin: 0; font: 14px sans-serif; background: #ebebeb } header { padding: 10px 16px } iframe { border: 0; width: 100%; height: calc(100vh - 40px); background: #fff }</style>
</head><body><header>Teams, as a stand-in plays it</header>${script}<iframe title="Tab" sandbox="${SANDBOX}" src="${src.replaceAll('"', '&quot;')}"></iframe></body></html>`

/**
 * Teams' side of its library, as far as our tab speaks with it [@microsoft/teams-js 2.58.0: communication.ts, app.ts,
 * authentication.ts]. Runs in the page: it may use nothing from here.
 */
const play = `function (plan) {
  window.asked = []
  const runtime = { apiVersion: 4, supports: { pages: {} } }
  const answers = {
    initialize: () => ['content', 'web', JSON.stringify(runtime), '2.58.0'],
    getContext: () => [{
      entityId: 'inbox', subEntityId: plan.link, frameContext: 'content', hostClientType: 'web', locale: 'en-us',
      theme: plan.theme ?? 'default', userObjectId: plan.user,
    }],
    'authentication.getAuthToken': () => plan.token ? [true, plan.token] : [false, 'resourceDisabled'],
    executeDeepLink: () => [true],
  }
  addEventListener('message', ({ data, source, origin }) => {
    window.asked.push([data.func, ...(data.func === 'executeDeepLink' ? data.args : [])].join(' '))
    const args = answers[data.func]?.(...(data.args ?? []))
    if (args) source.postMessage({ id: data.id, uuidAsString: data.uuidAsString, args }, origin)
  })
}`
