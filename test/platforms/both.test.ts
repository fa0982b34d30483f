import { eq } from 'drizzle-orm'
import { afterAll, expect, test, vi } from 'vitest'
import { slack } from '../../adapters/slack/index.ts'
import { identity } from '../../db/schema/people.ts'
import { access } from '../../src/access/index.ts'
import { newId, systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Actor, Platform } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { incidents } from '../../src/incidents/index.ts'
import { policies } from '../../src/policies/index.ts'
import { register, reviewed } from '../support/access.ts'
import { button, imported, launch, wordsIn } from '../support/policies.ts'
import { read } from './slack-blocks.ts'
import { makePerson, SECRET } from './slack-person.ts'
import { startSlack } from './slack-stand-in.ts'
import { openTeams } from './teams-bench.ts'

// One company in both chats: Ravi and Lena are in Slack, Omar is in both, everybody else is in Teams.
vi.setConfig({ testTimeout: 30_000 })

const USERS = { ravi: 'U0RAVI', lena: 'U0LENA', omar: 'U0OMAR' } as const
const users = Object.entries(USERS).map(([who, id]) => ({ id, name: who, email: `${who}@example.com` }))

let time = () => new Date('2026-11-23T09:00:00Z')
const scopes = ['commands', 'chat:write', 'im:write', 'users:read', 'users:read.email']
const workspace = await startSlack({ now: () => time(), users, scopes })
const inSlack = (who: keyof typeof USERS): Actor => {
  const [user, { team }] = [USERS[who], workspace]
  return { platform: 'slack', tenant: team, user, address: { team, user } }
}
let adapter: Platform | undefined
const bench = await openTeams([policies, access, incidents, home], {
  seats: { ravi: inSlack('ravi'), lena: inSlack('lena') },
  mount(now) {
    time = now
    const config = { botToken: workspace.token, signingSecret: SECRET, apiUrl: workspace.apiUrl }
    adapter = slack(config, { now, log: silent, random: systemRandom, after: () => new Promise(() => {}) })
    return adapter
  },
})
const { world } = bench
await adapter?.start?.()
await link(inSlack('omar'), 'omar')
afterAll(async () => {
  await bench.close()
  await workspace.close()
})

async function link({ platform, tenant, user, address }: Actor, who: string): Promise<void> {
  const [at, personId] = [world.now(), world.person(who).id]
  const state = { state: 'linked', linkMethod: 'by-hand', linkedAt: at, createdAt: at } as const
  const id = newId('idn', at, systemRandom)
  await world.db.insert(identity).values({ id, platform, tenant, userId: user, address, personId, ...state })
}

const person = (who: keyof typeof USERS) => makePerson(workspace, bench.url, USERS[who], () => world.now())
const post = (who: keyof typeof USERS, title: string) => {
  const found = workspace.chat(USERS[who]).findLast((one) => one.text.startsWith(title))
  if (!found) throw new Error(`no message ${title} in the Slack of ${who}`)
  return found
}
const settled = async () => {
  await adapter?.stop?.()
  await world.work()
}
const inTeams = async (who: string, title: string) =>
  (await bench.sees(who)).cards.findLast((card) => card.title.startsWith(title))

test('one person in both chats has one duty: answered in Teams, the same message in Slack says so', async () => {
  const version = await imported(world)
  await launch(world, version)
  expect((await inTeams('omar', 'Please read: Acceptable Use'))?.buttons).toContain('Read and acknowledge')
  const standing = post('omar', 'Please read: Acceptable Use')
  await bench.press('omar', 'Read and acknowledge', { title: 'Please read: Acceptable Use' })
  await bench.submit('omar')
  await settled()
  expect(post('omar', 'Acknowledged: Acceptable Use').ts).toBe(standing.ts)
  expect((await inTeams('omar', 'Acknowledged: Acceptable Use'))?.text).toContain('Receipt')
  const given = (await world.entries(version)).filter((one) => one.type === 'policy.acknowledged')
  expect(given).toHaveLength(1)
  expect(
    await world.db
      .select()
      .from(identity)
      .where(eq(identity.personId, world.person('omar').id)),
  ).toHaveLength(2)
})

