import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { OWNER } from '../../db/embedded/cluster.ts'
import { clusterIn } from '../../db/embedded/home.ts'
import { buttonsIn, type Json, readCard, titleOf } from '../platforms/teams-cards.ts'
import { makePerson, type TeamsPerson } from '../platforms/teams-person.ts'
import type { Posted, TeamsUser } from '../platforms/teams-stand-in.ts'
import { TENANT, userOf } from '../platforms/teams-users.ts'
import { headOf, type Microsoft, SECRET, startMicrosoft } from './microsoft.ts'
import { answerOf, type Env, lookInto, makePlace, type Place, type Product, type Ran } from './started.ts'

// Started processes share two cores with other tests.
vi.setConfig({ testTimeout: 90_000 })

/** All invented. Kiran's mail address is none of the register, his sign-in name is; the stranger is in no register. */
const USERS: Record<string, TeamsUser> = {
  mei: userOf('mei', 'Mei Tanaka-Voss'),
  ravi: userOf('ravi', 'Ravi Okonjo'),
  omar: userOf('omar', 'Omar Haddad'),
  lena: userOf('lena', 'Lena Brandt'),
  ines: userOf('ines', 'Inês Caldeira'),
  kiran: { ...userOf('kiran', 'Kiran Adhikari'), email: 'kiran@mail.example' },
  yuki: userOf('yuki', '結城 優希'),
  stranger: userOf('stranger', 'A Stranger'),
}
const PEOPLE = `email,name,department,roles
mei@example.com,Mei Tanaka-Voss,Security,isms-manager
ravi@example.com,Ravi Okonjo,Security,responder
omar@example.com,Omar Haddad,Engineering,
lena@example.com,Lena Brandt,Engineering,
ines@example.com,Inês Caldeira,Engineering,
kiran@example.com,Kiran Adhikari,Engineering,
yuki@example.com,結城 優希,Engineering,
`
const policy = (code: string, title: string) => `---
title: ${title}
version: "1.0"
code: ${code}
owner: mei@example.com
approved_by: lena@example.com
approved_on: 2026-01-12
audience: everyone
---

Lock your screen. Report what looks strange.
`
const DUE = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)
const READ = 'Read and acknowledge'
const TEAM = '19:everybody@thread.tacv2'

let place: Place
let microsoft: Microsoft
let product: Product
let env: Env
let folder: string
const people = new Map<string, TeamsPerson>()
/** What processes that are gone have said. */
let outputs = ''

const start = async () => {
  product = await place.start(env)
  people.clear()
}
const countersign = (...args: string[]) => place.countersign(args, env)

/** Somebody in front of Teams, whose open dialog stays theirs. */
function be(name: string): TeamsPerson {
  const user = USERS[name]
  if (!user) throw new Error(`nobody is called ${name}`)
  const person = people.get(name) ?? makePerson(microsoft, product.address, user, () => new Date())
  people.set(name, person)
  return person
}

