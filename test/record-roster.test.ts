import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { drawMessage as drawSlack } from '../adapters/slack/encode.ts'
import { drawCard as drawTeams } from '../adapters/teams/encode.ts'
import { assignment } from '../db/schema/campaigns.ts'
import { person } from '../db/schema/people.ts'
import { textOf } from '../src/core/md.ts'
import type { Card, Row } from '../src/core/workflow.ts'
import { leave } from '../src/people/leaving.ts'
import { importAcknowledgements, readElsewhere } from '../src/policies/elsewhere.ts'
import { button, buttons, click, imported, launch, read, said } from './support/policies.ts'
import { makeWorld, type World } from './support/world.ts'

let world: World
const it = { version: '', campaign: '' }

beforeEach(async () => {
  world = await makeWorld()
  it.version = await imported(world, { version: '"3.0"' })
  const file = readElsewhere(
    new TextEncoder().encode(
      'email,policy,version,acknowledged_on,source\nlena@example.com,acceptable-use,3.0,2026-11-17,the old intranet\n',
    ),
  )
  if (!('rows' in file)) throw new Error('not read')
  await world.system((ctx) => importAcknowledgements(ctx, file.rows))
  await launch(world, it.version)
  const asked = await world.db.select().from(assignment).where(eq(assignment.subjectId, it.version))
  it.campaign = asked[0]?.campaignId ?? ''
  const of = (who: string) => asked.find((one) => one.personId === world.person(who).id)?.id
  await world.as('omar').do('policies.acknowledge', { id: of('omar'), shown: it.version, entries: {} })
  await world.system((ctx) => leave(ctx, world.person('sol').id))
})

const rowsOf = (card: Card | undefined): Row[] =>
  (card?.blocks ?? []).flatMap((block) => (block.kind === 'rows' ? block.rows : []))
const lineOf = (card: Card | undefined, name: string) => {
  const row = rowsOf(card).find((one) => textOf(one.title) === name)
  return row && `${row.status?.label}: ${textOf(row.text ?? [])}`
}
const roster = async (who: string, id: string): Promise<Card | undefined> =>
  (await world.as(who).do('policies.roster', { id })).card

describe('who acknowledged, by name', () => {
  test('an auditor comes there from the campaign and from the version', async () => {
    for (const [name, id] of [
      ['policies.campaign', it.campaign],
      ['policies.policy', it.version],
    ] as const) {
      const page = await world.as('aude').card(name, id)
      const { card } = await click(world, 'aude', button(page, 'Who acknowledged'))
      expect(lineOf(card, 'Omar Haddad')).toMatch(
        /^Acknowledged: Acknowledged on 23 November 2026, 10:00, receipt A-\d+$/,
      )
      expect(lineOf(card, 'Kiran Adhikari')).toMatch(/^Open: Due \d+ \w+ 2026$/)
      expect(lineOf(card, 'Sol Begay')).toMatch(/^Left: Left the organisation before answering/)
    }
  })

  test('what was brought from elsewhere says so, and stands on the version: nobody asked her in the campaign', async () => {
    expect(lineOf(await roster('aude', it.version), 'Lena Brandt')).toMatch(
      /^Imported: Agreed on 17 November 2026, imported and not witnessed here \(the old intranet\), receipt A-\d+$/,
    )
    expect(lineOf(await roster('aude', it.campaign), 'Lena Brandt')).toBeUndefined()
  })

  test('the numbers add up to the list, and each state can be looked at alone', async () => {
    const card = await roster('mei', it.version)
    const [, all, done, open, overdue, over] =
      /^(\d+) people: (\d+) acknowledged \(1 imported, not witnessed here\), (\d+) open in time, (\d+) overdue, (\d+) left/m
        .exec(read(card))
        ?.map(Number) ?? []
    expect(all).toBe(rowsOf(card).length)
    expect((done ?? 0) + (open ?? 0) + (overdue ?? 0) + (over ?? 0)).toBe(all)
    const only = (await click(world, 'mei', button(card, 'Acknowledged'))).card
    expect(only?.status?.label).toBe('Acknowledged')
    expect(rowsOf(only).map((row) => textOf(row.title))).toEqual(['Lena Brandt', 'Omar Haddad'])
  })

  test('late is said, and what was stopped stays with its name', async () => {
    await world.pass('3 weeks')
    const late = await roster('aude', it.campaign)
    expect(lineOf(late, 'Kiran Adhikari')).toMatch(/^Overdue: Was due /)
    const overdue = (await click(world, 'aude', button(late, 'Overdue'))).card
    expect(rowsOf(overdue).length).toBeGreaterThan(5)
    await world.as('mei').do('policies.stop', { id: it.campaign, entries: { reason: 'A typing error.' } })
    expect(lineOf(await roster('aude', it.campaign), 'Kiran Adhikari')).toMatch(/^Withdrawn: Not asked any more/)
    expect(lineOf(await roster('aude', it.campaign), 'Omar Haddad')).toMatch(/^Acknowledged: /)
  })

  test('a long list comes 25 a page, all of it, and fits into every chat', async () => {
    for (let n = 0; n < 38; n++)
      await world.db.insert(person).values({
        id: `per_${String(n).padStart(26, '0')}`,
        name: `Person with quite a long name ${String(n).padStart(2, '0')}`,
        email: `p${n}@example.com`,
        startedOn: '2024-01-08',
        createdAt: world.now(),
        updatedAt: world.now(),
      })
    const version = await imported(world, { code: 'badges', title: 'Badges', version: '"1.0"' })
    await launch(world, version, '2027-01-18')
    const pages = [await roster('aude', version)]
    while (buttons(pages.at(-1)).some((one) => one.label === 'Next'))
      pages.push((await click(world, 'aude', button(pages.at(-1), 'Next'))).card)
    const names = pages.flatMap(rowsOf).map((row) => textOf(row.title))
    expect(pages.map((page) => rowsOf(page).length).slice(0, -1)).toEqual(pages.slice(0, -1).map(() => 25))
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(45)
    expect(buttons(pages.at(-1)).some((one) => one.label === 'Previous')).toBe(true)
    for (const page of pages)
      for (const drawn of page ? [drawTeams(page), drawSlack(page)].map((one) => JSON.stringify(one)) : [])
        expect(drawn).not.toContain('in the browser')
  })
})

