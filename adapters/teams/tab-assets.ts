import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { TAB } from './tab-places.ts'

const JAVASCRIPT = 'text/javascript; charset=utf-8'

const own = (name: string): Buffer => readFileSync(new URL(`./assets/${name}`, import.meta.url))

/** The library of Microsoft as it publishes it for browsers, from our own host: nothing is loaded from elsewhere. */
const FILES: Record<string, { type: string; bytes: Buffer }> = {
  'teams.js': { type: JAVASCRIPT, bytes: readFileSync(new URL(import.meta.resolve('@microsoft/teams-js'))) },
  'tab.js': { type: JAVASCRIPT, bytes: own('tab.js') },
  'tab.css': { type: 'text/css; charset=utf-8', bytes: own('tab.css') },
}

/** Each is named by its own bytes, so that a browser may keep it for good. */
const named = new Map(
  Object.entries(FILES).map(([name, { bytes }]) => [
    name,
    `${TAB.path}/${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}/${name}`,
  ]),
)

export const pathOfAsset = (name: 'teams.js' | 'tab.js' | 'tab.css'): string => named.get(name) ?? ''

/** False: no such asset. */
export function sendTabAsset(path: string, response: ServerResponse): boolean {
  const name = path.split('/').at(-1) ?? ''
  const file = named.get(name) === path ? FILES[name] : undefined
  if (file === undefined) return false
  response.setHeader('cache-control', 'public, max-age=31536000, immutable')
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length })
  response.end(file.bytes)
  return true
}