async function look<T>(work: (sql: Sql) => Promise<T>, user?: string): Promise<T> {
  const sql = await lookInto(folder, user)
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
const reportsOf = (words: string) =>
  look(
    (sql) => sql`select r.number, r.origin, p.email from report r join person p on p.id = r.reporter_id
      where r.what = ${words}`,
  )

const cardIn = ({ activity }: Posted): Json | undefined =>
  ((activity.attachments ?? []) as { content?: Json }[])[0]?.content
const chat = (name: string): Posted[] => microsoft.chat(USERS[name]?.id ?? '')
const withButton = (name: string, label: string, words = ''): Posted | undefined =>
  chat(name).findLast((one) => {
    const card = cardIn(one)
    return card && buttonsIn(card).includes(label) && readCard(card).includes(words)
  })
/** The newest message of somebody that has that button, once it is there. */
const message = (name: string, label: string, words?: string): Promise<Posted> =>
  microsoft.until(() => withButton(name, label, words))
const about = (name: string, words: string): Posted[] =>
  chat(name).filter((one) => JSON.stringify(one.activity).includes(words))

/** Reports through the menu of a message: nothing but the triage card is sent anywhere. */
async function report(name: string, words: string): Promise<string> {
  await be(name).reportMessage('incidents.report', { body: { contentType: 'text', content: words } })
  await be(name).submit()
  return numberIn(be(name).dialog()?.card ?? {}, be(name).said())
}

function numberIn(card: Json, said: readonly string[] = []): string {
  const number = /EVT-\d{4}-\d{4}/.exec([readCard(card), ...said].join('\n'))?.[0]
  if (!number) throw new Error(`no number: ${readCard(card)} ${said.join(' ')}`)
  return number
}

async function succeeded(running: Promise<Ran>): Promise<Ran> {
  const ran = await running
  expect(ran, ran.err).toMatchObject({ code: 0 })
  return ran
}

/** Somebody adds the app to a team of everybody. */
const installForTeam = () => {
  const mei = be('mei')
  const room = { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: TEAM }
  return mei.send({ ...mei.common(room), type: 'installationUpdate', action: 'add' })
}

beforeAll(async () => {
  place = makePlace()
  folder = place.folder('data')
  microsoft = await startMicrosoft(Object.values(USERS), TENANT, place.root)
  env = {
    COUNTERSIGN_DATA: folder,
    ORGANISATION: 'Harbour',
    ...microsoft.env,
    // People are asked in their working hours; this is a test of any hour.
    WORKING_HOURS: '00:00-24:00',
    WORKING_DAYS: 'mon,tue,wed,thu,fri,sat,sun',
  }
  writeFileSync(join(place.root, 'people.csv'), PEOPLE)
  mkdirSync(join(place.root, 'policies'))
  writeFileSync(join(place.root, 'policies/acceptable-use.md'), policy('acceptable-use', 'Acceptable Use'))
  writeFileSync(join(place.root, 'policies/screens.md'), policy('screens', 'Screens'))
  await start()
  await succeeded(countersign('import', 'people', 'people.csv'))
  await succeeded(countersign('import', 'policies', 'policies'))
  expect(await installForTeam()).toEqual({ status: 200, text: '' })
  await product.said('teams.roster')
  await succeeded(
    countersign(
      ...['campaign', 'launch', 'acceptable-use', '--scope', 'everyone', '--due', DUE],
      ...['--as', 'mei@example.com', '--json'],
    ),
  )
  await Promise.all(Object.keys(USERS).map((who) => who !== 'stranger' && message(who, READ)))
}, 180_000)

afterAll(async () => {
  await place.clear()
  await microsoft.close()
}, 60_000)

describe('from the settings to the first message', () => {
  test('every problem of the settings is said at once, and nothing starts', async () => {
    const data = place.folder('unused')
    const refused = await place.refusedStart({
      COUNTERSIGN_DATA: data,
      TEAMS_LOGIN_URL: 'http://login.example.com',
      TEAMS_SERVICE_HOSTS: 'https://smba.example.com',
    })
    expect(refused).toMatchObject({ code: 1, out: '' })
    const lines = refused.err.trim().split('\n')
    expect(lines[0]).toBe('The settings need attention:')
    expect(lines.slice(1).map((line) => /^ {2}- ([A-Z_]+)/.exec(line)?.[1])).toEqual([
      'TEAMS_APP_ID',
      'TEAMS_TENANT_IDS',
      'TEAMS_APP_SECRET',
      'TEAMS_LOGIN_URL',
      'TEAMS_SERVICE_HOSTS',
    ])
    expect(existsSync(data)).toBe(false)
  })

  test('doctor says that all is well, or what Entra has against the credential, and never the credential', async () => {
    const secret = 'wrong-secret-of-the-tests'
    const [well, wrong, nowhere, keyless] = await Promise.all([
      countersign('doctor'),
      place.countersign(['doctor'], { ...env, TEAMS_APP_SECRET: secret }),
      place.countersign(['doctor', '--json'], { ...env, TEAMS_LOGIN_URL: 'https://127.0.0.1:9' }),
      place.countersign(['doctor'], { ...env, TEAMS_OPENID_METADATA_URL: 'https://127.0.0.1:9/keys' }),
    ])
    expect(well).toMatchObject({ code: 0, err: '' })
    expect(well.out).toContain(
      'ok       teams: Entra accepts the credential of the bot, and the keys of Teams are at hand.',
    )
    expect(wrong.code).toBe(3)
    expect(wrong.out).toContain(
      'PROBLEM  teams: Entra does not accept the credential (AADSTS7000215): compare app id, tenant and secret with the registration.',
    )
    expect(wrong.out + wrong.err).not.toContain(secret)
    expect(nowhere.code).toBe(3)
    expect(answerOf<{ findings: Json[] }>(nowhere).findings).toContainEqual({
      what: 'teams',
      ok: false,
      text: 'Entra cannot be reached: check the network or a proxy; 127.0.0.1:9 must be reachable.',
    })
    expect(keyless.code).toBe(3)
    expect(keyless.out).toMatch(
      /PROBLEM {2}teams: The keys that Teams signs with cannot be fetched: 127\.0\.0\.1:9 must be/,
    )
  })

  test('T13 everybody of the team is linked by mail address or sign-in name; a stranger is listed', async () => {
    const rows = await look(
      (sql) => sql`select i.display_name as name, i.state, p.email from identity i
        left join person p on p.id = i.person_id where i.platform = 'teams' order by i.user_id`,
    )
    const linked = Object.entries(USERS).map(([who, { id, name }]) =>
      who === 'stranger'
        ? { id, name, state: 'unmatched', email: null }
        : { id, name, state: 'linked', email: `${who}@example.com` },
    )
    const expected = linked.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, ...row }) => row)
    expect([...rows]).toEqual(expected)
    const { unlinked } = answerOf<{ unlinked: Json[] }>(await countersign('people', 'unlinked', '--json'))
    expect(unlinked.map(({ displayName, platform }) => [displayName, platform])).toEqual([['A Stranger', 'teams']])
  })

  test('whoever adds the app is welcomed with their inbox', async () => {
    const answers = await be('yuki').install()
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const welcome = await microsoft.until(() => chat('yuki').find((one) => titleOf(cardIn(one) ?? {}) === 'Your inbox'))
    expect(readCard(cardIn(welcome) ?? {})).toContain('Acceptable Use v1.0')
  })
})

