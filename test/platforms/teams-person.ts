import { randomUUID } from 'node:crypto'
import { actionsIn, behind, buttonsIn, inputsIn, type Json, submitIn } from './teams-cards.ts'
import { faultsOf } from './teams-faults.ts'
import { datasetOf, gathered, type Typed } from './teams-inputs.ts'
import type { Posted, TeamsStandIn, TeamsUser } from './teams-stand-in.ts'
import type { Signing } from './teams-tokens.ts'
import { carried, written } from './teams-words.ts'

export type Answer = { status: number; text: string; body?: Json }

/** A dialog in front of somebody. `command`: it belongs to a message action and is handed in there. */
export type Dialog = { title: string; card: Json; command?: Json }

/** How an activity goes out: other claims, another key, no token at all. */
export type Manner = { claims?: Json; signing?: Signing; token?: string | null }

/** On UTC the whole year, so that local times are easily right. */
const TIMEZONE = 'Atlantic/Reykjavik'
const CARD = 'application/vnd.microsoft.card.adaptive'
const MESSAGE = 'application/vnd.microsoft.activity.message'
const ERROR = 'application/vnd.microsoft.error'

/** Time and number together never name two messages alike. */
let typedMessages = 0

/**
 * Somebody in front of Teams: types, clicks what is drawn, fills in what is asked, exactly as Teams would hand it to the
 * bot, and sees what their client would show.
 */
