import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { OWNER } from '../db/embedded/cluster.ts'
import { everyCommand, makeProgram } from '../src/cli/program.ts'
import {
  addressOf,
  answerOf,
  type Env,
  lookInto,
  makePlace,
  type Place,
  type Product,
  type Ran,
} from './end-to-end/started.ts'
import { testDatabase } from './support/database.ts'

// Started processes share two cores with other tests.
vi.setConfig({ testTimeout: 90_000 })

const EXPORTS = fileURLToPath(new URL('access/exports/', import.meta.url))
const exported = (name: string) => join(EXPORTS, name)

const PEOPLE = `email,name,department,manager,roles
cleo@example.com,Cleo Marchetti,Management,,
mei@example.com,Mei Tanaka-Voss,Security,cleo@example.com,isms-manager
omar@example.com,Omar Haddad,Engineering,cleo@example.com,
yuki@example.com,結城 優希,Engineering,omar@example.com,
`
const policy = (code: string, facts = 'approved_by: cleo@example.com\napproved_on: 2026-01-12') => `---
title: ${code}
version: "1.0"
code: ${code}
owner: mei@example.com
${facts}
audience: everyone
---

Lock your screen.
`
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

let place: Place
let product: Product
let env: Env
let folder: string

const countersign = (...args: string[]): Promise<Ran> => place.countersign(args, env)
const written = (name: string, text: string): string => {
  writeFileSync(join(place.root, name), text)
  return name
}

async function look<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = await lookInto(folder)
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const rowsOf = (table: string) =>
  look(async (sql) => {
    const [row] = await sql`select count(*)::int as rows from ${sql(table)}`
    return row?.rows as number
  })

beforeAll(async () => {
  place = makePlace()
  folder = place.folder('data')
  env = {
    COUNTERSIGN_DATA: folder,
    SLACK_BOT_TOKEN: 'xoxb-nobody-answers',
    SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
    // Nothing listens there: the product says so in its log and works on.
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
  }
  product = await place.start(env)
  const [people, policies] = [written('people.csv', PEOPLE), written('screens.md', policy('screens'))]
  expect(await countersign('import', 'people', people, '--expected', '4')).toMatchObject({ code: 0 })
  expect(await countersign('import', 'policies', policies)).toMatchObject({ code: 0 })
}, 180_000)

afterAll(() => place.clear(), 60_000)