describe('what people do in Teams', () => {
  test('a policy launched from the command line arrives, and is read and acknowledged in two clicks', async () => {
    const request = await message('omar', READ)
    expect(headOf(request)).toBe('Please read: Acceptable Use v1.0')
    // Nobody has written to us before: the conversation was opened by us.
    expect(microsoft.asked).toContain('POST service /emea/v3/conversations')

    const omar = be('omar')
    await omar.click(request, READ)
    const dialog = omar.dialog()
    expect(dialog?.title).toBe('Acceptable Use')
    expect(readCard(dialog?.card ?? {})).toContain('Lock your screen.')
    expect((await omar.submit()).status).toBe(200)
    const standing = await microsoft.until(() => (request.edits > 0 ? request : undefined))
    expect(headOf(standing)).toBe('Acknowledged: Acceptable Use v1.0')
    expect(buttonsIn(cardIn(standing) ?? {})).not.toContain(READ)
    expect(about('omar', 'Acceptable Use')).toEqual([standing])
    const rows = await look(
      (sql) => sql`select v.version, a.source, a.platform, a.content_sha256 = v.sha256 as same,
          (select count(*)::int from entry e where e.action = 'policies.acknowledge' and e.actor = p.id) as entries
        from acknowledgement a join person p on p.id = a.person_id join policy_version v on v.id = a.version_id
        where p.email = 'omar@example.com'`,
    )
    expect([...rows]).toEqual([{ version: '1.0', source: 'witnessed', platform: 'teams', same: true, entries: 1 }])
  })

  test('an incident: one sentence typed, one click, a number; who is on duty takes it with one more', async () => {
    expect((await be('lena').say('incident lost laptop')).status).toBe(200)
    const form = await message('lena', 'Send')
    expect(readCard(cardIn(form) ?? {})).toContain('What did you see?')
    await be('lena').submitInCard(form, 'Send')
    const number = numberIn(be('lena').cardOf(form) ?? {}, be('lena').said())
    expect([...(await reportsOf('lost laptop'))]).toEqual([{ number, origin: 'command', email: 'lena@example.com' }])

    const triage = await message('ravi', 'I’m on it', 'lost laptop')
    // T18: what a notification shows has no detail of the report.
    expect(headOf(triage)).toBe(`Report ${number}`)
    const answer = await be('ravi').execute(triage, 'I’m on it')
    expect(answer.body).toMatchObject({ type: 'application/vnd.microsoft.card.adaptive' })
    // At once for the client that clicked, and then for everybody.
    expect(buttonsIn(be('ravi').cardOf(triage) ?? {})).not.toContain('I’m on it')
    const standing = await microsoft.until(() => (triage.edits > 0 ? triage : undefined))
    expect(buttonsIn(cardIn(standing) ?? {})).not.toContain('I’m on it')
    expect(about('ravi', 'lost laptop')).toEqual([standing])
  })

  test('T02 the same activity again, at once from two sides: the first answer, and one row', async () => {
    const ines = be('ines')
    await ines.reportMessage('incidents.report', { body: { contentType: 'text', content: 'a door stood open' } })
    const first = await ines.submit()
    expect(first.text).toContain('EVT-')
    const again = await Promise.all([ines.again(), ines.again()])
    expect(again.map(({ status, text }) => [status, text])).toEqual(Array(2).fill([200, first.text]))
    expect(await reportsOf('a door stood open')).toHaveLength(1)
  })
})

