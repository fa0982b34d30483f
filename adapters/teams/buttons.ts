import type { Button } from '../../src/core/view.ts'
import { ACTIONS_ELEMENTS, BUTTON, RICH_TEXT } from './limits.ts'
import { type Element, literal, richText, safeHref } from './markup.ts'
import { packButton } from './payload.ts'
import type { Pen } from './pen.ts'
import { tabLink } from './tab-places.ts'

type Doing = Extract<Button, { do: string }>

/**
 * As many sets of actions as it takes. `of`: what the buttons are about, for those who hear "Keep" without seeing whose.
 * A button that asks "are you sure?" shows a hidden part of the card, because Teams has no question of its own for that.
 */
export function drawButtons(buttons: readonly Button[], pen: Pen, of?: string): Element[] {
  const actions: Element[] = []
  const hidden: Element[] = []
  for (const button of buttons) {
    const drawn = 'href' in button ? drawLink(button, pen) : drawDoing(button, pen, hidden)
    if (drawn)
      actions.push({ ...drawn, ...(of ? { tooltip: literal(`${button.label}: ${of}`, BUTTON.title * 2) } : {}) })
    const tab = 'href' in button ? drawTabLink(button.href, pen) : undefined
    if (drawn && tab) actions.push(tab)
  }
  return [...inSets(actions).map((set) => ({ type: 'ActionSet', actions: set })), ...hidden]
}

/** Side by side as far as a phone is wide: a client cuts off what reaches beyond it. */
function inSets(actions: readonly Element[]): Element[][] {
  const sets: Element[][] = []
  let room = 0
  for (const action of actions) {
    const width = String(action.title).length + BUTTON.frame
    const last = sets.at(-1)
    if (last && last.length < ACTIONS_ELEMENTS && width <= room) last.push(action)
    else {
      sets.push([action])
      room = BUTTON.side
    }
    room -= width
  }
  return sets
}

const STYLE = { primary: 'positive', danger: 'destructive' } as const

const styled = (button: Button) => ({
  title: literal(button.label, BUTTON.title),
  ...(button.style ? { style: STYLE[button.style] } : {}),
})

function drawLink(button: Extract<Button, { href: string }>, pen: Pen): Element | undefined {
  const url = safeHref(button.href, pen.desk)
  return url ? { type: 'Action.OpenUrl', ...styled(button), url } : undefined
}

/** A link that works once may be used in the tab just as well. */
function drawTabLink(href: string, { desk, tab, words }: Pen): Element | undefined {
  const url = desk && tab ? tabLink(href, desk, tab) : undefined
  return url ? { type: 'Action.OpenUrl', title: literal(words.openInTab, BUTTON.title), url } : undefined
}

function drawDoing(button: Doing, pen: Pen, hidden: Element[]): Element {
  const { confirm } = button
  if (!confirm) return act(button, styled(button), pen)
  const id = `confirm-${pen.next()}`
  const toggle = { type: 'Action.ToggleVisibility', targetElements: [id] }
  hidden.push({
    type: 'Container',
    id,
    isVisible: false,
    style: 'emphasis',
    items: [
      ...richText([{ text: confirm.title, bold: true }], pen.desk, {}, RICH_TEXT),
      ...richText([{ text: confirm.text }], pen.desk, {}, RICH_TEXT),
      {
        type: 'ActionSet',
        actions: [
          act(button, { ...styled(button), title: literal(confirm.yes, BUTTON.title) }, pen),
          { ...toggle, title: literal(confirm.no, BUTTON.title) },
        ],
      },
    ],
  })
  return { ...toggle, ...styled(button) }
}

/** What opens a form must say so beforehand: a dialog is the answer to a click of another kind. */
function act(button: Doing, look: object, pen: Pen): Element {
  if (pen.dialog) return { type: 'Action.Submit', ...look, data: packButton(button, pen.dialog) }
  const data = packButton(button)
  return button.asks
    ? { type: 'Action.Submit', ...look, data: { ...data, msteams: { type: 'task/fetch' } } }
    : { type: 'Action.Execute', ...look, verb: 'do', data }
}
