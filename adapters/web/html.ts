/**
 * HTML that is already escaped. Only `html` makes it (a private symbol, so that no data can pass for it): everything
 * that is interpolated is text and is escaped, unless it is Html itself. Attributes stand in double quotes.
 */
const MADE = Symbol('html')

export type Html = { readonly [MADE]: string }

type Value = string | number | Html | false | null | undefined | readonly Value[]

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

// Bidi embeddings, overrides and isolates can make text read as something else (T22); control characters are not text.
const DECEIVING = /[\u202a-\u202e\u2066-\u2069\ufffe\uffff]|(?![\n\r\t])\p{Cc}/gu

/** Text of a person as it may stand on a page: without controls that change what is read. Not yet escaped. */
export const honest = (text: string): string => text.toWellFormed().replace(DECEIVING, '')

const escaped = (text: string): string => honest(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  let made = parts[0] ?? ''
  for (const [n, value] of values.entries()) made += drawn(value) + (parts[n + 1] ?? '')
  return { [MADE]: made }
}

function drawn(value: Value): string {
  if (value === false || value === null || value === undefined) return ''
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return String(value)
  if (isList(value)) return value.map(drawn).join('')
  return value[MADE]
}

const isList = (value: Html | readonly Value[]): value is readonly Value[] => Array.isArray(value)

/** The finished page or part, for the wire. */
export const sourceOf = (made: Html): string => made[MADE]

export const nothing: Html = html``

/**
 * Where a link may lead: http, https, mailto, or a path of this desk. An address on the desk's own origin becomes a
 * path, so that it works behind whatever name the person came by. Anything else (javascript:, data:, //host) is no link.
 */
export function safeHref(href: string, base: URL): string | undefined {
  const clean = honest(href).trim()
  if (isPath(clean)) return clean
  if (/^#[\w-]+$/.test(clean)) return clean
  if (!URL.canParse(clean)) return undefined
  const url = new URL(clean)
  if (url.origin === base.origin && url.protocol === base.protocol) return `${url.pathname}${url.search}${url.hash}`
  const isOutside = url.protocol === 'https:' || url.protocol === 'http:' || url.protocol === 'mailto:'
  return isOutside && url.username === '' && url.password === '' ? url.href : undefined
}

/** Of a link: what lies outside the desk opens beside a frame, in which other sites refuse to be shown. */
export const leading = (href: string, framed: boolean | undefined): Html =>
  html` href="${href}" rel="noopener noreferrer"${framed && !isPath(href) && !href.startsWith('#') ? html` target="_blank"` : nothing}`

/** A path of this desk, and not an address of another host in disguise. */
export const isPath = (value: string): boolean => /^\/(?![/\\])[^\\\s]*$/.test(value)
