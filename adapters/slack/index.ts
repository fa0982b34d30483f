import { setTimeout as wait } from 'node:timers/promises'
import { App, type BlockAction, type ViewSubmitAction } from '@slack/bolt'
import { makeUnder } from '../../src/core/under.ts'
import type { Core, Platform } from '../../src/core/workflow.ts'
import { clientOptions, makeClient } from './client.ts'
import { typedAs } from './commands.ts'
import { problemsOf, type SlackConfig, type SlackDeps } from './config.ts'
import { makeDeliver } from './deliver.ts'
import { makeEvents } from './events.ts'
import { makeFetchUploads } from './files.ts'
import { makeFlow } from './flow.ts'
import { makeHome } from './home.ts'
import { quietLogger } from './logger.ts'
import type { PenOptions } from './pen.ts'
import { fetchProfile } from './profile.ts'
import { makeReceiver } from './receiver.ts'
import { makeSocket } from './socket.ts'
import { makeSubmit } from './submit.ts'
import { makeSurfaces } from './surfaces.ts'
import { makeWorkspace } from './workspace.ts'

export type { SlackConfig, SlackDeps } from './config.ts'

const ANY = /^/

/**
 * Slack behind the one port. Over HTTP it hands out one route; with an app-level token it opens a Socket Mode
 * connection at `start` instead. Throws when the configuration cannot work.
 */
export function slack(config: SlackConfig, deps: SlackDeps): Platform {
  const problems = problemsOf(config)
  if (problems.length > 0) throw new Error(problems.join(' '))
  const log = deps.log.child({ platform: 'slack' })
  const after = deps.after ?? ((ms: number) => wait(ms, undefined, { ref: false }))
  const client = makeClient(config, log)
  const workspace = makeWorkspace(client, config, log)
  const pen = (): PenOptions => ({ desk: config.desk, files: workspace.mayReadFiles() })
  const under = makeUnder(after)
  const deliver = makeDeliver(client, pen, log)
  const receiver = config.appToken
    ? { ...makeSocket({ ...config, appToken: config.appToken }, { log, under, after }), routes: [] }
    : makeReceiver({ signingSecret: config.signingSecret ?? '', now: deps.now, log, under })

  function listen(core: Core): void {
    const app = new App({
      receiver,
      authorize: async () => ({ botToken: config.botToken }),
      tokenVerificationEnabled: false,
      convoStore: false,
      attachFunctionToken: false,
      logger: quietLogger(log),
      clientOptions: clientOptions(config, log),
    })
    const { allowed } = workspace
    const home = makeHome(client, core, pen, under, log)
    const surfaces = makeSurfaces(client, config, log, after)
    const common = { core, surfaces, home, pen, allowed, after, log }
    const flow = makeFlow(common)
    const submit = makeSubmit(common, flow, makeFetchUploads(config, core, log))
    const events = makeEvents({ home, allowed, log, changed: deps.changed, removed: deps.removed })

    app.command(ANY, ({ body, ack }) => flow.command(body, ack))
    app.action(ANY, ({ body, ack }) => flow.action(body as BlockAction, ack as () => Promise<void>))
    app.shortcut(ANY, ({ body, ack }) => flow.shortcut(body, ack as () => Promise<void>))
    app.options(ANY, ({ body, ack }) => flow.options(body, ack as (payload: unknown) => Promise<void>))
    app.view(ANY, ({ body, ack }) => submit(body as ViewSubmitAction, ack as Parameters<typeof submit>[1]))
    app.view({ callback_id: ANY, type: 'view_closed' }, ({ ack }) => ack())
    app.event(ANY, ({ event, body }) => events(event, body))
  }

  return {
    name: 'slack',
    typed: typedAs,
    mount(core) {
      listen(core)
      return receiver.routes
    },
    deliver,
    profile: async (of) => fetchProfile(client, of, await workspace.allowed()),
    async start() {
      await workspace.greet()
      await receiver.start()
    },
    async stop() {
      await receiver.stop()
    },
  }
}
