import { make, one, words } from './dom.js'
import { prepare } from './prepare.js'

/** Where the answer to something in a dialog belongs: the card it was opened from. */
const origins = new WeakMap()

/** What a button asks first, by the button's place. */
const bodies = new WeakMap()

export const slotOf = (node) =>
  node.closest('dialog [data-slot]') ?? origins.get(node.closest('dialog')) ?? node.closest('[data-slot]')

/** Shows content in a dialog (the one given, or a new one). The focus comes back where it was. */
export function open(content, slot, into) {
  const dialog = into ?? document.body.appendChild(make('dialog'))
  const before = document.activeElement
  dialog.replaceChildren(content)
  if (!one('[data-dismiss]', content)) dialog.append(closeButton())
  if (slot) origins.set(dialog, slot)
  prepare(dialog)
  if (dialog.open) {
    begin(dialog)
    return dialog
  }
  dialog.addEventListener('close', () => {
    dialog.remove()
    const back = before?.isConnected ? before : one('button, a, summary, input', slot ?? one('#content'))
    back?.focus()
  })
  dialog.showModal()
  begin(dialog)
  return dialog
}

let titles = 0

/**
 * What comes in begins at its beginning, in a dialog too: there the browser would take the first thing that can be pressed,
 * which stands below everything that is to be read. A form to correct begins at the first wrong answer.
 */
export function begin(within) {
  const title = one('.form-title, .confirm-title, .card-title', within)
  if (title) {
    title.id ||= `title-${++titles}`
    title.tabIndex = -1
    if (within.matches('dialog')) within.setAttribute('aria-labelledby', title.id)
  }
  within.scrollTop = 0
  const wrong = one('[aria-invalid=true]', within)
  const first = wrong?.matches('fieldset') ? one('input', wrong) : wrong
  ;(first ?? title)?.focus()
}

/** A card in a dialog is a place of its own: what is clicked in it is answered in it. */
export function openCard(card, into) {
  const slot = make('div', {}, ...card.childNodes)
  slot.dataset.slot = ''
  return open(slot, undefined, into)
}

function closeButton() {
  const button = make('button', { type: 'button', className: 'button', textContent: words().close })
  button.dataset.dismiss = ''
  return make('div', { className: 'buttons dialog-end' }, button)
}

function dismiss(event) {
  const dismissed = event.target.closest('dialog [data-dismiss]')
  if (!dismissed) return
  event.preventDefault()
  dismissed.closest('dialog').close()
}

/** A button that asks first: without this file its summary opens below it, here it becomes a dialog. */
function confirm(event) {
  const asked = event.target.closest('[data-confirm] > summary')
  if (!asked) return
  event.preventDefault()
  const home = asked.parentElement
  // The event of a dialog that was just closed may still be on its way: then the body is not back at home yet.
  const sure = one('.confirm-body', home) ?? bodies.get(home)
  bodies.set(home, sure)
  const dialog = open(sure, slotOf(asked))
  one('[data-dismiss]', dialog).hidden = false
  dialog.addEventListener('close', () => dialog.contains(sure) && home.append(sure))
}

export function watchDialogs() {
  document.addEventListener('click', dismiss)
  document.addEventListener('click', confirm)
}
