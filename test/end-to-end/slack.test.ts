import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { botScopes } from '../../manifest/slack.ts'
import { buttonsIn, type Json, labelOf, read } from '../platforms/slack-blocks.ts'
import { SECRET } from '../platforms/slack-person.ts'
import { testDatabase } from '../support/database.ts'
import { personOf, type Request, type Said, send, signed, type View } from './person.ts'
import { addressOf, answerOf, lookInto, makePlace, type Place, type Product, type Ran } from './started.ts'
import { startWorkspace, type Workspace } from './workspace.ts'

// Started processes share two cores with other tests.
vi.setConfig({ testTimeout: 90_000 })

/** Named as in the workspace; all invented. `twin` has Omar's address too, `temp` and `visitor` are in no register. */
const ACCOUNTS = ['mei', 'ravi', 'omar', 'lena', 'ines', 'kiran', 'twin', 'temp', 'visitor'].map((name) => ({
  name,
  real_name: name,
  email: name === 'twin' ? 'omar@example.com' : `${name}@example.com`,
}))
const PEOPLE = `email,name,department,roles
mei@example.com,Mei Tanaka-Voss,Security,
ravi@example.com,Ravi Okonjo,Security,responder
omar@example.com,Omar Haddad,Engineering,
lena@example.com,Lena Brandt,Engineering,
ines@example.com,Inês Caldeira,Engineering,
kiran@example.com,Kiran Adhikari,Engineering,
sol@example.com,Sol Begay,Field,
`
const POLICY = `---
title: Acceptable Use
version: "1.0"
code: acceptable-use
owner: mei@example.com
approved_by: lena@example.com
approved_on: 2026-01-12
audience: everyone
---

Lock your screen. Report what looks strange.
`
const DUE = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)

let place: Place
let slack: Workspace
let product: Product
let env: Record<string, string>
let folder: string
let setUp: Ran
let launched: Ran

const start = async () => {
  product = await place.start(env)
}
const be = (name: string) => personOf(slack, () => product.address, slack.ids[name] ?? '')
const countersign = (...args: string[]) => place.countersign(args, env)

async function look<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = await lookInto(folder)
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

const counts = () =>
  look(async (sql) => {
    const [row] = await sql`select (select count(*)::int from entry) as entries,
      (select count(*)::int from report) as reports, (select count(*)::int from acknowledgement) as acknowledgements`
    return row
  })

beforeAll(async () => {
  place = makePlace()
  folder = place.folder('data')
  slack = await startWorkspace(ACCOUNTS, { bot: botScopes, poor: ['commands', 'chat:write', 'users:read'] })
  env = {
    COUNTERSIGN_DATA: folder,
    ORGANISATION: 'Harbour',
    SLACK_BOT_TOKEN: slack.tokens.bot ?? '',
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.apiUrl,
    // People are asked in their working hours; this is a test of any hour.
    WORKING_HOURS: '00:00-24:00',
    WORKING_DAYS: 'mon,tue,wed,thu,fri,sat,sun',
  }
  writeFileSync(join(place.root, 'people.csv'), PEOPLE)
  writeFileSync(join(place.root, 'acceptable-use.md'), POLICY)
  await start()
  await succeeded(countersign('import', 'people', 'people.csv'))
  setUp = await succeeded(countersign('setup', 'slack', '--admin', 'mei@example.com', '--json'))
  await succeeded(countersign('import', 'policies', 'acceptable-use.md'))
  launched = await succeeded(
    countersign(
      ...['campaign', 'launch', 'acceptable-use', '--scope', 'everyone', '--due', DUE],
      ...['--as', 'mei@example.com', '--json'],
    ),
  )
}, 180_000)

afterAll(async () => {
  await place.clear()
  await slack.close()
}, 60_000)

async function succeeded(running: Promise<Ran>): Promise<Ran> {
  const ran = await running
  expect(ran, ran.err).toMatchObject({ code: 0 })
  return ran
}

