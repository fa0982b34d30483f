import { eq } from 'drizzle-orm'
import { reviewItem } from '../../db/schema/access.ts'
import { assignment } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { type Bringing, importAccess } from '../../src/access/imports.ts'
import { access } from '../../src/access/index.ts'
import { type Item, itemsOf } from '../../src/access/items.ts'
import { openReview } from '../../src/access/reviews.ts'
import { defineEntitlement, registerSystem, type SystemFacts } from '../../src/access/systems.ts'
import { newId } from '../../src/core/id.ts'
import type { Card, Row } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { makeWorld, seeded, type World } from './world.ts'

/** A company with one system, the CRM: Lena owns it, Omar is her deputy, and what its three rights mean is written down. */
export async function accessWorld(options: Parameters<typeof makeWorld>[0] = {}): Promise<World> {
  const world = await makeWorld({ workflows: [home, access], ...options })
  await register(world, { deputyId: world.person('omar').id })
  await world.system(async (ctx) => {
    await defineEntitlement(ctx, { system: 'crm', code: 'Viewer', meaning: 'Reads every customer.', privileged: false })
    await defineEntitlement(ctx, { system: 'crm', code: 'Editor', meaning: 'Changes customers.', privileged: false })
    await defineEntitlement(ctx, { system: 'crm', code: 'Admin', meaning: 'Gives and takes rights.', privileged: true })
  })
  return world
}

export const register = (world: World, facts: Partial<SystemFacts> = {}): Promise<string> =>
  world.system((ctx) => registerSystem(ctx, { code: 'crm', name: 'CRM', ownerId: world.person('lena').id, ...facts }))

/** The people of the sample exports: user00000@example.com and on. */
export async function samplePeople(world: World, count = 50): Promise<void> {
  const random = seeded('sample people')
  const numbers = Array.from({ length: count }, (_, n) => String(n).padStart(5, '0'))
  await world.db.insert(person).values(
    numbers.map((n) => ({
      id: newId('per', world.now(), random),
      name: `User ${n}`,
      email: `user${n}@example.com`,
      createdAt: world.now(),
      updatedAt: world.now(),
    })),
  )
}

export type Line = { id: string; who?: string; mail?: string; role: string; used?: string; type?: string; hr?: string }

/** A plain export: account_id, email, name, role, type, hr_status, last_login, created. */
export const plainExport = (lines: readonly Line[]): Uint8Array =>
  Buffer.from(
    [
      'account_id,email,name,role,type,hr_status,last_login,created',
      ...lines.map((line) =>
        [
          line.id,
          line.mail ?? (line.who ? `${line.who}@example.com` : ''),
          line.who ?? line.id,
          line.role,
          line.type ?? 'human',
          line.hr ?? '',
          line.used ?? '2026-11-20',
          '2025-01-10',
        ].join(','),
      ),
      '',
    ].join('\n'),
  )

export const bring = (world: World, bytes: Uint8Array, more: Partial<Bringing> = {}) =>
  world.system((ctx) => importAccess(ctx, { system: 'crm', bytes, name: 'export.csv', ...more }))

/** Imports the lines and opens their review; answers its id. */
export async function reviewed(world: World, lines: readonly Line[], dueOn = '2026-12-07'): Promise<string> {
  const { snapshotId } = await bring(world, plainExport(lines))
  return world.system((ctx) => openReview(ctx, { snapshotId: snapshotId ?? '', dueOn }))
}

export async function shareOf(world: World, reviewId: string, who: string): Promise<string> {
  const rows = await world.db.select().from(assignment).where(eq(assignment.subjectId, reviewId))
  const id = rows.find((row) => row.personId === world.person(who).id)?.id
  if (!id) throw new Error(`${who} has no share of ${reviewId}`)
  return id
}

/** The reviewer's card, as they would open it. */
export async function cardOf(world: World, reviewId: string, who: string): Promise<Card> {
  return world.as(who).card('access.review', await shareOf(world, reviewId, who))
}

export const rowsOf = (card: Card): Row[] => card.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : []))

export const items = (world: World, reviewId: string): Promise<Item[]> => itemsOf({ db: world.db }, reviewId)

/** The item of an account, as it stands now. */
export async function itemOf(world: World, reviewId: string, accountId: string): Promise<Item> {
  const found = (await items(world, reviewId)).find((item) => item.accountId === accountId)
  if (!found) throw new Error(`no right of ${accountId} is under review`)
  return found
}

/** Decides on an account's right in the name of `who`. */
export async function click(
  world: World,
  reviewId: string,
  who: string,
  action: string,
  accountId: string,
  entries?: Record<string, string>,
) {
  const item = await itemOf(world, reviewId, accountId)
  return world
    .as(who)
    .do(`access.${action}`, { id: item.id, shown: String(item.version), ...(entries ? { entries } : {}) })
}

export const rawItems = (world: World, reviewId: string) =>
  world.db.select().from(reviewItem).where(eq(reviewItem.reviewId, reviewId))
