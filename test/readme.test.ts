import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProgram } from '../src/cli/program.ts'
import { readConfig } from '../src/config.ts'

const ROOT = join(import.meta.dirname, '..')
const fileAt = (name: string) => readFile(join(ROOT, name), 'utf8')

const [readme, example, scripts] = await Promise.all([
  fileAt('README.md'),
  fileAt('.env.example'),
  fileAt('package.json').then((text) => (JSON.parse(text) as { scripts: Record<string, string> }).scripts),
])

/** Lines of shell in the code fences, and commands named in a sentence. */
const shown = [
  ...[...readme.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, fence = '']) => fence.split('\n')),
  ...[...readme.matchAll(/`(npm [^`\n]+)`/g)].map(([, line = '']) => line),
]
  .flatMap((line) => line.replace(/\s+#.*$/, '').split('&&'))
  .map((line) => line.replace(/^\s*(?:[A-Z_]+=\S+\s+)*/, '').trim())
  .filter((line) => line !== '')

const program = makeProgram()

/** Given by npm itself. */
const NPM = ['ci', 'install']
/** Settings of tests, which are no settings of the product. */
const TESTS = ['CHROMIUM_PATH']

const named = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort()

/** Whatever the settings ask for, once with nothing set and once with everything. */
function settings(): string[] {
  const asked = new Set<string>()
  for (const value of [undefined, 'anything']) {
    const env = new Proxy<Record<string, string | undefined>>(
      {},
      {
        get(_, name) {
          asked.add(String(name))
          return value
        },
      },
    )
    try {
      readConfig(env)
    } catch {
      // What is set to anything is refused; what was asked for is known.
    }
  }
  return [...asked].sort()
}

test('begins with the two commands, before anything else that is typed', () => {
  expect(shown.slice(0, 4)).toEqual(['npm ci', 'npm start', 'npm ci', 'npm test'])
})

test('every npm command shown is a script', () => {
  const words = shown
    .filter((line) => line.startsWith('npm '))
    .map(
      (line) => line.split(/\s+/).filter((word) => word !== 'npm' && word !== 'run' && !word.startsWith('-'))[0] ?? '',
    )
  expect(words.filter((word) => !NPM.includes(word) && scripts[word] === undefined)).toEqual([])
})

describe('every command of countersign that is shown exists, with its options', () => {
  const lines = [...new Set(shown.flatMap((line) => /^npm run -s countersign -- (.+)$/.exec(line)?.[1] ?? []))]

  test.each(lines)('countersign %s', (line) => {
    const words = line.split(/\s+/)
    let at = program
    for (const word of words) at = at.commands.find((one) => one.name() === word) ?? at
    expect(
      at.commands.map((one) => one.name()),
      `${line} names one of these`,
    ).toEqual([])
    const known = [...at.options, ...program.options].map((option) => option.long)
    for (const option of words.filter((word) => word.startsWith('--'))) expect(known).toContain(option)
    const given = words.slice(words.indexOf(at.name()) + 1).filter((word) => !word.startsWith('-'))
    const needed = at.registeredArguments.filter((argument) => argument.required).length
    expect(given.length).toBeGreaterThanOrEqual(needed)
  })
})

describe('the settings', () => {
  test('named in the README are those the product reads', () => {
    const told = named(readme, /`([A-Z][A-Z_]{3,})`/g).filter((name) => !TESTS.includes(name))
    expect(told).toEqual(settings())
  })

  test('of .env.example are those the product reads, and none of them is set', () => {
    expect(named(example, /^#? ?([A-Z][A-Z_]{3,})=/gm)).toEqual(settings())
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
  })
})

test('every file it links to is there', async () => {
  const links = named(readme, /\]\((?!https?:|#)([^)#]+)/g)
  for (const link of links) await expect(fileAt(link), link).resolves.toBeDefined()
})
