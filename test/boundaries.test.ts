import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

type Import = { from: string; to: string; line: number }

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((found) => {
    const [, target = ''] = found
    const to = target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target
    return { from: file, to, line: text.slice(0, found.index).split('\n').length }
  })
}

const code = ['src', 'adapters', 'db', 'manifest'].flatMap(sources)
const imports = code.flatMap(importsOf)

/** The room a file lives in: db, src/core, src/cli, src/<slice>, adapters/<platform>, manifest, or the wiring in src. */
function roomOf(path: string): string {
  const [top = '', second = '', third] = path.split('/')
  if (top === 'src')
    return third === undefined ? 'wiring' : second === 'core' || second === 'cli' ? `src/${second}` : `slice ${second}`
  if (top === 'adapters') return `adapter ${second}`
  return top
}

const isOurs = (to: string) => /^(src|adapters|db|manifest)\//.test(to)
const kind = (room: string) => room.split(' ')[0] ?? ''

/** The import rule (src/README.md): who may import whom. */
function mayImport(from: string, to: string): boolean {
  const [a, b] = [roomOf(from), roomOf(to)]
  if (a === b) return true
  switch (kind(a)) {
    case 'adapter':
      return b === 'src/core'
    case 'slice':
      return b === 'src/core' || to.startsWith('db/schema/') || to === 'db/client.ts'
    case 'src/core':
      return to.startsWith('db/schema/') || to === 'db/client.ts'
    case 'db':
      return false
    case 'manifest':
      return to === 'src/workflows.ts' || to === 'src/config.ts' || b === 'src/core'
    case 'src/cli':
      return true
    default:
      // The wiring: src/product.ts takes from everywhere; src/workflows.ts and the like from slices and the core.
      return true
  }
}

test('every import stays within the rule', () => {
  const wrong = imports.filter((one) => isOurs(one.to) && !mayImport(one.from, one.to))
  expect(wrong.map((one) => `${one.from}:${one.line} → ${one.to}`)).toEqual([])
})

test('nothing imports main, and only the product and the command line import the command line', () => {
  const wrong = imports.filter(
    (one) => one.to === 'src/main.ts' || (one.to.startsWith('src/cli/') && !/^src\/(product\.ts|cli\/)/.test(one.from)),
  )
  expect(wrong.map((one) => `${one.from}:${one.line}`)).toEqual([])
})

test('Slack stands in its adapter only, and no adapter names a workflow', () => {
  // The manifest takes Slack's own type of it, so that what we declare is checked when it is compiled.
  const slack = imports.filter(
    (one) =>
      one.to.startsWith('@slack/') && !one.from.startsWith('adapters/slack/') && one.from !== 'manifest/slack.ts',
  )
  expect(slack.map((one) => one.from)).toEqual([])
  const slices = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['core', 'cli', 'home'].includes(entry.name))
    .map((entry) => entry.name)
  const named = code
    .filter((file) => file.startsWith('adapters/'))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8')
      return slices.filter((slice) => new RegExp(`'${slice}\\.`).test(text)).map((slice) => `${file} names ${slice}`)
    })
  expect(named).toEqual([])
})

describe('what is handed in is not taken', () => {
  const inside = code.filter((file) => !/^src\/(main\.ts|cli\/)/.test(file))
  const find = (pattern: RegExp, except: RegExp) =>
    inside.filter((file) => !except.test(file) && pattern.test(stripped(readFileSync(join(ROOT, file), 'utf8'))))

  test('the environment', () => {
    expect(find(/process\.env/, /^db\/embedded\//)).toEqual([])
  })

  test('the clock', () => {
    // db/embedded waits for a server process, which lives in real time.
    expect(find(/\bnew Date\(\)|\bDate\.now\(\)/, /^db\/embedded\//)).toEqual([])
  })

  test('chance', () => {
    // src/core/id.ts is where the system's randomness enters; the embedded server's password is made once.
    expect(find(/Math\.random|randomBytes|randomUUID/, /^(src\/core\/id\.ts|db\/embedded\/)/)).toEqual([])
  })
})

const stripped = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
