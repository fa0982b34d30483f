import { faultOf, type Log } from './core/log.ts'

export type Pulse = { wake(): void; start(): void; stop(): Promise<void> }

/** How often the worker looks without being woken, in milliseconds; what other processes post is found then. */
const BEAT_MS = 1000
/** How often it puts away what was for a short time only. */
const SWEEP_MS = 10 * 60_000

/** Runs the worker when something was posted and once a second; never twice at a time; stops after the piece at hand. */
export function runWorker(
  worker: { run(until: () => boolean): Promise<number>; sweep(): Promise<number> },
  log: Log,
): Pulse {
  let stopped = false
  let started = false
  let again = false
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let sweeper: NodeJS.Timeout | undefined
  const work = async () => {
    do {
      again = false
      await worker.run(() => stopped).catch((error: unknown) => log.error(faultOf(error), 'worker.failed'))
    } while (again && !stopped)
  }
  const wake = () => {
    if (!started || stopped) return
    if (running) {
      again = true
      return
    }
    running = work().finally(() => {
      running = undefined
    })
  }
  return {
    wake,
    start() {
      started = true
      timer = setInterval(wake, BEAT_MS)
      sweeper = setInterval(() => {
        worker.sweep().catch((error: unknown) => log.error(faultOf(error), 'sweep.failed'))
      }, SWEEP_MS)
      wake()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      clearInterval(sweeper)
      await running
    },
  }
}
