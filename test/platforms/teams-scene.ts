import { randomUUID } from 'node:crypto'
import { teams } from '../../adapters/teams/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { type Log, silent } from '../../src/core/log.ts'
import type { Core, Platform } from '../../src/core/workflow.ts'
import { serveRoutes } from './slack-person.ts'
import { makeClock } from './slack-scene.ts'
import { makePerson, type TeamsPerson } from './teams-person.ts'
import { startTeams, type TeamsStandIn, type TeamsUser } from './teams-stand-in.ts'
import { TENANT, userOf } from './teams-users.ts'

export const ELSEWHERE = 'e15e3e2a-0000-4000-8000-0000000000ee'
export const DESK = 'https://desk.kestrel.example'

export const MEI = userOf('mei', 'Mei Tanaka')
export const OMAR = userOf('omar', 'Omar Said')
export const GUS: TeamsUser = { ...userOf('gus', 'Gus Guest'), email: 'gus@partner.example' }
export const FEDERATED: TeamsUser = { ...userOf('fay', 'Fay Federated'), tenantId: ELSEWHERE }
export const PEOPLE: TeamsUser[] = [MEI, OMAR, GUS, FEDERATED]

export type TeamsScene = {
  standIn: TeamsStandIn
  platform: Platform
  url: string
  as(user: TeamsUser): TeamsPerson
  mei: TeamsPerson
  omar: TeamsPerson
  clock: ReturnType<typeof makeClock>
  /** What is under way in the background is done. */
  settled(): Promise<void>
  stop(): Promise<void>
}

type Options = {
  log?: Log
  users?: TeamsUser[]
  page?: number
  changed?: Parameters<typeof teams>[1]['changed']
  /** In place of the way to the stand-in. */
  fetch?: (inside: typeof fetch) => typeof fetch
}

/** The adapter on a real server, between the stand-in and a core of the test's own. */
export async function openTeamsScene(core: Core, options: Options = {}): Promise<TeamsScene> {
  const clock = makeClock()
  const { now, after } = clock
  const { changed, log = silent, users = PEOPLE, page } = options
  // The SDK remembers tokens by app, for the whole process: each scene has an app of its own.
  const appId = randomUUID()
  const standIn = await startTeams({ appId, users, now, tenant: TENANT, ...(page ? { page } : {}) })
  const config = {
    appId: standIn.appId,
    tenantIds: [TENANT],
    credential: { secret: 'outbound-secret' },
    desk: DESK,
    openIdMetadataUrl: standIn.metadataUrl,
    fetch: options.fetch?.(standIn.fetch) ?? standIn.fetch,
  }
  const platform = teams(config, { now, log, random: systemRandom, after, changed })
  const server = await serveRoutes(platform.mount(core))
  await platform.start?.()
  const as = (user: TeamsUser): TeamsPerson => makePerson(standIn, server.url, user, now)
  const settled = async () => platform.stop?.()
  return {
    standIn,
    platform,
    url: server.url,
    as,
    mei: as(MEI),
    omar: as(OMAR),
    clock,
    settled,
    async stop() {
      await settled()
      await server.close()
      await standIn.close()
    },
  }
}
