import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Desk } from './config.ts'
import { csrfToken } from './csrf.ts'
import type { From } from './replies.ts'
import type { Scene } from './scene.ts'
import { freshKey, type Visitor } from './sessions.ts'
import type { DeskWords } from './text.ts'

/** One request to the desk. */
export type Visit = {
  desk: Desk
  request: IncomingMessage
  response: ServerResponse
  url: URL
  /** The path below the place, for places that end in `/*`. */
  rest: string
  say: DeskWords
  language: string
  visitor?: Visitor
}

/** One request of a person who is let in. */
export type Signed = Visit & { visitor: Visitor }

/** The script asks for the answer alone, to put it into the page that is open. */
export const isPart = (visit: Visit): boolean => visit.request.headers['desk-part'] === '1'

export const sceneOf = (visit: Signed, { back, anchor }: From, level: number): Scene => ({
  base: visit.desk.config.base,
  framed: visit.visitor.framed === true,
  csrf: csrfToken(visit.visitor.secret),
  key: () => freshKey(visit.desk.deps.random),
  back,
  anchor,
  say: visit.say,
  level,
})
