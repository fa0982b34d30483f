import { type App, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt'
import { faultOf, type Log } from '../../src/core/log.ts'
import type { Under } from '../../src/core/under.ts'
import { clientOptions } from './client.ts'
import type { SlackConfig } from './config.ts'
import { dispatch } from './dispatch.ts'
import { quietLogger } from './logger.ts'

/** Slack asks for a new connection every few hours and may refuse one for a while. */
const LONGEST_PAUSE_MS = 60_000

/**
 * Socket Mode: Slack's requests over a connection that we open, so neither a public address nor a signing secret is
 * needed. Events are acknowledged when they are worked, as over HTTP.
 */
export function makeSocket(
  config: SlackConfig & { appToken: string },
  { log, under, after }: { log: Log; under: Under; after: (ms: number) => Promise<void> },
): Receiver {
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    logger: quietLogger(log),
    installerOptions: { clientOptions: clientOptions(config, log) },
  })
  const { client } = receiver
  const connect = client.start.bind(client)
  let stopping = false
  let calls = 0

  /**
   * socket-mode 3.1.0 calls its own `start` again after a lost connection and drops the promise: a rejection there (also
   * an undefined one, when a disconnect races with it) would end the process. Here it is tried again until stopped.
   */
  client.start = async () => {
    if (calls++ === 0) return connect()
    for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (stopping) return { ok: false }
      try {
        return await connect()
      } catch (error) {
        if (!stopping) log.warn({ ...faultOf(error), pause }, 'slack.socket.lost')
        await after(pause)
      }
    }
  }

  return {
    init(app: App) {
      const processEvent = async (event: ReceiverEvent): Promise<void> => {
        const outcome = await dispatch(app, event, under)
        // Not acknowledged: Slack brings an event again, and tells a person that it did not work.
        if (outcome.status === 200) await event.ack(outcome.payload)
      }
      receiver.init({ processEvent } as App)
    },
    async start() {
      stopping = false
      await receiver.start()
      log.info({}, 'slack.socket.open')
    },
    async stop() {
      stopping = true
      await under.drained()
      await receiver.stop()
    },
  }
}
