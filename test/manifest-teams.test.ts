import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { AppManifestUtils } from '@microsoft/app-manifest'
import { unzipSync } from 'fflate'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { teamsPackage } from '../manifest/package.ts'
import { type TeamsManifest, teamsManifest } from '../manifest/teams.ts'
import { languageFiles } from '../manifest/teams-languages.ts'
import type { Command } from '../src/core/workflow.ts'
import { workflows } from '../src/workflows.ts'
import { answerOf, makePlace } from './end-to-end/started.ts'

// Started processes share two cores with other tests.
vi.setConfig({ testTimeout: 90_000 })

const LOCALIZATION = 'json-schemas/teams/v1.25/MicrosoftTeams.Localization.schema.json'
const APP = '3f6c1b52-8a0e-4d7b-9c41-5e2d7a90b6f8'
const SITE = 'https://isms.kestrel.example'
const commands = workflows.flatMap((workflow) => workflow.commands)
const actions = workflows.flatMap((workflow) => Object.keys(workflow.actions).map((verb) => `${workflow.name}.${verb}`))
const made = teamsManifest(commands, { appId: APP, url: `${SITE}/` })
const bare = teamsManifest(commands, { appId: APP })
const full = teamsManifest(commands, { appId: APP, url: SITE, sso: true })

const menu = (manifest: TeamsManifest, scope: 'personal' | 'team' | 'groupChat') =>
  manifest.bots?.[0]?.commandLists?.find((list) => list.scopes.includes(scope))?.commands ?? []
const offered = (manifest: TeamsManifest) => manifest.composeExtensions?.[0]?.commands ?? []

describe('against the schema of Microsoft, which comes with the package and is not fetched', () => {
  const newest = '1.30'
  test.each([
    ['with an address', made],
    ['without one', bare],
    ['with everything', full],
  ])('%s: it is valid, in 1.25 and in the newest', async (_what, manifest) => {
    expect(await AppManifestUtils.validateAgainstSchema(manifest)).toEqual([])
    const later = { ...manifest, $schema: manifest.$schema?.replace('1.25', newest), manifestVersion: newest }
    expect(await AppManifestUtils.validateAgainstSchema(later as unknown as TeamsManifest)).toEqual([])
  })

  test('what is wrong is found', async () => {
    const wrong = { ...made, id: 'countersign' }
    expect(await AppManifestUtils.validateAgainstSchema(wrong)).toEqual([expect.stringMatching(/^\/id must match/)])
  })
})

describe('in other languages', () => {
  const { properties, patternProperties } = JSON.parse(
    readFileSync(new URL(LOCALIZATION, import.meta.resolve('@microsoft/app-manifest')), 'utf8'),
  ) as Record<string, Record<string, { maxLength?: number }>>
  const shapeOf = (key: string) =>
    properties?.[key] ?? Object.entries(patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key))?.[1]
  const files = Object.entries(languageFiles(full))

  test.each(files)('%s: every key is one of the schema and fits', (_file, words) => {
    for (const [key, text] of Object.entries(words)) {
      expect(shapeOf(key), key).toBeDefined()
      expect([...text].length, key).toBeGreaterThan(0)
      expect(text.length, key).toBeLessThanOrEqual(shapeOf(key)?.maxLength ?? Number.POSITIVE_INFINITY)
    }
  })

  test.each(files)('%s: every word that is read has one in its place', (_file, words) => {
    const read = (full.bots?.[0]?.commandLists ?? []).flatMap(({ commands: listed }, list) =>
      listed.map((_, n) => `bots[0].commandLists[${list}].commands[${n}].description`),
    )
    const offers = offered(full).flatMap((_, n) =>
      ['title', 'description'].map((it) => `composeExtensions[0].commands[${n}].${it}`),
    )
    const named = (full.staticTabs ?? []).flatMap((tab, n) => (tab.name === undefined ? [] : [`staticTabs[${n}].name`]))
    const own = ['$schema', 'name.short', 'name.full', 'description.short', 'description.full']
    expect(Object.keys(words).sort()).toEqual([...own, ...read, ...offers, ...named].sort())
  })

  test('the manifest names the files, and a command without words in them is not passed over', () => {
    expect(full.localizationInfo?.additionalLanguages?.map((one) => one.file)).toEqual(files.map(([file]) => file))
    const odd = teamsManifest([...commands, { ...commands[0], word: 'odd' } as Command], { appId: APP })
    expect(() => languageFiles(odd)).toThrow('odd has no words in one of the languages')
  })
})

