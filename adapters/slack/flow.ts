import type { BlockAction, GlobalShortcut, MessageShortcut, SlackOptions, SlashCommand } from '@slack/bolt'
import { answering } from '../../src/core/answering.ts'
import type { Log } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import type { Core } from '../../src/core/workflow.ts'
import { actingIn, actorOf } from './actor.ts'
import { type Act, decodeAction, decodeCommand, decodeShortcut } from './decode.ts'
import { drawMoment, drawSaid } from './encode.ts'
import { drawOption } from './fields.ts'
import type { Home } from './home.ts'
import { ANSWER_MS, MOMENT_MS, MOST_OPTIONS } from './limits.ts'
import type { PenOptions } from './pen.ts'
import { makeShow, messageOf } from './show.ts'
import type { Surfaces } from './surfaces.ts'
import { text } from './text.ts'

type Ack = (payload?: Record<string, unknown>) => Promise<void>

export type FlowDeps = {
  core: Core
  surfaces: Surfaces
  home: Home
  pen: () => PenOptions
  allowed: () => Promise<ReadonlySet<string>>
  after: (ms: number) => Promise<void>
  log: Log
}

/**
 * A click, a command, a shortcut: the turn first (the database and nothing else), then Slack's answer within its three
 * seconds, then what is to be seen. Slow turns are not lost: they are answered with "one moment" and shown when done.
 */
export function makeFlow(deps: FlowDeps) {
  const { core, surfaces, home, pen, after, log } = deps
  const show = makeShow(core, surfaces, pen)

  /** True when it is not done after that long. */
  const slow = (work: Promise<unknown>, ms: number): Promise<boolean> =>
    Promise.race([work.then(() => false), after(ms).then(() => true)])

  const turn = answering(core, log, { event: 'slack.turn', words: text('en').failed })

  async function act({ turn: what, place }: Act, ack: Ack, early: () => Record<string, unknown> | undefined) {
    const working = turn(what)
    const mayOpen = place.asks && place.trigger !== undefined
    const moment =
      mayOpen && (await slow(working, MOMENT_MS)) ? surfaces.open(place.trigger, drawMoment(pen())) : undefined
    const late = moment !== undefined || (await slow(working, ANSWER_MS - (mayOpen ? MOMENT_MS : 0)))
    if (late) await ack(moment ? undefined : early())
    const reply = await working
    if (!reply.form) home.touch(place.by)
    return { reply, late, moment: await moment }
  }

  return {
    async command(body: SlashCommand, ack: Ack): Promise<void> {
      const it = decodeCommand(body, core.commands, await deps.allowed())
      if (!it) return ack(aside(drawSaid(plain(denied(log, 'command')))))
      if ('unknown' in it) return ack(aside(drawSaid(text('en').unknownWord(it.unknown))))
      const working = () => aside(drawSaid(plain(text('en').working)))
      const { reply, late, moment } = await act(it, ack, working)
      const message = reply.form ? undefined : messageOf(reply, pen())
      if (!late) await ack(message ? aside(message) : undefined)
      if (late || reply.form) await show.reply(reply, it.place, moment)
    },

    async action(body: BlockAction, ack: Ack): Promise<void> {
      if (body.actions[0]?.action_id.startsWith('link.')) return ack()
      const it = decodeAction(body, await deps.allowed())
      if (!it) {
        await ack()
        const url = body.view ? undefined : body.response_url
        await surfaces.respond(url, drawSaid(plain(denied(log, 'action'))), 'private')
        return
      }
      const { reply, late, moment } = await act(it, ack, () => undefined)
      if (!late) await ack()
      await show.reply(reply, it.place, moment)
    },

    async shortcut(body: GlobalShortcut | MessageShortcut, ack: Ack): Promise<void> {
      const it = decodeShortcut(body, core.commands, await deps.allowed())
      if (!it) {
        denied(log, 'shortcut')
        return ack()
      }
      const { reply, late, moment } = await act(it, ack, () => undefined)
      if (!late) await ack()
      await show.reply(reply, it.place, moment)
    },

    /** Choices that are searched while somebody types; nothing found and not allowed look alike. */
    async options(body: SlackOptions, ack: (payload: unknown) => Promise<void>): Promise<void> {
      const by = body.type === 'block_suggestion' ? actorOf(actingIn(body), await deps.allowed()) : undefined
      const searching = by ? core.options(optionField(body), body.value, by).catch(() => []) : Promise.resolve([])
      const found = (await slow(searching, ANSWER_MS)) ? [] : await searching
      await ack({ options: found.slice(0, MOST_OPTIONS).map(drawOption) })
    },

    show,
    slow,
    turn,
  }
}

/** A person field is drawn with its kind as action_id; that is also what the core calls the search. */
const optionField = (body: SlackOptions): string => ('action_id' in body ? String(body.action_id) : '')

export type Flow = ReturnType<typeof makeFlow>

/** The same neutral words for everybody who is not ours (T14). */
export function denied(log: Log, what: string): string {
  log.warn({ what }, 'slack.outsider')
  return text('en').outsider
}

const aside = (message: ReturnType<typeof drawSaid>): Record<string, unknown> => ({
  ...message,
  response_type: 'ephemeral',
})
