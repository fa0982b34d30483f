import { ENTER, isToken } from '../../src/core/doors.ts'
import { cookieName, cookiesOf, dropCookie, setCookie } from './cookies.ts'
import { given, type Sent } from './decode.ts'
import { framesOf, isForFrame } from './frames.ts'
import { html } from './html.ts'
import { drawSentence } from './page.ts'
import { redirect, sendPage } from './respond.ts'
import { pathOr } from './seats.ts'
import { LOOK, LOOKS, SEAT, sessionCookie } from './sessions.ts'
import type { Signed, Visit } from './visit.ts'

/**
 * A button, so that what chats and scanners do with links (open them) does not use the link up, and so that nobody sits
 * down at somebody else's desk unawares: the page says whose it is, and no stray key presses the button (T42).
 */
export async function showDoor(visit: Visit): Promise<void> {
  const { desk, rest, say } = visit
  const whose = isToken(rest) ? await desk.core.doors.whose(rest) : undefined
  if (whose === undefined) return sendUsed(visit)
  const button = html`<form method="post" action="${ENTER}${rest}"><button class="button button-primary">${say.enter.go(whose)}</button></form>`
  sendPage(visit.response, await drawSentence(visit, say.enter.title, html`${say.enter.text(whose)}`, button))
}

const sendUsed = async (visit: Visit): Promise<void> =>
  sendPage(visit.response, await drawSentence(visit, visit.say.out.title, html`${visit.say.enter.used}`), 403)

/** Uses the link up: a new session each time, so that one planted before is worth nothing. */
export async function enter(visit: Visit): Promise<void> {
  const { desk, response } = visit
  const { secure } = desk.config
  const door = isToken(visit.rest) ? await desk.core.doors.enter(visit.rest) : undefined
  if (door === undefined) return sendUsed(visit)
  const framed = isForFrame(visit.request, desk.config)
  const name = sessionCookie(framed)
  const before = cookiesOf(visit.request).get(cookieName(name, secure))
  if (before) await desk.core.doors.leave(before)
  if (desk.config.demo) setCookie(response, { name: SEAT, value: door.person.id, secure })
  else setCookie(response, { name, value: door.session, secure, expires: door.expiresAt, framed })
  redirect(response, pathOr(door.path, '/'))
}

export async function leave(visit: Signed): Promise<void> {
  const { desk, response, say, visitor } = visit
  const framed = visitor.framed === true
  await desk.core.doors.leave(visitor.secret)
  dropCookie(response, { name: sessionCookie(framed), secure: desk.config.secure, framed })
  sendPage(response, await drawSentence({ ...visit, visitor: undefined }, say.left.title, html`${say.left.text}`))
}

export async function showOut(visit: Visit): Promise<void> {
  const { say, desk, request } = visit
  const frames = isForFrame(request, desk.config) ? framesOf(desk.config) : undefined
  const again = frames && html`<p><a class="button button-primary" href="${frames.path}">${say.out.again}</a></p>`
  const words = html`${frames ? say.out.framed : say.out.text}`
  sendPage(visit.response, await drawSentence(visit, say.out.title, words, again), 401)
}

/** How the chat looks: colours and shapes only. */
export async function chooseLook(visit: Signed, sent: Sent): Promise<void> {
  const look = LOOKS.find((one) => one === given(sent, 'look')) ?? 'desk'
  setCookie(visit.response, { name: LOOK, value: look, secure: visit.desk.config.secure })
  redirect(visit.response, pathOr(given(sent, 'to'), '/'))
}
