import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEARTBEAT_MS, MOST_STREAMS } from './limits.ts'

/**
 * Tells open pages that something changed, and nothing else: each page then reads again what its own person may see,
 * so no content can reach the wrong stream.
 */
export type Live = {
  changed(): void
  join(request: IncomingMessage, response: ServerResponse): void
  close(): void
}

export function makeLive(gatherMs: number): Live {
  const streams = new Set<ServerResponse>()
  let waiting: NodeJS.Timeout | undefined
  const tell = (line: string) => {
    for (const stream of streams) stream.write(line)
  }
  const heartbeat = setInterval(() => tell(': still here\n\n'), HEARTBEAT_MS).unref()

  return {
    changed() {
      waiting ??= setTimeout(() => {
        waiting = undefined
        tell('event: changed\ndata: 1\n\n')
      }, gatherMs).unref()
    },
    join(request, response) {
      if (streams.size >= MOST_STREAMS) {
        response.writeHead(503, { 'Retry-After': '60' }).end()
        return
      }
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
      response.write('retry: 3000\n\n')
      streams.add(response)
      request.on('close', () => streams.delete(response))
    },
    close() {
      clearInterval(heartbeat)
      clearTimeout(waiting)
      for (const stream of streams) stream.end()
      streams.clear()
    },
  }
}
