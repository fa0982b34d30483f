import { readdirSync, readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { drawMessage as drawSlack } from '../adapters/slack/encode.ts'
import { drawCard as drawTeams } from '../adapters/teams/encode.ts'
import { person } from '../db/schema/people.ts'
import { textOf } from '../src/core/md.ts'
import type { Button, Card, Row } from '../src/core/workflow.ts'
import { beyond, entriesFrom, ROWS } from '../src/home/entries.ts'
import { button, buttons, click, imported, read, said } from './support/policies.ts'
import { makeWorld } from './support/world.ts'
import { type Loop, setUpLoop } from './threats/loop.ts'

const world = await makeWorld()
let it: Loop

beforeAll(async () => {
  it = await setUpLoop(world)
  await world.as('omar').do('policies.acknowledge', { id: it.request, shown: it.version, entries: {} })
  await world
    .as('lena')
    .do('access.remove', { id: it.item, shown: '0', entries: { reason: 'Nobody needs it any more.' } })
  await world.as('lena').do('access.more', {
    id: it.plainItem,
    shown: '0',
    entries: { choice: 'not-mine', reason: 'Mei knows it.', person: world.person('mei').id },
  })
  await world.as('kiran').do('controls.attest', {
    id: it.occurrence,
    entries: { answer: 'operates', statement: 'Every laptop reports to the console.' },
  })
  await world.as('ravi').do('incidents.take', { id: it.report, shown: '0' })
  await world.as('ravi').do('incidents.weakness', {
    id: it.report,
    shown: '1',
    entries: { reason: 'The door of the post room does not lock.' },
  })
})

const rowsOf = (card: Card | undefined): Row[] =>
  (card?.blocks ?? []).flatMap((block) => (block.kind === 'rows' ? block.rows : []))
const record = async (who: string, asked: Record<string, string> = {}): Promise<Card> => {
  const { card } = await world.as(who).do('home.record', { with: asked })
  if (!card) throw new Error('no record')
  return card
}
const idIn = (row: Row): string => /ent_\w{26}/.exec(textOf(row.text ?? []))?.[0] ?? ''
const find = (label: string) => (one: Button) => one.label === label
const has = (card: Card, label: string) => buttons(card).some(find(label))

/** From the newest page to the last by "Older". */
async function allPages(who: string, asked: Record<string, string> = {}): Promise<Card[]> {
  const pages = [await record(who, asked)]
  for (let page = pages[0]; page && has(page, 'Older'); page = pages.at(-1)) {
    const next = (await click(world, who, button(page, 'Older'))).card
    if (!next) throw new Error('no older page')
    pages.push(next)
  }
  return pages
}

describe('the record in words', () => {
  test('what was decided, about what, by whom and when, with the id that an auditor quotes', async () => {
    const rows = (await allPages('aude')).flatMap(rowsOf)
    const line = (words: string) =>
      rows.map((row) => `${textOf(row.title)} | ${textOf(row.text ?? [])}`).find((one) => one.includes(words))
    expect(line('Acknowledged')).toMatch(
      /^Acknowledged · Acceptable Use v1\.0 \| Omar Haddad · 23 November 2026, 10:00 · ent_\w{26}$/,
    )
    expect(line('Access decided: remove')).toMatch(/^Access decided: remove · CRM: Editor of .+ \| Lena Brandt · /)
    expect(line('Handed to')).toMatch(/^Handed to Mei Tanaka-Voss · CRM: Editor of .+ \| Lena Brandt · /)
    expect(line('Access decided: keep')).toMatch(/· CRM: viewer, 2 rights together \| Lena Brandt/i)
    expect(line('Attested: Operates')).toMatch(/\| Kiran Adhikari · /)
    expect(line('Decided: Weakness')).toMatch(/^Decided: Weakness · Report EVT-2026-\d{4} \| Ravi Okonjo · /)
    expect(line('Attestation asked for')).toMatch(/\| Countersign · /)
    expect(line('Access review started')).toContain('· CRM |')
  })

  test('times stand in the zone of the reader', async () => {
    expect(read(await record('aude'))).toContain('times are those of Europe/Paris')
    expect(read(await record('aude'))).toContain(', 10:00 · ')
    expect(read(await record('mei'))).toContain(', 09:00 · ')
  })

  test('every type of entry that the code writes has its words', () => {
    const known = new Set(world.house.workflows.flatMap(({ happenings }) => Object.keys(happenings?.words('en') ?? {})))
    const written = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(`src/${file}`, 'utf8').matchAll(
          /type: (?:isOver \? )?'([a-z]+\.[a-z]+)'(?: : '([a-z]+\.[a-z]+)')?,\s+object/g,
        ),
      ])
      .flatMap(([, one, other]) => [one ?? '', ...(other ? [other] : [])])
    expect(written.length).toBeGreaterThan(30)
    expect(written.filter((type) => !known.has(type))).toEqual([])
  })

  test('a type nobody has words for stands under its name', async () => {
    await world.sql`insert into entry (id, bytes, type, at, actor, object, action, payload_sha256)
      values (${`ent_${'0'.repeat(26)}`}, ''::bytea, 'future.happened', ${world.now()}, 'system', 'x', 'x.y', 'x')`
    const [newest] = rowsOf(await record('mei'))
    expect(newest && textOf(newest.title)).toBe('future.happened')
  })

  test('rows lead to their pages, and those open', async () => {
    const rows = (await allPages('aude')).flatMap(rowsOf)
    const opened = new Set<string>()
    for (const row of rows)
      for (const one of (row.buttons ?? []).filter(find('Open'))) {
        if (!('do' in one)) continue
        const { card } = await click(world, 'aude', one)
        expect(card?.blocks.length, `${one.do} ${one.id}`).toBeGreaterThan(0)
        opened.add(one.do)
      }
    expect([...opened].sort()).toEqual(
      [
        'access.item',
        'access.receipt',
        'access.report',
        'controls.control',
        'controls.register',
        'controls.show',
        'home.show',
        'incidents.show',
        'policies.read',
      ].filter((one) => opened.has(one)),
    )
    expect(opened.size).toBeGreaterThan(6)
  })
})

