import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { slack } from '../../adapters/slack/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Actor, Platform, Workflow } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { CAST } from '../support/people.ts'
import { MONDAY, makeWorld } from '../support/world.ts'
import type { Bench, SeenCard, SeenField, SeenForm, Trouble } from './contract.ts'
import { BIDI } from './corpus.ts'
import { makeProbe } from './probe.ts'
import { buttonsIn, type Json, labelOf, read } from './slack-blocks.ts'
import { makePerson, SECRET, type SlackPerson, serveRoutes } from './slack-person.ts'
import { type Failure, startSlack, type View } from './slack-stand-in.ts'

const TROUBLES: Record<Trouble, Failure> = {
  permanent: { error: 'account_inactive' },
  limited: { status: 429, headers: { 'retry-after': '60' } },
  unknown: { status: 503, after: true },
}

const SCOPES = ['commands', 'chat:write', 'im:write', 'users:read', 'users:read.email', 'files:read']
const userOf = (who: string): string => `U0${who.toUpperCase()}`
/** Nothing is ever late: what is slow has tests of its own. */
const never = () => new Promise<void>(() => {})

type Front = {
  whispers: number
  typed: Record<string, string | string[]>
  errors: Record<string, string>
  view?: string
}

/** Slack from the outside: signed requests to a real server, and what stands in the workspace. */
export async function openSlack(more: readonly Workflow[] = []): Promise<Bench> {
  const probe = makeProbe()
  let now = () => MONDAY
  const users = [...Object.entries(CAST), ['stranger', { name: 'A Stranger' }] as const].map(([who, { name }]) => ({
    id: userOf(who),
    name,
    email: `${who}@${who === 'stranger' ? 'elsewhere.example' : 'example.com'}`,
  }))
  const workspace = await startSlack({ now: () => now(), users, scopes: SCOPES })
  const seat = (who: string): Actor => {
    const [user, { team }] = [userOf(who), workspace]
    return { platform: 'slack', tenant: team, user, address: { team, user } }
  }
  let adapter: Platform | undefined
  const world = await makeWorld({
    workflows: [home, probe.workflow, ...more],
    seed: 'slack bench',
    seat,
    platforms(clock) {
      now = clock
      const config = { botToken: workspace.token, signingSecret: SECRET, apiUrl: workspace.apiUrl }
      adapter = slack(config, { now: clock, log: silent, random: systemRandom, after: never })
      return [adapter]
    },
  })
  await adapter?.start?.()
  const inner = await serveRoutes(world.routes)
  const wire = await recorded(inner.url)
  const people = new Map<string, SlackPerson>()
  const fronts = new Map<string, Front>()
  const lasts = new Map<string, Sent>()

  const personOf = (who: string): SlackPerson => {
    const person = people.get(who) ?? makePerson(workspace, wire.url, userOf(who), now)
    people.set(who, person)
    return person
  }
  const frontOf = (who: string): Front => {
    const front = fronts.get(who) ?? { whispers: 0, typed: {}, errors: {} }
    fronts.set(who, front)
    return front
  }
  const modal = (who: string): View | undefined => workspace.modals(userOf(who)).at(-1)
  const whispered = (who: string) => workspace.whispers.filter((one) => one.user === userOf(who))

  /** What stood there before is out of sight; afterwards everything under way has been shown. */
  async function acting(who: string, work: () => Promise<unknown>): Promise<void> {
    frontOf(who).whispers = whispered(who).length
    await work()
    await adapter?.stop?.()
    const last = wire.last()
    if (last) lasts.set(who, last)
  }

  const inputs = (who: string): Json[] => (modal(who)?.blocks ?? []).filter((block) => block.type === 'input')
  const named = (who: string, label: string): { name: string; element: Json } => {
    const block = inputs(who).find((one) => String((one.label as Json).text) === label)
    if (!block) throw new Error(`no field ${label} in the modal of ${who}`)
    return { name: nameOf(block), element: block.element as Json }
  }

  /** Words typed into a view that is gone are gone. */
  function typedBy(who: string): Front {
    const front = frontOf(who)
    const view = modal(who)?.id
    if (front.view !== view) Object.assign(front, { view, typed: {}, errors: {} })
    return front
  }

  function formOf(who: string): SeenForm | undefined {
    const view = modal(who)
    if (view?.callback_id !== 'form') return undefined
    const { typed, errors } = typedBy(who)
    return {
      title: labelOf({ text: view.title }),
      submit: labelOf({ text: view.submit }),
      text: `${read(view.blocks)}\n${inputs(who).map(aroundInput).join('\n')}`,
      fields: inputs(who).map((block): SeenField => {
        const error = errors[nameOf(block)]
        return {
          label: String((block.label as Json).text),
          value: typed[nameOf(block)] ?? standsIn(block.element as Json),
          ...(error ? { error } : {}),
        }
      }),
    }
  }

  return {
    world,
    probe,
    async sees(who) {
      const view = modal(who)
      const whispers = whispered(who).slice(frontOf(who).whispers)
      const shownIn = whispers.filter((one) => one.blocks[0]?.type === 'header').at(-1)
      const saidIn = whispers.filter((one) => one.blocks[0]?.type !== 'header').at(-1)
      const shown = view?.callback_id === 'card' ? seenView(view) : shownIn ? seenCard(shownIn.blocks) : undefined
      const said = view?.callback_id === 'said' ? read(view.blocks) : saidIn ? read(saidIn.blocks) : undefined
      const form = formOf(who)
      return {
        cards: workspace.chat(userOf(who)).map((post) => seenCard(post.blocks)),
        ...(shown ? { shown } : {}),
        ...(form ? { form } : {}),
        ...(said ? { said } : {}),
      }
    },
    async press(who, label, { title = '', of = who } = {}) {
      const post = workspace.chat(userOf(of)).findLast((one) => seenCard(one.blocks).title.startsWith(title.trim()))
      if (!post) throw new Error(`no message ${title} in the chat of ${of}`)
      workspace.show(userOf(who), [])
      await acting(who, () => personOf(who).click({ post }, label))
    },
    async fill(who, entries) {
      const { typed } = typedBy(who)
      for (const [label, value] of Object.entries(entries)) {
        const { name, element } = named(who, label)
        typed[name] =
          element.type === 'external_select' ? await chosen(who, name, String(value)) : optionOf(element, value)
      }
    },
    async submit(who) {
      const front = typedBy(who)
      await acting(who, async () => {
        const { body } = await personOf(who).submit(front.typed)
        const errors = typeof body === 'object' && body.response_action === 'errors' ? (body.errors as Json) : {}
        front.errors = Object.fromEntries(Object.entries(errors).map(([id, text]) => [nameOfId(id), String(text)]))
      })
    },
    async again(who) {
      const sent = lasts.get(who)
      if (!sent) throw new Error(`${who} has sent nothing`)
      const answer = await wire.send(sent)
      if (answer !== sent.answer) throw new Error(`another answer: ${answer} instead of ${sent.answer}`)
      await adapter?.stop?.()
    },
    async command(who, line) {
      workspace.show(userOf(who), [])
      await acting(who, () => personOf(who).command(line))
    },
    async home(who) {
      await acting(who, () => personOf(who).openHome())
      return seenCard(workspace.home(userOf(who))?.blocks ?? [])
    },
    async search(who, label, typed) {
      const name = modal(who)?.callback_id === 'form' ? named(who, label).name : 'helper'
      if (!modal(who)) workspace.show(userOf(who), [emptySelect(workspace.makeView)])
      return (await personOf(who).search(name, typed)).map((option) => option.label)
    },
    async alive(who) {
      const posts = workspace.chat(userOf(who))
      const whispers = whispered(who).slice(frontOf(who).whispers)
      const words = [...posts, ...whispers].map((one) => one.text).filter((text) => text.includes('<'))
      return [...words, ...livingIn([posts, whispers, workspace.modals(userOf(who))])]
    },
    trouble: (how) => workspace.fail('chat.postMessage', TROUBLES[how]),
    async close() {
      await Promise.all([wire.close(), inner.close()])
      await workspace.close()
    },
  }

  async function chosen(who: string, name: string, called: string): Promise<string> {
    const [found] = await personOf(who).search(name, called)
    if (!found) throw new Error(`nobody is called ${called}`)
    return found.value
  }
}

