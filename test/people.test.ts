import { readFileSync } from 'node:fs'
import { and, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { identity, person, personRole } from '../db/schema/people.ts'
import { assign } from '../src/core/campaigns.ts'
import { Refusal } from '../src/core/errors.ts'
import { textOf } from '../src/core/md.ts'
import { importPeople } from '../src/people/importing.ts'
import { makeWorld } from './support/world.ts'

const world = await makeWorld()
const bytes = (text: string) => new TextEncoder().encode(text)
const file = (...lines: string[]) =>
  bytes(['email,name,department,manager,started_on,ended_on,roles', ...lines].join('\n'))
const bring = (csv: Uint8Array, more: { expected?: number; partial?: boolean; dryRun?: boolean } = {}) =>
  world.system((ctx) => importPeople(ctx, { bytes: csv, source: 'HR', ...more }))
const byEmail = (email: string) => world.db.select().from(person).where(eq(person.emailKey, email))
/** Who joins and whom they report to, as one file. */
const joining = (joiner: string, lead: string) =>
  file(
    `${joiner}@example.com,Uma Lindholm,Games,${lead}@example.com,2026-11-01,,`,
    `${lead}@example.com,"Vic ""🦀"" 陳",Games,,2020-01-01,,responder;dpo`,
    '',
  )
const why = (work: Promise<unknown>) =>
  work.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof Refusal ? textOf(error.text) : `bug: ${error}`),
  )

describe('importing people', () => {
  test('joiners get their manager and roles, and the receipt accounts for every line', async () => {
    const outcome = await bring(joining('uma', 'vic'), { expected: 2 })
    expect(outcome).toMatchObject({
      lines: 3,
      header: 1,
      blank: 0,
      accepted: 2,
      rejected: [],
      balanced: true,
      added: 2,
    })
    const [[uma], [vic]] = [await byEmail('uma@example.com'), await byEmail('vic@example.com')]
    expect(uma?.managerId).toBe(vic?.id)
    expect(vic?.name).toBe('Vic "🦀" 陳')
    expect(
      await world.db
        .select()
        .from(personRole)
        .where(eq(personRole.personId, vic?.id ?? '')),
    ).toHaveLength(2)
  })

  test('the same file again changes nothing; a changed cell is one entry with before and after', async () => {
    await bring(joining('ugo', 'vera'))
    const again = await bring(joining('ugo', 'vera'))
    expect(again).toMatchObject({ unchanged: 2, changed: 0, added: 0 })
    const moved = await bring(file('UGO@example.com ,Uma Lindholm,Robotics,vera@example.com,2026-11-01,,'))
    expect(moved).toMatchObject({ changed: 1 })
    const [ugo] = await byEmail('ugo@example.com')
    expect((await world.entries(ugo?.id)).map((one) => one.type)).toEqual(['person.joined', 'person.changed'])
  })

  test('lines that cannot be read stop the whole import and say why; nothing is half-done', async () => {
    const bad = file(
      'wes@example.com,Wes,Games,,2026-02-30,,',
      'not a mail,Xen,Games,,,,',
      'yan@example.com,Yan,Games,nobody@example.com,,,',
      'zed@example.com,Zed,Games,zed@example.com,,,',
      'ok@example.com,Ok,Games,,,,',
      'ok@example.com,Ok twice,Games,,,,',
      'too,few',
      'root@example.com,Root,Games,,,,owner',
    )
    const dry = await bring(bad, { dryRun: true })
    expect(dry.rejected.map((one) => one.line)).toEqual([2, 3, 4, 5, 7, 8, 9])
    expect(await bring(file('ok@example.com,Ok,Games,,,,'), { dryRun: true })).toMatchObject({ added: 1 })
    expect(await why(bring(bad))).toMatch(/7 lines cannot be read, so nothing was changed/)
    expect(await byEmail('ok@example.com')).toHaveLength(0)
    expect(await bring(bad, { partial: true })).toMatchObject({ added: 1, accepted: 1 })
  })

  test('a control total that does not fit, an empty file, foreign columns and other encodings are refused', async () => {
    expect(await why(bring(file('a@example.com,A,,,,,'), { expected: 2 }))).toMatch(/1 people and 2 were expected/)
    expect(await why(bring(bytes('')))).toMatch(/empty/)
    expect(await why(bring(bytes('a,b\n1,2')))).toMatch(/email, name are missing/)
    expect(await why(bring(bytes('email,name,__proto__\na@example.com,A,x')))).toMatch(/__proto__ are not known/)
    expect(await why(bring(new Uint8Array([0x65, 0xff, 0xfe])))).toMatch(/UTF-8/)
    expect(await byEmail('a@example.com')).toHaveLength(0)
  })

  test('BOM, semicolons, CRLF and lines inside quotes are read; broken quotes are named with their line', async () => {
    const outcome = await bring(bytes('\ufeffEmail;Name;Title\r\nbea@example.com;Béa Ñandú;"Head of\r\nDrift"\r\n'))
    expect(outcome).toMatchObject({ accepted: 1, lines: 3, blank: 0, balanced: true })
    expect(await why(bring(bytes('email,name\nb@example.com,Béa "B" Ñandú')))).toMatch(/near line 2/)
  })
})

