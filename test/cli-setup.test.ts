import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { strFromU8, unzipSync } from 'fflate'
import type { Sql } from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { keep } from '../src/cli/dotenv.ts'
import { askForKeys } from '../src/cli/setup-teams-keys.ts'
import { ConfigError } from '../src/config.ts'
import { Refusal } from '../src/core/errors.ts'
import { textOf } from '../src/core/md.ts'
import { headOf, type Microsoft, SECRET, startMicrosoft } from './end-to-end/microsoft.ts'
import { answerOf, type Env, lookInto, makePlace, type Place, type Product } from './end-to-end/started.ts'
import { buttonsIn, readCard } from './platforms/teams-cards.ts'
import { makePerson } from './platforms/teams-person.ts'
import type { TeamsUser } from './platforms/teams-stand-in.ts'
import { TENANT, userOf } from './platforms/teams-users.ts'

// Started processes share two cores with other tests.
vi.setConfig({ testTimeout: 90_000 })

const URL_OF_OURS = 'https://isms.example.com'
const KEYS = { TEAMS_APP_ID: 'c0de51e0-0000-4000-8000-0000000000b0', TEAMS_TENANT_IDS: TENANT }

/** The sentence with which something was refused. */
function refusalOf(work: () => void): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return textOf(error.text)
    throw error
  }
  throw new Error('nothing was refused')
}

