import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route } from '../../src/core/workflow.ts'

/** A server whose address is known before what it serves. The longest path wins, as in the product. */
export async function portFor(): Promise<{
  url: string
  serve(routes: readonly Route[]): void
  close(): Promise<void>
}> {
  let served: readonly Route[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://desk.invalid')
    const fits = served.filter(({ path }) =>
      path.endsWith('/*') ? url.pathname.startsWith(path.slice(0, -1)) : path === url.pathname,
    )
    const [route] = fits.sort((a, b) => b.path.length - a.path.length)
    if (route) route.handle(request, response, url).catch(() => response.destroy())
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(routes) {
      served = routes
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
