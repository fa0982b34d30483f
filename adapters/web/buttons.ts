import type { Button } from '../../src/core/view.ts'
import { type Html, html, leading, nothing, safeHref } from './html.ts'
import type { Scene } from './scene.ts'

/** `of`: the row the buttons belong to, for those who hear "Remove" without seeing whose. */
export function drawButtons(buttons: readonly Button[], scene: Scene, of?: string): Html {
  const drawn = scene.readOnly ? buttons.filter((button) => 'href' in button) : buttons
  if (drawn.length === 0) return nothing
  return html`<div class="buttons">${drawn.map((button) => drawButton(button, scene, of))}</div>`
}

function drawButton(button: Button, scene: Scene, of: string | undefined): Html {
  const words = html`${button.label}${of === undefined ? nothing : html`<span class="unseen">: ${of}</span>`}`
  const kind = `button${button.style ? ` button-${button.style}` : ''}`
  if ('href' in button) {
    const href = safeHref(button.href, scene.base)
    return href === undefined ? nothing : html`<a class="${kind}"${leading(href, scene.framed)}>${words}</a>`
  }
  if (button.confirm === undefined) return drawDo(button, scene, words, kind)
  const sure = button.confirm
  // Opens without a script too: a summary is a button that shows what follows. The script makes a dialog of it.
  return html`<details class="confirm" data-confirm><summary class="${kind}" data-do="${button.do}">${words}</summary><div class="confirm-body" role="group" aria-label="${sure.title}"><p class="confirm-title" dir="auto">${sure.title}</p><p dir="auto">${sure.text}</p><div class="buttons">${drawDo(button, scene, html`${sure.yes}`, `button button-${button.style ?? 'primary'}`)}<button type="button" class="button" data-dismiss hidden>${sure.no}</button></div></div></details>`
}

function drawDo(button: Extract<Button, { do: string }>, scene: Scene, words: Html, kind: string): Html {
  return html`<form method="post" action="/do" class="do"${scene.isWay ? html` data-way` : nothing}>${drawHidden(button, scene)}<button class="${kind}" data-do="${button.do}"${button.asks ? html` aria-haspopup="dialog"` : nothing}>${words}</button></form>`
}

/** What travels with a click: what to do, about what, which revision was shown; never state or authority. */
export function drawHidden(
  about: { do: string; id?: string; shown?: string; with?: Record<string, string> },
  scene: Scene,
): Html {
  const fields: [string, string | undefined][] = [
    ['csrf', scene.csrf],
    ['key', scene.key()],
    ['back', scene.back],
    ['anchor', scene.anchor],
    ['do', about.do],
    ['id', about.id],
    ['shown', about.shown],
    ...Object.entries(about.with ?? {}).map(([name, value]): [string, string] => [`with_${name}`, value]),
  ]
  return html`${fields.map(([name, value]) => (value === undefined ? nothing : html`<input type="hidden" name="${name}" value="${value}">`))}`
}
