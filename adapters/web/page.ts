import { ASSETS } from './assets.ts'
import { drawBanner } from './banner.ts'
import { csrfToken } from './csrf.ts'
import { type Html, html, nothing } from './html.ts'
import { spokenIn } from './text.ts'
import type { Signed, Visit } from './visit.ts'

type Page = {
  title: string
  body: Html
  place?: 'desk' | 'inbox' | 'help'
  wide?: boolean
  /** It answers a click and cannot be read again for news. */
  once?: boolean
}

/** The frame of every page. The script and the style are files: the content security policy allows nothing inline. */
export async function drawPage(visit: Visit, page: Page): Promise<Html> {
  const { say, desk } = visit
  const signed = visit.visitor === undefined ? undefined : (visit as Signed)
  return html`<!doctype html>
<html lang="${spokenIn(visit.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${say.product}</title>
<link rel="icon" href="${ASSETS.mark}" type="image/svg+xml">
<link rel="stylesheet" href="${ASSETS.style}">
<script type="module" src="${ASSETS.script}"></script>
</head>
<body${page.wide ? html` class="wide"` : nothing}${page.once ? nothing : html` data-live="/live"`}${visit.visitor ? html` data-who="${visit.visitor.actor.user}"` : nothing}>
<a class="skip" href="#content">${say.skip}</a>
${signed && desk.config.demo ? await drawBanner(signed, desk.config.demo) : nothing}
<header class="top"><a class="brand" href="/"><img src="${ASSETS.mark}" alt="" width="30" height="30"><span class="brand-name">${say.product}</span></a><span class="organisation" dir="auto">${desk.config.organisation}</span>
${signed ? drawNav(signed, page.place) : nothing}</header>
<main id="content" tabindex="-1">${page.body}</main>
<div class="notices" data-notices role="status" aria-live="polite" data-product="${say.product}" data-only-you="${say.onlyYou}" data-offline="${say.offline}" data-close="${say.close}"></div>
</body>
</html>`
}

function drawNav(visit: Signed, place: Page['place']): Html {
  const { say, visitor } = visit
  const link = (name: NonNullable<Page['place']>, path: string) =>
    html`<li><a href="${path}"${name === place ? html` aria-current="page"` : nothing}>${say.nav[name]}</a></li>`
  return html`<nav class="nav" aria-label="${say.nav.name}"><ul role="list">${link('desk', '/')}${link('inbox', '/card/home.inbox')}${link('help', '/card/home.help')}</ul></nav>
${
  visitor.seat
    ? nothing
    : html`<div class="self"><span class="self-name" dir="auto">${visitor.name}</span><form method="post" action="/leave"><input type="hidden" name="csrf" value="${csrfToken(visitor.secret)}"><button class="button button-quiet">${say.leave}</button></form></div>`
}`
}

/** A page of one sentence: a refusal, a door, a goodbye. The sentence carries its mark for the script. */
export const drawSentence = (visit: Visit, title: string, sentence: Html, after: Html = nothing): Promise<Html> =>
  drawPage(visit, {
    title,
    body: html`<section class="sheet sentence"><h1>${title}</h1><div data-part="say" data-test="sentence"><p>${sentence}</p></div>${after}
${visit.visitor ? html`<p><a href="/">${visit.say.back}</a></p>` : nothing}</section>`,
  })
