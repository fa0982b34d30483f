import { clean, cut } from '../../src/core/drawing.ts'
import type { Text } from '../../src/core/md.ts'
import { BUTTON, RICH_TEXT } from './limits.ts'

/**
 * The only place where text becomes Adaptive Card text. Words stand in text runs, which are literal: a TextBlock or a
 * FactSet would read Markdown in them, so that what a person typed could become a link (T21, T22).
 */

/** An element of a card: plain JSON, no types of an SDK. */
export type Element = { type: string; [name: string]: unknown }

export type Look = { size?: string; weight?: string; color?: string; isSubtle?: true }

/** Only an absolute https address may become a link; a path needs the address of the browser desk. */
export function safeHref(href: string, desk?: string): string | undefined {
  const whole = href.startsWith('/') && !href.startsWith('//') && desk ? `${desk}${href}` : href
  if (!/^https?:\/\/[^\s<>|"\\]+$/i.test(whole) || whole.length > BUTTON.url || !URL.canParse(whole)) return undefined
  return whole
}

/** A block of its own for each line, at most `max` characters in all. */
export function richText(text: Text, desk?: string, look: Look = {}, max = RICH_TEXT): Element[] {
  const lines: Element[][] = [[]]
  let room = max
  for (const span of text) {
    const words = cut(clean(span.text), Math.max(0, room))
    room -= words.length
    const href = span.href === undefined ? undefined : safeHref(span.href, desk)
    for (const [n, line] of words.split('\n').entries()) {
      if (n > 0) lines.push([])
      if (line === '') continue
      add(lines.at(-1) ?? [], line, {
        ...look,
        ...(span.bold ? { weight: 'Bolder' } : {}),
        ...(span.italic ? { italic: true } : {}),
        ...(span.code ? { fontType: 'Monospace' } : {}),
        ...(href ? { selectAction: { type: 'Action.OpenUrl', url: href } } : {}),
      })
    }
    if (room <= 0) break
  }
  return lines
    .filter((line) => line.length > 0)
    .map((inlines, n) => ({ type: 'RichTextBlock', inlines, ...(n > 0 ? { spacing: 'None' } : {}) }))
}

/** Words of the same look in a row are one run: a card has room for so many bytes only. */
function add(line: Element[], words: string, look: object): void {
  const last = line.at(-1)
  const { type: _type, text, ...before } = last ?? { type: '' }
  if (last && JSON.stringify(before) === JSON.stringify(look)) last.text = `${text}${words}`
  else line.push({ type: 'TextRun', text: words, ...look })
}

const JOINER = '\u2060'

/**
 * Titles of choices and toggles: some clients read Markdown there and some do not, so nothing can be escaped. What would
 * become a link or a picture is broken by a word joiner.
 */
export const choiceText = (text: string, max: number): string =>
  cut(clean(text).trim() === '' ? '–' : clean(text), max).replaceAll('](', `]${JOINER}(`)

/** Labels, titles of buttons, placeholders: literal everywhere. */
export const literal = (text: string, max: number): string => cut(clean(text).trim() === '' ? '–' : clean(text), max)

/** Where there is only room for a sentence: its links stand behind their words. */
export const sentence = (text: Text, desk: string | undefined, max: number): string =>
  cut(
    text
      .map((span) => {
        const href = span.href === undefined ? undefined : safeHref(span.href, desk)
        return href && href !== span.text ? `${clean(span.text)} (${href})` : clean(span.text)
      })
      .join(''),
    max,
  )

/** What Teams hands in (a command, a carried message) as the plain words that the person saw. */
export const plainOf = (html: string): string =>
  decoded(
    html
      .replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '\n')
      .replace(/<a\b[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gis, (_, href: string, label: string) =>
        label === href || href === '' ? label : `${label} (${href})`,
      )
      .replace(/<[^>]*>/g, ''),
  ).trim()

export const decoded = (text: string): string =>
  text
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