describe('every word and every message action leads to an action', () => {
  const done = (word: string) => commands.find((command) => command.word === word)?.do

  test('a person is offered every command, a channel and a group what is for all', () => {
    expect(menu(made, 'personal').map((one) => one.title)).toEqual(commands.map((command) => command.word))
    expect(menu(made, 'team')).toBe(menu(made, 'groupChat'))
    expect(
      menu(made, 'team')
        .map((one) => one.title)
        .sort(),
    ).toEqual(['help', 'inbox', 'incident'])
    for (const { title } of [...menu(made, 'personal'), ...menu(made, 'team')])
      expect(actions, title).toContain(done(title))
  })

  test('a message is handed over under the id of the action', () => {
    expect(offered(made)).toEqual([
      {
        id: 'incidents.report',
        type: 'action',
        context: ['message', 'commandBox', 'compose'],
        title: 'Report as incident',
        description: 'Tell the security team about this',
        fetchTask: true,
      },
    ])
    for (const { id } of offered(made)) expect(actions).toContain(id)
  })

  test('a shortcut for messages only stands at messages only; one for none of them is no message action', () => {
    const shortcut = { name: 'Hand over', description: 'Hand this over' }
    const both = [
      command({ shortcut: { ...shortcut, kinds: ['message'] } }),
      command({ do: 'c.d', shortcut: { ...shortcut, kinds: ['global'] } }),
    ]
    const manifest = teamsManifest(both, { appId: APP })
    expect(offered(manifest).map(({ id, context }) => ({ id, context }))).toEqual([{ id: 'a.b', context: ['message'] }])
    expect(teamsManifest([command()], { appId: APP }).composeExtensions).toBeUndefined()
  })
})

describe('what it asks for', () => {
  test('one bot, no permission of any kind', () => {
    for (const manifest of [made, bare]) {
      expect(manifest.bots?.map((bot) => bot.botId)).toEqual([APP])
      for (const key of ['authorization', 'permissions', 'devicePermissions', 'webApplicationInfo'])
        expect(manifest, key).not.toHaveProperty(key)
    }
  })

  test('the address gives its host and the sites; without one there is no host', () => {
    expect(made.validDomains).toEqual(['isms.kestrel.example'])
    expect(made.developer).toMatchObject({ websiteUrl: `${SITE}/`, privacyUrl: `${SITE}/`, termsOfUseUrl: `${SITE}/` })
    expect(bare.validDomains).toEqual([])
  })

  test('the desk is a tab where there is an address; single sign-on only when that is asked for', () => {
    expect(bare.staticTabs?.map((tab) => tab.entityId)).toEqual(['conversations', 'about'])
    expect(made.staticTabs?.map((tab) => tab.entityId)).toEqual(['conversations', 'inbox', 'about'])
    expect(made.staticTabs?.[1]).toEqual({
      entityId: 'inbox',
      name: 'Inbox',
      contentUrl: `${SITE}/teams/tab`,
      websiteUrl: `${SITE}/`,
      scopes: ['personal'],
    })
    expect(made).not.toHaveProperty('webApplicationInfo')
    expect(full.webApplicationInfo).toEqual({ id: APP, resource: `api://isms.kestrel.example/botid-${APP}` })
  })
})

const command = (more: Partial<Command> = {}): Command => ({ word: 'x', do: 'a.b', hint: () => 'Does x', ...more })