describe('pages', () => {
  test('all of it can be reached, nothing twice, and the way back is the same', async () => {
    const pages = await allPages('mei')
    const seen = pages.flatMap(rowsOf).map(idIn)
    const all = (await world.entries()).map((one) => one.id)
    expect(pages.length).toBeGreaterThan(8)
    expect(new Set(seen).size).toBe(seen.length)
    expect([...seen].sort()).toEqual([...all].sort())
    const [first, second, third] = pages
    if (!first || !second || !third) throw new Error('too few pages')
    expect(has(first, 'Newer')).toBe(false)
    const back = (await click(world, 'mei', button(third, 'Newer'))).card
    expect(rowsOf(back).map(idIn)).toEqual(rowsOf(second).map(idIn))
    expect(has(pages.at(-1) ?? first, 'Older')).toBe(false)
  })

  test('stay in their place while entries come in', async () => {
    const newest = await record('mei')
    const second = (await click(world, 'mei', button(newest, 'Older'))).card
    await world.as('kiran').do('policies.publish')
    await world.as('kiran').do('policies.publish')
    const again = (await click(world, 'mei', button(newest, 'Older'))).card
    expect(rowsOf(again).map(idIn)).toEqual(rowsOf(second).map(idIn))
    expect(
      rowsOf(await record('mei'))
        .map(idIn)
        .slice(2),
    ).toEqual(
      rowsOf(newest)
        .map(idIn)
        .slice(0, ROWS - 2),
    )
  })

  test('a place that somebody made up is the newest page, and one before everything is empty', async () => {
    const newest = rowsOf(await record('mei')).map(idIn)
    for (const before of ['x', "ent_' or 1=1", it.version, 'ent_', '__proto__'])
      expect(rowsOf(await record('mei', { before })).map(idIn)).toEqual(newest)
    const [oldest] = await world.entries()
    for (const before of [oldest?.id ?? '', `ent_${'z'.repeat(26)}`]) {
      expect(read(await record('mei', { before }))).toContain('Nothing has been recorded')
      expect(has(await record('mei', { before }), 'Newest')).toBe(true)
    }
  })
})

