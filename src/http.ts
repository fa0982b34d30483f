import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { faultOf, type Log } from './core/log.ts'
import type { Route } from './core/workflow.ts'

export type Http = { address: string; port: number; stop(): Promise<void> }

/** Requests that hang are cut: slow headers after ten seconds, a slow body after a minute. */
const HEADERS_MS = 10_000
const REQUEST_MS = 60_000
/** How long open requests may take to end when the process stops. */
const DRAIN_MS = 10_000

/**
 * One server for every platform, /health and /ready. A path of a route ending in `/*` takes everything below it; the
 * longest match wins. Throws one sentence when the port is taken.
 */
export async function serve(
  routes: readonly Route[],
  options: { host: string; port: number; log: Log; ready: () => Promise<boolean> },
): Promise<Http> {
  const { log } = options
  const sorted = [...routes].sort((a, b) => b.path.length - a.path.length)
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, (request, response) => {
    handle(sorted, request, response, options.ready).catch((error: unknown) => {
      log.error(faultOf(error), 'http.failed')
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      response.end()
    })
  })
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { address: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`, port, stop: () => stop(server) }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new Error(`Port ${port} is taken by another program: stop it, or choose another with PORT=${port + 1}.`))
      else if (error.code === 'EACCES')
        reject(new Error(`Port ${port} needs more rights than this user has: choose one above 1023 with PORT=.`))
      else reject(error)
    })
    server.listen({ host, port }, resolve)
  })
}

async function handle(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
  ready: () => Promise<boolean>,
): Promise<void> {
  const target = request.url ?? '/'
  const url =
    URL.canParse(target, 'http://localhost') && target.startsWith('/')
      ? new URL(`http://localhost${target}`)
      : undefined
  if (!url) return plain(response, 400, 'bad request')
  if (url.pathname === '/health') return plain(response, 200, 'ok')
  if (url.pathname === '/ready')
    return (await ready()) ? plain(response, 200, 'ready') : plain(response, 503, 'not ready')
  const matching = routes.filter((route) => matches(route.path, url.pathname))
  const route = matching.find(
    (one) => one.method === '*' || one.method === request.method || (one.method === 'GET' && request.method === 'HEAD'),
  )
  if (route) return route.handle(request, response, url)
  if (matching.length > 0) return plain(response, 405, 'method not allowed')
  return plain(response, 404, 'not found')
}

const matches = (path: string, pathname: string): boolean =>
  path.endsWith('/*') ? pathname.startsWith(path.slice(0, -1)) : path === pathname

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(text)
}

/** No new connections; what runs may end within ten seconds. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
