import type { types } from '@slack/bolt'
import type { Button } from '../../src/core/view.ts'
import { ACTIONS_ELEMENTS, BUTTON, CONFIRM } from './limits.ts'
import { plainText, safeHref } from './markup.ts'
import { packButton } from './payload.ts'
import type { Pen } from './pen.ts'

/** `of`: what the button is about, for those who hear "Keep" without seeing whose. */
export function drawButton(button: Button, pen: Pen, of?: string): types.Button | undefined {
  const label = {
    type: 'button',
    text: plainText(button.label, BUTTON.text),
    ...(button.style ? { style: button.style } : {}),
    ...(of || button.label.length > BUTTON.text ? { accessibility_label: heard(button.label, of) } : {}),
  } as const
  if ('href' in button) {
    const url = safeHref(button.href, pen.desk)
    return url ? { ...label, url, action_id: `link.${pen.next()}` } : undefined
  }
  return {
    ...label,
    action_id: `do.${pen.next()}${button.asks ? '.asks' : ''}`,
    value: packButton(button),
    ...(button.confirm ? { confirm: drawConfirm(button.confirm, button.style) } : {}),
  }
}

const heard = (label: string, of: string | undefined): string =>
  plainText(of ? `${label}: ${of}` : label, BUTTON.accessibility).text

const drawConfirm = (
  confirm: NonNullable<Extract<Button, { do: string }>['confirm']>,
  style: Button['style'],
): types.ConfirmationDialog => ({
  title: plainText(confirm.title, CONFIRM.title),
  text: plainText(confirm.text, CONFIRM.text),
  confirm: plainText(confirm.yes, CONFIRM.yes),
  deny: plainText(confirm.no, CONFIRM.no),
  ...(style ? { style } : {}),
})

/** As many actions blocks as it takes. */
export function drawButtons(buttons: readonly Button[], pen: Pen, of?: string): types.ActionsBlock[] {
  const elements = buttons.flatMap((button) => drawButton(button, pen, of) ?? [])
  const blocks: types.ActionsBlock[] = []
  for (let at = 0; at < elements.length; at += ACTIONS_ELEMENTS)
    blocks.push({ type: 'actions', elements: elements.slice(at, at + ACTIONS_ELEMENTS) })
  return blocks
}