describe('filters', () => {
  test('by policies, controls, access, incidents and people', async () => {
    const first = await record('aude')
    for (const [label, words] of [
      ['Policies', 'Acceptable Use'],
      ['Controls', 'Attest'],
      ['Access', 'CRM'],
      ['Incidents', 'Report EVT-'],
    ] as const) {
      const { card } = await click(world, 'aude', button(first, label))
      expect(card?.status?.label).toBe(label)
      expect(read(card)).toContain(words)
      expect(has(card ?? first, label)).toBe(false)
      expect(has(card ?? first, 'Everything')).toBe(true)
    }
    const pages = await allPages('aude', { of: 'incidents' })
    expect(pages.flatMap(rowsOf).every((row) => /[Rr]eport|Decided/.test(textOf(row.title)))).toBe(true)
    const people = (await click(world, 'aude', button(first, 'People'))).card
    expect(people?.status?.label).toBe('People')
  })

  test('by one thing from its own page, for those who may read the record', async () => {
    const places: [string, string, string][] = [
      ['policies.policy', it.version, 'Acknowledged'],
      ['policies.campaign', it.campaign, 'Published: people are asked'],
      ['controls.duty', it.duty, 'Attested: Operates'],
      ['controls.control', '2022/A.8.7', 'Attested: Operates'],
      ['access.report', it.review, 'Access decided: remove'],
      ['access.item', it.item, 'Access decided: remove'],
      ['incidents.report', it.report, 'Decided: Weakness'],
    ]
    for (const [name, id, words] of places) {
      const page = await world.as('aude').card(name, id)
      const shown = (await click(world, 'aude', button(page, 'Record'))).card
      const of = shown && button(shown, 'Everything') ? await allPages('aude', button(page, 'Record').with) : []
      expect(of.map(read).join(), name).toContain(words)
    }
    expect(buttons(await world.as('lena').card('access.report', it.review)).map((one) => one.label)).not.toContain(
      'Record',
    )
    expect(buttons(await world.as('omar').card('policies.policy', it.version)).map((one) => one.label)).not.toContain(
      'Record',
    )
    expect(buttons(await world.as('kiran').card('controls.duty', it.duty)).map((one) => one.label)).not.toContain(
      'Record',
    )
  })

  test('by a person: what they did and what was decided about them, typed or clicked', async () => {
    const { card } = await world.as('aude').command('/isms record omar@example.com')
    expect(read(card)).toContain('Only what is about Omar Haddad')
    expect(read(card)).toContain('Acknowledged · Acceptable Use v1.0')
    const named = (await world.as('aude').command('/isms record Dora Weiss')).card
    expect(read(named)).toContain('Access decided: remove · CRM: Editor of')
    const rows = (await allPages('aude')).flatMap(rowsOf)
    const by = rows.flatMap((row) => row.buttons ?? []).find(find('By Lena Brandt'))
    const hers = by && 'do' in by ? (await click(world, 'aude', by)).card : undefined
    expect(read(hers)).toContain('Only what is about Lena Brandt')
    expect(said(await world.as('aude').command('/isms record somebody else'))).toContain('no person called')
    const control = (await world.as('aude').command('/isms record A.8.7')).card
    expect(read(control)).toContain('A.8.7')
  })
})

