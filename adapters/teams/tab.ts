import type { IncomingMessage, ServerResponse } from 'node:http'
import { isToken } from '../../src/core/doors.ts'
import { faultOf, type Log } from '../../src/core/log.ts'
import type { Doors, Route } from '../../src/core/workflow.ts'
import type { TeamsConfig } from './config.ts'
import type { Egress } from './egress.ts'
import { makeSso } from './sso.ts'
import { sendTabAsset } from './tab-assets.ts'
import { drawTab, POLICY } from './tab-page.ts'
import { TAB } from './tab-places.ts'

type Wiring = { config: TeamsConfig; egress: Pick<Egress, 'fetch'>; doors: Doors; now: () => Date; log: Log }

/** Teams shows https pages only, so that without such a desk there is no tab. */
export const hasTab = ({ desk }: Pick<TeamsConfig, 'desk'>): boolean => desk?.startsWith('https://') === true

/**
 * The inbox as a tab of Teams. This page only finds the way in, by single sign-on or by a single-use link; what stands
 * behind the door is the browser desk itself, in the same frame.
 */
export function makeTab({ config, egress, doors, now, log }: Wiring): Route[] {
  if (!hasTab(config)) return []
  const verify = makeSso(config, { egress, now, log })
  const page = drawTab(config.appId)

  async function admitted(request: IncomingMessage): Promise<string | number> {
    const { authorization, 'sec-fetch-site': site, 'tab-link': link } = request.headers
    // Every browser that Teams runs in says this, and no page can: the click is of our own page.
    if (site !== 'same-origin') return 403
    const by = await verify(authorization)
    if (typeof by === 'string') return by === 'no' ? 401 : 503
    return (await doors.admit(by, typeof link === 'string' && isToken(link) ? link : undefined)) ?? 403
  }

  return [
    {
      method: 'GET',
      path: TAB.path,
      handle: async (_request, response) => send(response, 200, page, 'text/html; charset=utf-8'),
    },
    {
      method: 'POST',
      path: `${TAB.path}/enter`,
      async handle(request, response) {
        const enter = await admitted(request).catch((error: unknown) => {
          log.error(faultOf(error), 'teams.tab')
          return 500
        })
        if (typeof enter === 'string')
          return send(response, 200, JSON.stringify({ enter }), 'application/json; charset=utf-8')
        log.warn({ status: enter }, 'teams.tab')
        // No word about why, and what a body might hold is not read.
        response.setHeader('connection', 'close')
        return send(response, enter)
      },
    },
    {
      method: 'GET',
      path: `${TAB.path}/*`,
      handle: async (_request, response, url) => {
        protect(response)
        if (!sendTabAsset(url.pathname, response)) send(response, 404)
      },
    },
  ]
}

const YEAR = 31_536_000

function protect(response: ServerResponse): void {
  response.setHeader('content-security-policy', POLICY)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  response.setHeader('strict-transport-security', `max-age=${YEAR}`)
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()')
  response.setHeader('x-robots-tag', 'noindex, nofollow')
  response.setHeader('cache-control', 'no-store')
}

function send(response: ServerResponse, status: number, body = '', type?: string): void {
  protect(response)
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...(type ? { 'content-type': type } : {}) })
  response.end(body)
}
