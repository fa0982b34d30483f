import type { Card, Reply } from '../../src/core/view.ts'
import { drawBlocks } from './blocks.ts'
import type { Filled } from './fields.ts'
import { drawForm } from './form.ts'
import { type Html, html, nothing } from './html.ts'
import { drawStatus, heading, type Scene } from './scene.ts'
import { spans } from './spans.ts'

export function drawCard(card: Card, scene: Scene, as: { name?: string } = {}): Html {
  return html`<article class="card" data-test="card"${as.name === undefined ? nothing : html` data-card="${as.name}"`}>
<header class="card-head">${heading(scene.level, card.title, 'card-title')}${drawStatus(card.status)}</header>
${drawBlocks(card.blocks, { ...scene, level: Math.min(scene.level + 1, 6) })}
</article>`
}

/** The parts of an answer, each marked so that the script can put it in its place. */
export function drawReply(reply: Reply, scene: Scene, filled: Filled = {}): Html {
  const { say, form, card } = reply
  return html`${say ? html`<div class="say" data-part="say" data-test="say" role="status"><p dir="auto">${spans(say, scene)}</p></div>` : nothing}
${form ? html`<div data-part="form">${drawForm(form, scene, filled)}</div>` : nothing}
${card ? html`<div data-part="card">${drawCard(card, scene)}</div>` : nothing}`
}
