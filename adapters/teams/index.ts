import { setTimeout as wait } from 'node:timers/promises'
import { makeUnder } from '../../src/core/under.ts'
import type { Core, Platform } from '../../src/core/workflow.ts'
import { problemsOf, type TeamsConfig, type TeamsDeps } from './config.ts'
import { makeConnector } from './connector.ts'
import { makePost } from './deliver.ts'
import { makeEdits } from './edit.ts'
import { makeEgress } from './egress.ts'
import { makeEvents } from './events.ts'
import { makeFlow, toOutsiders } from './flow.ts'
import type { PenOptions } from './pen.ts'
import { fetchProfile } from './profile.ts'
import { makeReceiver } from './receiver.ts'
import { makeSdk } from './sdk.ts'
import { hasTab, makeTab } from './tab.ts'

export type { TeamsConfig, TeamsDeps } from './config.ts'

/** Microsoft Teams behind the one port. Throws when the configuration cannot work: nothing runs without a credential. */
export function teams(config: TeamsConfig, deps: TeamsDeps): Platform {
  const problems = problemsOf(config)
  if (problems.length > 0) throw new Error(problems.join(' '))
  const log = deps.log.child({ platform: 'teams' })
  const after = deps.after ?? ((ms: number) => wait(ms, undefined, { ref: false }))
  const tenantIds = new Set(config.tenantIds.map((id) => id.toLowerCase()))
  const egress = makeEgress(config, config.fetch ?? fetch)
  const sdk = makeSdk(config, egress.fetch)
  const { edit, connector } = makeEdits({
    connector: makeConnector(`28:${config.appId}`, egress, sdk.token),
    after,
    log,
  })
  const pen = (): PenOptions => ({ desk: config.desk, ...(hasTab(config) ? { tab: config.appId } : {}) })
  const post = makePost(connector, pen, log)
  const under = makeUnder(after)

  return {
    name: 'teams',
    mount(core: Core) {
      const flow = makeFlow({ core, connector, edit, post, pen, after, log, under, egress })
      const events = makeEvents({ core, connector, post, pen, allowed: tenantIds, log, changed: deps.changed })
      const gate = { appId: config.appId, tenantIds, mayCall: egress.mayCall }
      const receiver = makeReceiver({
        gate,
        sdk,
        now: deps.now,
        log,
        async receive(activity, tenant, by) {
          if (activity.type === 'installationUpdate' || activity.type === 'conversationUpdate') {
            under.add(events(activity, tenant, by))
            return { status: 200 }
          }
          return by ? flow(activity, by) : toOutsiders(activity)
        },
      })
      return [receiver, ...makeTab({ config, egress, doors: core.doors, now: deps.now, log })]
    },
    deliver: (to, card, sent) => post.deliver(to, card, sent),
    profile: (of) => fetchProfile(connector, of, tenantIds),
    stop: () => under.drained(),
  }
}
