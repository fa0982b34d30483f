import { dayOf, timeOf } from '../../src/core/words.ts'
import type { Delivered } from '../../src/core/workflow.ts'
import { ASSETS } from './assets.ts'
import { hiddenOf } from './banner.ts'
import { offeredTo, typedAs } from './commands.ts'
import { drawCard } from './encode.ts'
import { type Html, html, nothing } from './html.ts'
import type { Scene } from './scene.ts'
import type { Signed } from './visit.ts'

/**
 * The chat of one person: what was delivered, oldest first. The frame is drawn bottom up, so that the newest message is
 * in sight without a script.
 */
export function drawChat(visit: Signed, messages: readonly Delivered[], scene: Scene): Html {
  const { say } = visit
  let day = ''
  const lines = messages.map((message) => {
    const at = dayOf(message.firstSentAt, visit.language, visit.visitor.timezone)
    const isNewDay = at !== day
    day = at
    return html`${isNewDay ? html`<li class="day"><span>${at}</span></li>` : nothing}${drawMessage(visit, message, scene)}`
  })
  return html`<div class="log" tabindex="0" role="region" aria-label="${say.chat.name(visit.visitor.name)}" data-log><ol class="messages" role="list" data-region="messages" aria-live="polite" aria-relevant="additions">${lines.length > 0 ? lines : html`<li class="empty">${say.chat.empty}</li>`}</ol></div>`
}

function drawMessage(visit: Signed, message: Delivered, scene: Scene): Html {
  const { say, visitor } = visit
  const time = timeOf(message.firstSentAt, visitor.timezone)
  return html`<li class="message" data-message="${message.id}" data-test="message"><img class="face" src="${ASSETS.mark}" alt="" width="36" height="36"><div class="message-body"><p class="message-head"><strong>${say.product}</strong> <span class="app">${say.app}</span> <time datetime="${message.firstSentAt.toISOString()}">${time}</time>${message.edited ? html` <span class="edited">(${say.edited})</span>` : nothing}</p><div data-slot>${drawCard(message.card, { ...scene, anchor: anchorOf(message) })}</div></div></li>`
}

/** The line to type in; it takes what chat takes. */
export function drawComposer(visit: Signed): Html {
  const { say, language } = visit
  const offered = offeredTo(visit)
  return html`<form class="composer" method="post" action="/say" data-composer>${hiddenOf(visit)}<label class="unseen" for="line">${say.chat.write}</label><input id="line" name="line" type="text" autocomplete="off" dir="auto" placeholder="${say.chat.hint}" list="commands" data-test="composer"><button class="button button-primary">${say.chat.send}</button>
<datalist id="commands">${offered.map((command) => html`<option value="${typedAs(command)}">${command.hint(language)}</option>`)}</datalist></form>
<details class="commands"><summary>${say.chat.commands}</summary><dl>${offered.map((command) => html`<div><dt><code>${typedAs(command)}</code></dt><dd>${command.hint(language)}</dd></div>`)}</dl></details>`
}

const anchorOf = ({ anchor }: Delivered) => (typeof anchor.key === 'string' ? anchor.key : undefined)
