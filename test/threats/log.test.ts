import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { SECRET } from '../platforms/slack-person.ts'
import { openCompany, signIn, slackId } from './company.ts'
import { EVERYBODY, setUpLoop } from './loop.ts'

const company = await openCompany({ seed: 'log threats' })
afterAll(() => company.close())
const { world, workspace, lines } = company

const WORDS = 'canary-incident-words'
const PROOF = 'canary-reason'

test('T30 the whole loop, clicks, failures and refusals: no line of the log holds an address, a name, a token or what anybody wrote', async () => {
  const it = await setUpLoop(world)
  const omar = company.as('omar')
  await omar.command(`/incident ${WORDS}`)
  await company.settled()
  await omar.submit()
  for (const who of EVERYBODY) {
    await company.as(who).openHome()
    await world
      .as(who)
      .do('incidents.incident', { id: it.report, shown: '0', entries: { severity: 'low', reason: PROOF } })
    await world.as(who).do('access.remove', { id: it.item, shown: '0', entries: { reason: PROOF } })
    await world.as(who).do('controls.attest', { id: it.occurrence, entries: { answer: 'operates', statement: PROOF } })
  }
  await company.user('U0STRANGER').command(`/isms ${WORDS}`)
  await fetch(`${company.address}/slack/events`, {
    method: 'POST',
    body: `${WORDS}=1`,
    headers: { 'x-slack-signature': 'v0=0' },
  })
  await fetch(`${company.address}/enter/${WORDS}`).then((answer) => answer.text())
  workspace.fail(
    'chat.postMessage',
    { status: 500 },
    { error: 'invalid_auth' },
    { status: 429, headers: { 'retry-after': '1' } },
  )
  await world.pass('8 days')
  await world.work()
  const lena = await signIn(company, 'lena')
  await lena.post('/do', { do: 'incidents.report', key: 'k', form: '1', e_what: WORDS })
  await lena.open(`/card/incidents.report/${WORDS}`)
  const session = [...lena.cookies.values()][0] ?? 'none'
  // A fault of ours, with words in its way.
  await world.owner`alter table report rename to report_away`
  const broken = await world.as('kiran').do('incidents.report', { entries: { what: WORDS } })
  const page = await lena.open('/card/incidents.mine')
  await world.owner`alter table report_away rename to report`
  expect(JSON.stringify(broken)).toMatch(/went wrong|number|again/i)
  expect([page.status, page.text.includes('report_away'), page.text.includes('select ')]).toEqual([500, false, false])

  const log = lines.join('\n')
  expect(lines.length).toBeGreaterThan(50)
  expect(log).toContain('turn.failed')
  expect(log).toContain('desk.failed')
  for (const secret of [
    WORDS,
    PROOF,
    workspace.token,
    session,
    lena.csrf,
    'xoxb-',
    '@example.com',
    'hooks.slack',
    'parcel',
    'Haddad',
    'Brandt',
    'Customers.',
    company.address,
  ])
    expect(log, secret).not.toContain(secret)
  for (const one of await world.entries())
    expect(Buffer.from(one.bytes).toString()).not.toMatch(/canary|@example|Haddad/)
  const stored = JSON.stringify(await world.sql`select problem from delivery where problem is not null`)
  expect(stored).not.toMatch(/canary|xoxb|@example/)
})

test('T29 a stolen copy of the database holds no token, no session and no link that opens anything', async () => {
  const link = (await company.link('omar')).split('/').at(-1) ?? ''
  const dora = await signIn(company, 'dora')
  const session = [...dora.cookies.values()][0] ?? ''
  const tables = await world.owner<
    { name: string }[]
  >`select tablename as name from pg_tables where schemaname = 'public'`
  for (const { name } of tables) {
    const [row] = await world.owner.unsafe<{ all: string }[]>(
      `select coalesce(string_agg(t::text, '\n'), '') as all from ${name} t`,
    )
    for (const secret of [workspace.token, SECRET, link, session, dora.csrf, 'xoxb-', 'xapp-'])
      expect(row?.all.includes(secret), `${name} holds ${secret.slice(0, 5)}`).toBe(false)
  }
})

describe('T31 what an attacker puts into a line', () => {
  test('stays inside it: one object a line, control characters escaped', () => {
    const nasty = [
      '\n{"level":"info","event":"login"}',
      '\u001b[31mred\u001b[0m',
      '\r\n\r\nHTTP/1.1 200 OK',
      '\u2028\u2029',
      '"}\n{"a":"b',
      'a\u0000b',
      '\u009b31m',
    ]
    const script = `
      import { makeLog } from ${JSON.stringify(new URL('../../src/core/log.ts', import.meta.url).href)}
      const log = makeLog('info')
      for (const words of ${JSON.stringify(nasty)}) {
        log.info({ object: words, [words]: 1 }, words)
        log.child({ do: words }).warn({}, 'denied')
      }`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: {},
    })
    expect(stderr).toBe('')
    const written = stdout.split('\n').filter((line) => line !== '')
    expect(written).toHaveLength(nasty.length * 2)
    const parsed = written.map((line) => JSON.parse(line) as { object?: string; do?: string; level: number })
    expect(parsed.filter((one) => one.object !== undefined).map((one) => one.object)).toEqual(nasty)
    expect(parsed.every((one) => one.level === 30 || one.level === 40)).toBe(true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/)
  })

  test('a name and an action with line breaks in a real request leave one line each, as ids only', async () => {
    const before = lines.length
    await world.owner`update person set name = ${'A\n{"level":"info"}\u001b[31m'} where email = 'sol@example.com'`
    await world.as('sol').do('policies.publish', { id: 'x\n{"level":"info"}' })
    await company.as('sol').command('/isms publish \n{"level":"info"}')
    const added = lines.slice(before)
    expect(added.length).toBeGreaterThan(0)
    for (const line of added) {
      expect(line).not.toContain('\u001b')
      expect(line).not.toMatch(/level.*info|\\u001b/)
    }
    expect(slackId('sol')).toBe('U0SOL')
  })
})
