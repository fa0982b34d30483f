import { identity } from '../../../db/schema/people.ts'
import { newId } from '../../../src/core/id.ts'
import { seeded } from '../world.ts'
import type { Player } from './player.ts'

/** Before anything runs. */
export async function playFirstDay(player: Player): Promise<void> {
  const { page, command } = player
  await page('clear', 'omar', 'home.inbox')
  await page('member', 'omar', 'home.help')
  await page('lead', 'mei', 'home.help')
  await page('empty', 'mei', 'home.dashboard')
  await page('empty', 'mei', 'home.record')
  await command('omar', '/isms')
  await command('omar', '/isms verify')
  await command('omar', '/isms help')
}

/** When there is much to look at. */
export async function playHome(player: Player): Promise<void> {
  const { world, page, asks, send, press, command, act, shot } = player
  await world.db.insert(identity).values({
    id: newId('idn', world.now(), seeded('gallery of home')),
    platform: 'memory',
    tenant: 'test',
    userId: 'unknown-account',
    address: {},
    email: 'someone@example.com',
    displayName: 'Someone Else',
    state: 'unmatched',
    createdAt: world.now(),
  })
  for (const who of ['omar', 'kiran', 'gus', 'mei']) await page(who, who, 'home.inbox')
  const full = await page('full', 'mei', 'home.dashboard')
  await page('auditor', 'aude', 'home.dashboard')
  shot('home.status--own', 'omar', (await command('omar', '/isms status')).card)
  await command('mei', '/isms record')
  const linking = (await press('mei', full, 'home.link')).form
  shot('home.link--new', 'mei', linking)
  if (linking) await send('mei', linking, { person: world.person('cleo').id })
  shot('home.door--new', 'omar', (await act('omar', 'home.door', { with: { path: '/card/home.inbox' } })).card)
  await press('mei', full, 'home.show')
  await asks('unknown', 'mei', 'incidents.report')
}
