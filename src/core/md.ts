/**
 * Text that a person reads: spans with a style. Markup exists only in the literal parts of the `md` template; what is
 * interpolated is always plain text, so that a name like `<!channel>` or `[x](https://evil)` stays a name on every
 * platform (T21, T22, T23). Escaping for a platform is the adapter's last step.
 */
export type Span = { text: string; bold?: true; italic?: true; code?: true; href?: string }

export type Text = readonly Span[]

type Style = Omit<Span, 'text'>

// **bold**, _italic_, `code`, [label](https://…); \uE000n\uE001 stands for the n-th interpolated value while parsing.
const MARK = /\*\*(.+?)\*\*|(?<![\p{L}\p{N}])_(.+?)_(?![\p{L}\p{N}])|`(.+?)`|\[([^\]]+)\]\(([^)\s]+)\)/su
const HOLE = /\uE000(\d+)\uE001/

/** Plain text of a person or a record: no markup is read from it. */
export const plain = (text: string): Text => (text === '' ? [] : [{ text }])

/**
 * Tagged template for text with markup: `md\`**${name}** is due\``. A value is a string, a number or another Text.
 * A link's address comes from the literal or from a value made by code, never from what a person typed.
 */
export function md(parts: TemplateStringsArray, ...values: (string | number | Text)[]): Text {
  const source = parts.reduce((all, part, n) => `${all}\uE000${n - 1}\uE001${part}`)
  return parse(source, values, {})
}

function parse(source: string, values: readonly (string | number | Text)[], style: Style): Span[] {
  const found = MARK.exec(source)
  if (!found) return fill(source, values, style)
  const [all, bold, italic, code, label, href] = found
  const before = fill(source.slice(0, found.index), values, style)
  const rest = source.slice(found.index + all.length)
  const inner =
    bold !== undefined
      ? parse(bold, values, { ...style, bold: true })
      : italic !== undefined
        ? parse(italic, values, { ...style, italic: true })
        : code !== undefined
          ? fill(code, values, { ...style, code: true })
          : fill(label ?? '', values, { ...style, href: textOf(fill(href ?? '', values, {})) })
  return [...before, ...inner, ...parse(rest, values, style)]
}

function fill(source: string, values: readonly (string | number | Text)[], style: Style): Span[] {
  return source.split(/(\uE000\d+\uE001)/).flatMap((piece): Span[] => {
    const hole = HOLE.exec(piece)
    if (!hole) return piece === '' ? [] : [{ text: piece, ...style }]
    const value = values[Number(hole[1])]
    if (value === undefined || value === '') return []
    if (typeof value === 'string' || typeof value === 'number') return [{ text: String(value), ...style }]
    return value.map((span) => ({ ...span, ...style }))
  })
}

/** The words alone: for notifications, logs of what was shown, and plain-text places. */
export const textOf = (text: Text): string => text.map((span) => span.text).join('')

/** Several texts in a row, with something between them. */
export const join = (texts: readonly Text[], between = ' '): Text =>
  texts.filter((text) => text.length > 0).flatMap((text, n) => (n === 0 ? text : [{ text: between }, ...text]))