test('two people of one campaign, one in each chat: each sees their own, and the count is one', async () => {
  const version = await imported(world, { code: 'travel', title: 'Travel' })
  const launched = await launch(world, version)
  await bench.press('kiran', 'Read and acknowledge', { title: 'Please read: Travel' })
  await bench.submit('kiran')
  const lena = person('lena')
  await lena.click({ post: post('lena', 'Please read: Travel') }, 'Read and acknowledge')
  await adapter?.stop?.()
  await lena.submit()
  await settled()
  expect(post('lena', 'Acknowledged: Travel').text).toBe('Acknowledged: Travel v1.0')
  expect((await inTeams('kiran', 'Acknowledged: Travel'))?.title).toBe('Acknowledged: Travel v1.0')
  const actors = (await world.entries(version))
    .filter((one) => one.type === 'policy.acknowledged')
    .map((one) => one.actor)
  expect(actors.sort()).toEqual([world.person('kiran').id, world.person('lena').id].sort())
  const campaign = await world.as('mei').card('policies.campaign', button(launched.card, 'Stop').id)
  expect(wordsIn(campaign.blocks)).toMatch(/ 2\/1\d\b/)
})

test('an access review is decided in both: its owner in Slack, and her own right by her deputy in Teams', async () => {
  await register(world, { deputyId: world.person('omar').id })
  const id = await reviewed(world, [
    { id: 'A1', who: 'sol', role: 'Viewer' },
    { id: 'A2', who: 'lena', role: 'Viewer' },
  ])
  await settled()
  // Nobody decides on their own access: Lena's own right lies before her deputy, in both of his chats.
  const lena = person('lena')
  await lena.click({ post: post('lena', 'CRM:') }, 'Keep')
  await bench.press('omar', 'Keep', { title: 'CRM:' })
  await settled()
  const decided = (await world.entries()).filter((one) => one.type === 'access.decided' && one.ref === id)
  expect(decided.map((one) => one.actor).sort()).toEqual([world.person('lena').id, world.person('omar').id].sort())
  expect(read(post('omar', 'CRM').blocks)).not.toContain('[Keep]')
})

test('reported in Teams, decided in Slack, told in Teams', async () => {
  await bench.command('sol', 'incident A stranger asked for my badge')
  await bench.submit('sol')
  const number = /EVT-2026-\d{4}/.exec((await bench.sees('sol')).said ?? '')?.[0] ?? 'no number'
  await settled()
  const ravi = person('ravi')
  await ravi.click({ post: post('ravi', `Report ${number}`) }, 'False alarm')
  await adapter?.stop?.()
  await ravi.submit({ reason: 'A colleague from Lisbon, known at the desk.', toReporter: 'All is well, thank you.' })
  await settled()
  const { cards } = await bench.sees('sol')
  expect(cards.some((card) => card.text.includes('All is well, thank you.'))).toBe(true)
  expect((await inTeams('ines', `Report ${number}`))?.buttons ?? []).not.toContain('False alarm')
})

test('each is told what to type in the words of the chat where they read it, and a text for everybody in both', async () => {
  await bench.command('omar', '/isms help')
  const help = (await bench.sees('omar')).shown?.text ?? ''
  expect(help).toContain('policies')
  expect(help).not.toContain('/isms')
  const inSlackHelp = await world.core.turn({ key: 'help-1', by: inSlack('omar'), do: 'home.help' })
  expect(JSON.stringify(inSlackHelp.card)).toContain('/isms policies')
  const everybody = await world.core.turn({ key: 'help-2', by: world.as('mei').actor, do: 'policies.announce' })
  expect(JSON.stringify(everybody.card)).toMatch(
    /write to it: verify, \/isms verify|write to it: \/isms verify, verify/,
  )
})