describe('T20 who reported is not told', () => {
  test('an auditor reads that there was a report and who decided it, an ISMS manager reads who made it', async () => {
    const auditor = (await allPages('aude', { about: it.report })).map(read).join('\n')
    expect(auditor).toContain('Report received')
    expect(auditor).toContain('Decided: Weakness')
    expect(auditor).toContain('Ravi Okonjo')
    expect(auditor).toContain('not told')
    expect(auditor).not.toContain('Omar')
    expect(JSON.stringify(await record('aude', { about: it.report }))).not.toContain(world.person('omar').id)
    expect(read(await record('mei', { about: it.report }))).toContain('Report received · Report')
    expect(read(await record('mei', { about: it.report }))).toContain('Omar Haddad')
  })

  test('nor by the record of the person: what they reported is not in it', async () => {
    const about = { about: world.person('omar').id }
    const auditor = (await allPages('aude', about))
      .flatMap(rowsOf)
      .map((row) => JSON.stringify(row))
      .join('\n')
    expect(auditor).toContain('Acknowledged')
    expect(auditor).not.toContain(it.report)
    expect(auditor).not.toContain('EVT-')
    expect((await allPages('mei', about)).map(read).join('\n')).toContain('Report received')
    const ravi = (await allPages('aude', { about: world.person('ravi').id })).map(read).join('\n')
    expect(ravi).toContain('Decided: Weakness')
  })

  test('who tried to see a report that is not theirs is not told either: it may be who made it', async () => {
    await world.as('kiran').do('incidents.show', { id: it.report })
    const [row] = rowsOf(await record('aude', { about: it.report }))
    expect(row && textOf(row.title)).toMatch(/^Refused · Report EVT-/)
    expect(row && textOf(row.text ?? [])).toMatch(/^not told · .+ · incidents\.show · ent_/)
    expect(JSON.stringify(row)).not.toContain('Kiran')
  })

  test('everybody else is refused with the neutral words', async () => {
    for (const who of ['omar', 'lena', 'ravi', 'dora', 'gus']) {
      const reply = await world.as(who).do('home.record', { with: { about: it.report } })
      expect(said(reply)).toMatch(/not yours/)
      expect(reply.card).toBeUndefined()
    }
  })
})

test('pages fit into the smallest message: a row that is left out could not be reached', async () => {
  const long = 'Bestimmungen über den Umgang mit vertraulichen Unterlagen im Außendienst und auf Reisen und '.repeat(2)
  const code = 'field-work'
  const version = await imported(world, { code, title: long.slice(0, 149), version: '"1.0"' })
  const name = 'Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine Senior of Philadelphia and Elsewhere'
  await world.db
    .update(person)
    .set({ name })
    .where(eq(person.id, world.person('dora').id))
  for (let n = 0; n < ROWS; n++)
    await world.as('dora').do('policies.ask', { id: version, entries: { question: `And what about question ${n}?` } })
  expect(rowsOf(await record('mei')).every((row) => textOf(row.text ?? []).startsWith(name))).toBe(true)
  for (const page of await allPages('mei')) {
    for (const drawn of [drawTeams(page), drawSlack(page)].map((one) => JSON.stringify(one))) {
      expect(drawn).not.toContain('in the browser')
      for (const row of rowsOf(page)) expect(drawn).toContain(idIn(row))
    }
  }
})

test('a page, the newest or one in the middle, neither sorts nor counts the whole record', async () => {
  await world.sql`insert into entry (id, bytes, type, at, actor, object, action, payload_sha256)
    select 'ent_' || lpad(n::text, 26, '0'), ''::bytea, 'policy.acknowledged', now(), 'system', 'x', 'policies.acknowledge', 'x'
    from generate_series(1, 20000) n`
  await world.owner`analyze entry`
  const explained = async (query: { toSQL(): { sql: string; params: unknown[] } }) => {
    const { sql: words, params } = query.toSQL()
    const rows = await world.sql.unsafe(`explain ${words}`, params as never[])
    return rows.map((row) => Object.values(row)[0]).join('\n')
  }
  const middle = `ent_${'10000'.padStart(26, '0')}`
  for (const [where, newestFirst] of [
    [undefined, true],
    [beyond('<', middle), true],
    [beyond('>', middle), false],
  ] as const) {
    const plan = await explained(entriesFrom({ db: world.db }, where, newestFirst))
    expect(plan).toContain('entry_order')
    expect(plan).not.toMatch(/Sort|Aggregate|Seq Scan on entry/)
    if (where) expect(plan).toMatch(/Index Cond: \(ROW\(/)
  }
})
