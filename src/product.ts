import { type AddressInfo, createServer } from 'node:net'
import { TAB } from '../adapters/teams/tab-places.ts'
import { web } from '../adapters/web/index.ts'
import type { Config } from './config.ts'
import { makeCore } from './core/core.ts'
import { systemRandom } from './core/id.ts'
import { accountChanged, introduce } from './core/introduce.ts'
import { faultOf, type Log } from './core/log.ts'
import type { Deps } from './core/turn.ts'
import { makeWorker } from './core/worker.ts'
import type { Platform } from './core/workflow.ts'
import { houseOf } from './house.ts'
import { serve } from './http.ts'
import { clockShift, type Installation, makeAnew } from './installation.ts'
import { runWorker } from './pulse.ts'

/** Serving people at that address. `stop` ends what is under way first, and the database last. */
export type Running = { address: string; stop(): Promise<void> }

/** Wires everything on an open installation: core, worker, platforms, one HTTP server. It owns the installation. */
export async function run(config: Config, installation: Installation, log: Log, clock: () => number): Promise<Running> {
  const stops: (() => Promise<void>)[] = [() => installation.stop()]
  const stop = once(async () => {
    for (const one of stops.reverse()) await one().catch((error: unknown) => log.error(faultOf(error), 'stop.failed'))
  })
  try {
    const shift = { ms: await clockShift(installation.sql) }
    const now = () => new Date(clock() + shift.ms)
    const port = config.port === 0 ? await freePort(config.host) : config.port
    const address = config.publicUrl ?? `http://127.0.0.1:${port}`
    const hasDesk = config.demo || config.publicUrl !== undefined
    const platforms: Platform[] = []
    const house = houseOf(config, hasDesk ? { address, platform: 'web' } : undefined, platforms)
    const wake = () => pulse?.wake()
    const deps: Deps = { db: installation.db, house, now, random: systemRandom, log, platforms, wake }
    const core = makeCore(deps)
    const worker = makeWorker(deps, `${process.pid}`)
    const pulse = config.roles.includes('worker') ? runWorker(worker, log) : undefined
    if (pulse) stops.push(() => pulse.stop())
    const demo = config.demo ? await demoOf({ deps, core, worker, shift }, installation) : undefined
    if (hasDesk) platforms.push(deskOf(config, address, deps, demo))
    if (config.slack) platforms.push(await slackOf(config.slack, deps))
    if (config.teams) platforms.push(await teamsOf(config.teams, deps))
    const routes = platforms.flatMap((platform) => platform.mount(core))
    if (config.roles.includes('web')) {
      const ready = () => answers(installation.sql)
      const http = await serve(routes, { host: config.host, port, log, ready })
      stops.push(() => http.stop())
    }
    for (const platform of platforms) {
      await platform.start?.()
      stops.push(async () => platform.stop?.())
    }
    pulse?.start()
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Desk = Parameters<typeof web>[0]

const deskOf = (
  { organisation, teams }: Config,
  address: string,
  { random, log }: Deps,
  demo: Desk['demo'],
): Platform =>
  web(
    {
      base: new URL(address),
      secure: address.startsWith('https:'),
      organisation,
      // A tab of Teams; the desk itself refuses it without https.
      ...(teams ? { frames: TAB } : {}),
      ...(demo ? { demo } : {}),
    },
    { random, log },
  )

type Stage = Parameters<typeof import('./cli/demo/index.ts')['openDemo']>[0]

/** Loaded only where it is wanted, as every platform: what is not loaded costs neither time nor memory. */
async function demoOf(
  stage: Omit<Stage, 'sql' | 'access' | 'say'>,
  { sql, accesses }: Installation,
): Promise<Desk['demo']> {
  const { HalfMade, openDemo } = await import('./cli/demo/index.ts')
  const open = () => openDemo({ ...stage, sql, access: accesses.app, say: console.log })
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof HalfMade)) throw error
    stage.deps.log.info({}, 'demo.anew')
    await makeAnew(accesses)
    return open()
  }
}

async function slackOf(settings: NonNullable<Config['slack']>, deps: Deps): Promise<Platform> {
  const { slack } = await import('../adapters/slack/index.ts')
  const { db, house, now, log, random } = deps
  const { botToken, signingSecret, appToken, teamIds, apiUrl } = settings
  return slack(
    {
      botToken,
      teamIds,
      ...(signingSecret ? { signingSecret } : {}),
      ...(appToken ? { appToken } : {}),
      ...(apiUrl ? { apiUrl } : {}),
      ...(house.desk ? { desk: house.desk.address } : {}),
    },
    {
      now,
      log,
      random,
      // Somebody left the workspace or became a guest; somebody joined: linked by the same rule as at the first click.
      changed: async (actor, profile) => {
        await accountChanged(deps, actor, profile)
        await introduce(db, actor, profile, now(), random)
      },
      removed: async (team) => log.error({ team }, 'slack.removed'),
    },
  )
}

async function teamsOf(settings: NonNullable<Config['teams']>, deps: Deps): Promise<Platform> {
  const { teams } = await import('../adapters/teams/index.ts')
  const { db, house, now, log, random } = deps
  return teams(
    { ...settings, ...(house.desk ? { desk: house.desk.address } : {}) },
    {
      now,
      log,
      random,
      changed: async (actor, profile) => {
        await accountChanged(deps, actor, profile)
        await introduce(db, actor, profile, now(), random)
      },
    },
  )
}

const answers = async (sql: { unsafe(text: string): Promise<unknown> }): Promise<boolean> =>
  sql.unsafe('select 1').then(
    () => true,
    () => false,
  )

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= work())
}

/** The desk must know its address before it listens. */
const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen({ host, port: 0 }, () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