describe('what Teams would refuse is refused here, all of it at once', () => {
  const long = (length: number) => 'x'.repeat(length)
  const action = (name: string, description = 'd', id = 'a.b') =>
    command({ do: id, shortcut: { name, description, kinds: ['message'] } })
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

  test.each([
    ['a word', [command({ word: long(33) })], /the command x{33} has 33 characters, Teams takes 1 to 32/],
    ['a hint', [command({ hint: () => long(129) })], /the description of x has 129 characters, Teams takes 1 to 128/],
    ['no hint', [command({ hint: () => ' ' })], /the description of x has 1 characters/],
    ['an action', [action(long(33))], /the message action x{33} has 33 characters, Teams takes 1 to 32/],
    ['what it does', [action('A', long(129))], /the description of A has 129 characters, Teams takes 1 to 128/],
    ['its id', [action('A', 'd', long(65))], /the id x{65} has 65 characters, Teams takes 1 to 64/],
    ['a menu', many(13, (n) => command({ word: `w${n}` })), /the menu for personal has 13 commands, Teams takes 12/],
    ['actions', many(11, (n) => action('A', 'd', `a.b${n}`)), /more than 10 message actions/],
  ])('%s too long, or too many', (_what, given, expected) => {
    expect(() => teamsManifest(given, { appId: APP })).toThrow(expected)
  })

  test.each([
    ['an id that is none', { appId: 'countersign' }, /the app id "countersign" is not one of Entra ID/],
    ['an address that is none', { appId: APP, url: 'isms' }, /isms is not the https:/],
    ['an address with a question', { appId: APP, url: 'https://isms.example/x?y=1' }, /with nothing after the path/],
    ['an address with a name', { appId: APP, url: 'https://me@isms.example' }, /with nothing after the path/],
    ['an address without https', { appId: APP, url: 'http://isms.example' }, /is not the https:/],
    ['single sign-on without one', { appId: APP, sso: true }, /single sign-on needs an address/],
    ['a version in words', { appId: APP, version: 'next' }, /the version next is not three numbers/],
  ])('%s', (_what, app, expected) => {
    expect(() => teamsManifest(commands, app)).toThrow(expected)
  })

  test('two at once', () => {
    expect(() => teamsManifest([command({ word: long(33) })], { appId: 'x', url: 'http://isms.example' })).toThrow(
      /^The Teams manifest would be refused: .*https:.*; the app id "x".*; the command x{33} has .*\.$/,
    )
  })
})

