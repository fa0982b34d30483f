import { existsSync } from 'node:fs'
import { type Config, readConfig } from './config.ts'
import { faultOf, makeLog } from './core/log.ts'
import { openInstallation } from './installation.ts'

/** The only place that reads the environment and the real clock. */
async function main(): Promise<void> {
  const begun = performance.now()
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readConfig(process.env)
  const log = makeLog(config.logLevel)
  const opening = openInstallation(config, log)
  // Until the product runs, what there is to stop is the database: it must not be left behind by an early Ctrl+C.
  let stop = async () => (await opening.catch(() => undefined))?.stop()
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isStopping = true
      log.info({ signal }, 'stopping')
      void stop().then(() => process.exit(0))
    })
  // A library's stray rejection (socket-mode 3.1.0 has one) must not take down what other people are using.
  process.on('unhandledRejection', (error) => log.error(faultOf(error), 'unhandled'))
  try {
    // Everything else is loaded while PostgreSQL starts.
    const [installation, { run }] = await Promise.all([opening, import('./product.ts')])
    const running = await run(config, installation, log, Date.now)
    stop = running.stop
    greet(config, running.address, installation.home ?? 'your database', Math.round(performance.now() - begun))
  } catch (error) {
    // What was under way when somebody stopped the start has broken off, as it should.
    if (!isStopping) throw error
  }
}

function greet(config: Config, address: string, place: string, ms: number): void {
  const lines = config.demo
    ? [
        `Demo. Nothing leaves this computer.`,
        `Open ${address}`,
        `No password. Ctrl+C stops it; the data stays in ${place}.`,
      ]
    : [`Countersign is ready at ${address}.`]
  if (process.stdout.isTTY || config.demo) for (const line of lines) console.log(line)
  console.log(JSON.stringify({ ready: true, address, ms }))
}

main().catch((error: unknown) => {
  // One sentence for what the person can mend; the rest of the trace only on request.
  console.error(error instanceof Error ? error.message : String(error))
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) console.error(error.stack)
  process.exit(1)
})