describe('setup asks for keys on a terminal and keeps them', () => {
  const before = process.cwd()
  const wasSet = new Set(Object.keys(process.env))
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')
  const isShown = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  let folder: string
  let said: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
    process.chdir(folder)
    said = ''
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    for (const name of Object.keys(process.env)) if (!wasSet.has(name)) delete process.env[name]
    if (stdin) Object.defineProperty(process, 'stdin', stdin)
    Object.defineProperty(process.stderr, 'isTTY', isShown ?? { value: undefined, configurable: true })
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  })

  /** Somebody at the terminal who answers what they are asked; whatever is not here is left empty. */
  function sit(answers: Record<string, string>): string[] {
    const asked: string[] = []
    const keyboard = Object.assign(new PassThrough(), { isTTY: true })
    Object.defineProperty(process, 'stdin', { value: keyboard, configurable: true })
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true })
    vi.spyOn(process.stderr, 'write').mockImplementation((words) => {
      said += String(words)
      const [, name] = /([A-Z_]+)=$/.exec(String(words)) ?? []
      if (name !== undefined) {
        asked.push(name)
        setImmediate(() => keyboard.write(`${answers[name] ?? ''}\n`))
      }
      return true
    })
    return asked
  }

  test('a secret: three questions, and what was answered stands in .env, readable by this user only', async () => {
    const asked = sit({ ...KEYS, TEAMS_APP_SECRET: 'a secret' })
    await askForKeys(URL_OF_OURS)
    expect(asked).toEqual(['TEAMS_APP_ID', 'TEAMS_APP_SECRET', 'TEAMS_TENANT_IDS'])
    expect(said).toContain('https://isms.example.com/api/messages')
    expect(said).toContain('No Azure subscription is needed')
    expect(readFileSync('.env', 'utf8')).toBe(
      `TEAMS_APP_ID=${KEYS.TEAMS_APP_ID}\nTEAMS_APP_SECRET='a secret'\nTEAMS_TENANT_IDS=${TENANT}\nPUBLIC_URL=${URL_OF_OURS}\n`,
    )
    expect(statSync('.env').mode & 0o777).toBe(0o600)
  })

  test('a certificate is asked for when there is no secret; what is set already is not asked for', async () => {
    writeFileSync('.env', `TEAMS_TENANT_IDS=${TENANT}`)
    chmodSync('.env', 0o644)
    writeFileSync('key.pem', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n')
    const certificate = { TEAMS_CERT_THUMBPRINT: 'ab'.repeat(32), TEAMS_CERT_KEY_FILE: 'key.pem' }
    const asked = sit({ ...KEYS, ...certificate })
    await askForKeys(URL_OF_OURS)
    expect(asked).toEqual(['TEAMS_APP_ID', 'TEAMS_APP_SECRET', 'TEAMS_CERT_THUMBPRINT', 'TEAMS_CERT_KEY_FILE'])
    const lines = readFileSync('.env', 'utf8').split('\n')
    expect(lines[0]).toBe(`TEAMS_TENANT_IDS=${TENANT}`)
    expect(lines).toContain('TEAMS_CERT_KEY_FILE=key.pem')
    expect(statSync('.env').mode & 0o777).toBe(0o600)
  })

  test('what cannot work is said with its cure, and nothing is kept', async () => {
    sit({ ...KEYS, TEAMS_APP_ID: 'my bot', TEAMS_APP_SECRET: 'a secret' })
    await expect(askForKeys(URL_OF_OURS)).rejects.toThrow(ConfigError)
    expect(() => keep({ SLACK_BOT_TOKEN: 'xoxp-1', SLACK_APP_TOKEN: 'xapp-1' })).toThrow(/SLACK_BOT_TOKEN must start/)
    expect(existsSync('.env')).toBe(false)
    expect(process.env.TEAMS_APP_ID).toBeUndefined()
  })

  test('a secret is not shown while it is typed, nor at the next question; a slip of the finger can be mended', async () => {
    // \x7f: backspace; \x1b[A: the arrow up, which brings back what was typed before.
    sit({ ...KEYS, TEAMS_APP_SECRET: 'hush-hushX\x7f', TEAMS_TENANT_IDS: `\x1b[A${TENANT}` })
    await askForKeys(URL_OF_OURS)
    expect(said).not.toContain('hush')
    expect(stripVTControlCharacters(said)).toContain(`TEAMS_APP_ID=${KEYS.TEAMS_APP_ID}`)
    process.loadEnvFile('.env')
    expect(process.env).toMatchObject({ TEAMS_APP_SECRET: 'hush-hush', TEAMS_TENANT_IDS: TENANT })
  })

  test('a secret that is pasted with what stands before it is not shown', async () => {
    sit({ ...KEYS, TEAMS_APP_ID: `${KEYS.TEAMS_APP_ID}\nhush-hush`, TEAMS_APP_SECRET: 'hush' })
    await askForKeys(URL_OF_OURS)
    expect(stripVTControlCharacters(said)).toContain(`TEAMS_APP_ID=${KEYS.TEAMS_APP_ID}`)
    expect(said).not.toContain('hush')
  })

  test('Ctrl+C at a secret ends the questions, and nothing is kept', async () => {
    sit({ ...KEYS, TEAMS_APP_SECRET: 'half a sec\x03' })
    await expect(askForKeys(URL_OF_OURS)).rejects.toThrow(/Ctrl\+C/)
    expect(said).not.toContain('half')
    expect(existsSync('.env')).toBe(false)
  })

  const values: [what: string, value: string][] = [
    ['a number sign, an ampersand and spaces', 'Shop #1 & Co'],
    ['a number sign first', '#1'],
    ['an apostrophe', "Mei's shop"],
    ['quotes around it', '"Harbour"'],
    ['quotes and an apostrophe', `Mei's "Harbour" #2`],
    ['a backtick', 'a`b c'],
    ['a backtick and an apostrophe', "a`b'c"],
    ['a backtick and quotes', 'a`b"c'],
    ['a path of Windows', 'C:\\new\\tools'],
    ['a path of Windows with an apostrophe', "C:\\Mei's\\new"],
    ['a backslash at the end', 'a b\\'],
    ['variables, which stay what they are', '$HOME $(id) %PATH%'],
    ['equals signs', 'a==b='],
    ['letters of the world', 'Ærø – 海 🌊'],
    ['a tab and a byte order mark', 'a\tb\ufeffc'],
  ]
  test.each(values)('what is kept is what the next start reads: %s', (_what, value) => {
    writeFileSync('.env', 'ORGANISATION=Before\nTIMEZONE="Europe/Lisbon"')
    sit({})
    keep({ ORGANISATION: value, LOG_LEVEL: 'warn' })
    for (const name of ['ORGANISATION', 'TIMEZONE', 'LOG_LEVEL']) delete process.env[name]
    process.loadEnvFile('.env')
    const { ORGANISATION, TIMEZONE, LOG_LEVEL } = process.env
    expect({ ORGANISATION, TIMEZONE, LOG_LEVEL }).toEqual({
      ORGANISATION: value,
      TIMEZONE: 'Europe/Lisbon',
      LOG_LEVEL: 'warn',
    })
  })

  test.each([
    ['a line break', 'Harbour\nLOG_LEVEL=silent'],
    ['half a line break', 'Harbour\rLight'],
    ['every kind of quote', `Mei's "Harbour" \`light\``],
    ['quotes that leave only those which read \\n', "Mei's `C:\\new`"],
  ])('what no line can hold is refused, and nothing is kept: %s', (_what, value) => {
    expect(refusalOf(() => keep({ TIMEZONE: 'UTC', ORGANISATION: value }))).toBe(
      'ORGANISATION cannot be kept in .env, because it holds a line break or every kind of quote: set it in the environment.',
    )
    expect(existsSync('.env')).toBe(false)
  })

  test.each(['ORGANISATION="Harbour', 'ORGANISATION= '])(
    'a file that would swallow the line is left alone: %s',
    (text) => {
      writeFileSync('.env', text)
      const swallowed = { TIMEZONE: 'Europe/Lisbon', COUNTERSIGN_DATA: 'a "folder' }
      expect(refusalOf(() => keep(swallowed))).toMatch(/^\.env would swallow a line/)
      expect(readFileSync('.env', 'utf8')).toBe(text)
    },
  )
})