describe('how it is called', () => {
  const names = [...everyCommand(makeProgram())].map((command) => {
    const path: string[] = []
    for (let one: typeof command | null = command; one?.parent; one = one.parent) path.unshift(one.name())
    return path.join(' ')
  })

  test('every command of the product is there', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        ...[
          'setup slack',
          'setup teams',
          'doctor',
          'manifest slack',
          'manifest teams',
          'people link',
          'people unlinked',
          'backup',
          'restore',
        ],
        ...['import people', 'import policies', 'import acknowledgements', 'import access', 'import controls'],
        ...['campaign preview', 'campaign launch', 'campaign status', 'campaign stop'],
      ]),
    )
  })

  test.each(names)('"%s" --help says what it is for and what it takes', async (name) => {
    let said = ''
    const program = makeProgram()
    for (const command of everyCommand(program))
      command.configureOutput({
        writeOut: (text) => {
          said += text
        },
      })
    const asked = program.parseAsync([...name.split(' ').filter(Boolean), '--help'], { from: 'user' })
    await expect(asked).rejects.toMatchObject({ exitCode: 0 })
    expect(said).toMatch(new RegExp(`^Usage: countersign${name === '' ? '' : ` ${name}`}[ \\n]`))
    expect(said.split('\n')[2]).toMatch(/\w{3}/)
  })

  test('exit codes: 0 with help, 2 for a wrong call, which names the mistake and opens nothing', async () => {
    const untouched = { COUNTERSIGN_DATA: place.folder('untouched') }
    const [help, unknown, missing, date] = await Promise.all([
      place.countersign(['--help'], untouched),
      place.countersign(['improt'], untouched),
      place.countersign(['import', 'access', 'file.csv'], untouched),
      place.countersign(['campaign', 'launch', 'screens', '--due', 'tomorrow', '--as', 'a@b.example'], untouched),
    ])
    expect(help).toMatchObject({ code: 0, err: '' })
    expect(help.out).toContain('Exit codes: 0 done, 1 refused or failed, 2 called wrongly')
    for (const wrong of [unknown, missing, date]) {
      expect(wrong).toMatchObject({ code: 2, out: '' })
      expect(wrong.err).toContain('(add --help for what this command takes)')
    }
    expect(unknown.err).toContain("unknown command 'improt'")
    expect(missing.err).toContain("required option '--system <name>' not specified")
    expect(date.err).toContain('A date as 2026-12-04, please.')
    expect(existsSync(untouched.COUNTERSIGN_DATA)).toBe(false)
  })

  test('malformed settings are listed all at once, for people and for programs', async () => {
    const wrong = { COUNTERSIGN_DATA: place.folder('untouched'), PORT: 'x', TIMEZONE: 'x' }
    const [words, json] = await Promise.all([
      place.countersign(['campaign', 'status'], wrong),
      place.countersign(['campaign', 'status', '--json'], wrong),
    ])
    expect(words).toMatchObject({ code: 1, out: '' })
    expect(words.err.trim().split('\n')).toHaveLength(3)
    expect(json).toMatchObject({ code: 1, err: '' })
    expect(answerOf<{ problems: string[] }>(json).problems).toEqual([
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^TIMEZONE /),
    ])
  })

  test('the manifest is printed for Socket Mode and for an address', async () => {
    const [socket, http] = await Promise.all([
      place.countersign(['manifest', 'slack'], {}),
      place.countersign(['manifest', 'slack', '--url', 'https://isms.example.com', '--json'], {}),
    ])
    expect(JSON.parse(socket.out)).toMatchObject({ settings: { socket_mode_enabled: true } })
    const { manifest, create } = answerOf<{ manifest: { settings: object }; create: string }>(http)
    expect(manifest.settings).toMatchObject({
      event_subscriptions: { request_url: 'https://isms.example.com/slack/events' },
    })
    expect(create).toMatch(/^https:\/\/api\.slack\.com\/apps\?new_app=1&manifest_json=/)
  })
})

describe('import access --dry-run prints the receipt and opens no database', () => {
  const dry = async (file: string, ...more: string[]) => {
    const data = place.folder('never-made')
    const ran = await place.countersign(['import', 'access', file, '--system', 'Code host', '--dry-run', ...more], {
      COUNTERSIGN_DATA: data,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    })
    expect(existsSync(data)).toBe(false)
    return ran
  }

  test('every line of an export is accounted for', async () => {
    const ran = await dry(exported('campaign-50.csv'), '--expected', '50', '--json')
    expect(ran).toMatchObject({ code: 0, err: '' })
    const it = answerOf<{
      lines: number
      header: number
      accepted: number
      rejected: { line: number; reason: string }[]
      outOfScope: unknown[]
      footer: number
    }>(ran)
    expect(it).toMatchObject({
      adapter: 'canonical',
      header: 1,
      footer: 0,
      controlTotal: 50,
      balanced: true,
      accounts: expect.any(Number),
      grants: expect.any(Number),
    })
    const text = readFileSync(exported('campaign-50.csv'), 'utf8')
    expect(it.lines).toBe(text.split('\n').length - (text.endsWith('\n') ? 1 : 0))
    expect(it.header + it.accepted + it.rejected.length + it.outOfScope.length + it.footer).toBe(it.lines)
  })

  test('ragged rows are rejected with line and reason; a total that does not fit needs attention', async () => {
    const [ragged, total] = await Promise.all([
      dry(exported('variant-ragged.csv'), '--json'),
      dry(exported('github-org-members-export.csv'), '--expected', '999'),
    ])
    const { rejected } = answerOf<{ rejected: object[] }>(ragged)
    expect(rejected.length).toBeGreaterThan(0)
    for (const one of rejected) expect(one).toEqual({ line: expect.any(Number), reason: expect.stringMatching(/\w/) })
    expect(ragged.code).toBe(3)
    expect(total.code).toBe(3)
    expect(total.out).toMatch(/^Read as github-members: /)
    expect(total.out).toContain('NOT BALANCED: 999 rows were announced, the file has 2.\n')
  })

  test('a header without rows is legal and needs attention', async () => {
    const ran = await dry(exported('variant-header-only.csv'))
    expect(ran.code).toBe(3)
    expect(ran.out).toMatch(/^Read as canonical: 1 line = 1 header \+ 0 accepted /)
    expect(ran.out).toContain('No rows: if the system does have accounts, export it again;')
  })

  test('what cannot be read is refused in one sentence', async () => {
    const [shadow, missing, empty, folderInstead] = await Promise.all([
      dry(exported('linux-shadow-MUST-REFUSE.txt'), '--json'),
      dry('no-such-file.csv'),
      dry(exported('variant-empty.csv')),
      dry(place.root),
    ])
    expect(answerOf(shadow)).toEqual({
      error:
        'This is a shadow file with password data, so nothing of it was stored; import /etc/passwd and /etc/group instead.',
    })
    expect(missing).toMatchObject({ out: '', err: 'There is no file no-such-file.csv: check the name.\n' })
    expect(folderInstead.err).toMatch(/ is a folder: name a file\.\n$/)
    for (const ran of [shadow, missing, empty, folderInstead]) expect(ran.code).toBe(1)
    for (const ran of [missing, empty, folderInstead]) expect(ran.err.trim().split('\n')).toHaveLength(1)
  })
})

