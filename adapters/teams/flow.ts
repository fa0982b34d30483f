import { faultOf } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import type { Under } from '../../src/core/under.ts'
import type { Reply } from '../../src/core/view.ts'
import type { Actor, Turn } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'
import { called } from './commands.ts'
import {
  type Act,
  decodeExecute,
  decodeExtension,
  decodeFetch,
  decodeSearch,
  decodeSubmit,
  keyOf,
  type Place,
} from './decode.ts'
import { drawSaid } from './encode.ts'
import { drawOption } from './fields.ts'
import { ANSWER_MS, FOUND_OPTIONS } from './limits.ts'
import { makeShow, type ShowDeps, type Shown } from './show.ts'
import { text } from './text.ts'

/** The HTTP answer to one activity. */
export type Answer = { status: number; body?: unknown }

const inCard = (value: string) => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value })
const inTask = (value: string) => ({ task: { type: 'message', value } })

/**
 * The same neutral words for everybody who is not ours, where their click is answered (T15). What they type is not: we
 * have no private chat with them, and a room is no place for it.
 */
export function toOutsiders({ type, name = '' }: Activity): Answer {
  if (type !== 'invoke') return { status: 200 }
  if (name === 'adaptiveCard/action') return { status: 200, body: inCard(text('en').outsider) }
  if (/^(task|composeExtension)\//.test(name)) return { status: 200, body: inTask(text('en').outsider) }
  return { status: 501 }
}

export type FlowDeps = ShowDeps & { under: Under }

/**
 * An activity of somebody of ours: the turn first (the database and nothing else), then the answer within Teams' fifteen
 * seconds, then what else is to be seen. Slow turns are not lost: they are shown when they are done.
 */
export function makeFlow(deps: FlowDeps) {
  const { core, under, after, log } = deps
  const show = makeShow(deps)

  /** A turn that always answers: what the core could not, is said as such. */
  async function turn(what: Turn): Promise<Reply> {
    try {
      return await core.turn(what)
    } catch (error) {
      log.error({ do: what.do, ...faultOf(error) }, 'teams.turn')
      return { say: plain(text('en').failed), failed: true }
    }
  }

  async function answered(
    act: Act | undefined,
    draw: (reply: Reply, place: Place) => Promise<Shown>,
    waiting: (words: string) => unknown,
  ): Promise<Answer> {
    if (!act) return { status: 400 }
    const answering = turn(act.turn)
    const isLate = await Promise.race([answering.then(() => false), after(ANSWER_MS).then(() => true)])
    if (isLate) {
      under.add(answering.then((reply) => show.late(reply, act.place)))
      return { status: 200, body: waiting(text('en').working) }
    }
    const shown = await draw(await answering, act.place)
    if (shown.later) under.add(shown.later())
    return { status: shown.status ?? 200, body: shown.body }
  }

  async function command(activity: Activity, by: Actor): Promise<Answer> {
    const found = called(core.commands, activity)
    const place: Place = { kind: 'command', by, inMessage: false, origin: 'command' }
    const work = async (): Promise<void> => {
      if ('unknown' in found) return show.privately(place, drawSaid(text('en').unknownWord(found.unknown), deps.pen()))
      const asked = found.text === '' ? {} : { with: { text: found.text } }
      await show.afterCommand(
        await turn({ key: keyOf(activity), by, do: found.do, ...asked, origin: 'command' }),
        place,
      )
    }
    under.add(work())
    return { status: 200 }
  }

  async function search(activity: Activity, by: Actor): Promise<Answer> {
    const asked = decodeSearch(activity)
    const found = asked ? await core.options(asked.field, asked.typed, by).catch(() => []) : []
    const results = found.slice(0, FOUND_OPTIONS).map(drawOption)
    return {
      status: 200,
      body: { statusCode: 200, type: 'application/vnd.microsoft.search.searchResponse', value: { results } },
    }
  }

  /** By type and name, as Teams sends them; what we do not know is acknowledged and left. */
  return async function receive(activity: Activity, by: Actor): Promise<Answer> {
    if (activity.type === 'message') return command(activity, by)
    if (activity.type !== 'invoke') return { status: 200 }
    switch (activity.name) {
      case 'adaptiveCard/action':
        return answered(decodeExecute(activity, by), show.inMessage, inCard)
      case 'task/fetch':
        return answered(decodeFetch(activity, by), show.inDialog, inTask)
      case 'task/submit':
      case 'composeExtension/submitAction':
        return answered(decodeSubmit(activity, by), show.inDialog, inTask)
      case 'composeExtension/fetchTask':
        return answered(decodeExtension(activity, by, core.commands), show.inDialog, inTask)
      case 'application/search':
        return search(activity, by)
      default:
        return { status: 501 }
    }
  }
}
