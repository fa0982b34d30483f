import { hiddenOf } from './banner.ts'
import { setCookie } from './cookies.ts'
import { given, type Sent } from './decode.ts'
import type { DemoDesk, Seat } from './demo.ts'
import { type Html, html, isPath } from './html.ts'
import { halt, redirect } from './respond.ts'
import { SEAT } from './sessions.ts'
import type { Signed } from './visit.ts'

/** A list by role, then by department; the script adds a search to it. */
export function drawSeats(visit: Signed, seats: readonly Seat[]): Html {
  const { say, visitor } = visit
  const groups = Map.groupBy(seats, (seat) => seat.group ?? seat.department)
  const named = [...groups].sort(
    ([, a], [, b]) => Number(b[0]?.group !== undefined) - Number(a[0]?.group !== undefined),
  )
  return html`<div class="seat" data-region="seat"><span class="initials" aria-hidden="true">${initials(visitor.name)}</span><div class="seat-words"><p class="who" dir="auto" data-test="who">${visitor.name}</p><p class="seat-title" dir="auto">${[visitor.seat?.title, visitor.seat?.department, visitor.seat?.site].filter(Boolean).join(' · ')}</p></div>
<form class="seat-form" method="post" action="/seat" data-seats data-placeholder="${say.seat.find}">${hiddenOf(visit)}<label class="unseen" for="seat">${say.seat.label}</label><select id="seat" name="person" data-test="seat">${named.map(([group, people]) => html`<optgroup label="${group || say.seat.company}">${people.map((seat) => html`<option value="${seat.id}"${seat.id === visitor.actor.user ? html` selected` : ''}>${seat.name} · ${seat.title}</option>`)}</optgroup>`)}</select><button class="button button-small">${say.seat.go}</button></form></div>`
}

const initials = (name: string): string => {
  const words = name.split(/\s+/).filter((word) => /\p{L}/u.test(word))
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('')
}

export async function takeSeat(visit: Signed, sent: Sent): Promise<void> {
  const seats = await demoOf(visit).seats()
  const person = given(sent, 'person')
  if (!seats.some((seat) => seat.id === person) || person === undefined) throw halt(404, visit.say.refused.seat)
  setCookie(visit.response, { name: SEAT, value: person, secure: visit.desk.config.secure })
  redirect(visit.response, pathOr(given(sent, 'to'), '/'))
}

/** Moves the demo's clock; a page that is open learns of it as of any change. */
export async function moveClock(visit: Signed, sent: Sent): Promise<void> {
  const days = Number(given(sent, 'days'))
  if (!Number.isInteger(days) || days < 1 || days > 31) throw halt(400, visit.say.refused.broken)
  await demoOf(visit).advance(days)
  visit.desk.live.changed()
  redirect(visit.response, '/')
}

export async function startOver(visit: Signed): Promise<void> {
  const { reset } = demoOf(visit)
  if (reset === undefined) throw halt(404, visit.say.missing.text)
  await reset()
  visit.desk.live.changed()
  redirect(visit.response, '/')
}

function demoOf(visit: Signed): DemoDesk {
  const { demo } = visit.desk.config
  if (demo === undefined) throw halt(404, visit.say.missing.text)
  return demo
}

export const pathOr = (path: string | undefined, otherwise: string): string =>
  path !== undefined && isPath(path) ? path : otherwise
