import { dayOf, timeOf } from '../../src/core/words.ts'
import { csrfToken } from './csrf.ts'
import { type DemoDesk, type GuideStep, STEPS_OF_CLOCK } from './demo.ts'
import { type Html, html, nothing } from './html.ts'
import { freshKey } from './sessions.ts'
import type { Signed } from './visit.ts'

/** What only the demo has: whose computer this is, what time it is in the story, and the path through it. */
export async function drawBanner(visit: Signed, demo: DemoDesk): Promise<Html> {
  const { say, visitor, language } = visit
  const now = demo.now()
  const post = (action: string, label: string, fields: Html) =>
    html`<form method="post" action="${action}">${hiddenOf(visit)}${fields}<button class="button button-small">${label}</button></form>`
  return html`<div class="demo" data-region="demo"><p class="demo-words">${say.demo}</p>
<div class="clock" role="group" aria-label="${say.clock.name}"><time datetime="${now.toISOString()}" data-test="clock">${dayOf(now, language, visitor.timezone)}, ${timeOf(now, visitor.timezone)}</time>
${STEPS_OF_CLOCK.map((days) => post('/demo/next', days === 1 ? say.clock.nextDay : say.clock.days(days), html`<input type="hidden" name="days" value="${days}">`))}
${demo.reset ? post('/demo/reset', say.clock.reset, nothing) : nothing}</div></div>`
}

/** Five steps; the next one is open, done ones are ticked. */
export async function drawGuide(visit: Signed, demo: DemoDesk): Promise<Html> {
  const { say } = visit
  const { steps } = await demo.guide()
  const next = steps.findIndex((step) => !step.done)
  const done = steps.filter((step) => step.done).length
  return html`<section class="guide" data-region="guide" aria-labelledby="guide-name"><div class="guide-head"><h2 id="guide-name">${say.guide.name}</h2><p>${say.guide.progress(done, steps.length)}</p></div>
<ol role="list">${steps.map((step, n) => drawStep(visit, step, n, n === next))}</ol></section>`
}

function drawStep(visit: Signed, step: GuideStep, n: number, isNext: boolean): Html {
  const { say } = visit
  const mark = step.done
    ? html`<span class="step-mark" aria-hidden="true">✓</span><span class="unseen">${say.guide.done}: </span>`
    : html`<span class="step-mark" aria-hidden="true">${n + 1}</span>`
  return html`<li class="step${step.done ? ' step-done' : ''}${isNext ? ' step-next' : ''}" data-test="step"${isNext ? html` aria-current="step"` : nothing}><p class="step-title">${mark}${step.title}</p><p class="step-text">${step.text}</p>${step.done ? nothing : drawWay(visit, step)}</li>`
}

function drawWay(visit: Signed, step: GuideStep): Html {
  if (step.seat === undefined && step.href === undefined) return nothing
  if (step.seat === undefined || step.seat === visit.visitor.seat?.id)
    return step.href === undefined
      ? nothing
      : html`<a class="button button-small" href="${step.href}">${visit.say.guide.sit}</a>`
  return html`<form method="post" action="/seat">${hiddenOf(visit)}<input type="hidden" name="person" value="${step.seat}"><input type="hidden" name="to" value="${step.href ?? '/'}"><button class="button button-small">${visit.say.guide.sit}</button></form>`
}

export const hiddenOf = (visit: Signed): Html =>
  html`<input type="hidden" name="csrf" value="${csrfToken(visit.visitor.secret)}"><input type="hidden" name="key" value="${freshKey(visit.desk.deps.random)}">`
