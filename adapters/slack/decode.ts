import type {
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  MessageShortcut,
  SlashCommand,
  ViewSubmitAction,
} from '@slack/bolt'
import type { Actor, Carried, Command, Turn } from '../../src/core/workflow.ts'
import { type Acting, actingIn, actorOf } from './actor.ts'
import { called, shortcutCalled } from './commands.ts'
import { submitted, type Uploaded } from './entries.ts'
import { decoded, plainOf } from './markup.ts'
import { readButton, readMeta, type Where } from './payload.ts'

/** Where somebody acted, and the means Slack gives to answer there. */
export type Place = {
  kind: 'command' | 'shortcut' | 'message' | 'modal' | 'home' | 'submit'
  by: Actor
  /** Opens one modal, once, within three seconds. */
  trigger?: string
  /** response_url: five answers within 30 minutes, without any scope or rate limit. */
  respond?: string
  /** Our message that is answered in place: the clicked one, or the one a form was opened from. */
  at?: Where
  view?: { id: string; hash?: string }
  /** The answer will be a form, as far as can be known before asking. */
  asks: boolean
  origin?: string
}

export type Act = { turn: Turn; place: Place; files?: Record<string, Uploaded[]> }

type Allowed = ReadonlySet<string>

/** Payload → Turn. All of these are pure; undefined means: not one of our people. */
export function decodeCommand(
  body: SlashCommand,
  commands: readonly Command[],
  allowed: Allowed,
): Act | { unknown: string } | undefined {
  const acting: Acting = { user: body.user_id, team: body.team_id, enterprise: body.enterprise_id }
  const by = actorOf(acting, allowed)
  if (!by) return undefined
  const found = called(commands, body.command, decoded(body.text ?? ''))
  if ('unknown' in found) return found
  return {
    turn: {
      key: `trigger:${body.trigger_id}`,
      by,
      do: found.do,
      ...(found.text === '' ? {} : { with: { text: found.text } }),
      origin: 'command',
    },
    place: {
      kind: 'command',
      by,
      trigger: body.trigger_id,
      respond: body.response_url,
      asks: found.asks,
      origin: 'command',
    },
  }
}

export function decodeAction(body: BlockAction, allowed: Allowed): Act | undefined {
  const by = actorOf(actingIn(body), allowed)
  const action = body.actions[0]
  if (!by || !action) return undefined
  const what = readButton(action.type === 'button' ? (action as ButtonAction).value : undefined)
  const key = `trigger:${body.trigger_id}:${action.action_id}`
  const asks = action.action_id.endsWith('.asks')
  if (body.view) {
    const kind = body.view.type === 'home' ? 'home' : 'modal'
    const meta = readMeta(body.view.private_metadata)
    const origin = kind === 'home' ? 'home' : (meta.origin ?? 'button')
    return {
      turn: { key, by, ...what, origin },
      place: {
        kind,
        by,
        trigger: body.trigger_id,
        respond: meta.reply,
        at: meta.at,
        view: { id: body.view.id, hash: body.view.hash },
        asks,
        origin,
      },
    }
  }
  const at = whereOf(body)
  return {
    turn: { key, by, ...what, ...(at ? { anchor: at } : {}), origin: 'button' },
    place: { kind: 'message', by, trigger: body.trigger_id, respond: body.response_url, at, asks, origin: 'button' },
  }
}

/** An ephemeral message has a timestamp too, but no call reaches it: only its response_url does. */
function whereOf(body: BlockAction): Where | undefined {
  if (body.container.is_ephemeral === true) return undefined
  const channel: unknown = body.container.channel_id ?? body.channel?.id
  const ts: unknown = body.container.message_ts ?? body.message?.ts
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : undefined
}

/** A form: the same view in the same state is the same turn, so a redelivered submit gets the same answer. */
export function decodeSubmit(body: ViewSubmitAction, allowed: Allowed): Act | undefined {
  const by = actorOf(actingIn(body), allowed)
  if (!by) return undefined
  const { at, reply, origin, ...what } = readMeta(body.view.private_metadata)
  const { entries, files } = submitted(body.view.state?.values)
  return {
    turn: {
      key: `view:${body.view.id}:${body.view.hash}`,
      by,
      ...what,
      entries,
      ...(at ? { anchor: at } : {}),
      ...(origin ? { origin } : {}),
    },
    place: {
      kind: 'submit',
      by,
      trigger: body.trigger_id,
      respond: reply,
      at,
      view: { id: body.view.id, hash: body.view.hash },
      asks: false,
      origin,
    },
    ...(Object.keys(files).length > 0 ? { files } : {}),
  }
}

export function decodeShortcut(
  body: GlobalShortcut | MessageShortcut,
  commands: readonly Command[],
  allowed: Allowed,
): Act | undefined {
  const by = actorOf(actingIn(body), allowed)
  const command = shortcutCalled(commands, body.callback_id)
  if (!by) return undefined
  const carried = body.type === 'message_action' ? carriedIn(body) : undefined
  const origin = carried ? 'message' : 'shortcut'
  return {
    turn: {
      key: `trigger:${body.trigger_id}`,
      by,
      do: command?.do ?? '',
      ...(carried ? { carried } : {}),
      origin,
    },
    place: {
      kind: 'shortcut',
      by,
      trigger: body.trigger_id,
      respond: body.type === 'message_action' ? body.response_url : undefined,
      asks: true,
      origin,
    },
  }
}

/** The payload carries the whole message: no scope to read history is needed. */
function carriedIn(body: MessageShortcut): Carried {
  const { message, channel, team } = body
  const seconds = Number(message.ts)
  return {
    text: plainOf(message.text ?? ''),
    ...(message.user ? { author: message.user } : {}),
    ...(team?.domain ? { link: permalink(team.domain, channel.id, message.ts) } : {}),
    ...(seconds > 0 && seconds < 1e11 ? { at: new Date(seconds * 1000).toISOString() } : {}),
  }
}

const permalink = (domain: string, channel: string, ts: string): string =>
  `https://${domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}`
