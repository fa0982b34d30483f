import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route } from '../../src/core/workflow.ts'
import { buttonsIn, type Json, labelOf } from './slack-blocks.ts'
import type { Posted, SlackStandIn, View, Whispered } from './slack-stand-in.ts'

export const SECRET = '0123456789abcdef0123456789abcdef'

export type Said = { status: number; body: Json | string | undefined }

export const sign = (body: string | Buffer, timestamp: number, secret = SECRET): Record<string, string> => ({
  'x-slack-request-timestamp': String(timestamp),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
})

/** The routes of a platform on a real server of node:http. */
export async function serveRoutes(routes: Route[]): Promise<{ url: string; server: Server; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const route = routes.find(
      (one) => one.path === url.pathname && (one.method === '*' || one.method === request.method),
    )
    if (!route) {
      response.writeHead(404).end()
      return
    }
    route.handle(request, response, url).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Anything that stands in front of a person and can hold buttons. */
export type Surface = { post: Posted } | { whisper: Whispered } | { view: View }

/**
 * Somebody in front of Slack: types commands, clicks what is drawn, fills in what is asked, exactly as Slack would hand
 * it to the app, and sees what Slack would show.
 */
export function makePerson(workspace: SlackStandIn, bot: string, user: string, now: () => Date = () => new Date()) {
  const { team } = workspace
  const common = () => ({
    api_app_id: 'A0COUNTER1',
    token: 'legacy-verification-token',
    team: { id: team, domain: 'stand-in' },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: homeTeam() },
  })
  const homeTeam = (): string => String(workspace.users.get(user)?.team_id ?? team)

  async function send(body: string, type: string): Promise<Said> {
    const timestamp = Math.floor(now().getTime() / 1000)
    const response = await fetch(`${bot}/slack/events`, {
      method: 'POST',
      headers: { 'content-type': type, ...sign(body, timestamp) },
      body,
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, body: json ? (JSON.parse(text) as Json) : text || undefined }
  }
  const interact = (payload: Json): Promise<Said> =>
    send(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), 'application/x-www-form-urlencoded')

  function stack(): View[] {
    return workspace.modals(user)
  }
  const top = (): View => {
    const view = stack().at(-1)
    if (!view) throw new Error('no modal is open')
    return view
  }

  return {
    user,
    send,
    interact,
    top,

    /** `/isms help`, `/incident lost laptop`. An answer in the acknowledgement is whispered, as Slack does. */
    async command(line: string, more: Json = {}): Promise<Said> {
      const [command = '', ...words] = line.split(' ')
      const fields: Record<string, string> = {
        token: 'legacy-verification-token',
        team_id: homeTeam(),
        team_domain: 'stand-in',
        channel_id: 'C0GENERAL1',
        channel_name: 'general',
        user_id: user,
        user_name: user.toLowerCase(),
        command,
        text: words.join(' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
        api_app_id: 'A0COUNTER1',
        is_enterprise_install: 'false',
        response_url: workspace.responseUrl({ user }),
        trigger_id: workspace.trigger(user),
        ...(more as Record<string, string>),
      }
      const said = await send(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded')
      if (typeof said.body === 'object')
        workspace.whispers.push({
          user,
          ts: `${workspace.whispers.length}`,
          text: String(said.body.text),
          blocks: (said.body.blocks ?? []) as Json[],
        })
      return said
    },

    /** Clicks the first button with that label. */
    async click(surface: Surface, label: string, more: Json = {}): Promise<Said> {
      const blocks =
        'post' in surface ? surface.post.blocks : 'whisper' in surface ? surface.whisper.blocks : surface.view.blocks
      const button = buttonsIn(blocks).find((one) => labelOf(one) === label)
      if (!button) throw new Error(`no button ${label}`)
      const action = {
        type: 'button',
        action_id: button.action_id,
        block_id: 'b1',
        text: button.text,
        ...(button.value === undefined ? {} : { value: button.value }),
        action_ts: '1700000000.000100',
      }
      const base = { type: 'block_actions', ...common(), trigger_id: workspace.trigger(user), actions: [action] }
      if ('view' in surface) {
        const container = { type: 'view', view_id: surface.view.id }
        return interact({ ...base, container, view: surface.view, ...more })
      }
      const ts = 'post' in surface ? surface.post.ts : surface.whisper.ts
      const channel = 'post' in surface ? surface.post.channel : 'C0GENERAL1'
      return interact({
        ...base,
        container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: 'whisper' in surface },
        channel: { id: channel, name: 'directmessage' },
        ...('post' in surface ? { message: { type: 'message', ts, text: surface.post.text } } : {}),
        response_url: workspace.responseUrl(
          'post' in surface ? { user, at: surface.post } : { user, whisper: surface.whisper },
        ),
        ...more,
      })
    },

    /** Fills in the open modal by field name and submits it; what the modal held already stays. */
    async submit(typed: Record<string, string | string[]> = {}, more: Json = {}): Promise<Said> {
      const view = top()
      const values: Json = {}
      for (const block of view.blocks.filter((one) => one.type === 'input')) {
        const element = block.element as Json
        const name = String(block.block_id).split('@')[0] ?? ''
        values[String(block.block_id)] = { [String(element.action_id)]: stateOf(element, typed[name], block) }
      }
      const payload = {
        type: 'view_submission',
        ...common(),
        trigger_id: workspace.trigger(user),
        view: { ...view, state: { values } },
        response_urls: [],
        ...more,
      }
      const said = await interact(payload)
      const answer = typeof said.body === 'object' ? said.body : {}
      const { response_action: act } = answer
      if (act === 'clear') workspace.show(user, [])
      else if (act === 'update')
        workspace.show(user, [...stack().slice(0, -1), { ...workspace.makeView(answer.view as Json), id: view.id }])
      else if (act === 'push') workspace.show(user, [...stack(), workspace.makeView(answer.view as Json)])
      else if (act === undefined && said.status === 200) workspace.show(user, stack().slice(0, -1))
      return said
    },

    shortcut: (callbackId: string): Promise<Said> =>
      interact({
        type: 'shortcut',
        ...common(),
        callback_id: callbackId,
        trigger_id: workspace.trigger(user),
        action_ts: '1',
      }),

    messageShortcut: (callbackId: string, message: Json): Promise<Said> =>
      interact({
        type: 'message_action',
        ...common(),
        callback_id: callbackId,
        trigger_id: workspace.trigger(user),
        response_url: workspace.responseUrl({ user }),
        channel: { id: 'C0GENERAL1', name: 'general' },
        message_ts: message.ts,
        message: { type: 'message', ...message },
      }),

    async search(field: string, typed: string): Promise<{ label: string; value: string }[]> {
      const view = top()
      const block = view.blocks.find((one) => String(one.block_id).split('@')[0] === field)
      const said = await interact({
        type: 'block_suggestion',
        ...common(),
        container: { type: 'view', view_id: view.id },
        view,
        block_id: block?.block_id,
        action_id: (block?.element as Json | undefined)?.action_id,
        value: typed,
      })
      const options = ((said.body as Json | undefined)?.options ?? []) as Json[]
      return options.map((option) => ({ label: labelOf(option), value: String(option.value) }))
    },

    openHome: (more: Json = {}): Promise<Said> =>
      send(
        JSON.stringify({
          token: 'legacy-verification-token',
          team_id: homeTeam(),
          api_app_id: 'A0COUNTER1',
          type: 'event_callback',
          event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
          event_time: Math.floor(now().getTime() / 1000),
          authorizations: [
            { enterprise_id: null, team_id: team, user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
          ],
          event: {
            type: 'app_home_opened',
            user,
            channel: workspace.dm(user),
            tab: 'home',
            event_ts: '1700000000.000200',
            ...(workspace.home(user) ? { view: workspace.home(user) } : {}),
          },
          ...more,
        }),
        'application/json',
      ),
  }
}

export type SlackPerson = ReturnType<typeof makePerson>

/** What Slack puts into view.state for one input; refuses what Slack's own clients would not let through. */
function stateOf(element: Json, typed: string | string[] | undefined, block: Json): Json {
  const type = String(element.type)
  const option = (value: unknown): Json => {
    const options = (element.options ?? []) as Json[]
    const found = options.find((one) => one.value === value)
    if (!found && type !== 'external_select') throw new Error(`${String(value)} is not offered`)
    return found ?? { text: { type: 'plain_text', text: String(value) }, value }
  }
  const state = ((): Json => {
    switch (type) {
      case 'datepicker':
        return { type, selected_date: typed ?? element.initial_date ?? null }
      case 'radio_buttons':
      case 'static_select':
      case 'external_select':
        return { type, selected_option: typed === undefined ? (element.initial_option ?? null) : option(typed) }
      case 'checkboxes':
      case 'multi_static_select':
        return {
          type,
          selected_options: typed === undefined ? (element.initial_options ?? []) : [typed].flat().map(option),
        }
      case 'file_input':
        return { type, files: typed === undefined ? [] : [typed].flat().map((file) => JSON.parse(file) as Json) }
      default: {
        const value = typed ?? element.initial_value ?? null
        if (typeof value === 'string' && value.length > Number(element.max_length ?? 3000))
          throw new Error('too long to type')
        return { type, value: value === '' ? null : value }
      }
    }
  })()
  const [, content] = Object.entries(state)[1] ?? []
  const empty = content === null || (Array.isArray(content) && content.length === 0)
  if (empty && block.optional !== true) throw new Error(`Slack asks for ${String(block.block_id)} first`)
  return state
}