describe('countersign setup teams', () => {
  const mei = { ...userOf('mei', 'Mei Tanaka-Voss'), email: 'Mei@example.com' }
  const omar = userOf('omar', 'Omar Haddad')
  let place: Place
  let microsoft: Microsoft
  let product: Product
  let keys: Env
  /** The same, and where the desk is. */
  let env: Env
  let folder: string

  const setup = (admin: string, ...more: string[]) =>
    place.countersign(['setup', 'teams', '--admin', admin, '--url', URL_OF_OURS, ...more], env)
  const person = (user: TeamsUser) => makePerson(microsoft, product.address, user, () => new Date())

  async function look<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const sql = await lookInto(folder)
    try {
      return await work(sql)
    } finally {
      await sql.end()
    }
  }
  const managers = () =>
    look(async (sql) => {
      const rows = await sql`select p.email from person_role r join person p on p.id = r.person_id
        where r.role = 'isms-manager' order by 1`
      return rows.map(({ email }) => email as string)
    })
  const entriesAbout = (mail: string) =>
    look(async (sql) => {
      const rows = await sql`select e.type from entry e join person p on p.id in (e.object, e.ref)
        where p.email = ${mail} order by e.seq`
      return rows.map(({ type }) => type as string)
    })

  beforeAll(async () => {
    place = makePlace()
    folder = place.folder('data')
    microsoft = await startMicrosoft([mei, omar], TENANT, place.root)
    keys = { COUNTERSIGN_DATA: folder, ORGANISATION: 'Harbour', ...microsoft.env }
    env = { ...keys, PUBLIC_URL: URL_OF_OURS }
    product = await place.start(keys)
  }, 180_000)
  afterAll(async () => {
    await place.clear()
    await microsoft.close()
  }, 60_000)

  test('without keys it shows the way to them; without an address, or with a wrong one, it asks for it', async () => {
    const unused = { COUNTERSIGN_DATA: place.folder('unused') }
    const admin = ['setup', 'teams', '--admin', 'mei@example.com']
    const [none, nowhere, plain, nobody] = await Promise.all([
      place.countersign([...admin, '--url', `${URL_OF_OURS}/`], unused),
      place.countersign(admin, unused),
      place.countersign([...admin, '--url', 'http://isms.example.com', '--json'], unused),
      place.countersign(['setup', 'teams', '--admin', 'mei', '--url', URL_OF_OURS], unused),
    ])
    expect(none).toMatchObject({ code: 1, out: '' })
    expect(none.err).toContain('No Azure subscription is needed: https://dev.teams.microsoft.com')
    expect(none.err).toContain('Endpoint address: https://isms.example.com/api/messages\n')
    expect(none.err).toMatch(/Set TEAMS_APP_ID, TEAMS_APP_SECRET .* TEAMS_TENANT_IDS and\n {3}PUBLIC_URL=https/)
    expect(none.err.trim().split('\n').at(-1)).toMatch(/^The keys of the bot are missing: set .*call this again\.$/)
    expect(nowhere).toMatchObject({ code: 1, out: '' })
    expect(nowhere.err).toBe('Teams calls us from outside: name the public https address of this server with --url.\n')
    expect(answerOf(plain)).toEqual({
      error:
        'Teams calls the https:// address of a server, with nothing after the path: write it as --url https://isms.example.com.',
    })
    expect(nobody.err).toBe('mei is no mail address: write you@example.com.\n')
    expect(existsSync(unused.COUNTERSIGN_DATA)).toBe(false)
  })

  test('a credential that Entra refuses is said before anything is made', async () => {
    const before = await managers()
    const ran = await place.countersign(
      ['setup', 'teams', '--admin', 'somebody@example.com', '--name', 'Sol Begay', '--url', URL_OF_OURS],
      {
        ...env,
        TEAMS_APP_SECRET: 'another secret',
      },
    )
    expect(ran).toMatchObject({ code: 1, err: '' })
    expect(ran.out).toMatch(/^Entra does not accept the credential \(AADSTS7000215\)/)
    expect(await managers()).toEqual(before)
  })

  test('from the keys to the first message: the app, the administrator, first contact, the welcome', async () => {
    const first = await setup('mei@example.com', '--name', 'Mei Tanaka-Voss', '--json')
    expect(first, first.err).toMatchObject({ code: 0 })
    expect(first.err).toContain('3. Entra accepts the credential of the bot.')
    expect(first.err).toContain('5. Mei Tanaka-Voss is the first administrator.')
    expect(first.out + first.err).not.toContain(SECRET)
    const facts = answerOf(first)
    expect(facts).toMatchObject({ endpoint: 'https://isms.example.com/api/messages', sent: false })
    const files = unzipSync(readFileSync(join(place.root, String(facts.package))))
    expect(JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))).toMatchObject({ id: microsoft.appId })
    expect(await managers()).toContain('mei@example.com')

    // Again, before anybody came: nothing is done twice, and the next step is told.
    const again = await setup('mei@example.com')
    expect(again).toMatchObject({ code: 0 })
    expect(again.out).toContain('write "inbox" to it, as mei@example.com')
    expect(await entriesAbout('mei@example.com')).toEqual(['person.joined', 'role.granted'])

    // First contact: linked by the address that the tenant vouches for, and answered.
    await person(mei).say('inbox')
    await microsoft.until(() => microsoft.chat(mei.id).find((one) => headOf(one) === 'Your inbox'))
    expect(await entriesAbout('mei@example.com')).toEqual(['person.joined', 'role.granted', 'identity.linked'])

    // The tenant in capitals, as some portals show it, is the tenant of the account.
    const last = await place.countersign(['setup', 'teams', '--admin', 'mei@example.com'], {
      ...env,
      TEAMS_TENANT_IDS: TENANT.toUpperCase(),
    })
    expect(last, last.err).toMatchObject({
      code: 0,
      out: "6. The first message is in Mei Tanaka-Voss's chat. Start the product with: npm start\n",
    })
    const welcome = microsoft.chat(mei.id).at(-1)
    const [card] = (welcome?.activity.attachments ?? []) as { content: Record<string, unknown> }[]
    expect(headOf(welcome ?? { id: '', conversation: '', activity: {}, edits: 0 })).toBe('Countersign is connected')
    expect(readCard(card?.content ?? {})).toContain('type publish here')
    expect(buttonsIn(card?.content ?? {})).toEqual(['What I can do', 'How things stand'])
  })

  test('whoever wrote before the register knew them is linked then; one who blocks the bot is said to be so', async () => {
    await person(omar).say('inbox')
    await microsoft.until(() => microsoft.chat(omar.id).find(({ activity }) => activity.attachments || activity.text))
    microsoft.block(omar.id)
    const ran = await setup('omar@example.com', '--name', 'Omar Haddad')
    expect(ran).toMatchObject({ code: 1, out: '' })
    expect(ran.err.trim().split('\n').at(-1)).toBe(
      'Teams did not take the first message (MessageWritesBlocked): see that the app is installed for them, and call this again.',
    )
    expect(await managers()).toContain('omar@example.com')
    expect(await entriesAbout('omar@example.com')).toEqual(['person.joined', 'role.granted', 'identity.linked'])
  })

  test('the address is kept where none was set, so that the tab leads to a desk; another one is refused', async () => {
    const wrong = { ...keys, TEAMS_APP_SECRET: 'another secret' }
    const admin = ['setup', 'teams', '--admin', 'mei@example.com', '--name', 'Mei Tanaka-Voss']
    const slack = ['setup', 'slack', '--admin', 'mei@example.com']
    const slackKeys = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 'ab'.repeat(16),
      SLACK_API_URL: 'http://127.0.0.1:1/',
    }
    const dotenv = join(place.root, '.env')
    const kept = () => (existsSync(dotenv) ? readFileSync(dotenv, 'utf8') : undefined)
    try {
      // Set, and empty: the environment wins over .env, and is left as it is.
      const empty = await place.countersign([...admin, '--url', URL_OF_OURS], { ...wrong, PUBLIC_URL: '' })
      expect(empty).toMatchObject({ code: 1, out: '' })
      expect(empty.err).toMatch(/^PUBLIC_URL is set in the environment, which wins over what \.env would keep: .*\n$/)
      expect(kept()).toBeUndefined()

      const first = await place.countersign([...admin, '--url', `${URL_OF_OURS}/`], wrong)
      expect(first.err).toBe(`   Kept in .env: PUBLIC_URL=${URL_OF_OURS}\n`)
      expect(kept()).toBe(`PUBLIC_URL=${URL_OF_OURS}\n`)

      // From now on it needs not be named, may be named, and may not be named otherwise.
      const other = ['--url', 'https://other.example.com']
      const [none, same, differs, slackToo] = await Promise.all([
        place.countersign(admin, wrong),
        place.countersign([...admin, '--url', 'https://ISMS.example.com'], wrong),
        place.countersign([...admin, ...other], wrong),
        place.countersign([...slack, ...other], { ...slackKeys, COUNTERSIGN_DATA: place.folder('slack') }),
      ])
      for (const ran of [none, same]) {
        expect(ran).toMatchObject({ code: 1, err: '' })
        expect(ran.out).toMatch(/^Entra does not accept the credential/)
      }
      for (const ran of [differs, slackToo])
        expect(ran).toMatchObject({
          code: 1,
          out: '',
          err: '--url is https://other.example.com, but PUBLIC_URL is https://isms.example.com: leave --url away, or set PUBLIC_URL to the address under which this server is reached.\n',
        })
      expect(kept()).toBe(`PUBLIC_URL=${URL_OF_OURS}\n`)

      rmSync(dotenv)
      const bySlack = await place.countersign([...slack, '--url', URL_OF_OURS], { ...keys, ...slackKeys })
      expect(bySlack.err).toMatch(/^ {3}Kept in \.env: PUBLIC_URL=https:\/\/isms\.example\.com\n/)
      expect(kept()).toBe(`PUBLIC_URL=${URL_OF_OURS}\n`)
    } finally {
      rmSync(dotenv, { force: true })
    }
  })

  test('who is not in the register is made with a name, and nobody is renamed', async () => {
    const before = await managers()
    const nameless = await place.countersign(['setup', 'teams', '--admin', 'sol@example.com'], env)
    expect(nameless).toMatchObject({ code: 1, out: '' })
    expect(nameless.err).toBe(
      'Nobody in the register has the address sol@example.com: say who it is with --name "First Last".\n',
    )
    const odd = await setup('sol@example.com', '--name', ' \n')
    expect(odd.err).toBe('--name is no name: write it as --name "First Last".\n')
    expect(await managers()).toEqual(before)

    const named = await setup('sol@example.com', '--name', ' Sol Begay ')
    expect(named.err).toContain('5. Sol Begay is the first administrator.\n')
    const joined = await look(
      (sql) => sql`select convert_from(w.payload, 'UTF8') as payload from entry e join person p on p.id = e.object
        join entry_payload w on w.entry_id = e.id where p.email = 'sol@example.com' and e.type = 'person.joined'`,
    )
    expect(JSON.stringify(joined)).toContain('Sol Begay')

    const renamed = await setup('sol@example.com', '--name', 'Sol Of Elsewhere')
    expect(renamed.err).toContain('5. Sol Begay is the first administrator.\n')
    expect(renamed.err).toContain('   The register knows them by that name already; --name changes nothing.\n')
    expect((await setup('sol@example.com')).err).not.toContain('--name')
  })

  test('another address: the package that is there is nobody’s to replace, and the rest goes on', async () => {
    expect(await setup('yuki@example.com', '--name', 'Yuki Sato')).toMatchObject({ code: 0 })
    const bytes = readFileSync(join(place.root, 'countersign-teams.zip'))
    const ran = await place.countersign(
      ['setup', 'teams', '--admin', 'yuki@example.com', '--url', 'https://other.example.com'],
      { ...env, PUBLIC_URL: 'https://other.example.com' },
    )
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.err).toContain('4. countersign-teams.zip is there and left as it is, though these settings make another')
    expect(readFileSync(join(place.root, 'countersign-teams.zip'))).toEqual(bytes)
  })
})
