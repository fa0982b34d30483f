import { addOwn, addPrivate, hasChat, rememberAnswer } from './chat.js'
import { begin, open, openCard, slotOf } from './dialog.js'
import { one, parse, tell, words } from './dom.js'
import { lookAgain, merge } from './live.js'
import { prepare } from './prepare.js'

/** Forms that are sent here and answered where they were clicked; the others lead to a page as they always do. */
const KINDS = { '/do': act, '/say': say, '/demo/next': moveClock, '/look': look }

export function watchForms() {
  document.addEventListener('submit', async (event) => {
    const kind = KINDS[new URL(event.target.action).pathname]
    if (!kind || event.target.dataset.way !== undefined) return
    event.preventDefault()
    const button = event.submitter
    if (button?.getAttribute('aria-busy') === 'true') return
    button?.setAttribute('aria-busy', 'true')
    try {
      await kind(event.target, button)
    } catch {
      tell(words().offline)
    } finally {
      button?.removeAttribute('aria-busy')
    }
  })
}

async function send(form, button) {
  const data = new FormData(form, button)
  const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data)
  const response = await fetch(form.action, { method: 'POST', body, headers: { 'desk-part': '1' } })
  return parse(await response.text())
}

async function say(form, button) {
  const line = form.elements.line.value.trim()
  if (line === '') return
  const answer = await send(form, button)
  if (hasChat()) addOwn(line)
  // The next line is another turn.
  form.elements.key.value = crypto.getRandomValues(new Uint32Array(4)).join('-')
  form.elements.line.value = ''
  const { card, opened, said } = partsOf(answer)
  if (card && hasChat()) addPrivate(card)
  else if (card) openCard(card)
  if (said && hasChat()) addPrivate(said)
  else if (said) tell(said)
  if (opened) open(opened)
  void lookAgain()
}

async function act(form, button) {
  // News may take the form off the page while its answer is on the way; the place it stood in stays.
  const [slot, dialog] = [slotOf(form), form.closest('dialog')]
  const { card, opened, said } = partsOf(await send(form, button))
  if (opened && slot && !dialog && form.matches('.fields')) {
    slot.replaceChildren(opened)
    prepare(slot)
    begin(slot)
  } else if (opened) open(opened, slot, dialog)
  else if (card && !isPlace(slot)) openCard(card, dialog)
  else if (!dialog?.contains(slot)) dialog?.close()
  if (card && isPlace(slot)) answerInPlace(slot, card)
  // In chat a private sentence stands in the chat and stays; elsewhere it comes and goes.
  if (said && hasChat() && !one('dialog[open]') && isPlace(slot ?? one('[data-log]'))) addPrivate(said)
  else if (said) tell(said)
  if (!card && !opened && !said) location.reload()
  void lookAgain()
}

/** The inbox and the picture are drawn again after every answer, so that an answer cannot stand in them. */
const isPlace = (slot) => slot?.isConnected && !slot.closest('[data-region=inbox], [data-region=picture]')

function answerInPlace(slot, card) {
  const had = slot.contains(document.activeElement)
  const before = slot.offsetHeight
  rememberAnswer(slot, card)
  // A page shows the answer until it is left; it is not drawn over.
  slot.closest('[data-region=card]')?.setAttribute('data-answered', '')
  slot.replaceChildren(...card.childNodes)
  prepare(slot)
  slot.classList.add('fresh')
  slot.addEventListener('animationend', () => slot.classList.remove('fresh'), { once: true })
  const dialog = slot.closest('dialog')
  if (dialog) begin(dialog)
  else if (had) one('button, a, summary', slot)?.focus()
  // Much more is shown than before: it is read from its title on. A list that was decided in stays where it is.
  if (slot.offsetHeight > before * 1.5) one('.card-title', slot)?.scrollIntoView({ block: 'nearest' })
}

const partsOf = (answer) => ({
  card: one('[data-part=card]', answer),
  opened: one('[data-part=form]', answer),
  said: one('[data-part=say]', answer),
})

/** The answer is the desk as it stands after the jump. */
async function moveClock(form, button) {
  merge(await send(form, button))
}

async function look(form, button) {
  const pane = form.closest('[data-look]')
  pane.dataset.look = button.value
  for (const other of pane.querySelectorAll('.look')) other.setAttribute('aria-pressed', String(other === button))
  await send(form, button)
}