describe('from the keys to the first message', () => {
  test('setup names the first administrator, writes to them and lists who could not be matched', async () => {
    const facts = answerOf(setUp)
    expect(facts).toMatchObject({ team: { name: 'Harbour' }, sent: true })
    // emulate brings an administrator of its own, whom nobody imported.
    expect(facts.accounts).toMatchObject({ linked: 6, unmatched: 3, ambiguous: 1 })

    const [first] = await slack.chat(slack.ids.mei ?? '')
    expect(first?.text).toBe('Countersign is connected')
    expect(read(first?.blocks ?? [])).toContain('information security team of Harbour')
    const roles = await look(
      (sql) => sql`select p.email, r.role from person_role r join person p on p.id = r.person_id order by 1`,
    )
    expect([...roles]).toEqual([
      { email: 'mei@example.com', role: 'isms-manager' },
      { email: 'ravi@example.com', role: 'responder' },
    ])

    const { unlinked } = answerOf<{ unlinked: Json[] }>(await countersign('people', 'unlinked', '--json'))
    expect(unlinked.map(({ displayName, state }) => [displayName, state])).toEqual(
      expect.arrayContaining([
        ['visitor', 'unmatched'],
        ['twin', 'ambiguous'],
      ]),
    )
  })

  test('T13 an account is linked by a person, and a stranger is told so without learning anything', async () => {
    const said = await be('temp').command('/isms')
    expect(String(said.body.text)).toContain("I don't know you yet")

    const { unlinked } = answerOf<{ unlinked: { id: string; displayName: string }[] }>(
      await countersign('people', 'unlinked', '--json'),
    )
    const account = unlinked.find(({ displayName }) => displayName === 'temp')
    const linked = await countersign('people', 'link', account?.id ?? '', 'sol@example.com')
    expect(linked).toMatchObject({ code: 0, out: 'Linked to Sol Begay.\n' })
    // What was waiting for Sol is on its way at once: the launch was before the link.
    expect((await requestTo('temp')).text).toBe('Please read: Acceptable Use v1.0')
  })

  test('doctor and setup say which scopes are missing and how to get them; nothing is sent', async () => {
    const poor = { ...env, SLACK_BOT_TOKEN: slack.tokens.poor ?? '' }
    const [doctor, setup] = await Promise.all([
      place.countersign(['doctor'], poor),
      place.countersign(['setup', 'slack', '--admin', 'mei@example.com'], poor),
    ])
    const sentence =
      'The app lacks im:write, users:read.email: update its manifest, then install it again to the workspace.'
    expect(doctor.code).toBe(3)
    expect(doctor.out).toContain(`PROBLEM  slack: ${sentence}`)
    expect(doctor.out).toMatch(/ok {7}database: PostgreSQL \d+/)
    expect(setup).toMatchObject({ code: 1, out: `${sentence}\n` })
    const asked = slack.calls.filter(({ token }) => token === slack.tokens.poor)
    expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['auth.test']))
  })

  test('without keys setup shows the way to them; with a token that Slack does not know it says so', async () => {
    const unused = place.folder('unused')
    const [none, wrong, nobody] = await Promise.all([
      place.countersign(['setup', 'slack', '--admin', 'mei@example.com'], { COUNTERSIGN_DATA: unused }),
      place.countersign(['doctor', '--json'], { ...env, SLACK_BOT_TOKEN: 'xoxb-of-somebody-else' }),
      countersign('setup', 'slack', '--admin', 'nobody@example.com'),
    ])
    expect(none.code).toBe(1)
    expect(none.err).toContain('https://api.slack.com/apps?new_app=1&manifest_json=')
    expect(none.err).toContain('Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment or in .env')
    expect(existsSync(unused)).toBe(false)
    expect(wrong.code).toBe(3)
    expect(answerOf<{ findings: Json[] }>(wrong).findings).toContainEqual({
      what: 'slack',
      ok: false,
      text: 'Slack does not accept the bot token (invalid_auth): install the app to the workspace and copy its token again.',
    })
    expect(nobody).toMatchObject({ code: 1, out: '' })
    expect(nobody.err).toContain('Nobody in this workspace has the confirmed address nobody@example.com')
  })
})

/** The message that asks a person to read, as it stands in their conversation. */
async function requestTo(name: string) {
  const channel = await slack.dm(slack.ids[name] ?? '')
  await slack.seen(
    'chat.postMessage',
    ({ args }) => args.channel === channel && String(args.text).startsWith('Please read'),
  )
  const messages = await slack.chat(slack.ids[name] ?? '')
  const message = messages.find(({ blocks }) =>
    buttonsIn(blocks).some((one) => labelOf(one) === 'Read and acknowledge'),
  )
  if (!message) throw new Error(`${name} was not asked: ${JSON.stringify(messages.map(({ text }) => text))}`)
  return { ...message, channel }
}

async function opened(work: () => Promise<{ status: number }>): Promise<View> {
  const opening = slack.next('views.open')
  expect((await work()).status).toBe(200)
  const { result } = await opening
  expect(result).toMatchObject({ ok: true })
  return result.view as View
}

const openPolicy = async (name: string) => {
  const request = await requestTo(name)
  return { request, view: await opened(() => be(name).click(request, request.channel, 'Read and acknowledge')) }
}

const acknowledgementsOf = (name: string) =>
  look(
    (sql) => sql`select v.version, a.source, a.platform, a.content_sha256 = v.sha256 as same,
        (select count(*)::int from entry e where e.action = 'policies.acknowledge' and e.actor = p.id) as entries
      from acknowledgement a join person p on p.id = a.person_id join policy_version v on v.id = a.version_id
      where p.email = ${`${name}@example.com`}`,
  )

