import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type DemoDesk, type Seat, type WebConfig, web } from '../../adapters/web/index.ts'
import { type Random, systemRandom } from '../../src/core/id.ts'
import { type Facts, type Log, silent } from '../../src/core/log.ts'
import type { Core, Platform, Route } from '../../src/core/workflow.ts'
import * as cards from './desk-cards.ts'
import { type DeskCore, makeDeskCore, message, NOW } from './desk-core.ts'

const seat = (id: string, name: string, title: string, department: string, more: Partial<Seat> = {}): Seat => ({
  id,
  name,
  title,
  department,
  site: 'Berlin',
  ...more,
})

export const ADA = 'per_00000000000000000000000001'
export const RAVI = 'per_00000000000000000000000005'
export const MEI = 'per_00000000000000000000000006'

const SEATS: Seat[] = [
  seat(ADA, 'Ada Example', 'Game designer', 'Games', { group: 'Worth trying', timezone: 'Europe/Berlin' }),
  seat(RAVI, 'Ravi Fictive', 'Security engineer', 'Security', { group: 'Worth trying' }),
  seat(MEI, 'Mei Invented', 'Head of information security', 'Security', {
    group: 'Worth trying',
    lead: true,
    roles: ['isms-manager'],
  }),
  seat('per_00000000000000000000000007', 'Omar Sample', 'Engineer', 'Platform', { language: 'pt-PT' }),
  seat('per_00000000000000000000000008', 'שרה דוגמה', 'Engineer', 'Platform'),
  seat('per_00000000000000000000000009', 'Tomás Sørensen', 'Engineer', 'Platform'),
]

export function makeDemo(): DemoDesk & { days: number } {
  const demo = {
    days: 0,
    seats: async () => SEATS,
    now: () => new Date(NOW.getTime() + demo.days * 86_400_000),
    async advance(days: number) {
      demo.days += days
    },
    guide: async () => ({
      steps: [
        {
          title: 'Acknowledge a policy',
          text: 'Ada reads and agrees; watch the bar on the right.',
          done: demo.days > 0,
          seat: ADA,
        },
        { title: 'Report an incident', text: 'Type /incident and what happened.', done: false, seat: ADA },
        {
          title: "Decide a leaver's access",
          text: 'Omar owns GitHub; somebody left.',
          done: false,
          seat: RAVI,
          href: '/card/access.review/rev_1',
        },
        { title: 'Jump three days', text: 'A reminder, then the manager hears of it.', done: false },
        {
          title: 'Open the record',
          text: 'Every click left an entry.',
          done: false,
          seat: MEI,
          href: '/card/home.dashboard',
        },
      ],
    }),
    async reset() {
      demo.days = 0
    },
  }
  return demo
}

export type Running = {
  base: string
  port: number
  core: DeskCore
  platform: Platform
  faults: Facts[]
  close(): Promise<void>
}

type Options = {
  demo?: DemoDesk
  secure?: boolean
  base?: string
  frames?: WebConfig['frames']
  random?: Random
  core?: (made: DeskCore) => Core
}

/** The desk on a real server. `base` is the address people use, when it is not the server's own. */
export async function serveDesk(options: Options = {}): Promise<Running> {
  const core = makeDeskCore()
  fill(core)
  const faults: Facts[] = []
  const log: Log = { ...silent, error: (facts) => void faults.push(facts) }
  let routes: Route[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://desk.invalid')
    const fits = routes.filter(({ path }) =>
      path.endsWith('/*') ? url.pathname.startsWith(path.slice(0, -1)) : path === url.pathname,
    )
    const route = fits.sort((a, b) => b.path.length - a.path.length)[0]
    if (route) void route.handle(request, response, url)
    else response.writeHead(404).end()
  })
  const port = await listen(server)
  const base = options.base ?? `http://127.0.0.1:${port}`
  const platform = web(
    {
      base: new URL(base),
      secure: options.secure ?? false,
      organisation: core.organisation,
      demo: options.demo,
      frames: options.frames,
    },
    { random: options.random ?? systemRandom, log },
  )
  routes = platform.mount(options.core?.(core) ?? core)
  const close = async () => {
    await platform.stop?.()
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { base, port, core, platform, faults, close }
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

function fill(core: DeskCore): void {
  const friday = new Date('2026-11-20T15:12:00Z')
  core.chats.set(ADA, [
    message(
      'msg_1',
      {
        title: 'Welcome',
        blocks: [
          {
            kind: 'text',
            text: [{ text: 'I am the bot of the information security team, not a person. I never ask for passwords.' }],
          },
        ],
      },
      friday,
    ),
    message('msg_2', cards.request),
  ])
  core.chats.set(RAVI, [message('msg_3', cards.triage, NOW, true)])
}
