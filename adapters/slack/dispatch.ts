import type { App, ReceiverEvent } from '@slack/bolt'
import type { Under } from '../../src/core/under.ts'

/** How one request ended: acknowledged with something, handled by nobody, or failed. */
export type Outcome = { status: 200 | 404 | 500; payload?: unknown }

/**
 * Hands a payload to Bolt and waits for what Slack is to be told. An event is only acknowledged when its work is done,
 * so that Slack brings it again when it failed; Bolt itself would acknowledge first and lose it. Anything else is
 * acknowledged by its listener, which may go on working: `under` knows of it.
 */
export function dispatch(
  app: Pick<App, 'processEvent'>,
  event: Omit<ReceiverEvent, 'ack'>,
  under: Under,
): Promise<Outcome> {
  const isEvent = event.body.event !== undefined
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const ack = async (payload?: unknown): Promise<void> => {
    if (!isEvent) resolve({ status: 200, payload })
  }
  under.add(
    app.processEvent({ ...event, ack }).then(
      () => resolve({ status: isEvent ? 200 : 404 }),
      () => resolve({ status: 500 }),
    ),
  )
  return promise
}
