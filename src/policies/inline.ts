import type { Token } from 'marked'
import type { Span, Text } from '../core/md.ts'

type Style = Omit<Span, 'text'>

/** Only where the web or mail can lead: javascript:, data: and file: stay words (T22). */
const SAFE = /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': '\u00a0',
}

/** Inline Markdown → spans. Images are their description, HTML is shown as it was typed, comments are left out. */
export function spansOf(tokens: readonly Token[], style: Style = {}): Text {
  return tokens.flatMap((token): Text => {
    const inner = 'tokens' in token && token.tokens ? token.tokens : undefined
    switch (token.type) {
      case 'strong':
        return spansOf(inner ?? [], { ...style, bold: true })
      case 'em':
        return spansOf(inner ?? [], { ...style, italic: true })
      case 'codespan':
        return span(token.text, { ...style, code: true })
      case 'link':
        return spansOf(inner ?? [], SAFE.test(token.href) ? { ...style, href: token.href } : style)
      case 'image':
        return span(decoded(token.text), { ...style, italic: true })
      case 'br':
        return span('\n', style)
      case 'checkbox':
        return []
      case 'html':
        return span(token.text.replace(/<!--[\s\S]*?-->/g, '').trim(), style)
      case 'escape':
        return span(token.text, style)
      default:
        return inner ? spansOf(inner, style) : span(unbroken(decoded('text' in token ? String(token.text) : '')), style)
    }
  })
}

/** The same as one line of plain words, for places without style. */
export const lineOf = (tokens: readonly Token[]): string =>
  spansOf(tokens)
    .map((one) => one.text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim()

const span = (text: string, style: Style): Text => (text === '' ? [] : [{ text, ...style }])

const decoded = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/g, (it) => ENTITIES[it] ?? it)

/** A line break in the source is a space, and nothing between Chinese or Japanese characters. */
const unbroken = (text: string): string =>
  text
    .replace(
      /(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}，。、：；])\n(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])/gu,
      '',
    )
    .replace(/\n/g, ' ')