describe('what people do in Slack', () => {
  test('/isms shows the inbox and /isms help what there is', async () => {
    const inbox = await be('ravi').command('/isms')
    expect(inbox).toMatchObject({ status: 200, body: { response_type: 'ephemeral', text: 'Your inbox' } })
    expect(read(inbox.body.blocks as Json[])).toContain('Acceptable Use v1.0')
    const help = await be('ravi').command('/isms help')
    expect(read(help.body.blocks as Json[])).toContain('/incident …')
  })

  test('an incident: one command, one click, and the number is told after the row is there', async () => {
    const form = await opened(() => be('omar').command('/incident lost laptop'))
    expect(read(form.blocks)).toContain('What did you see?')

    const said = await be('omar').submit(form)
    expect(said.body).toMatchObject({ response_action: 'update' })
    const words = read((said.body.view as View).blocks)
    const number = /EVT-\d{4}-\d{4}/.exec(words)?.[0]
    const rows = await look(
      (sql) => sql`select r.number, r.what, r.origin, p.email from report r join person p on p.id = r.reporter_id
        where r.what = 'lost laptop'`,
    )
    expect([...rows]).toEqual([{ number, what: 'lost laptop', origin: 'command', email: 'omar@example.com' }])

    const responder = await slack.dm(slack.ids.ravi ?? '')
    const triage = await slack.seen(
      'chat.postMessage',
      ({ args }) => args.channel === responder && JSON.stringify(args.blocks).includes('lost laptop'),
    )
    expect(triage.result.ok).toBe(true)
    // T18: what a notification shows has no detail of the report.
    expect(triage.args.text).toBe(`Report ${number}`)
  })

  test('an empty report is refused at its field, and nothing is lost or stored', async () => {
    const form = await opened(() => be('lena').command('/incident'))
    const before = await counts()
    const said = await be('lena').submit(form, { what: '   ' })
    expect(said.body.response_action).toBe('errors')
    expect(Object.keys(said.body.errors as Json)[0]).toMatch(/^what@/)
    expect(await counts()).toEqual(before)
  })

  test('a policy launched from the command line is read and acknowledged in two clicks', async () => {
    expect(answerOf(launched)).toMatchObject({ people: 7 })
    const { request, view } = await openPolicy('omar')
    expect(request.text).toBe('Please read: Acceptable Use v1.0')
    expect(read(view.blocks)).toContain('Lock your screen.')

    const edit = slack.next('chat.update', ({ args }) => args.ts === request.ts && args.channel === request.channel)
    expect((await be('omar').submit(view)).status).toBe(200)
    await edit

    const chat = await slack.chat(slack.ids.omar ?? '')
    const standing = chat.find(({ ts }) => ts === request.ts)
    expect(standing?.text).toBe('Acknowledged: Acceptable Use v1.0')
    expect(standing?.edited).toBeDefined()
    expect(buttonsIn(standing?.blocks ?? []).map(labelOf)).not.toContain('Read and acknowledge')
    expect(chat.filter(({ text }) => text.includes('Acceptable Use'))).toHaveLength(1)
    expect([...(await acknowledgementsOf('omar'))]).toEqual([
      { version: '1.0', source: 'witnessed', platform: 'slack', same: true, entries: 1 },
    ])
  })

  test('the Home tab is the inbox, published when it is opened', async () => {
    const published = slack.next('views.publish', ({ args }) => args.user_id === slack.ids.ravi)
    expect((await be('ravi').openHome()).status).toBe(200)
    const { args, result } = await published
    expect(result.ok).toBe(true)
    expect(read((args.view as View).blocks)).toContain('Acceptable Use v1.0')
  })
})

describe('what must not come through', () => {
  const wrongly: Record<string, (request: Request) => Request> = {
    unsigned: ({ body }) => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }),
    'signed with another secret': ({ body }) => signed(body, { secret: 'f'.repeat(32) }),
    'changed after it was signed': ({ headers, body }) => ({ headers, body: body.replace('laptop', 'phone') }),
    'six minutes old': ({ body }) => signed(body, { seconds: -360 }),
    'six minutes ahead': ({ body }) => signed(body, { seconds: 360 }),
  }

  test.each(Object.keys(wrongly))('T01 T02 a request that is %s gets 401 and changes nothing', async (how) => {
    const form = await opened(() => be('lena').command('/incident stolen laptop'))
    const before = await counts()
    const asked = slack.calls.length
    const bad = wrongly[how]?.(be('lena').filled(form))
    if (!bad) throw new Error(how)
    expect(await send(product.address, bad)).toEqual({ status: 401, text: '', body: {} })
    expect(await counts()).toEqual(before)
    expect(slack.calls.slice(asked).filter(({ method }) => method === 'views.update')).toEqual([])
  })

  test('T02 a replayed request gets the first answer again and makes one row', async () => {
    const form = await opened(() => be('kiran').command('/incident a door stood open'))
    const request = be('kiran').filled(form)
    const first = await send(product.address, request)
    expect(first.text).toContain('EVT-')
    // At once from two sides, as a captured request would come.
    const again = await Promise.all([send(product.address, request), send(product.address, request)])
    expect(again).toEqual([first, first])
    const [row] = await look((sql) => sql`select count(*)::int as rows from report where what = 'a door stood open'`)
    expect(row).toEqual({ rows: 1 })
  })
})

