/** Just enough of a reader for the desk's own pages: attributes in double quotes, every element closed or void. */
export type Node = { tag: string; attrs: Record<string, string>; children: (Node | string)[] }

const VOID = new Set(['meta', 'link', 'img', 'input', 'br', 'hr'])
const TOKEN = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>|([^<]+)/y
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/g

/** Throws on anything that is not such a page: markup that came from somewhere else. */
export function parse(source: string): Node {
  const root: Node = { tag: '#page', attrs: {}, children: [] }
  const open = [root]
  const token = new RegExp(TOKEN)
  while (token.lastIndex < source.length) {
    const at = token.lastIndex
    const found = token.exec(source)
    const parent = open.at(-1)
    if (!found || !parent) throw new Error(`not a page of the desk at: ${source.slice(at, at + 80)}`)
    const [, close, tag, attributes = '', text] = found
    if (text !== undefined) parent.children.push(decoded(text))
    else if (tag !== undefined && close === '/') {
      if (parent.tag !== tag) throw new Error(`</${tag}> closes <${parent.tag}>`)
      open.pop()
    } else if (tag !== undefined) {
      const node: Node = { tag, attrs: attributesOf(attributes), children: [] }
      parent.children.push(node)
      if (!VOID.has(tag)) open.push(node)
    }
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)?.tag}> stays open`)
  return root
}

function attributesOf(source: string): Record<string, string> {
  const attrs: Record<string, string> = {}
  for (const [, name = '', value = ''] of source.matchAll(ATTRIBUTE)) attrs[name] = decoded(value)
  return attrs
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const decoded = (text: string): string =>
  text.replace(/&(\w+|#\d+);/g, (whole, name: string) => ENTITIES[name] ?? whole)

export const nodes = (node: Node): Node[] =>
  node.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...nodes(child)]))

export const all = (node: Node, is: (one: Node) => boolean): Node[] => nodes(node).filter(is)
export const first = (node: Node, is: (one: Node) => boolean): Node | undefined => nodes(node).find(is)

export const hasClass = (name: string) => (node: Node) => (node.attrs.class ?? '').split(' ').includes(name)
export const isTest = (name: string) => (node: Node) => node.attrs['data-test'] === name
export const isTag = (tag: string) => (node: Node) => node.tag === tag

const BLOCKS = new Set([
  'p',
  'div',
  'li',
  'dt',
  'dd',
  'tr',
  'blockquote',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'br',
  'legend',
  'td',
  'th',
])

/** The words a reader meets; those for screen readers only are left out. */
export function words(node: Node | string): string {
  if (typeof node === 'string') return node
  if (hasClass('unseen')(node)) return ''
  const inner = node.children.map(words).join('')
  return node.tag === 'img' ? (node.attrs.alt ?? '') : BLOCKS.has(node.tag) ? `${inner}\n` : inner
}

export const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim()
