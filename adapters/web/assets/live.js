import { mergeMessages, rememberMessages } from './chat.js'
import { all, one, parse, plain } from './dom.js'
import { prepare } from './prepare.js'

/** Puts what changed of a fresh page into this one, part by part; what somebody is filling in stays. */
export function merge(page) {
  // Another seat was taken in another tab, or the session is over: this page is somebody else's now.
  if (page.body.dataset.who !== document.body.dataset.who) return location.reload()
  for (const region of all('[data-region]')) {
    const next = one(`[data-region="${region.dataset.region}"]`, page)
    if (next && region.dataset.region === 'messages') mergeMessages(next)
    else if (next) replace(region, next)
  }
}

function replace(region, next) {
  if (region.dataset.answered !== undefined) return
  if (region.dataset.source === plain(next.outerHTML)) return
  if (region.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')) return
  const source = plain(next.outerHTML)
  const bars = new Map(all('progress', region).map((bar) => [bar.getAttribute('aria-label'), bar.value]))
  const focus = all('button, a, summary', region).indexOf(document.activeElement)
  // A slot stays the same element: what is open in a dialog finds it again.
  const [slot, fresh] = [one('[data-slot]', region), one('[data-slot]', next)]
  if (slot && fresh) slot.replaceChildren(...fresh.childNodes)
  else region.replaceWith(next)
  const place = slot && fresh ? region : next
  place.dataset.source = source
  prepare(place)
  all('button, a, summary', place)[focus]?.focus()
  for (const bar of all('progress', place)) walk(bar, bars.get(bar.getAttribute('aria-label')))
}

/** A bar walks to its new value, so that one sees what an answer changed. */
function walk(bar, from) {
  const to = bar.value
  if (from === undefined || from === to || matchMedia('(prefers-reduced-motion: reduce)').matches) return
  const began = performance.now()
  const step = (at) => {
    const part = Math.min(1, (at - began) / 700)
    bar.value = from + (to - from) * (1 - (1 - part) ** 3)
    if (part < 1) requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}

/** The page after a click is shown once: to read it again would be to click again, or to find it gone. */
const isLiving = () => document.body.dataset.live !== undefined && one('[data-region]') !== null

let looking = false
let again = false
let leaving = 0

/** After this many milliseconds a page that was to be left is still here: a download, or an address that did not answer. */
const LEAVING_MS = 10_000

/** Reads this page once more. Calls that come meanwhile are one more look afterwards. */
export async function lookAgain() {
  if (looking) {
    again = true
    return
  }
  looking = true
  try {
    const page = isLiving() && parse(await (await fetch(location.href)).text())
    // Somebody is on the way to another page: to reload this one would take them back.
    if (page && performance.now() > leaving) merge(page)
  } catch {
    // The next change, or the next minute, tries again.
  }
  looking = false
  if (!again) return
  again = false
  await lookAgain()
}

let stream

function listen() {
  stream?.close()
  stream = undefined
  if (document.hidden || !isLiving()) return
  stream = new EventSource(document.body.dataset.live)
  stream.addEventListener('changed', lookAgain)
}

export function watchNews() {
  rememberMessages()
  for (const region of all('[data-region]')) region.dataset.source = plain(region.outerHTML)
  document.addEventListener('visibilitychange', () => {
    listen()
    if (!document.hidden) void lookAgain()
  })
  // Another process of the same installation may have changed things.
  setInterval(() => void (document.hidden || lookAgain()), 60_000)
  addEventListener('beforeunload', () => {
    leaving = performance.now() + LEAVING_MS
  })
  addEventListener('pagehide', () => stream?.close())
  listen()
}