describe('what must not come through', () => {
  const inbox = () => ({ ...be('lena').common(), type: 'message', text: 'inbox' })
  const foreign = { tenant: { id: 'e15e3e2a-0000-4000-8000-0000000000ee' } }
  const ways: [what: string, status: number, send: () => Promise<{ status: number; text: string }>][] = [
    ['unsigned', 401, () => be('lena').send(inbox(), { token: null })],
    ['signed by a stranger', 401, () => be('lena').send(inbox(), { signing: { key: 'stranger' } })],
    ['signed for another bot', 401, () => be('lena').send(inbox(), { claims: { aud: 'another' } })],
    ['of another cloud', 401, () => be('lena').send(inbox(), { claims: { serviceurl: 'https://evil.example/' } })],
    ['of another tenant', 403, () => be('lena').send({ ...inbox(), channelData: foreign })],
    ['an empty object', 400, () => be('lena').send({})],
  ]
  test.each(ways)('T04 T06 T08 %s: %i, nothing changes, nothing is sent', async (_what, status, send) => {
    const before = await counts()
    const sent = chat('lena').length
    expect(await send()).toEqual({ status, text: '' })
    expect(await counts()).toEqual(before)
    expect(chat('lena')).toHaveLength(sent)
    expect((await fetch(`${product.address}/ready`)).status).toBe(200)
  })
})

describe('when the service stumbles', () => {
  test('429: the message comes when the service allows, and once', async () => {
    microsoft.fail('send', { status: 429, headers: { 'retry-after': '1' } })
    await report('ines', 'a stick found on the stairs')
    await message('ravi', 'I’m on it', 'a stick found on the stairs')
    expect(about('ravi', 'a stick found on the stairs')).toHaveLength(1)
  })

  test('503: an edit comes later, and stays one message', async () => {
    const pilot = ['--scope', 'pilot', '--to', 'kiran@example.com', '--due', DUE, '--as', 'mei@example.com', '--json']
    const { campaign } = answerOf(await succeeded(countersign('campaign', 'launch', 'screens', ...pilot)))
    const request = await message('kiran', READ, 'Screens')
    microsoft.fail('edit', { status: 503 })
    const failing = microsoft.next('edit')
    await succeeded(countersign('campaign', 'stop', String(campaign), '--reason', 'A test is over'))
    await failing
    expect(request.edits).toBe(0)
    await microsoft.until(() => (request.edits > 0 ? request : undefined))
    expect(buttonsIn(cardIn(request) ?? {})).not.toContain(READ)
    expect(about('kiran', 'Screens')).toEqual([request])
  })

  test('T50 kill -9 in the middle of a delivery: after the next start it arrives', async () => {
    microsoft.fail('send', { hang: true })
    const hanging = microsoft.next('send')
    const number = await report('ines', 'smoke in the server room')
    await hanging
    expect(about('ravi', number)).toEqual([])
    outputs += product.output()
    expect(await product.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
    try {
      // A minute passes: the claim of the process that is gone has run out.
      await look((sql) => sql`update clock set shift_ms = shift_ms + 61000`, OWNER)
    } finally {
      await start()
    }
    const triage = await message('ravi', 'I’m on it', 'smoke in the server room')
    expect(headOf(triage)).toBe(`Report ${number}`)
    expect(await reportsOf('smoke in the server room')).toHaveLength(1)
  })
})

describe('ends', () => {
  test('SIGTERM lets what is under way end, stops the database and leaves nothing behind', async () => {
    const mei = be('mei')
    await mei.reportMessage('incidents.report', { body: { contentType: 'text', content: 'a badge was found' } })
    const sql = await lookInto(folder)
    let answer: ReturnType<TeamsPerson['submit']> | undefined
    try {
      await sql.begin(async (held) => {
        await held`lock table numbering in share row exclusive mode`
        answer = mei.submit()
        await isWaiting(sql)
        product.kill('SIGTERM')
        await product.said('stopping')
      })
      expect((await answer)?.text).toContain('EVT-')
      expect(await product.ended).toEqual({ code: 0, signal: null })
      expect(existsSync(join(clusterIn(folder), 'postmaster.pid'))).toBe(false)
      outputs += product.output()
    } finally {
      await sql.end({ timeout: 0 })
      await start()
    }
    expect(await reportsOf('a badge was found')).toHaveLength(1)
    await message('ravi', 'I’m on it', 'a badge was found')
  })
})

test('T30 no line of any log holds a token, the secret, a name or what anybody wrote', async () => {
  await be('lena').send({ ...be('lena').common(), type: 'message', text: 'canary' }, { signing: { key: 'stranger' } })
  await product.said('teams.refused')
  const log = outputs + product.output()
  expect(log).not.toMatch(/eyJ|Bearer|OUTBOUND|canary|laptop|stairs|Brandt|example\.com/)
  expect(log).not.toContain(SECRET)
})

/** Resolves once a statement of the product waits for a lock. */
async function isWaiting(sql: Sql): Promise<void> {
  for (;;) {
    const [row] = await sql`select count(*)::int as waiting from pg_locks where not granted`
    if (row?.waiting > 0) return
  }
}
