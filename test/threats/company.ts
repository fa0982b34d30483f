import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { slack } from '../../adapters/slack/index.ts'
import { web } from '../../adapters/web/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { accountChanged } from '../../src/core/introduce.ts'
import type { Facts, Log } from '../../src/core/log.ts'
import type { Actor, Platform } from '../../src/core/workflow.ts'
import { serve } from '../../src/http.ts'
import { type Client, makeClient } from '../platforms/desk-client.ts'
import { type Json, labelOf } from '../platforms/slack-blocks.ts'
import { makePerson, SECRET, type SlackPerson } from '../platforms/slack-person.ts'
import { type SlackUser, startSlack } from '../platforms/slack-stand-in.ts'
import { buttonsOf } from '../support/incidents.ts'
import { CAST } from '../support/people.ts'
import { MONDAY, makeWorld } from '../support/world.ts'

export const slackId = (who: string): string => `U0${who.toUpperCase()}`

const OUTSIDE: SlackUser[] = [
  {
    id: 'U0STRANGER',
    name: 'A Stranger',
    email: 'stranger@elsewhere.example',
    team_id: 'T0ELSEWHER',
    is_stranger: true,
  },
  { id: 'U0BOTBOT', name: 'Build bot', email: 'omar@example.com', is_bot: true },
  { id: 'U0GONE', name: 'Gone', email: 'dora@example.com', deleted: true },
  { id: 'U0UNPROVEN', name: 'Unproven', email: 'cleo@example.com', is_email_confirmed: false },
]

/** Nothing is ever late, unless a test is about hurry (`hurried`): then Slack is told in time that it takes longer. */
const never = () => new Promise<void>(() => {})

/**
 * The whole product without its process: everybody in Slack (a stand-in on loopback), the browser desk behind its
 * doors, both on the product's own HTTP server, PostgreSQL underneath, and every line of the log.
 */
export async function openCompany(options: { seed?: string; users?: SlackUser[]; hurried?: boolean } = {}) {
  let now = () => MONDAY
  const lines: string[] = []
  const keep = (facts: Facts, event: string) => void lines.push(JSON.stringify({ ...facts, event }))
  const child = (facts: Facts) => {
    keep(facts, 'child')
    return log
  }
  const log: Log = { info: keep, warn: keep, error: keep, child }
  const users = Object.entries(CAST).map(([who, { name }]) => ({ id: slackId(who), name, email: `${who}@example.com` }))
  const all = [...users, ...OUTSIDE, ...(options.users ?? [])]
  const workspace = await startSlack({
    now: () => now(),
    users: all,
    scopes: ['commands', 'chat:write', 'im:write', 'users:read', 'users:read.email', 'files:read'],
  })
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const seat = (who: string): Actor => {
    const [user, { team }] = [slackId(who), workspace]
    return { platform: 'slack', tenant: team, user, address: { team, user } }
  }
  const made: Platform[] = []
  const world = await makeWorld({
    seed: options.seed ?? 'company',
    seat,
    log,
    desk: { address, platform: 'web' },
    platforms(clock) {
      now = clock
      const config = { botToken: workspace.token, signingSecret: SECRET, apiUrl: workspace.apiUrl, desk: address }
      made.push(
        slack(config, {
          now: clock,
          log,
          random: systemRandom,
          ...(options.hurried ? {} : { after: never }),
          changed: (actor, profile) => accountChanged(world.deps, actor, profile),
        }),
        web({ base: new URL(address), secure: false, organisation: 'Harbour Test' }, { random: systemRandom, log }),
      )
      return made
    },
  })
  const http = await serve(world.routes, { host: '127.0.0.1', port, log, ready: async () => true })
  for (const platform of made) await platform.start?.()
  const [chat] = made

  return {
    world,
    workspace,
    address,
    lines,
    /** Somebody in front of Slack. */
    as: (who: string): SlackPerson => makePerson(workspace, address, slackId(who), () => now()),
    user: (id: string): SlackPerson => makePerson(workspace, address, id, () => now()),
    /** All that Slack was told, whoever reads it. */
    told: (): string => JSON.stringify(workspace.calls),
    /** The message in somebody's chat that has that button, the newest first. */
    message(who: string, label: string) {
      const post = workspace
        .chat(slackId(who))
        .findLast((one) => one.blocks.some((block) => labels(block).includes(label)))
      if (!post) throw new Error(`no message with "${label}" in the chat of ${who}`)
      return post
    },
    /** What is under way in the background is done. */
    settled: () => chat?.stop?.() ?? Promise.resolve(),
    browser: (): Client => makeClient({ port }),
    /** The single-use link, as it is made in chat. */
    async link(who: string): Promise<string> {
      const { card } = await world.as(who).do('home.door')
      const button = card && buttonsOf(card).find((one) => 'href' in one)
      if (!button || !('href' in button)) throw new Error('no link was made')
      return button.href.slice(address.length)
    },
    async close() {
      for (const platform of made) await platform.stop?.()
      await http.stop()
      await workspace.close()
    },
  }
}

export type Company = Awaited<ReturnType<typeof openCompany>>

/** In a browser, through the link of the chat. */
export async function signIn(company: Company, who: string): Promise<Client> {
  const client = company.browser()
  const answer = await client.post(await company.link(who), {})
  if (answer.status !== 303) throw new Error(`${who} was not let in: ${answer.status}`)
  await client.open('/')
  return client
}

const labels = (block: Json): string[] => {
  const inner = [...((block.elements ?? []) as Json[]), ...(block.accessory ? [block.accessory as Json] : [])]
  return inner.filter((one) => one.type === 'button').map(labelOf)
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
