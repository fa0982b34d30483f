import type { Random } from '../../src/core/id.ts'
import type { Log } from '../../src/core/log.ts'
import type { Core } from '../../src/core/workflow.ts'
import type { DemoDesk } from './demo.ts'
import type { Frames } from './frames.ts'
import type { Live } from './live.ts'
import type { Replies } from './replies.ts'

export type WebConfig = {
  /** The address people use, e.g. https://desk.example.com; requests for another host are refused. */
  base: URL
  /** True behind https: `__Host-` cookies and HSTS. */
  secure: boolean
  organisation: string
  /** Who may show the desk in a frame: nobody without it, and never the demo. */
  frames?: Frames
  /** Demo mode: anyone may sit at any seat, so it answers on loopback only. */
  demo?: DemoDesk
}

export type WebDeps = { random: Random; log: Log }

/** What every page of one mounted desk works with. */
export type Desk = { config: WebConfig; deps: WebDeps; core: Core; live: Live; replies: Replies }

/** The platform and tenant every browser person has. */
export const PLATFORM = 'web'
export const TENANT = 'desk'
