import { all, make, one, plain, words } from './dom.js'
import { prepare } from './prepare.js'

const log = () => one('[data-region=messages]')

/**
 * What each card was drawn from, as the server sent it. A card on the page is no measure: it changes while it is used (a
 * button is busy, a question is open in a dialog), and what only the page did is no news.
 */
const sources = new WeakMap()
const answers = new WeakMap()

export function rememberMessages() {
  for (const slot of all('[data-message] [data-slot]')) sources.set(slot, plain(slot.innerHTML))
}

/** An answer stands in its place until the core has edited the message itself. */
export const rememberAnswer = (slot, answer) => answers.set(slot, plain(answer.innerHTML))

export const hasChat = () => log() !== null

function add(item) {
  one('.empty', log())?.remove()
  log().append(item)
  prepare(item)
  item.scrollIntoView({ block: 'nearest' })
}

/** An answer to what was typed: for this person and this page only, as chats do it. */
export function addPrivate(content) {
  const face = make('img', { className: 'face', src: one('link[rel=icon]').href, alt: '', width: 36, height: 36 })
  const head = make('p', { className: 'message-head' }, make('strong', { textContent: words().product }), ' ')
  head.append(make('span', { className: 'private', textContent: words().onlyYou }))
  const slot = make('div', {}, ...content.childNodes)
  slot.dataset.slot = ''
  const item = make('li', { className: 'message' }, face, make('div', { className: 'message-body' }, head, slot))
  item.dataset.test = 'private'
  add(item)
}

/** What the person typed. */
export function addOwn(line) {
  const face = make('span', { className: 'face', textContent: one('.initials')?.textContent ?? '' })
  face.setAttribute('aria-hidden', 'true')
  const head = make('p', { className: 'message-head' }, make('strong', { textContent: one('.who')?.textContent ?? '' }))
  const body = make('div', { className: 'message-body' }, head, make('p', { textContent: line, dir: 'auto' }))
  add(make('li', { className: 'message message-own' }, face, body))
}

/** News for the chat: what is new comes last, what changed changes where it stands, what was typed here stays. */
export function mergeMessages(next) {
  for (const item of [...next.children]) {
    const id = item.dataset.message
    const here = id && one(`[data-message="${CSS.escape(id)}"]`, log())
    if (here) update(here, item)
    else if (id) {
      const slot = one('[data-slot]', item)
      sources.set(slot, plain(slot.innerHTML))
      item.classList.add('fresh')
      add(item)
    } else if (item.matches('.day') && !all('.day', log()).some((day) => day.textContent === item.textContent))
      add(item)
  }
}

function update(here, item) {
  const [slot, fresh] = [one('[data-slot]', here), one('[data-slot]', item)]
  const source = plain(fresh.innerHTML)
  if (source === sources.get(slot)) return
  if (slot.contains(document.activeElement) && document.activeElement.matches('input, textarea, select')) return
  sources.set(slot, source)
  // The core now says what the answer already shows.
  if (source === answers.get(slot)) return
  answers.delete(slot)
  slot.replaceChildren(...fresh.childNodes)
  prepare(slot)
}