type Sent = { body: Buffer; headers: Record<string, string>; answer: string }

/** Everything that goes to the bot, so that the same bytes can be sent once more. */
async function recorded(target: string) {
  let last: Sent | undefined
  const forward = async ({ body, headers }: Omit<Sent, 'answer'>, path = '/slack/events') => {
    const response = await fetch(target + path, { method: 'POST', headers, body: new Uint8Array(body) })
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
  }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const headers = Object.fromEntries(
      ['content-type', 'x-slack-signature', 'x-slack-request-timestamp'].map((name) => [
        name,
        String(request.headers[name] ?? ''),
      ]),
    )
    const { status, type, text } = await forward({ body, headers }, request.url)
    last = { body, headers, answer: text }
    response.writeHead(status, type ? { 'content-type': type } : {}).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    last: () => last,
    send: async (sent: Sent) => (await forward(sent)).text,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const nameOfId = (blockId: string): string => blockId.split('@')[0] ?? ''
const nameOf = (block: Json): string => nameOfId(String(block.block_id))

function seenCard(blocks: Json[]): SeenCard {
  const isTitled = blocks[0]?.type === 'header'
  return {
    title: isTitled && blocks[0] ? labelOf(blocks[0]) : '',
    text: `${read(isTitled ? blocks.slice(1) : blocks)}\n${confirmsIn(blocks)}`,
    buttons: buttonsIn(blocks).map(labelOf),
  }
}

const seenView = (view: View): SeenCard => ({ ...seenCard(view.blocks), title: labelOf({ text: view.title }) })

const confirmsIn = (blocks: Json[]): string =>
  buttonsIn(blocks)
    .flatMap((button) => Object.values((button.confirm ?? {}) as Record<string, Json>))
    .map((part) => labelOf({ text: part }))
    .join(' ')

const optionsOf = (element: Json): Json[] => (element.options ?? []) as Json[]

const aroundInput = (block: Json): string => {
  const options = optionsOf(block.element as Json).flatMap((option) => [
    labelOf(option),
    labelOf({ text: option.description }),
  ])
  return [labelOf({ text: block.hint }), ...options].join(' ')
}

function standsIn(element: Json): string | string[] {
  const option = element.initial_option as Json | undefined
  const many = element.initial_options as Json[] | undefined
  return (
    String(element.initial_value ?? element.initial_date ?? (option ? labelOf(option) : '')) ||
    (many?.map(labelOf) ?? '')
  )
}

function optionOf(element: Json, value: string | string[]): string | string[] {
  const options = optionsOf(element)
  if (options.length === 0) return value
  const values = [value].flat().map((label) => String(options.find((option) => labelOf(option) === label)?.value))
  return Array.isArray(value) ? values : (values[0] ?? '')
}

/** A select that searches, as a modal of another time might still hold one. */
const emptySelect = (makeView: (given: Json) => View): View =>
  makeView({
    type: 'modal',
    blocks: [{ type: 'input', block_id: 'helper@00000000', element: { type: 'external_select', action_id: 'person' } }],
  })

/** Whatever would reach somebody, lead somewhere or turn words around. */
function livingIn(value: unknown): string[] {
  if (typeof value === 'string') return BIDI.test(value) ? [`turned around: ${value}`] : []
  if (Array.isArray(value)) return value.flatMap(livingIn)
  if (typeof value !== 'object' || value === null) return []
  const node = value as Json
  const found = Object.entries(node).flatMap(([name, inner]) =>
    name === 'value' || name === 'metadata' ? [] : livingIn(inner),
  )
  const text = typeof node.text === 'string' ? node.text : ''
  if (['user', 'usergroup', 'channel', 'broadcast', 'emoji', 'team'].includes(String(node.type)))
    found.push(String(node.type))
  if (typeof node.url === 'string') found.push(`leads to ${node.url}`)
  if (node.type === 'mrkdwn' && (text.includes('<') || (node.verbatim !== true && /\w:\/\//.test(text))))
    found.push(text)
  if (node.type === 'plain_text' && node.emoji !== false && /:\w+:/.test(text)) found.push(text)
  return found
}
