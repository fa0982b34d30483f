import { pathOfAsset } from './tab-assets.ts'
import { chatLink, TAB } from './tab-places.ts'
import { text } from './text.ts'

/** Nothing inline, nothing from elsewhere, and shown by Teams and Microsoft 365 only. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  `frame-ancestors ${TAB.hosts.join(' ')}`,
].join('; ')

/** What the tab may have to say, one part of it at a time: `assets/tab.js` shows the part that fits. */
export function drawTab(appId: string): string {
  const { tab } = text('en')
  const chat = `<p><a class="button" data-chat href="${escaped(chatLink(appId))}" target="_blank" rel="noopener">${escaped(tab.openChat)}</a></p>`
  const part = (name: string, title: string, words: string, after = '') =>
    `<section data-say="${name}" hidden><h1 tabindex="-1">${escaped(title)}</h1><p>${escaped(words)}</p>${after}</section>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(tab.title)}</title>
<link rel="stylesheet" href="${pathOfAsset('tab.css')}">
<script defer src="${pathOfAsset('teams.js')}"></script>
<script type="module" src="${pathOfAsset('tab.js')}"></script>
</head>
<body>
<main aria-live="polite">
<section data-say="wait"><h1 class="quiet">${escaped(tab.wait)}</h1></section>
${part('chat', tab.chatTitle, tab.chat, chat)}
${part('outsider', tab.outsiderTitle, tab.outsider, chat)}
${part('later', tab.laterTitle, tab.later, chat)}
${part('away', tab.awayTitle, tab.away)}
<noscript><p>${escaped(tab.noScript)}</p></noscript>
</main>
</body>
</html>
`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (words: string): string => words.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
