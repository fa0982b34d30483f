import type { Text } from '../../src/core/md.ts'
import { type Html, html, leading, safeHref } from './html.ts'

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/

/** Text with its styles. A span with letters that run the other way is kept from turning the rest of the sentence. */
export function spans(text: Text, scene: { base: URL; framed?: boolean }): Html {
  return html`${text.map((span) => {
    const turned = text.length > 1 && RIGHT_TO_LEFT.test(span.text)
    let made = turned ? html`<bdi>${lines(span.text)}</bdi>` : lines(span.text)
    if (span.code) made = html`<code>${made}</code>`
    if (span.italic) made = html`<em>${made}</em>`
    if (span.bold) made = html`<strong>${made}</strong>`
    const href = span.href === undefined ? undefined : safeHref(span.href, scene.base)
    return href === undefined ? made : html`<a${leading(href, scene.framed)}>${made}</a>`
  })}`
}

const lines = (text: string): Html =>
  html`${text.split('\n').map((line, n) => (n === 0 ? html`${line}` : html`<br>${line}`))}`