describe('leaving and coming back', () => {
  test('T17 on the last day duties are closed as left, accounts end, and the next click is refused', async () => {
    await world.system((ctx) =>
      assign(ctx, {
        workflow: 'home',
        subjectId: 'x',
        title: 'x',
        dueOn: '2026-12-01',
        card: 'home.inbox',
        personId: world.person('omar').id,
      }),
    )
    await bring(file('omar@example.com,Omar Haddad,Engineering,lena@example.com,2024-01-08,2026-11-24,'))
    await world.pass('1 day')
    await world.work()
    expect(textOf((await world.as('omar').do('home.inbox')).say ?? [])).not.toMatch(/not active/)
    await world.pass('1 day')
    await world.work()
    expect(textOf((await world.as('omar').do('home.inbox')).say ?? [])).toMatch(/not active/)
    const [account] = await world.db
      .select()
      .from(identity)
      .where(and(eq(identity.userId, 'omar'), eq(identity.platform, 'memory')))
    expect(account?.state).toBe('ended')
    expect((await world.entries(world.person('omar').id)).at(-1)?.type).toBe('person.left')
  })

  test('the last day ends where the person is, not where the server is', async () => {
    const west = await makeWorld()
    const omar = eq(person.id, west.person('omar').id)
    const stateOf = async () => (await west.db.select().from(person).where(omar))[0]?.state
    const clicks = async () => textOf((await west.as('omar').do('home.inbox')).say ?? [])
    await west.db.update(person).set({ timezone: 'Pacific/Honolulu', endedOn: '2026-11-22' }).where(omar)
    // Monday, 09:00 in London is Sunday, 23:00 on Hawaii.
    await west.work()
    expect(await stateOf()).toBe('active')
    expect(await clicks()).not.toMatch(/not active/)
    await west.pass('1 hour')
    expect(await clicks()).toMatch(/not active/)
    await west.work()
    expect(await stateOf()).toBe('left')
  })

  test('T13 a new joiner with the address of somebody who left is somebody else', async () => {
    const whoLeft = file('yuki@example.com,結城 優希,Engineering,lena@example.com,2024-01-08,2026-11-20,')
    await bring(whoLeft)
    await bring(file('yuki@example.com,結城 優希 Junior,Engineering,lena@example.com,2026-12-01,,'))
    const both = await byEmail('yuki@example.com')
    expect(both.map((one) => one.state).sort()).toEqual(['active', 'left'])
    const again = await bring(whoLeft, { dryRun: true })
    expect(again.rejected).toEqual([])
  })

  test('T13 who comes back with the same account may act again when somebody has said that it is the same human', async () => {
    const account = () => world.db.select().from(identity).where(eq(identity.userId, 'kiran'))
    const kiran = (ended: string) => file(`kiran@example.com,Kiran Again,Engineering,,2024-01-08,${ended},`)
    await bring(kiran('2026-11-20'))
    expect(textOf((await world.as('kiran').do('home.inbox')).say ?? [])).toMatch(/not active/)
    await bring(kiran(''))
    const [listed] = await account()
    expect(listed).toMatchObject({ state: 'ambiguous', personId: null })
    expect(textOf((await world.as('kiran').do('home.inbox')).say ?? [])).toMatch(/can link your account/)
    const now = (await byEmail('kiran@example.com')).find((one) => one.state === 'active')
    await world.as('mei').do('home.link', { id: listed?.id, entries: { person: now?.id ?? '' } })
    expect((await world.as('kiran').do('home.inbox')).card).toBeDefined()
    expect((await world.entries(listed?.id)).map((one) => one.type)).toEqual(['identity.changed', 'identity.linked'])
  })
})

test('somebody is found without the marks of their name; marks that were typed count', async () => {
  const world = await makeWorld({ seed: 'search' })
  await world.db
    .update(person)
    .set({ name: 'Jürgen Łoś' })
    .where(eq(person.id, world.person('omar').id))
  const found = async (typed: string) =>
    (await world.core.options('person', typed, world.as('mei').actor)).map((option) => option.label)
  expect(await found('ines')).toEqual(['Inês Caldeira'])
  expect(await found('INÊS')).toEqual(['Inês Caldeira'])
  expect(await found('inés')).toEqual([])
  expect(await found('jurgen')).toEqual(['Jürgen Łoś'])
  expect(await found('%')).toEqual([])
  expect(await found('ines@example')).toEqual(['Inês Caldeira'])
  await world.close()
})

test('the people of the demo company come in without a rejected line', async () => {
  const csv = readFileSync(new URL('../src/cli/demo/company/people.csv', import.meta.url))
  const outcome = await bring(csv)
  expect(outcome).toMatchObject({ rejected: [], balanced: true })
  expect(outcome.added).toBeGreaterThanOrEqual(115)
})