describe('the package', () => {
  const place = makePlace()
  afterAll(place.clear)
  const bytes = teamsPackage(made)

  test('holds manifest, icons and languages at the root and nothing else; another reader opens it', () => {
    const file = join(place.root, 'read.zip')
    writeFileSync(file, bytes)
    const unzip = (...args: string[]) => spawnSync('unzip', args, { encoding: 'utf8' })
    const listed = unzip('-Z1', file)
    // Where the system has no unzip, the library that wrote the file is all there is to read it.
    const isThere = listed.error === undefined
    const names = isThere ? listed.stdout.trim().split('\n') : Object.keys(unzipSync(bytes))
    expect(names).toEqual(['manifest.json', 'color.png', 'outline.png', 'de.json', 'zh-cn.json'])
    const text = isThere
      ? unzip('-p', file, 'manifest.json').stdout
      : new TextDecoder().decode(unzipSync(bytes)['manifest.json'])
    expect(JSON.parse(text)).toEqual(made)
    if (isThere) expect(unzip('-t', file).status).toBe(0)
  })

  test('of the same manifest is the same, in every zone, and small', async () => {
    expect(Buffer.from(teamsPackage(made)).equals(bytes)).toBe(true)
    const away = await place.countersign(['manifest', 'teams', '--app-id', APP, '--url', SITE, '--out', 'away.zip'], {
      TZ: 'Pacific/Auckland',
    })
    expect(away).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(join(place.root, 'away.zip')).equals(bytes)).toBe(true)
    expect(bytes.length).toBeLessThan(20_000)
  })

  test('its icons are as large as Teams wants them; the outline is white and nothing else', () => {
    const files = unzipSync(bytes)
    const color = pixelsOf(files['color.png'])
    expect([color.width, color.height]).toEqual([192, 192])
    const outline = pixelsOf(files['outline.png'])
    expect([outline.width, outline.height, outline.channels]).toEqual([32, 32, 4])
    const seen = outline.pixels.filter(([, , , alpha]) => alpha !== 0)
    expect(seen.length).toBeGreaterThan(50)
    expect(seen.length).toBeLessThan(outline.pixels.length / 2)
    for (const [red, green, blue] of seen) expect([red, green, blue]).toEqual([255, 255, 255])
  })

  test('is written by the command line once, and never over something', async () => {
    const keys = { TEAMS_APP_ID: APP, PUBLIC_URL: SITE }
    const first = await place.countersign(['manifest', 'teams'], keys)
    expect(first).toMatchObject({ code: 0, err: '' })
    for (const said of [
      APP,
      `${SITE}/api/messages`,
      'https://dev.teams.microsoft.com',
      'https://admin.teams.microsoft',
    ])
      expect(first.out).toContain(said)
    const file = join(place.root, 'countersign-teams.zip')
    expect(readFileSync(file).equals(bytes)).toBe(true)

    const [wrong, elsewhere, none, second, json, both, signOn, nowhere, newer] = await Promise.all([
      place.countersign(['manifest', 'teams', '--app-id', 'x'.repeat(36)], {}),
      place.countersign(['manifest', 'teams', '--out', 'nowhere/at-all.zip'], keys),
      place.countersign(['manifest', 'teams'], {}),
      place.countersign(['manifest', 'teams'], keys),
      place.countersign(['manifest', 'teams', '--json'], keys),
      place.countersign(['manifest', 'teams', '--json', '--out', 'both.zip'], keys),
      place.countersign(['manifest', 'teams', '--json', '--sso'], keys),
      place.countersign(['manifest', 'teams', '--sso'], { TEAMS_APP_ID: APP }),
      place.countersign(['manifest', 'teams', '--json', '--app-version', '1.0.1'], keys),
    ])
    expect(answerOf<{ manifest: TeamsManifest }>(newer).manifest.version).toBe('1.0.1')
    expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/is not one of Entra ID/) })
    expect(elsewhere).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/there is no such folder/) })
    expect(none).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/--app-id, or set TEAMS_APP_ID/) })
    expect(second).toMatchObject({
      code: 1,
      out: '',
      err: 'countersign-teams.zip exists already: name a new file with --out, a package replaces nothing.\n',
    })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(json.code).toBe(0)
    expect(answerOf(json)).toEqual({ manifest: made })
    expect(answerOf(signOn)).toEqual({ manifest: full })
    expect(nowhere).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/single sign-on needs an address/) })
    expect(answerOf(both)).toEqual({ file: 'both.zip', manifest: made })
    expect(readFileSync(join(place.root, 'both.zip')).equals(bytes)).toBe(true)
  })
})

type Picture = { width: number; height: number; channels: number; pixels: number[][] }

/** A PNG of 8 bits a channel, not interlaced, with or without alpha. [W3C PNG: 5.6 chunks, 9.2 filters, 11.2.2 IHDR] */
function pixelsOf(png: Uint8Array | undefined): Picture {
  const file = Buffer.from(png ?? [])
  const chunks: { type: string; data: Buffer }[] = []
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at))
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data })
  }
  const head = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13)
  const [width, height, channels] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 6 ? 4 : 3]
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  const stride = width * channels
  let above = Buffer.alloc(stride)
  const pixels: number[][] = []
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1)
    const line = Buffer.from(raw.subarray(from + 1, from + 1 + stride))
    for (let x = 0; x < stride; x++) {
      const [a, b, c] = [line[x - channels] ?? 0, above[x] ?? 0, above[x - channels] ?? 0]
      line[x] = (line[x] ?? 0) + guess(raw[from] ?? 0, a, b, c)
    }
    for (let x = 0; x < stride; x += channels) pixels.push([...line.subarray(x, x + channels)])
    above = line
  }
  return { width, height, channels, pixels }
}

function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 4) {
    const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
    return a <= b && a <= c ? left : b <= c ? up : corner
  }
  return [0, left, up, (left + up) >> 1][filter] ?? 0
}
