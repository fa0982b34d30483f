import { slack } from '../../adapters/slack/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { type Log, silent } from '../../src/core/log.ts'
import { EmptyFile } from '../../src/core/uploads.ts'
import type { Card, Command, Core, Platform, Reply, Turn } from '../../src/core/workflow.ts'
import { makePerson, SECRET, type SlackPerson, serveRoutes } from './slack-person.ts'
import { type SlackStandIn, type SlackUser, startSlack } from './slack-stand-in.ts'

/** A clock in the hand: time passes when the test says so, and timers with it. */
export function makeClock(start = Date.parse('2026-11-23T09:00:00Z')) {
  let time = start
  let timers: { at: number; ring: () => void }[] = []
  let armed: { ms: number; tell: () => void }[] = []
  return {
    now: () => new Date(time),
    after: (ms: number) =>
      new Promise<void>((ring) => {
        timers.push({ at: time + ms, ring })
        for (const one of armed.filter((it) => it.ms === ms)) one.tell()
        armed = armed.filter((it) => it.ms !== ms)
      }),
    /** Resolves when somebody next waits for that long. */
    armed: (ms: number) =>
      new Promise<void>((tell) => {
        armed.push({ ms, tell })
      }),
    pass(ms: number) {
      time += ms
      for (const one of timers.filter((it) => it.at <= time)) one.ring()
      timers = timers.filter((it) => it.at > time)
    },
  }
}

type Clock = ReturnType<typeof makeClock>

export const COMMANDS: readonly Command[] = [
  { word: 'inbox', do: 'home.inbox', hint: () => 'What waits for you' },
  { word: 'help', do: 'home.help', hint: () => 'What I can do' },
  {
    word: 'incident',
    do: 'incidents.report',
    hint: () => 'Report an incident',
    slash: { command: '/incident', usage: 'what happened' },
    shortcut: { name: 'Report as incident', description: 'Tell the security team', kinds: ['message', 'global'] },
  },
]

/** A core that answers what the test says and remembers what it was asked. */
export function makeFakeCore(answer: (turn: Turn) => Reply | Promise<Reply>, more: Partial<Core> = {}) {
  const turns: Turn[] = []
  const inbox: { card: Card } = { card: { title: 'Inbox', blocks: [] } }
  const kept: { type: string; bytes: Uint8Array; name: string }[] = []
  const core: Core = {
    async turn(turn) {
      turns.push(turn)
      return answer(turn)
    },
    card: async () => inbox.card,
    delivered: async () => [],
    options: async (_field, typed) =>
      [
        { value: 'per_01', label: 'Mei Tanaka', hint: 'Security' },
        { value: 'per_02', label: 'Omar Said' },
      ].filter((one) => one.label.toLowerCase().includes(typed.toLowerCase()) || one.value === typed),
    file: async () => undefined,
    async keep(upload) {
      if (upload.bytes.length === 0) throw new EmptyFile()
      kept.push(upload)
      return `fil_${kept.length}`
    },
    uploads: async () => [],
    doors: {
      admit: async () => undefined,
      whose: async () => undefined,
      enter: async () => undefined,
      who: async () => undefined,
      leave: async () => {},
    },
    commands: COMMANDS,
    organisation: 'Kestrel',
    ...more,
  }
  return { core, turns, inbox, kept }
}

export const PEOPLE: SlackUser[] = [
  { id: 'U0MEI00001', name: 'Mei Tanaka', email: 'mei@kestrel.example' },
  { id: 'U0OMAR0001', name: 'Omar Said', email: 'omar@kestrel.example' },
  { id: 'U0GUS00001', name: 'Gus Guest', email: 'gus@partner.example', is_restricted: true },
  {
    id: 'U0STRANGE1',
    name: 'Sten Stranger',
    email: 'sten@elsewhere.example',
    team_id: 'T0ELSEWHER',
    is_stranger: true,
  },
  { id: 'U0LEFT0001', name: 'Lev Left', email: 'lev@kestrel.example', deleted: true },
  { id: 'U0BOT00001', name: 'Build bot', is_bot: true },
]

export type SlackScene = {
  workspace: SlackStandIn
  platform: Platform
  url: string
  as(user: string): SlackPerson
  mei: SlackPerson
  omar: SlackPerson
  clock: Clock
  stop(): Promise<void>
}

type Options = {
  clock?: Clock
  log?: Log
  scopes?: string[]
  changed?: Parameters<typeof slack>[1]['changed']
  removed?: Parameters<typeof slack>[1]['removed']
}

/** The adapter on a real server, between the stand-in and a core of the test's own. */
export async function openScene(core: Core, options: Options = {}): Promise<SlackScene> {
  const clock = options.clock ?? makeClock()
  const { now, after } = clock
  const workspace = await startSlack({ users: PEOPLE, now, ...(options.scopes ? { scopes: options.scopes } : {}) })
  const { changed, removed, log = silent } = options
  const platform = slack(
    {
      botToken: workspace.token,
      signingSecret: SECRET,
      apiUrl: workspace.apiUrl,
      desk: 'https://desk.kestrel.example',
    },
    { now, log, random: systemRandom, after, changed, removed },
  )
  const server = await serveRoutes(platform.mount(core))
  await platform.start?.()
  const as = (user: string): SlackPerson => makePerson(workspace, server.url, user, now)
  return {
    workspace,
    platform,
    url: server.url,
    as,
    mei: as('U0MEI00001'),
    omar: as('U0OMAR0001'),
    clock,
    async stop() {
      await platform.stop?.()
      await server.close()
      await workspace.close()
    },
  }
}
