import { existsSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { slack } from '../adapters/slack/index.ts'
import { web } from '../adapters/web/index.ts'
import { openDemo } from './cli/demo/index.ts'
import { type Config, readConfig } from './config.ts'
import { makeCore } from './core/core.ts'
import { systemRandom } from './core/id.ts'
import { accountChanged, introduce } from './core/introduce.ts'
import { faultOf, makeLog } from './core/log.ts'
import type { Deps } from './core/turn.ts'
import { makeWorker } from './core/worker.ts'
import type { Platform } from './core/workflow.ts'
import { type Http, serve } from './http.ts'
import { clockShift, houseOf, openInstallation } from './installation.ts'
import { runWorker } from './pulse.ts'

/** The only place that reads the environment and the real clock, and wires everything. */
async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readConfig(process.env)
  const log = makeLog(config.logLevel)
  const begun = performance.now()
  const installation = await openInstallation(config, log)
  const stops: (() => Promise<void>)[] = [() => installation.stop()]
  const stop = once(async () => {
    for (const one of stops.reverse()) await one().catch((error: unknown) => log.error(faultOf(error), 'stop.failed'))
  })
  try {
    const shift = { ms: await clockShift(installation.sql) }
    const now = () => new Date(Date.now() + shift.ms)
    const port = config.port === 0 ? await freePort(config.host) : config.port
    const address = config.publicUrl ?? `http://127.0.0.1:${port}`
    const hasDesk = config.demo || config.publicUrl !== undefined
    const house = houseOf(config, hasDesk ? { address, platform: 'web' } : undefined)
    const platforms: Platform[] = []
    const deps: Deps = {
      db: installation.db,
      house,
      now,
      random: systemRandom,
      log,
      platforms,
      wake: () => pulse?.wake(),
    }
    const core = makeCore(deps)
    const worker = makeWorker(deps, `${process.pid}`)
    const pulse = config.roles.includes('worker') ? runWorker(worker, log) : undefined
    if (pulse) stops.push(() => pulse.stop())
    const demo = config.demo
      ? await openDemo({ deps, core, worker, sql: installation.sql, shift, access: installation.accesses.app })
      : undefined
    if (hasDesk)
      platforms.push(
        web(
          {
            base: new URL(address),
            secure: address.startsWith('https:'),
            organisation: config.organisation,
            ...(demo ? { demo } : {}),
          },
          { random: systemRandom, log },
        ),
      )
    if (config.slack) platforms.push(slackOf(config, deps))
    const routes = platforms.flatMap((platform) => platform.mount(core))
    const http: Http | undefined = config.roles.includes('web')
      ? await serve(routes, { host: config.host, port, log, ready: () => answers(installation.sql) })
      : undefined
    if (http) stops.push(() => http.stop())
    for (const platform of platforms) {
      await platform.start?.()
      stops.push(async () => platform.stop?.())
    }
    pulse?.start()
    greet(config, http?.address ?? address, Math.round(performance.now() - begun))
  } catch (error) {
    await stop()
    throw error
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      log.info({ signal }, 'stopping')
      void stop().then(() => process.exit(0))
    })
  // A library's stray rejection (socket-mode 3.1.0 has one) must not take down what other people are using.
  process.on('unhandledRejection', (error) => log.error(faultOf(error), 'unhandled'))
}

function greet(config: Config, address: string, ms: number): void {
  const lines = config.demo
    ? [
        `Demo. Nothing leaves this computer.`,
        `Open ${address}`,
        `No password. Ctrl+C stops it; the data stays in ${config.folder}.`,
      ]
    : [`Countersign is ready at ${address}.`]
  if (process.stdout.isTTY || config.demo) for (const line of lines) console.log(line)
  console.log(JSON.stringify({ ready: true, address, ms }))
}

function slackOf(config: Config, deps: Deps): Platform {
  const { db, house, now, log, random } = deps
  if (!config.slack) throw new Error('slackOf: not configured')
  const { botToken, signingSecret, appToken, teamIds, apiUrl } = config.slack
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

main().catch((error: unknown) => {
  // One sentence for what the person can mend; the rest of the trace only on request.
  console.error(error instanceof Error ? error.message : String(error))
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) console.error(error.stack)
  process.exit(1)
})
