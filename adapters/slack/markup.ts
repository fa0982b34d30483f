import type { types } from '@slack/bolt'
import { clean, cut } from '../../src/core/drawing.ts'
import type { Span, Text } from '../../src/core/md.ts'
import { BUTTON } from './limits.ts'

/**
 * The only place where text becomes Slack's. Nothing a person typed can become a mention, a link or a format (T21, T22):
 * text objects are escaped once, rich text is literal by its nature, and what would look like a special token there is
 * broken by a word joiner, so that it stays harmless even for a reader that parses it.
 */

const TOKEN = /<(?=[!@#a-z])/gi
const JOINER = '\u2060'

/** For text objects and the fallback: & < > are control characters there (docs.slack.dev: formatting, escaping). */
const escapeText = (text: string): string =>
  clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const literal = (text: string): string => clean(text).replace(TOKEN, `<${JOINER}`)

/** Escaped and at most `max` long, never cut inside an entity. */
export function cutEscaped(text: string, max: number): string {
  const whole = escapeText(text)
  if (whole.length <= max) return whole
  let fitting = ''
  for (const character of clean(text)) {
    const escaped = escapeText(character)
    if (fitting.length + escaped.length > max - 1) break
    fitting += escaped
  }
  return `${fitting.trimEnd()}…`
}

/** A plain_text object. Slack wants at least one character. */
export const plainText = (text: string, max: number): types.PlainTextElement => ({
  type: 'plain_text',
  text: cutEscaped(text.trim() === '' ? '–' : text, max),
  emoji: false,
})

/** Only an absolute web address may become a link; a path needs the address of the browser desk. */
export function safeHref(href: string, desk?: string): string | undefined {
  const whole = href.startsWith('/') && !href.startsWith('//') && desk ? `${desk}${href}` : href
  if (!/^https?:\/\/[^\s<>|"]+$/i.test(whole) || whole.length > BUTTON.url || !URL.canParse(whole)) return undefined
  return whole
}

type RichElement = types.RichTextElement

/** Text as rich text elements, at most `max` characters in all. */
export function richText(text: Text, max: number, desk?: string): RichElement[] {
  const elements: RichElement[] = []
  let room = max
  for (const span of text) {
    if (room <= 0) break
    const words = cut(literal(span.text), room)
    if (words === '') continue
    room -= words.length
    const style = {
      ...(span.bold ? { bold: true } : {}),
      ...(span.italic ? { italic: true } : {}),
      ...(span.code ? { code: true } : {}),
    }
    const styled = Object.keys(style).length > 0 ? { style } : {}
    const href = span.href === undefined ? undefined : safeHref(span.href, desk)
    elements.push(href ? { type: 'link', url: href, text: words, ...styled } : { type: 'text', text: words, ...styled })
  }
  return elements.length > 0 ? elements : [{ type: 'text', text: ' ' }]
}

/**
 * Text as mrkdwn, or undefined when a character of it would be read as a format: mrkdwn has no way to escape those.
 * Used where only a text object fits.
 */
export function mrkdwn(text: Text, desk?: string): string | undefined {
  if (text.some((span) => /[*_~`]|^\s*>|\n\s*>/.test(span.text))) return undefined
  return joined(text)
    .map((span) => {
      const href = span.href === undefined ? undefined : safeHref(span.href, desk)
      let words = escapeText(span.text)
      if (words.trim() === '') return words
      // A mark beside a space is an asterisk to Slack, and no format.
      const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(words) ?? []
      words = inner
      if (href) words = `<${href.replaceAll('&', '&amp;')}|${words.replaceAll('|', '¦').replaceAll('\n', ' ')}>`
      if (span.code) words = `\`${words}\``
      if (span.italic) words = `_${words}_`
      return `${before}${span.bold ? `*${words}*` : words}${after}`
    })
    .join('')
}

/** Neighbours of one format are one: `*a**b*` would show its inner marks. */
function joined(text: Text): Span[] {
  const all: Span[] = []
  for (const span of text) {
    const last = all.at(-1)
    const isSame = last && (['bold', 'italic', 'code', 'href'] as const).every((name) => last[name] === span[name])
    if (isSame) all[all.length - 1] = { ...last, text: last.text + span.text }
    else all.push(span)
  }
  return all
}

/** What Slack hands in (a message, a command) as the plain words that the person saw. */
export const plainOf = (text: string): string =>
  decoded(
    text.replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label: string | undefined) => {
      if (target.startsWith('#')) return `#${label || target.slice(1)}`
      if (target.startsWith('@')) return `@${label || target.slice(1)}`
      if (target.startsWith('!date')) return label ?? ''
      if (target.startsWith('!')) return `@${label?.replace(/^@/, '') || target.slice(1).split('^')[0]}`
      return label && target !== label && target !== `mailto:${label}` ? `${label} (${target})` : (label ?? target)
    }),
  )

export const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
