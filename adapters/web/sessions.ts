import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Random } from '../../src/core/id.ts'
import type { Actor, Person } from '../../src/core/workflow.ts'
import { type Desk, PLATFORM, TENANT } from './config.ts'
import { cookieName, cookiesOf, setCookie } from './cookies.ts'
import type { Seat } from './demo.ts'
import { framesOf } from './frames.ts'

const SESSION = 'countersign-session'
/** A session in a frame: its cookie is sent where the other's is not, and the other stays as it is. */
const FRAMED = 'countersign-framed'
export const sessionCookie = (framed: boolean): string => (framed ? FRAMED : SESSION)
const VISIT = 'countersign-visit'
export const SEAT = 'countersign-seat'
export const LOOK = 'countersign-look'

export const LOOKS = ['desk', 'slack', 'teams'] as const
type Look = (typeof LOOKS)[number]

/** Who sits at the desk. `secret` is what the CSRF token is made from; it is never shown. */
export type Visitor = {
  actor: Actor
  /** For what is offered and how it is said; what they may is decided by the core. */
  person: Person
  name: string
  language: string
  timezone: string
  secret: string
  look: Look
  /** Sits in a frame: what leads elsewhere opens beside it. */
  framed?: boolean
  /** In the demo only. */
  seat?: Seat
}

export const actorOf = (personId: string): Actor => ({
  platform: PLATFORM,
  tenant: TENANT,
  user: personId,
  address: {},
})

/** Read from the verified session of this very request; in the demo from the seat that was taken. */
export async function visitorOf(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Visitor | undefined> {
  const cookies = cookiesOf(request)
  const cookie = (name: string) => cookies.get(cookieName(name, desk.config.secure))
  const look = LOOKS.find((one) => one === cookie(LOOK)) ?? 'desk'
  if (desk.config.demo !== undefined) {
    const seats = await desk.config.demo.seats()
    const seat = seats.find((one) => one.id === cookie(SEAT)) ?? (await firstSeat(desk, seats, response))
    if (seat === undefined) return undefined
    const secret = cookie(VISIT) || startVisit(desk, response)
    const { name, language = 'en', timezone = 'UTC' } = seat
    return { actor: actorOf(seat.id), person: personAt(seat), name, language, timezone, secret, look, seat }
  }
  // A frame of another site is sent the second only; where a browser sends both, this is a page of its own.
  const first = cookie(SESSION)
  const session = first ?? (framesOf(desk.config) && cookie(FRAMED))
  const person = session ? await desk.core.doors.who(session) : undefined
  if (session === undefined || person === undefined) return undefined
  const { name, language, timezone } = person
  const framed = first === undefined
  return { actor: actorOf(person.id), person, name, language, timezone, secret: session, look, framed }
}

/** Who sits there, as far as the demo tells. */
function personAt({ id, name, department, site, ...seat }: Seat): Person {
  const { employment = 'employee', timezone = 'UTC', language = 'en', roles = [] } = seat
  const unknown = { email: '', managerId: null, state: 'active' } as const
  return { id, name, department, site, employment, timezone, language, roles, ...unknown }
}

/** Where the guide begins; taken for good, because the guide goes on and the visitor stays until they move. */
async function firstSeat(desk: Desk, seats: readonly Seat[], response: ServerResponse): Promise<Seat | undefined> {
  const { steps } = (await desk.config.demo?.guide()) ?? { steps: [] }
  const next = steps.find((step) => !step.done && step.seat !== undefined)
  const seat = seats.find((one) => one.id === next?.seat) ?? seats[0]
  if (seat) setCookie(response, { name: SEAT, value: seat.id, secure: desk.config.secure })
  return seat
}

/** The demo has no sessions, but its buttons too must come from its own pages. */
function startVisit(desk: Desk, response: ServerResponse): string {
  const secret = freshKey(desk.deps.random)
  setCookie(response, { name: VISIT, value: secret, secure: desk.config.secure })
  return secret
}

export const freshKey = (random: Random): string => Buffer.from(random(16)).toString('base64url')