describe('beside a running product', () => {
  test('people with a total that does not fit change nothing; a dry run tells and changes nothing', async () => {
    const more = written('more.csv', `${PEOPLE}sol@example.com,Sol Begay,Field,,\nnobody,No Mail,Field,,\n`)
    const before = [await rowsOf('person'), await rowsOf('entry')]
    const [wrong, shown, half, tried] = await Promise.all([
      countersign('import', 'people', more, '--expected', '40'),
      countersign('import', 'people', more, '--expected', '40', '--dry-run'),
      countersign('import', 'people', more),
      countersign('import', 'people', more, '--dry-run', '--partial', '--json'),
    ])
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toBe(
      'The file has 6 people and 40 were expected, so nothing was changed: export it again or correct the number.\n',
    )
    expect(shown.code).toBe(3)
    expect(shown.out).toContain('NOT BALANCED: 40 people were announced, the file has 6.')
    expect(half).toMatchObject({ code: 1, out: '' })
    expect(half.err).toMatch(/^1 lines? cannot be read, so nothing was changed/)
    expect(tried.code).toBe(3)
    expect(answerOf(tried)).toMatchObject({
      lines: 7,
      header: 1,
      accepted: 5,
      rejected: [{ line: 7, reason: expect.stringContaining('a mail address') }],
      added: 1,
      unchanged: 4,
    })
    expect([await rowsOf('person'), await rowsOf('entry')]).toEqual(before)
  })

  test('an export is kept with its receipt; a shadow file leaves no trace', async () => {
    const imported = await countersign(
      ...['import', 'access', exported('github-org-members-export.csv'), '--system', 'GitHub'],
      ...['--owner', 'omar@example.com', '--class', 'critical', '--json'],
    )
    expect(imported, imported.out).toMatchObject({ code: 0 })
    const { snapshot } = answerOf<{ snapshot: string }>(imported)
    const [kept] = await look((sql) => sql`select adapter, balanced from snapshot where id = ${snapshot}`)
    expect(kept).toEqual({ adapter: 'github-members', balanced: true })

    const before = await Promise.all(['snapshot', 'file', 'file_piece', 'entry', 'system'].map(rowsOf))
    const [shadow, stranger, unknown] = await Promise.all([
      countersign('import', 'access', exported('linux-shadow-MUST-REFUSE.txt'), '--system', 'GitHub'),
      countersign(...['import', 'access', exported('campaign-5.csv'), '--system', 'New', '--owner', 'who@example.com']),
      countersign('import', 'access', exported('campaign-5.csv'), '--system', 'Nowhere'),
    ])
    for (const ran of [shadow, stranger, unknown]) {
      expect(ran).toMatchObject({ code: 1, out: '' })
      expect(ran.err.trim().split('\n')).toHaveLength(1)
    }
    expect(shadow.err).toContain('shadow file with password data')
    expect(stranger.err).toBe('Nobody active has the address who@example.com: check it, or import people first.\n')
    expect(unknown.err).toContain('github')
    expect(await Promise.all(['snapshot', 'file', 'file_piece', 'entry', 'system'].map(rowsOf))).toEqual(before)
  })

  test('policies, controls and acknowledgements from elsewhere come with a receipt', async () => {
    mkdirSync(join(place.root, 'folder'))
    written('folder/good.md', policy('desks'))
    written('folder/no-facts.md', 'Lock your screen.\n')
    written('folder/notes.txt', 'no policy')
    const policies = await countersign('import', 'policies', 'folder', '--json')
    expect(policies.code).toBe(3)
    expect(answerOf(policies).files).toEqual([
      expect.objectContaining({ name: 'good.md', outcome: 'new' }),
      expect.objectContaining({ name: 'no-facts.md', outcome: 'refused', why: expect.stringContaining('---') }),
    ])
    const elsewhere = written(
      'elsewhere.csv',
      'email,policy,version,acknowledged_on,source\ncleo@example.com,desks,1.0,2025-11-18,paper\nwho@example.com,desks,1.0,2025-11-18,paper\n',
    )
    const [acknowledged, controls, nothing] = await Promise.all([
      countersign('import', 'acknowledgements', elsewhere),
      countersign('import', 'controls', '--json'),
      countersign('import', 'policies', place.folder('empty-folder')),
    ])
    expect(acknowledged.code).toBe(3)
    expect(acknowledged.out).toContain('2 lines: 1 imported, 0 were there already, 1 rejected.')
    expect(acknowledged.out).toContain('  line 3: who@example.com is not in the register of people.')
    expect(controls.code).toBe(0)
    expect(answerOf<{ registers: { controls: number } }>(controls).registers.controls).toBe(93 + 114)
    expect(nothing).toMatchObject({ code: 1, out: '' })
  })

  test('a campaign is counted, launched once, seen and stopped; refusals say the way out', async () => {
    mkdirSync(join(place.root, 'desks'))
    written('desks/clean-desks.md', policy('clean-desks'))
    written('desks/draft.md', policy('draft', ''))
    expect(await countersign('import', 'policies', 'desks')).toMatchObject({ code: 0 })
    const launch = (code: string, due: string, as = 'mei@example.com', ...more: string[]) =>
      countersign('campaign', 'launch', code, '--due', due, '--as', as, ...more)
    const before = await rowsOf('assignment')

    const [preview, notLead, past, draft, unknown] = await Promise.all([
      countersign('campaign', 'preview', 'clean-desks', '--json'),
      launch('clean-desks', inDays(7), 'omar@example.com'),
      launch('clean-desks', inDays(-7)),
      launch('draft', inDays(7)),
      countersign('campaign', 'preview', 'unheard-of'),
    ])
    expect(answerOf(preview)).toMatchObject({ policy: 'clean-desks', version: '1.0', people: 4, spared: 0 })
    for (const refused of [notLead, past, draft, unknown]) {
      expect(refused).toMatchObject({ code: 1, out: '' })
      expect(refused.err.trim().split('\n')).toHaveLength(1)
    }
    expect(notLead.err).toBe('omar@example.com is no ISMS manager: only one may launch.\n')
    expect(past.err).toContain('has not passed')
    expect(draft.err).toContain('is not approved')
    expect(unknown.err).toBe('There is no policy "unheard-of": import it first.\n')
    expect(await rowsOf('assignment')).toBe(before)

    const launched = await launch('clean-desks', inDays(7), 'mei@example.com', '--scope', 'everyone', '--json')
    expect(launched, launched.out).toMatchObject({ code: 0 })
    const { campaign, people } = answerOf<{ campaign: string; people: number }>(launched)
    expect(people).toBe(4)
    const again = await launch('clean-desks', inDays(7), 'mei@example.com', '--scope', 'everyone', '--json')
    expect([again.code, await rowsOf('assignment')]).toEqual([expect.any(Number), before + 4])

    const status = await countersign('campaign', 'status', campaign, '--json')
    expect(answerOf(status).campaigns).toEqual([
      expect.objectContaining({ id: campaign, state: 'open', people: 4, done: 0, overdue: 0 }),
    ])
    const stopped = await countersign('campaign', 'stop', campaign, '--reason', 'Wrong text', '--json')
    expect(answerOf(stopped)).toEqual({ campaign, withdrawn: 4 })
    const [twice, nowhere] = await Promise.all([
      countersign('campaign', 'stop', campaign, '--reason', 'Once more'),
      countersign('campaign', 'status', 'cmp_nowhere'),
    ])
    expect(twice).toMatchObject({ code: 1, out: '' })
    expect(nowhere.err).toBe('There is no campaign cmp_nowhere: "campaign status" lists them.\n')
  })

  test('an account is linked by hand, once', async () => {
    const id = await look(async (sql) => {
      const [row] = await sql`insert into identity
          (id, platform, tenant, user_id, address, email, display_name, state, created_at)
        values ('idn_' || substr(md5('yuki'), 1, 26), 'slack', 'T0HARBOUR1', 'U0YUKI', '{}', null, 'yuki', 'unmatched', now())
        returning id`
      return row?.id as string
    })
    const listed = await countersign('people', 'unlinked')
    expect(listed.out).toContain(`${id}  slack  unmatched  yuki  no verified address`)
    const [nobody, kind] = await Promise.all([
      countersign('people', 'link', id, 'who@example.com'),
      countersign('people', 'link', 'asg_wrong', 'yuki@example.com'),
    ])
    expect(nobody.err).toContain('Nobody active has the address who@example.com')
    expect(kind.err).toContain('asg_wrong is no account id')
    expect(await countersign('people', 'link', id, 'yuki@example.com')).toMatchObject({
      code: 0,
      out: 'Linked to 結城 優希.\n',
    })
    expect((await countersign('people', 'link', id, 'omar@example.com')).code).toBe(1)
    const [row] = await look(
      (sql) =>
        sql`select p.email, i.link_method from identity i join person p on p.id = i.person_id where i.id = ${id}`,
    )
    expect(row).toEqual({ email: 'yuki@example.com', link_method: 'by-hand' })
  })

  test('a database that refuses or is not there is told in one sentence, without a statement or people in it', async () => {
    const changed = written('changed.csv', PEOPLE.replace('Engineering', 'Platform'))
    const owner = await lookInto(folder, OWNER)
    await owner`alter table entry add constraint refused check (type <> 'people.imported') not valid`
    try {
      const refused = await countersign('import', 'people', changed)
      expect(refused).toMatchObject({ code: 1, out: '' })
      expect(refused.err).toBe(
        'The database refused a statement (23514) and nothing was changed: look with "countersign doctor", and call it again.\n',
      )
      const [row] = await owner`select count(*)::int as changed from person where department = 'Platform'`
      expect(row).toEqual({ changed: 0 })
    } finally {
      await owner`alter table entry drop constraint refused`
      await owner.end()
    }
    const nowhere = await place.countersign(['campaign', 'status'], {
      DATABASE_URL: 'postgres://me:pw@127.0.0.1:1/none',
    })
    expect(nowhere).toMatchObject({ code: 1, out: '' })
    expect(nowhere.err).toMatch(/^Cannot use the database 127\.0\.0\.1:1\/none: nothing listens there; .+\.\n$/)
  })

  test('doctor finds the database well and tells that Slack cannot be reached', async () => {
    const ran = await countersign('doctor', '--json')
    expect(ran.code).toBe(3)
    const { ok, findings } = answerOf<{ ok: boolean; findings: { what: string; ok: boolean; text: string }[] }>(ran)
    expect(ok).toBe(false)
    expect(findings.filter((one) => one.ok).map(({ what }) => what)).toEqual([
      ...['settings', 'database', 'rights', 'clock', 'desk'],
    ])
    expect(findings.filter((one) => !one.ok)).toEqual([
      { what: 'slack', ok: false, text: expect.stringMatching(/^Slack cannot be reached \(.+\): check the network/) },
    ])
  })
})

