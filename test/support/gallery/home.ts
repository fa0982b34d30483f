import { identity } from '../../../db/schema/people.ts'
import { newId } from '../../../src/core/id.ts'
import type { Card } from '../../../src/core/workflow.ts'
import { seeded } from '../world.ts'
import { doing, type Player } from './player.ts'

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

/** What the button carries that turns the page that way, whatever it is called in the language of the story. */
function button(card: Card, way: 'before' | 'after'): { with: Record<string, string> } {
  const parameters = doing(card.blocks).find((one) => one.with && way in one.with)?.with
  if (!parameters) throw new Error(`nothing turns ${way} on ${card.title}`)
  return { with: parameters }
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
  await command('aude', '/isms record nobody of that name')
  const newest = await page('newest', 'aude', 'home.record')
  const older = (await act('aude', 'home.record', button(newest, 'before'))).card
  shot('home.record--older', 'aude', older)
  shot('home.record--of-access', 'aude', (await act('aude', 'home.record', { with: { of: 'access' } })).card)
  const lena = { with: { about: world.person('lena').id } }
  shot('home.record--of-a-person', 'aude', (await act('aude', 'home.record', lena)).card)
  const linking = (await press('mei', full, 'home.link')).form
  shot('home.link--new', 'mei', linking)
  if (linking) await send('mei', linking, { person: world.person('cleo').id })
  shot('home.door--new', 'omar', (await act('omar', 'home.door', { with: { path: '/card/home.inbox' } })).card)
  await press('mei', full, 'home.show')
  await asks('unknown', 'mei', 'incidents.report')
}
