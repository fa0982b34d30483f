import { randomBytes } from 'node:crypto'
import { buttonsIn, type Json, labelOf } from '../platforms/slack-blocks.ts'
import { SECRET, sign } from '../platforms/slack-person.ts'
import type { Message, Workspace } from './workspace.ts'

export type Said = { status: number; text: string; body: Json }
export type View = Json & { id: string; hash: string; blocks: Json[] }
export type Request = { headers: Record<string, string>; body: string }

const FORM = 'application/x-www-form-urlencoded'

/** A request as Slack signs it; `seconds` from now, `secret` of whoever signs. */
export function signed(body: string, how: { seconds?: number; secret?: string; type?: string } = {}): Request {
  const timestamp = Math.floor(Date.now() / 1000) + (how.seconds ?? 0)
  return { headers: { 'content-type': how.type ?? FORM, ...sign(body, timestamp, how.secret ?? SECRET) }, body }
}

export async function send(bot: string, { headers, body }: Request): Promise<Said> {
  const response = await fetch(`${bot}/slack/events`, { method: 'POST', headers, body })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, text, body: isJson ? (JSON.parse(text) as Json) : {} }
}

/** Somebody in front of that workspace: what they type, click and fill in reaches the bot as Slack would send it. */
export function personOf(workspace: Workspace, bot: () => string, user: string) {
  const common = {
    api_app_id: 'A0COUNTER1',
    team: { id: workspace.team, domain: 'harbour' },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: user, username: 'somebody', team_id: workspace.team },
  }
  const interact = (payload: Json): Request =>
    signed(new URLSearchParams({ payload: JSON.stringify(payload) }).toString())

  const it = {
    user,
    /** `/isms help`, as a request that can be sent, or sent twice. */
    async typed(line: string): Promise<Request> {
      const [command = '', ...words] = line.split(' ')
      const fields = {
        team_id: workspace.team,
        channel_id: 'C0GENERAL1',
        user_id: user,
        command,
        text: words.join(' '),
        api_app_id: 'A0COUNTER1',
        response_url: workspace.responseUrl(),
        trigger_id: await workspace.trigger(user),
      }
      return signed(new URLSearchParams(fields).toString())
    },
    command: async (line: string): Promise<Said> => send(bot(), await it.typed(line)),

    async clicked(on: Message, channel: string, label: string): Promise<Request> {
      const button = buttonsIn(on.blocks).find((one) => labelOf(one) === label)
      if (!button) throw new Error(`no button ${label} on ${JSON.stringify(on.blocks)}`)
      return interact({
        type: 'block_actions',
        ...common,
        trigger_id: await workspace.trigger(user),
        actions: [{ type: 'button', ...button, block_id: 'b1', action_ts: '1700000000.000100' }],
        container: { type: 'message', message_ts: on.ts, channel_id: channel, is_ephemeral: false },
        channel: { id: channel, name: 'directmessage' },
        message: { type: 'message', ts: on.ts, text: on.text },
        response_url: workspace.responseUrl(),
      })
    },
    click: async (on: Message, channel: string, label: string): Promise<Said> =>
      send(bot(), await it.clicked(on, channel, label)),

    /** A modal filled in by field name; what it held already stays. */
    filled(view: View, typed: Record<string, string> = {}): Request {
      const inputs = view.blocks.filter((one) => one.type === 'input')
      const values = Object.fromEntries(
        inputs.map((block) => {
          const element = block.element as Json
          const value = typed[String(block.block_id).split('@')[0] ?? '']
          return [block.block_id, { [String(element.action_id)]: stateOf(element, value) }]
        }),
      )
      return interact({ type: 'view_submission', ...common, view: { ...view, state: { values } }, response_urls: [] })
    },
    submit: (view: View, typed?: Record<string, string>): Promise<Said> => send(bot(), it.filled(view, typed)),

    openHome: (): Promise<Said> =>
      send(
        bot(),
        signed(
          JSON.stringify({
            team_id: workspace.team,
            api_app_id: 'A0COUNTER1',
            type: 'event_callback',
            event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
            event: { type: 'app_home_opened', user, channel: 'D0', tab: 'home', event_ts: '1700000000.000200' },
          }),
          { type: 'application/json' },
        ),
      ),
  }
  return it
}

function stateOf(element: Json, typed: string | undefined): Json {
  const type = String(element.type)
  if (type === 'plain_text_input') return { type, value: typed ?? element.initial_value ?? null }
  if (type === 'datepicker') return { type, selected_date: typed ?? element.initial_date ?? null }
  const options = (element.options ?? []) as Json[]
  return { type, selected_option: options.find((one) => one.value === typed) ?? element.initial_option ?? null }
}
