import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** In this order: later rules win. They are served as one style. */
const STYLES = ['ground', 'button', 'form', 'card', 'frame', 'chat', 'guide', 'look', 'place']

const FOLDER = new URL('./assets/', import.meta.url)

function load(): Map<string, Buffer> {
  const read = (name: string) => readFileSync(new URL(name, FOLDER))
  const files = new Map(
    readdirSync(FOLDER)
      .filter((name) => !name.endsWith('.css'))
      .sort()
      .map((name) => [name, read(name)]),
  )
  return files.set('desk.css', Buffer.concat(STYLES.map((name) => read(`${name}.css`))))
}

const FILES = load()

/** Changes with any byte of any asset, so that browsers may keep what they have for good. */
const VERSION = [...FILES]
  .reduce((hash, [name, bytes]) => hash.update(name).update(bytes), createHash('sha256'))
  .digest('hex')
  .slice(0, 12)

const pathOf = (name: string) => `/assets/${VERSION}/${name}`

export const ASSETS = { style: pathOf('desk.css'), script: pathOf('desk.js'), mark: pathOf('mark.svg') }

/** False: no such asset. */
export function sendAsset(path: string, response: ServerResponse): boolean {
  const name = path.startsWith(pathOf('')) ? path.slice(pathOf('').length) : ''
  const bytes = FILES.get(name)
  if (bytes === undefined) return false
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
  response.writeHead(200, { 'Content-Type': TYPES[name.split('.').at(-1) ?? ''], 'Content-Length': bytes.length })
  response.end(bytes)
  return true
}