export function makePerson(standIn: TeamsStandIn, bot: string, user: TeamsUser, now: () => Date) {
  const botAccount = { id: `28:${standIn.appId}`, name: 'Countersign' }
  const searched = new Set<string>()
  /** Cards that this client alone draws in a message's place, until the message is edited. */
  const override = new Map<string, { card: Json; edits: number }>()
  let dialog: Dialog | undefined
  let said: string[] = []
  let last: { body: string; headers: Record<string, string> } | undefined

  const personal = (): Json => ({
    conversationType: 'personal',
    tenantId: user.tenantId,
    id: standIn.personal(user.id),
  })

  const common = (conversation = personal()): Json => ({
    id: `f:${randomUUID()}`,
    timestamp: now().toISOString(),
    localTimestamp: now().toISOString().replace('Z', '+00:00'),
    localTimezone: TIMEZONE,
    channelId: 'msteams',
    serviceUrl: standIn.serviceUrl,
    from: { id: user.mri, name: user.name, aadObjectId: user.id },
    conversation,
    recipient: botAccount,
    locale: 'en-US',
    entities: [{ type: 'clientInfo', locale: 'en-US', country: 'IS', platform: 'Web', timezone: TIMEZONE }],
    channelData: { tenant: { id: user.tenantId } },
  })

  /** Any activity, with a fresh token unless told otherwise. */
  async function send(activity: Json, { claims, signing, token = standIn.sign(claims, signing) }: Manner = {}) {
    const headers = { 'content-type': 'application/json; charset=utf-8', ...(token === null ? {} : bearer(token)) }
    last = { body: JSON.stringify(activity), headers }
    if ((activity.conversation as Json | undefined)?.conversationType === 'personal') standIn.meet(user.id)
    return post(last)
  }

  async function post({ body, headers }: NonNullable<typeof last>): Promise<Answer> {
    const response = await fetch(`${bot}/api/messages`, { method: 'POST', headers, body })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
    return { status: response.status, text, ...(isJson ? { body: JSON.parse(text) as Json } : {}) }
  }

  const invoke = (name: string, value: Json, at?: Posted, conversation?: Json): Promise<Answer> => {
    said = []
    return send({
      ...common(conversation ?? roomOf(at)),
      type: 'invoke',
      name,
      value,
      ...(at ? { replyToId: at.id } : {}),
    })
  }

  /** A message in somebody else's chat cannot be clicked there: who copies its button does so in their own. */
  const roomOf = (at?: Posted): Json =>
    at?.conversation.startsWith('19:')
      ? { isGroup: true, conversationType: 'channel', tenantId: user.tenantId, id: at.conversation }
      : personal()

  /** What this client draws for a message; undefined for a message without a card. */
  function cardOf(message: Posted): Json | undefined {
    const mine = override.get(message.id)
    if (mine?.edits === message.edits) return mine.card
    const [attachment] = (message.activity.attachments ?? []) as { contentType?: string; content?: Json }[]
    return attachment?.contentType === CARD ? attachment.content : undefined
  }

  const cardIn = (message: Posted): Json => {
    const card = cardOf(message)
    if (!card) throw new Error('a message without a card')
    return card
  }

  /** The action that a click on that button ends with, through the "are you sure?" where there is one. */
  function pressed(card: Json, label: string, type?: string): Json {
    const offered = actionsIn(card).filter((one) => !one.within && one.title === label)
    const direct = offered.find((one) => one.type !== 'Action.ToggleVisibility')
    const [toggle] = offered
    const action = direct?.action ?? (toggle ? behind(card, toggle.action) : undefined)
    if (!action) throw new Error(`no button ${label} among ${buttonsIn(card).join(', ')}`)
    if (type && action.type !== type) throw new Error(`${label} is ${String(action.type)}, not ${type}`)
    return action
  }

  const dataOf = (action: Json): Json => (action.data ?? {}) as Json
  const isFetch = (action: Json): boolean => (dataOf(action).msteams as Json | undefined)?.type === 'task/fetch'

  /** Teams says itself when a bot failed; what it draws must be a card. */
  function drawn(card: unknown): Json {
    const faults = faultsOf(card)
    if (faults.length > 0) throw new Error(`Teams cannot draw this: ${faults.join(' ')}`)
    return card as Json
  }

  async function act(message: Posted, action: Json, typed: Typed): Promise<Answer> {
    const data = { ...dataOf(action), ...gathered(cardIn(message), action, typed, searched) }
    const { verb } = action
    const value = {
      action: { type: 'Action.Execute', ...(verb === undefined ? {} : { verb }), data },
      trigger: 'manual',
    }
    const answer = await invoke('adaptiveCard/action', value, message)
    const { type, value: content } = answer.body ?? {}
    if (type === CARD) override.set(message.id, { card: drawn(content), edits: message.edits })
    else if (type === MESSAGE) said.push(String(content))
    else if (type === ERROR) said.push(String((content as Json | undefined)?.message ?? ''))
    else if (answer.body) throw new Error(`no answer to a click: ${answer.text}`)
    return answer
  }

  async function fetchAt(message: Posted, action: Json, typed: Typed): Promise<Answer> {
    const data = { ...dataOf(action), ...gathered(cardIn(message), action, typed, searched) }
    return shown(await invoke('task/fetch', { data, context: { theme: 'default' }, tabContext: null }, message))
  }

  /** What a dialog does next; a bot that failed leaves it as it is. */
  function shown(answer: Answer, command?: Json): Answer {
    if (answer.status >= 300) return answer
    const { task, composeExtension } = (answer.body ?? {}) as { task?: Json; composeExtension?: Json }
    dialog = undefined
    if (composeExtension) said.push(...(composeExtension.type === 'message' ? [String(composeExtension.text)] : []))
    if (!task) return answer
    if (task.type === 'message') said.push(String(task.value))
    else if (task.type === 'continue') dialog = opened(task.value as Json, command)
    else throw new Error(`no answer to a dialog: ${answer.text}`)
    return answer
  }

  function opened({ title, height, width, card }: Json, command?: Json): Dialog {
    const { contentType, content } = (card ?? {}) as Json
    if (typeof title !== 'string' || contentType !== CARD) throw new Error('a dialog without a title or a card')
    for (const size of [height, width])
      if (typeof size !== 'number' && !['small', 'medium', 'large'].includes(String(size)))
        throw new Error(`a dialog of ${String(size)}`)
    return { title, card: drawn(content), ...(command ? { command } : {}) }
  }

  const open = (): Dialog => {
    if (!dialog) throw new Error('no dialog is open')
    return dialog
  }

  const main = (card: Json): Json | undefined =>
    submitIn(card)?.action ?? actionsIn(card).find((one) => one.type === 'Action.Submit' && !one.within)?.action

  return {
    user,
    common,
    send,
    cardOf,
    dialog: () => dialog,
    /** What was said in answer to the last click. */
    said: (): readonly string[] => said,
    close: () => {
      dialog = undefined
    },

    /** The last activity once more, byte for byte, with the same token. */
    again(): Promise<Answer> {
      if (!last) throw new Error(`${user.name} has sent nothing`)
      return post(last)
    },

    /** Types into the chat with the bot; into a channel, with the bot's name before it. */
    say(words: string, { channel }: { channel?: string } = {}): Promise<Answer> {
      said = []
      const id = String(now().getTime() + ++typedMessages)
      if (!channel) return send({ ...common(), id, ...written(words) })
      const at = `<at>${botAccount.name}</at>`
      const activity = common({
        isGroup: true,
        conversationType: 'channel',
        tenantId: user.tenantId,
        id: `${channel};messageid=${id}`,
      })
      const mention = { type: 'mention', mentioned: botAccount, text: at }
      return send({
        ...activity,
        id,
        ...written(words, at),
        entities: [mention, ...(activity.entities as Json[])],
        channelData: {
          teamsChannelId: channel,
          teamsTeamId: channel,
          channel: { id: channel },
          team: { id: channel },
          tenant: { id: user.tenantId },
        },
      })
    },

    /** Clicks a button, whatever its click means. */
    async click(message: Posted, label: string, typed: Typed = {}): Promise<Answer> {
      const action = pressed(cardIn(message), label)
      if (action.type === 'Action.Execute') return act(message, action, typed)
      if (isFetch(action)) return fetchAt(message, action, typed)
      throw new Error(`a click on ${label} reaches no bot`)
    },

    execute: async (message: Posted, label: string): Promise<Answer> =>
      act(message, pressed(cardIn(message), label, 'Action.Execute'), {}),

    async fetchTask(message: Posted, label: string): Promise<Answer> {
      const action = pressed(cardIn(message), label, 'Action.Submit')
      if (!isFetch(action)) throw new Error(`${label} opens no dialog`)
      return fetchAt(message, action, {})
    },

    /** Hands in a form that is drawn in a message. */
    submitInCard: async (message: Posted, label: string, typed: Typed = {}): Promise<Answer> =>
      act(message, pressed(cardIn(message), label, 'Action.Execute'), typed),

    /** Hands in the open dialog with its main button, or with another one. */
    async submit(typed: Typed = {}, label?: string): Promise<Answer> {
      const { card, command } = open()
      const action = label === undefined ? main(card) : pressed(card, label)
      // A dialog hands in Action.Submit and nothing else, whatever its data says.
      if (action?.type !== 'Action.Submit') throw new Error(`${label ?? 'a dialog'} hands in nothing`)
      const data = { ...dataOf(action), ...gathered(card, action, typed, searched) }
      const context = { theme: 'default' }
      return command
        ? shown(await invoke('composeExtension/submitAction', { ...command, data, context }), command)
        : shown(await invoke('task/submit', { data, context }))
    },

    /** Types into a menu that is searched: in the dialog, or in a card. Without an input, as one of another time. */
    async search(input: string | undefined, typed: string, at?: Posted): Promise<{ title: string; value: string }[]> {
      const card = at ? cardOf(at) : dialog?.card
      const drawnInput = card && inputsIn(card).find((one) => one.id === input)
      const dataset = input === undefined ? 'person' : datasetOf(drawnInput)
      if (dataset === undefined) throw new Error(`${input} is not searched`)
      const words = said
      const answer = await invoke(
        'application/search',
        { queryText: typed, queryOptions: { skip: 0, top: 15 }, dataset },
        at,
      )
      said = words
      const { results = [] } = (answer.body?.value ?? {}) as { results?: { title: string; value: string }[] }
      if (results.length > 15) throw new Error(`${results.length} results of one search`)
      for (const { value } of results) searched.add(value)
      return results
    },

    /** "Report as incident" on a message of a colleague. */
    async reportMessage(commandId: string, message: Json): Promise<Answer> {
      const messagePayload = carried(message, now())
      const command = { commandId, commandContext: 'message', messagePayload }
      const context = { theme: 'default' }
      return shown(await invoke('composeExtension/fetchTask', { ...command, context }), command)
    },

    /** Adds the app: Teams tells it twice. */
    async install(): Promise<Answer[]> {
      const installed = await send({ ...common(), type: 'installationUpdate', action: 'add' })
      return [installed, await send({ ...common(), type: 'conversationUpdate', membersAdded: [{ id: botAccount.id }] })]
    },
  }
}

export type TeamsPerson = ReturnType<typeof makePerson>

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
