import { z } from 'zod'
import type { Actor, Carried, Command, Turn } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'
import { extensionCalled } from './commands.ts'
import { plainOf } from './markup.ts'
import { readMeta, typedIn, type Where } from './payload.ts'

/** Where somebody acted, and what can be answered in place there. */
export type Place = {
  kind: 'command' | 'message' | 'dialog' | 'extension'
  by: Actor
  /** Our message that is answered in place: the clicked one, or the one a form was opened from. */
  at?: Where
  /** A form drawn in the message itself, because it was asked for by a typed command. */
  inMessage: boolean
  /** The thread of a channel, or the group, that a command was typed in: others read along there. */
  thread?: { serviceUrl: string; conversation: string }
  /** A form was handed in: what stands in it is worth keeping. */
  typed?: true
  origin?: string
}

export type Act = { turn: Turn; place: Place }

/** The service's own name of this activity: the same one is delivered again when we were slow. */
export const keyOf = (activity: Activity): string => `${activity.conversation?.id}:${activity.id}`

/** A message of ours in the conversation of this activity. */
export const where = (activity: Activity, id: string | undefined): Where | undefined => {
  const { serviceUrl, conversation } = activity
  return serviceUrl && conversation && id ? { serviceUrl, conversation: conversation.id, id } : undefined
}

/** Where everybody reads along; undefined in a conversation of our own. A channel's posts are threads, told apart by their roots. */
export function threadOf(activity: Activity): Place['thread'] {
  const { serviceUrl, conversation, id } = activity
  if (!serviceUrl || !conversation || conversation.conversationType === 'personal') return undefined
  const isRoot = conversation.conversationType === 'channel' && !conversation.id.includes(ROOT)
  return { serviceUrl, conversation: isRoot ? `${conversation.id}${ROOT}${id}` : conversation.id }
}

const ROOT = ';messageid='

/**
 * The message that a click is answered in: in our own conversation only. Elsewhere others read along, and an answer is for
 * the one who clicked (T18).
 */
const ourReplyTo = ({ conversation, replyToId }: Activity): string | undefined =>
  conversation?.conversationType === 'personal' ? replyToId : undefined

const executed = z.object({ action: z.object({ verb: z.string().optional(), data: z.unknown() }) })

/** `adaptiveCard/action`: a button of a card, or a form drawn in one. */
export function decodeExecute(activity: Activity, by: Actor): Act | undefined {
  const action = executed.safeParse(activity.value).data?.action
  if (!action) return undefined
  const { at: _at, origin = 'button', submit, many, ...what } = readMeta(action.data)
  const at = where(activity, ourReplyTo(activity))
  const entries = submit ? { entries: typedIn(action.data, many) } : {}
  return {
    turn: { key: keyOf(activity), by, ...what, ...entries, ...(at ? { anchor: at } : {}), origin },
    place: { kind: 'message', by, at, inMessage: submit === true, origin },
  }
}

const task = z.object({ data: z.unknown() })

/** `task/fetch`: a button that opens a form. */
export function decodeFetch(activity: Activity, by: Actor): Act | undefined {
  const asked = task.safeParse(activity.value).data
  if (!asked) return undefined
  const { at: inForm, origin = 'button', submit: _submit, many: _many, ...what } = readMeta(asked.data)
  const at = where(activity, ourReplyTo(activity) ?? ownMessage(activity, inForm))
  return {
    turn: { key: keyOf(activity), by, ...what, ...(at ? { anchor: at } : {}), origin },
    place: { kind: 'dialog', by, at, inMessage: false, origin },
  }
}

/** `task/submit`: a form in a dialog. */
export function decodeSubmit(activity: Activity, by: Actor): Act | undefined {
  const sent = task.safeParse(activity.value).data
  if (!sent) return undefined
  const { at: inForm, origin, submit, many, ...what } = readMeta(sent.data)
  const at = where(activity, ownMessage(activity, inForm))
  return {
    turn: {
      key: keyOf(activity),
      by,
      ...what,
      ...(submit ? { entries: typedIn(sent.data, many) } : {}),
      ...(at ? { anchor: at } : {}),
      ...(origin ? { origin } : {}),
    },
    place: { kind: 'dialog', by, at, inMessage: false, ...(submit ? { typed: true } : {}), origin },
  }
}

/**
 * A client can forge which message a form was opened from: that counts only where all messages are one's own, and only
 * as the name of a message, never as a piece of a path (T10).
 */
const ownMessage = (activity: Activity, id: string | undefined): string | undefined =>
  activity.conversation?.conversationType === 'personal' && id !== undefined && !/[/\\?#%\s]|^\.+$/.test(id)
    ? id
    : undefined

const extension = z.object({
  commandId: z.string().max(100),
  data: z.unknown().optional(),
  messagePayload: z
    .looseObject({
      createdDateTime: z.string().nullish(),
      linkToMessage: z.string().nullish(),
      body: z.looseObject({ content: z.string().max(200_000).nullish() }).nullish(),
      from: z
        .looseObject({ user: z.looseObject({ displayName: z.string().nullish(), id: z.string().nullish() }).nullish() })
        .nullish(),
    })
    .nullish(),
})

/** `composeExtension/fetchTask`: "Report as incident" on a message, which Teams hands over whole. */
export function decodeExtension(activity: Activity, by: Actor, commands: readonly Command[]): Act | undefined {
  const asked = extension.safeParse(activity.value).data
  const command = asked && extensionCalled(commands, asked.commandId)
  if (!command) return undefined
  const carried = asked.messagePayload ? carriedIn(asked.messagePayload) : undefined
  const origin = carried ? 'message' : 'shortcut'
  return {
    turn: { key: keyOf(activity), by, do: command.do, ...(carried ? { carried } : {}), origin },
    place: { kind: 'extension', by, inMessage: false, origin },
  }
}

function carriedIn(message: NonNullable<z.infer<typeof extension>['messagePayload']>): Carried {
  const { body, from, linkToMessage, createdDateTime } = message
  const at = new Date(createdDateTime ?? '')
  return {
    text: plainOf(body?.content ?? ''),
    ...(from?.user?.displayName ? { author: from.user.displayName } : {}),
    ...(linkToMessage ? { link: linkToMessage } : {}),
    ...(Number.isNaN(at.getTime()) ? {} : { at: at.toISOString() }),
  }
}

const search = z.object({ queryText: z.string().max(200).default(''), dataset: z.string().max(100) })

/** `application/search`: choices that are searched while somebody types. */
export const decodeSearch = (activity: Activity): { field: string; typed: string } | undefined => {
  const asked = search.safeParse(activity.value).data
  return asked ? { field: asked.dataset, typed: asked.queryText } : undefined
}
