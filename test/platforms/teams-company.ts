import { teams } from '../../adapters/teams/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { accountChanged, introduce } from '../../src/core/introduce.ts'
import type { Facts, Log } from '../../src/core/log.ts'
import type { Actor, Platform, Workflow } from '../../src/core/workflow.ts'
import { serve } from '../../src/http.ts'
import { CAST } from '../support/people.ts'
import { MONDAY, makeWorld } from '../support/world.ts'
import { buttonsIn, type Json } from './teams-cards.ts'
import { makePerson, type TeamsPerson } from './teams-person.ts'
import { startTeams, type TeamsUser } from './teams-stand-in.ts'
import { TENANT, userOf } from './teams-users.ts'

type Options = {
  seed: string
  outside?: Record<string, TeamsUser>
  workflows?: readonly Workflow[]
  /** Public address of a browser desk; without one there is none. */
  desk?: string
}

/** Nothing is ever late: what is slow has tests of its own. */
const never = () => new Promise<void>(() => {})

/**
 * The whole product without its process: everybody in Teams (a stand-in on loopback), the product's own HTTP server,
 * PostgreSQL underneath, and every line of the log.
 */
export async function openTeamsCompany({ seed, outside = {}, workflows, desk }: Options) {
  let now = () => MONDAY
  const lines: string[] = []
  const keep = (facts: Facts, event: string) => void lines.push(JSON.stringify({ ...facts, event }))
  const log: Log = { info: keep, warn: keep, error: keep, child: () => log }
  const inside = Object.fromEntries(Object.entries(CAST).map(([who, { name }]) => [who, userOf(who, name)]))
  const users: Record<string, TeamsUser> = { ...inside, ...outside }
  const standIn = await startTeams({ now: () => now(), users: Object.values(users), tenant: TENANT })
  const seat = (who: string): Actor => {
    const { id: user, mri } = userOf(who)
    return {
      platform: 'teams',
      tenant: TENANT,
      user,
      address: { tenant: TENANT, user, mri, serviceUrl: standIn.serviceUrl },
    }
  }
  const made: Platform[] = []
  const world = await makeWorld({
    seed,
    seat,
    log,
    ...(workflows ? { workflows } : {}),
    ...(desk ? { desk: { address: desk, platform: 'web' } } : {}),
    platforms(clock) {
      now = clock
      const config = {
        appId: standIn.appId,
        tenantIds: [TENANT],
        credential: { secret: 'outbound-secret' },
        openIdMetadataUrl: standIn.metadataUrl,
        fetch: standIn.fetch,
        ...(desk ? { desk } : {}),
      }
      const changed = async (actor: Actor, profile: Parameters<typeof accountChanged>[2]) => {
        await accountChanged(world.deps, actor, profile)
        await introduce(world.db, actor, profile, clock(), world.deps.random)
      }
      made.push(teams(config, { now: clock, log, random: systemRandom, after: never, changed }))
      return made
    },
  })
  const http = await serve(world.routes, { host: '127.0.0.1', port: 0, log, ready: async () => true })
  const [adapter] = made
  await adapter?.start?.()
  const people = new Map<string, TeamsPerson>()
  const user = (who: string): TeamsUser => {
    const found = users[who]
    if (!found) throw new Error(`nobody is called ${who}`)
    return found
  }

  return {
    world,
    standIn,
    address: http.address,
    lines,
    user,
    /** Somebody in front of Teams; their open dialog stays theirs. */
    as(who: string): TeamsPerson {
      const person = people.get(who) ?? makePerson(standIn, http.address, user(who), () => now())
      people.set(who, person)
      return person
    },
    /** The message in somebody's chat that has that button, the newest first. */
    message(who: string, label: string) {
      const found = standIn.chat(user(who).id).findLast(({ activity }) => {
        const [attachment] = (activity.attachments ?? []) as { content?: Json }[]
        return attachment?.content && buttonsIn(attachment.content).includes(label)
      })
      if (!found) throw new Error(`no message with "${label}" in the chat of ${who}`)
      return found
    },
    /** What is under way in the background is done. */
    settled: async () => adapter?.stop?.(),
    async close() {
      await adapter?.stop?.()
      await http.stop()
      await standIn.close()
      await world.close()
    },
  }
}

export type TeamsCompany = Awaited<ReturnType<typeof openTeamsCompany>>
