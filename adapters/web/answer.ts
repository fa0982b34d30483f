import { textOf } from '../../src/core/md.ts'
import { drawReply } from './encode.ts'
import type { Filled } from './fields.ts'
import { html, nothing } from './html.ts'
import { drawPage, drawSentence } from './page.ts'
import type { Kept } from './replies.ts'
import { sendPage } from './respond.ts'
import { type Signed, sceneOf } from './visit.ts'

/** The page after a click. */
export async function showAnswer(visit: Signed, kept: Kept, filled: Filled = {}): Promise<void> {
  const { say } = visit
  const { reply, back } = kept
  const { form } = reply
  const scene = sceneOf(visit, kept, 1)
  const isWrong = Object.keys(form?.errors ?? {}).length > 0
  const heard = reply.say ? textOf(reply.say) : say.product
  const title = `${isWrong ? `${say.form.problem}: ` : ''}${form?.title ?? reply.card?.title ?? heard}`
  const body = html`<div class="sheet">${form || reply.card ? nothing : html`<h1 class="unseen">${say.product}</h1>`}<div data-slot>${drawReply(reply, scene, filled)}</div><p class="after"><a href="${back}">${say.back}</a></p></div>`
  sendPage(visit.response, await drawPage(visit, { title, body, once: true }), isWrong ? 422 : 200)
}

/** Where a click leads. Only the person who clicked finds the answer here. */
export async function showReply(visit: Signed): Promise<void> {
  const { desk, say, visitor } = visit
  const kept = desk.replies.find(visitor.actor.user, decodeURIComponent(visit.rest))
  if (kept) return showAnswer(visit, kept)
  sendPage(visit.response, await drawSentence(visit, say.gone.title, html`${say.gone.text}`), 404)
}
