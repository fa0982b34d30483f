import { answering } from '../../src/core/answering.ts'
import type { Under } from '../../src/core/under.ts'
import type { Reply } from '../../src/core/view.ts'
import type { Actor } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'
import { type Answer, closed, type Shown, sentenceIn } from './answer.ts'
import { makeBring } from './bring.ts'
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
  threadOf,
} from './decode.ts'
import type { Egress } from './egress.ts'
import { drawOption } from './fields.ts'
import { makeStore } from './files.ts'
import { makeHand } from './hand.ts'
import { makeLanes } from './lanes.ts'
import { ANSWER_MS, FOUND_OPTIONS } from './limits.ts'
import { makeShow, type ShowDeps } from './show.ts'
import { text } from './text.ts'

/**
 * The same neutral words for everybody who is not ours, where their click is answered (T15). What they type is not: we
 * have no private chat with them, and a room is no place for it.
 */
export function toOutsiders({ type, name = '' }: Activity): Answer {
  if (type !== 'invoke') return { status: 200 }
  if (name === 'adaptiveCard/action') return { status: 200, body: sentenceIn(text('en').outsider) }
  if (/^(task|composeExtension)\//.test(name)) return { status: 200, body: closed(text('en').outsider) }
  return { status: 501 }
}

export type FlowDeps = ShowDeps & { under: Under; egress: Egress }

/**
 * An activity of somebody of ours: the turn first (the database and nothing else), then the answer within Teams' fifteen
 * seconds, then what else is to be seen. Slow turns are not lost: they are shown when they are done.
 */
export function makeFlow(deps: FlowDeps) {
  const { core, under, after, log } = deps
  const show = makeShow(deps)
  const store = makeStore(deps.egress, after)
  const lanes = makeLanes()
  const bring = makeBring({ ...deps, store, lanes })
  const hand = makeHand({ ...deps, store, lanes })

  const turn = answering(core, log, { event: 'teams.turn', words: text('en').failed })

  /** True when it is not done in the time that an answer may take. */
  const isLate = (work: Promise<unknown>): Promise<boolean> =>
    Promise.race([work.then(() => false), after(ANSWER_MS).then(() => true)])

  async function answered(
    act: Act | undefined,
    draw: (reply: Reply, place: Place) => Promise<Shown>,
    waiting: (words: string) => unknown,
  ): Promise<Answer> {
    if (!act) return { status: 400 }
    const working = turn(act.turn)
    if (await isLate(working)) {
      under.add(working.then((reply) => show.late(hand.instead(reply, act.place), act.place)))
      return { status: 200, body: waiting(text('en').working) }
    }
    const shown = await draw(hand.instead(await working, act.place), act.place)
    if (shown.later) under.add(shown.later())
    return { status: shown.status ?? 200, body: shown.body }
  }

  /** What was typed is acknowledged after its turn: a process that dies before is brought the message again. */
  async function command(activity: Activity, by: Actor): Promise<Answer> {
    const found = called(core.commands, activity)
    const place: Place = { kind: 'command', by, thread: threadOf(activity), inMessage: false, origin: 'command' }
    if ('unknown' in found) {
      under.add(show.afterCommand({ say: text('en').unknownWord(found.unknown) }, place))
      return { status: 200 }
    }
    const asked = found.text === '' ? {} : { with: { text: found.text } }
    const working = turn({ key: keyOf(activity), by, do: found.do, ...asked, origin: 'command' })
    await isLate(working)
    under.add(working.then((reply) => show.afterCommand(reply, place)))
    return { status: 200 }
  }

  /** Files first, so that what was typed beside them finds them; words that are no command were about the files. */
  async function message(activity: Activity, by: Actor): Promise<Answer> {
    if (!bring.has(activity)) return command(activity, by)
    const working = bring.take(activity, by).then(async (isOurs) => {
      const found = called(core.commands, activity)
      if (isOurs && 'do' in found && found.isTyped) await command(activity, by)
    })
    under.add(working)
    await isLate(working)
    return { status: 200 }
  }

  async function consent(activity: Activity, by: Actor): Promise<Answer> {
    const working = hand.consent(activity, by)
    under.add(working)
    if (await isLate(working)) return { status: 200 }
    return { status: (await working) ? 200 : 400 }
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
    if (activity.type === 'message') return message(activity, by)
    if (activity.type !== 'invoke') return { status: 200 }
    switch (activity.name) {
      case 'adaptiveCard/action':
        return answered(decodeExecute(activity, by), show.inMessage, sentenceIn)
      case 'task/fetch':
        return answered(decodeFetch(activity, by), show.inDialog, closed)
      case 'task/submit':
      case 'composeExtension/submitAction':
        return answered(decodeSubmit(activity, by), show.inDialog, closed)
      case 'composeExtension/fetchTask':
        return answered(decodeExtension(activity, by, core.commands), show.inDialog, closed)
      case 'fileConsent/invoke':
        return consent(activity, by)
      case 'application/search':
        return search(activity, by)
      default:
        return { status: 501 }
    }
  }
}
