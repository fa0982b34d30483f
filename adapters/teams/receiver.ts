import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../../src/core/body.ts'
import { faultOf, type Log } from '../../src/core/log.ts'
import { makeReplays } from '../../src/core/replay.ts'
import type { Actor, Route } from '../../src/core/workflow.ts'
import { type Activity, readActivity } from './activity.ts'
import { actorOf } from './actor.ts'
import type { Answer } from './answer.ts'
import { keyOf } from './decode.ts'
import { checkGate, type Gate, tenantOf } from './gate.ts'
import { BODY } from './limits.ts'
import type { Sdk } from './sdk.ts'

/** The messaging endpoint that the registration names. */
const PATH = '/api/messages'

type Wiring = {
  gate: Gate
  sdk: Pick<Sdk, 'authenticate'>
  now: () => Date
  log: Log
  receive(activity: Activity, tenant: string, by: Actor | undefined): Promise<Answer>
}

/** Raw bytes, shape, gate, signature, and only then the work, once per activity. */
export function makeReceiver({ gate, sdk, now, log, receive }: Wiring): Route {
  const replays = makeReplays(now)

  async function admitted(request: IncomingMessage): Promise<{ activity: Activity; tenant: string } | number> {
    const raw = await readBody(request, BODY)
    if (raw === undefined) return 413
    const activity = readActivity(raw)
    if (!activity) return 400
    const { authorization } = request.headers
    const verdict = checkGate(authorization, activity, gate)
    if (verdict === 'unauthorized' || authorization === undefined) return 401
    const signed = await sdk.authenticate(authorization, activity, now())
    if (signed !== 'yes') return signed === 'no' ? 401 : 503
    const tenant = tenantOf(activity, gate.tenantIds)
    if (verdict === 'foreign' || tenant === undefined) return 403
    if (activity.id === undefined || activity.conversation === undefined) return 400
    return { activity, tenant }
  }

  async function work({ activity, tenant }: { activity: Activity; tenant: string }): Promise<Answer> {
    try {
      return await receive(activity, tenant, actorOf(activity, tenant))
    } catch (error) {
      log.error({ type: activity.type, name: activity.name, ...faultOf(error) }, 'teams.failed')
      return { status: 500 }
    }
  }

  return {
    method: 'POST',
    path: PATH,
    async handle(request: IncomingMessage, response: ServerResponse) {
      const it = await admitted(request)
      if (typeof it === 'number') {
        if (it !== 400) log.warn({ status: it }, 'teams.refused')
        // No word about why: whoever cannot sign learns nothing. The rest of a body that is too large is not read.
        response.writeHead(it, { connection: 'close' }).end()
        return
      }
      const answer = await replays.once(keyOf(it.activity), async () => {
        const { status, body } = await work(it)
        return { status, body: body === undefined ? '' : JSON.stringify(body) }
      })
      response.writeHead(answer.status, answer.body ? { 'content-type': 'application/json; charset=utf-8' } : {})
      response.end(answer.body)
    },
  }
}
