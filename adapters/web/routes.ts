import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from '../../src/core/errors.ts'
import { faultOf } from '../../src/core/log.ts'
import type { Route } from '../../src/core/workflow.ts'
import { act, say } from './act.ts'
import { showReply } from './answer.ts'
import { sendAsset } from './assets.ts'
import { readSent } from './bodies.ts'
import type { Desk } from './config.ts'
import { isOwnPage, isSameSite } from './csrf.ts'
import type { Sent } from './decode.ts'
import { showDesk } from './desk.ts'
import { chooseLook, enter, leave, showDoor, showOut } from './doors.ts'
import { makeHeaders } from './headers.ts'
import { isFromHere, isOurHost } from './host.ts'
import { html } from './html.ts'
import { drawSentence } from './page.ts'
import { sendFile, sendOptions, showCard } from './pages.ts'
import { halt, sendPage, statusOf } from './respond.ts'
import { moveClock, startOver, takeSeat } from './seats.ts'
import { visitorOf } from './sessions.ts'
import { spans } from './spans.ts'
import { text } from './text.ts'
import type { Signed, Visit } from './visit.ts'

/** `open`: also for those who are not let in (yet). A POST of a person carries their token; see readSent. */
type Place = { path: string } & (
  | { open?: false; get?(visit: Signed): Promise<void>; post?(visit: Signed, sent: Sent): Promise<void> }
  | { open: true; get?(visit: Visit): Promise<void>; post?(visit: Visit): Promise<void> }
)

const PLACES: readonly Place[] = [
  { path: '/', get: showDesk },
  { path: '/card/*', get: showCard },
  { path: '/reply/*', get: showReply },
  { path: '/file/*', get: sendFile },
  { path: '/options', get: sendOptions },
  { path: '/live', get: async ({ desk, request, response }) => desk.live.join(request, response) },
  { path: '/do', post: act },
  { path: '/say', post: say },
  { path: '/look', post: chooseLook },
  { path: '/seat', post: takeSeat },
  { path: '/demo/next', post: moveClock },
  { path: '/demo/reset', post: startOver },
  { path: '/leave', post: leave },
  { path: '/enter/*', open: true, get: showDoor, post: enter },
  {
    path: '/assets/*',
    open: true,
    get: async (visit) => {
      if (!sendAsset(visit.url.pathname, visit.response)) throw halt(404, visit.say.missing.text)
    },
  },
  {
    path: '/*',
    get: async (visit) => {
      throw halt(404, visit.say.missing.text)
    },
  },
]

export function makeRoutes(desk: Desk): Route[] {
  const protect = makeHeaders(desk.config)
  return PLACES.map(({ path }) => ({
    method: '*',
    path,
    async handle(request, response, url) {
      protect(request, response)
      const place = placeOf(url.pathname)
      const prefix = place.path.endsWith('/*') ? place.path.length - 1 : place.path.length
      const rest = url.pathname.slice(prefix)
      const visit: Visit = { desk, request, response, url, rest, say: text('en'), language: 'en' }
      try {
        await receive(visit, place)
      } catch (error) {
        await explain(visit, error, request, response)
      }
    },
  }))
}

/** Decided here, so that it does not matter in which order the server looks. The last place takes everything. */
function placeOf(pathname: string): Place {
  const exact = PLACES.find((place) => place.path === pathname)
  const below = PLACES.find((place) => place.path.endsWith('/*') && pathname.startsWith(place.path.slice(0, -1)))
  const found = exact ?? below
  if (found === undefined) throw new Error('placeOf: the table has no last place')
  return found
}

async function receive(visit: Visit, place: Place): Promise<void> {
  const { desk, request, response } = visit
  const { base, demo } = desk.config
  if (!isOurHost(request, base) || (demo && !isFromHere(request))) throw halt(421, visit.say.refused.host)
  const isPost = request.method === 'POST'
  if (isPost && !isSameSite(request, base)) throw halt(403, visit.say.refused.form)
  const isAnswered = isPost ? place.post : request.method === 'GET' || request.method === 'HEAD' ? place.get : undefined
  if (!isAnswered) {
    response.setHeader('Allow', [place.get ? 'GET, HEAD' : '', place.post ? 'POST' : ''].filter(Boolean).join(', '))
    throw halt(405, visit.say.method.text)
  }
  if (place.open) return isPost ? place.post?.(visit) : place.get?.(visit)
  const visitor = await visitorOf(desk, request, response)
  if (visitor === undefined) return showOut(visit)
  // Its cookie comes along from any page beside it, so that the browser's own word is asked for as well as the token.
  if (isPost && visitor.framed && !isOwnPage(request)) throw halt(403, text(visitor.language).refused.form)
  Object.assign(visit, { visitor, language: visitor.language, say: text(visitor.language) })
  const signed: Signed = { ...visit, visitor }
  if (isPost) return place.post?.(signed, await readSent(desk, request, visitor))
  return place.get?.(signed)
}

/** A refusal is one sentence; anything else is a bug: the person is given a number, the log the place. */
async function explain(
  visit: Visit,
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { say, desk } = visit
  if (response.headersSent) {
    desk.deps.log.warn({ ...faultOf(error) }, 'desk.cut')
    response.destroy()
    return
  }
  // What is left of a body that was refused is not read.
  if (!request.complete) response.setHeader('Connection', 'close')
  if (error instanceof Refusal) {
    const status = statusOf(error)
    const title = status === 404 ? say.missing.title : status === 405 ? say.method.title : say.refused.title
    sendPage(response, await drawSentence(visit, title, spans(error.text, desk.config)), status)
    return
  }
  const id = Buffer.from(desk.deps.random(4)).toString('hex')
  desk.deps.log.error({ error: id, ...faultOf(error) }, 'desk.failed')
  sendPage(
    response,
    await drawSentence({ ...visit, visitor: undefined }, say.broken.title, html`${say.broken.text(id)}`),
    500,
  )
}
