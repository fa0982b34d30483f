import type { Block, Row } from '../../src/core/view.ts'
import { drawButtons } from './buttons.ts'
import { type Html, html, leading, nothing, safeHref } from './html.ts'
import { LONG_CELL } from './limits.ts'
import { drawStatus, heading, type Scene } from './scene.ts'
import { spans } from './spans.ts'

export const drawBlocks = (blocks: readonly Block[], scene: Scene): Html =>
  html`${blocks.map((block) => drawBlock(block, scene))}`

function drawBlock(block: Block, scene: Scene): Html {
  switch (block.kind) {
    case 'text':
      return html`<p class="text${block.tone === 'muted' ? ' muted' : ''}" dir="auto">${spans(block.text, scene)}</p>`
    case 'heading':
      return heading(scene.level, block.text, 'block-heading')
    case 'list': {
      const items = block.items.map((item) => html`<li dir="auto">${spans(item, scene)}</li>`)
      return block.ordered ? html`<ol class="list">${items}</ol>` : html`<ul class="list">${items}</ul>`
    }
    case 'quote':
      return html`<blockquote class="quote" dir="auto">${block.text.split('\n').map((line) => html`<p>${line}</p>`)}</blockquote>`
    case 'facts':
      return html`<dl class="facts">${block.facts.map((fact) => html`<div><dt>${fact.label}</dt><dd dir="auto">${spans(fact.value, scene)}</dd></div>`)}</dl>`
    case 'rows':
      return html`<ul class="rows" role="list">${block.rows.map((row) => drawRow(row, scene))}</ul>${block.more ? drawMore(block.more, scene) : nothing}`
    case 'table':
      return drawTable(block)
    case 'progress':
      return drawProgress(block, scene)
    case 'image':
      return drawImage(block, scene)
    case 'buttons':
      return drawButtons(block.buttons, scene)
    case 'rule':
      return html`<hr>`
    default:
      return block satisfies never
  }
}

function drawRow(row: Row, scene: Scene): Html {
  const name = row.title.map((span) => span.text).join('')
  return html`<li class="row" data-test="row"><div class="row-words"><p class="row-title" dir="auto">${spans(row.title, scene)}${row.status ? html`${APART}${drawStatus(row.status)}` : nothing}</p>
${row.text ? html`<p class="row-text" dir="auto">${spans(row.text, scene)}</p>` : nothing}</div>
${row.buttons && row.buttons.length > 0 ? drawButtons(row.buttons, scene, name) : nothing}</li>`
}

/** A space, not a margin: where the label wraps it goes with the line before. */
const APART = html`<span class="apart"> </span>`

function drawMore(more: { left: number; href?: string }, scene: Scene): Html {
  const label = scene.say.more(more.left)
  const href = more.href === undefined ? undefined : safeHref(more.href, scene.base)
  return href === undefined
    ? html`<p class="more">${label}</p>`
    : html`<p class="more"><a${leading(href, scene.framed)}>${label}</a></p>`
}

// The frame scrolls, not the page; it takes the keyboard focus so that it can be scrolled without a mouse.
function drawTable(block: Extract<Block, { kind: 'table' }>): Html {
  const kinds = block.columns.map((_, n) =>
    isLong(block.rows.map((row) => row[n] ?? '')) ? html` class="long"` : nothing,
  )
  return html`<div class="table" role="region" aria-label="${block.caption}" tabindex="0"><table><caption>${block.caption}</caption>
<thead><tr>${block.columns.map((column, n) => html`<th scope="col"${kinds[n]}>${column}</th>`)}</tr></thead>
<tbody>${block.rows.map((row) => html`<tr>${row.map((cell, n) => html`<td${kinds[n]} dir="auto">${cell}</td>`)}</tr>`)}</tbody></table></div>`
}

/** Sentences rather than words: such a column stays wide enough to be read, and the frame scrolls instead. */
const isLong = (cells: readonly string[]): boolean => cells.some((cell) => cell.length > LONG_CELL)

function drawProgress(block: Extract<Block, { kind: 'progress' }>, scene: Scene): Html {
  const of = Math.max(0, block.of)
  const done = Math.min(Math.max(0, block.done), of)
  // Rounded down: 100 % is said only when nothing is missing.
  const percent = of === 0 ? 0 : Math.floor((done / of) * 100)
  return html`<div class="progress"${done === of && of > 0 ? html` data-whole` : nothing}><p class="progress-words"><span dir="auto">${block.label}</span><span class="number">${scene.say.progress(done, of, percent)}</span></p>
<progress value="${done}" max="${of === 0 ? 1 : of}" aria-label="${block.label}"></progress></div>`
}

/** Pictures come from this desk only (the content security policy says so too); another one is offered as a link. */
function drawImage(block: Extract<Block, { kind: 'image' }>, scene: Scene): Html {
  const src = safeHref(block.src, scene.base)
  if (src === undefined) return html`<p class="text muted">${block.alt}</p>`
  if (!src.startsWith('/')) return html`<p class="text"><a${leading(src, scene.framed)}>${block.alt}</a></p>`
  return html`<img class="image" src="${src}" alt="${block.alt}" loading="lazy">`
}