test('everybody else is refused with the neutral words, and finds no way there', async () => {
  const nothing = said(await world.as('omar').do('policies.roster', { id: `pov_${'z'.repeat(26)}` }))
  expect(nothing).toMatch(/not yours/)
  for (const who of ['omar', 'lena', 'dora', 'ravi', 'gus'])
    for (const id of [it.version, it.campaign]) {
      const reply = await world.as(who).do('policies.roster', { id })
      expect([said(reply), reply.card]).toEqual([nothing, undefined])
      expect((await world.as(who).card('policies.roster', id)).blocks).toEqual([])
      for (const name of ['policies.campaign', 'policies.policy']) {
        const labels = buttons(await world.as(who).card(name, id)).map((one) => one.label)
        expect(labels).not.toContain('Who acknowledged')
        expect(labels).not.toContain('Record')
      }
    }
})

describe('the words of the lists', () => {
  test('the register says who approved, and one’s own list says overdue as the inbox does', async () => {
    const version = await imported(world, { code: 'travel', title: 'Travel', version: '"1.0"' })
    await launch(world, version, '2027-01-18')
    expect(read(await world.as('aude').card('policies.register'))).toMatch(
      /Owner Dora Weiss · approved by Cleo Marchetti on 16 November 2026/,
    )
    const mine = async () =>
      rowsOf(await world.as('omar').card('policies.mine')).find((row) => /Travel/.test(textOf(row.title)))
    expect((await mine())?.status?.label).toBe('Open')
    await world.pass('9 weeks')
    expect((await mine())?.status?.label).toBe('Overdue')
    expect(textOf((await mine())?.text ?? [])).toMatch(/^Waits for you, was due /)
  })

  test('beside a newer version an older one is marked where one is published', async () => {
    await imported(world, { code: 'travel', title: 'Travel', version: '"1.0"' })
    await imported(world, { code: 'travel', title: 'Travel', version: '"2.0"' })
    const { form } = await world.as('mei').do('policies.publish')
    const field = form?.fields.version
    const labels = field?.kind === 'choice' ? field.options.map((one) => one.label) : []
    expect(labels).toContain('Travel v2.0')
    expect(labels).toContain('Travel v1.0 (older than v2.0)')
  })
})