describe('ends and starts', () => {
  test('T50 kill -9 between two clicks: what was acknowledged is there, and the database is adopted', async () => {
    const [lena, ines] = [await openPolicy('lena'), await openPolicy('ines')]
    const answered = be('lena').filled(lena.view)
    expect((await send(product.address, answered)).status).toBe(200)
    const born = () => look((sql) => sql`select pg_postmaster_start_time() as at`)
    const before = await born()

    expect(await product.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
    try {
      expect([...(await acknowledgementsOf('lena'))]).toHaveLength(1)
    } finally {
      await start()
    }
    expect([...(await born())]).toEqual([...before])

    // The first one is sent again, as Slack would after no answer; the second click of the other comes now.
    expect((await send(product.address, answered)).status).toBe(200)
    expect([...(await acknowledgementsOf('lena'))]).toMatchObject([{ entries: 1 }])
    const edit = slack.next('chat.update', ({ args }) => args.ts === ines.request.ts)
    expect((await be('ines').submit(ines.view)).status).toBe(200)
    expect((await edit).args.text).toBe('Acknowledged: Acceptable Use v1.0')
    expect([...(await acknowledgementsOf('ines'))]).toMatchObject([{ version: '1.0', entries: 1 }])
  })

  test('SIGTERM lets what is under way end, stops the database and leaves nothing behind', async () => {
    const form = await opened(() => be('kiran').command('/incident smoke in the server room'))
    const sql = await lookInto(folder)
    let answer: Promise<Said> | undefined
    try {
      await sql.begin(async (held) => {
        await held`lock table numbering in share row exclusive mode`
        answer = send(product.address, be('kiran').filled(form))
        await isWaiting(sql)
        product.kill('SIGTERM')
        await product.said('stopping')
      })
      expect((await answer)?.text).toContain('EVT-')
      expect(await product.ended).toEqual({ code: 0, signal: null })
    } finally {
      await sql.end({ timeout: 0 })
      await start()
    }
    const [row] = await look((one) => one`select count(*)::int as rows from report where what like 'smoke%'`)
    expect(row).toEqual({ rows: 1 })
  })

  test('a second start on the same data folder is refused in one sentence; the first goes on', async () => {
    const second = await place.refusedStart(env)
    expect(second).toMatchObject({ code: 1, out: '' })
    expect(second.err).toMatch(
      /^Process \d+ already runs on this data folder: stop it first or name another folder \(lock: .+\)\.\n$/,
    )
    expect((await fetch(`${product.address}/ready`)).status).toBe(200)
  })

  test('a second start on the same port is refused in one sentence, also with a server as database', async () => {
    const { accesses } = await testDatabase()
    const { port } = new URL(product.address)
    const second = await place.refusedStart({ ...env, ...addressOf(accesses.owner), PORT: port })
    expect(second).toMatchObject({ code: 1, out: '' })
    expect(second.err).toBe(
      `Port ${port} is taken by another program: stop it, or choose another with PORT=${Number(port) + 1}.\n`,
    )
  })

  test('every problem of the settings is said at once, and nothing starts', async () => {
    const data = place.folder('never')
    const refused = await place.refusedStart({
      COUNTERSIGN_DATA: data,
      SLACK_BOT_TOKEN: 'xoxp-wrong-kind',
      SLACK_SIGNING_SECRET: 'short',
      PORT: '99999',
      TIMEZONE: 'Mars/Olympus',
      DATABASE_URL: 'mysql://localhost/isms',
    })
    expect(refused).toMatchObject({ code: 1, out: '' })
    const lines = refused.err.trim().split('\n')
    expect(lines[0]).toBe('The settings need attention:')
    expect(lines.slice(1).map((line) => /^ {2}- ([A-Z_]+)/.exec(line)?.[1])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
      'DATABASE_URL',
      'PORT',
      'TIMEZONE',
    ])
    // The values of secrets are not repeated.
    expect(refused.err).not.toContain('wrong-kind')
  })
})

/** Resolves once a statement of the product waits for a lock. */
async function isWaiting(sql: Sql): Promise<void> {
  for (;;) {
    const [row] = await sql`select count(*)::int as waiting from pg_locks where not granted`
    if (row?.waiting > 0) return
  }
}