describe('backup and restore', () => {
  /** Everything of the record, byte for byte, and who it is about. */
  const contentOf = async (sql: Sql) => ({
    entries: [
      ...(await sql`select id, encode(bytes, 'hex') as bytes, seq::text, txid::text, epoch from entry order by id`),
    ],
    payloads: [
      ...(await sql`select entry_id, encode(salt, 'hex'), encode(payload, 'hex') from entry_payload order by 1`),
    ],
    people: [...(await sql`select id, email, name from person order by id`)],
    files: [...(await sql`select file_id, n, encode(bytes, 'hex') from file_piece order by 1, 2`)],
  })

  test('from the embedded database into a fresh folder and onto a server: the same bytes', async () => {
    const saved = await countersign('backup', 'isms.backup', '--json')
    expect(saved, saved.out).toMatchObject({ code: 0 })
    const facts = answerOf<{ rows: number; tables: number; file_sha256: string }>(saved)
    expect(facts.file_sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(join(place.root, 'isms.backup')).mode & 0o777).toBe(0o600)
    const content = await look(contentOf)
    expect(content.entries.length).toBeGreaterThan(5)

    const there = place.folder('elsewhere')
    const server = await testDatabase({ template: null })
    try {
      const onServer = { ...env, ...addressOf(server.accesses.owner) }
      const [restored, moved] = await Promise.all([
        place.countersign(['restore', 'isms.backup', '--json'], { ...env, COUNTERSIGN_DATA: there }),
        place.countersign(['restore', 'isms.backup', '--json'], onServer),
      ])
      for (const ran of [restored, moved]) {
        expect(ran, ran.err).toMatchObject({ code: 0 })
        expect(answerOf(ran)).toMatchObject({ file: 'isms.backup', rows: facts.rows, tables: facts.tables })
      }
      expect(await contentOf(server.owner)).toEqual(content)
      // The commands work on there, and a second restore is refused.
      const [status, again] = await Promise.all([
        place.countersign(['campaign', 'status', '--json'], onServer),
        place.countersign(['restore', 'isms.backup'], onServer),
      ])
      expect(status).toMatchObject({ code: 0 })
      expect(again).toMatchObject({ code: 1, out: '' })
      expect(again.err).toMatch(
        /The database is not empty \(table \w+\): restore into a new one; nothing was changed\.\n$/,
      )
      expect(await contentOf(server.owner)).toEqual(content)
    } finally {
      await server.close()
    }

    const second = await place.start({ ...env, COUNTERSIGN_DATA: there })
    const sql = await lookInto(there)
    try {
      const now = await contentOf(sql)
      expect(now.entries.slice(0, content.entries.length)).toEqual(content.entries)
      expect(now.payloads.slice(0, content.payloads.length)).toEqual(content.payloads)
      expect([now.people, now.files]).toEqual([content.people, content.files])
    } finally {
      await sql.end()
      await second.end('SIGTERM')
    }
  })

  test('refusals leave everything as it was', async () => {
    written('no-backup.txt', 'hello')
    written('taken.backup', 'mine')
    const before = readdirSync(place.root)
    const [taken, nowhere, missing, running] = await Promise.all([
      countersign('backup', 'taken.backup'),
      countersign('backup', 'no/such/folder/isms.backup'),
      countersign('restore', 'no-such.backup'),
      countersign('restore', 'taken.backup'),
    ])
    for (const ran of [taken, nowhere, missing, running]) {
      expect(ran).toMatchObject({ code: 1, out: '' })
      // On a slow machine the progress of a table is told before it turns out that the place is not empty.
      const said = ran.err.trim().split('\n')
      expect(said.filter((line) => !/^\w+: \d+$/.test(line))).toHaveLength(1)
    }
    expect(taken.err).toBe('taken.backup exists already: name a new file, a backup replaces nothing.\n')
    expect(nowhere.err).toMatch(/ENOENT.*: name a folder that exists/)
    expect(running.err).toMatch(/already runs on this data folder: stop it first/)
    expect(readFileSync(join(place.root, 'taken.backup'), 'utf8')).toBe('mine')
    expect(readdirSync(place.root)).toEqual(before)
    expect((await fetch(`${product.address}/ready`)).status).toBe(200)
  })
})
