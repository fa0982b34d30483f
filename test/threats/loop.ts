import { eq } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { controlAction, occurrence } from '../../db/schema/controls.ts'
import { identity } from '../../db/schema/people.ts'
import { policyQuestion } from '../../db/schema/policies.ts'
import { importAccess } from '../../src/access/imports.ts'
import { itemsOf } from '../../src/access/items.ts'
import { openReview } from '../../src/access/reviews.ts'
import { defineEntitlement, registerSystem } from '../../src/access/systems.ts'
import { importOwners, importRegisters, readOwners } from '../../src/controls/index.ts'
import { newId } from '../../src/core/id.ts'
import { plainExport } from '../support/access.ts'
import { press } from '../support/incidents.ts'
import { imported, launch } from '../support/policies.ts'
import type { World } from '../support/world.ts'

/** Everybody of the small company, the guest, the auditor and the one who left among them. */
export const EVERYBODY = 'mei ravi ines omar lena cleo dora aude gus kiran yuki sol'.split(' ')

/** One of each thing that anybody can act on, and an account that nobody was found for. */
export type Loop = {
  version: string
  campaign: string
  /** What Omar is asked: to acknowledge. */
  request: string
  question: string
  duty: string
  /** Kiran's: what he attests this month. */
  occurrence: string
  snapshot: string
  review: string
  /** Lena's share of the review, two rights in it that are open, and a batch that she kept together. */
  share: string
  item: string
  plainItem: string
  batch: string
  report: string
  account: string
}

/** The whole loop under way in a world of all workflows: asked, owned, imported, reported. */
export async function setUpLoop(world: World): Promise<Loop> {
  const { db, system } = world
  const version = await imported(world)
  await launch(world, version)
  const [asked] = await db
    .select()
    .from(assignment)
    .where(eq(assignment.personId, world.person('omar').id))
  await world.as('omar').do('policies.ask', { id: version, entries: { question: 'What about phones?' } })
  const [asking] = await db.select().from(policyQuestion)

  await system((ctx) => importRegisters(ctx))
  const owners = 'code,owner,anchored_on\nmalware-coverage,kiran@example.com,2026-11-01\n'
  await system((ctx) => importOwners(ctx, readOwners(owners, 'en')))
  await world.work()
  const [due] = await db.select().from(occurrence)
  const [duty] = await db.select().from(controlAction).where(eq(controlAction.code, 'malware-coverage'))

  await system((ctx) => registerSystem(ctx, { code: 'crm', name: 'CRM', ownerId: world.person('lena').id }))
  for (const code of ['Viewer', 'Editor'])
    await system((ctx) => defineEntitlement(ctx, { system: 'crm', code, meaning: 'Customers.', privileged: false }))
  const bytes = plainExport([
    { id: 'A1', who: 'yuki', role: 'Viewer' },
    { id: 'A2', who: 'sol', role: 'Viewer' },
    { id: 'A3', who: 'dora', role: 'Editor' },
    { id: 'A4', who: 'cleo', role: 'Editor' },
    { id: 'A5', who: 'kiran', role: 'Editor' },
  ])
  const { snapshotId = '' } = await system((ctx) => importAccess(ctx, { system: 'crm', bytes, name: 'crm.csv' }))
  const review = await system((ctx) => openReview(ctx, { snapshotId, dueOn: '2026-12-07' }))
  const [share] = await db.select().from(assignment).where(eq(assignment.subjectId, review))
  const items = await itemsOf({ db }, review)
  const list = await world.as('lena').card('access.review', share?.id)
  await press(world, 'lena', list, 'Keep 2 Viewer', { statement: 'yes' })
  const [batch] = await world.sql<{ id: string }[]>`select id from access_batch`

  const form = (await world.as('omar').command('/incident A parcel with my name stood open')).form
  await world.as('omar').do('incidents.report', { id: form?.id, entries: { what: 'A parcel stood open' } })
  await world.as('omar').do('incidents.detail', { id: form?.id, entries: { more: 'It had a second one inside' } })
  await world.work()

  const account = newId('idn', world.now(), (size) => new Uint8Array(size).fill(7))
  await db.insert(identity).values({
    id: account,
    platform: 'memory',
    tenant: 'test',
    userId: 'nobody-knows',
    address: { user: 'nobody-knows' },
    state: 'unmatched',
    createdAt: world.now(),
  })
  const made = {
    version,
    campaign: asked?.campaignId ?? '',
    request: asked?.id ?? '',
    question: asking?.id ?? '',
    duty: duty?.id ?? '',
    occurrence: due?.id ?? '',
    snapshot: snapshotId,
    review,
    share: share?.id ?? '',
    item: items.find((one) => one.accountId === 'A3')?.id ?? '',
    plainItem: items.find((one) => one.accountId === 'A4')?.id ?? '',
    batch: batch?.id ?? '',
    report: form?.id ?? '',
    account,
  }
  const missing = Object.entries(made).filter(([, id]) => id === '')
  if (missing.length > 0) throw new Error(`the loop lacks ${missing.map(([name]) => name).join(', ')}`)
  return made
}

/** Every row of every table but the record and what turns answered, as one hash a table: what changed is seen by name. */
export async function stateOf(world: World): Promise<Record<string, string>> {
  const tables = await world.owner<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public'
      and tablename not in ('entry', 'entry_payload', 'receipt', 'clock') order by 1`
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from ${name} t`,
  )
  const rows = await world.owner.unsafe<{ name: string; hash: string }[]>(parts.join(' union all '))
  return Object.fromEntries(rows.map((row) => [row.name, row.hash]))
}
