import { BIDI } from './corpus.ts'

/** What a reader sees of an Adaptive Card, what can be clicked and filled in, and what would act by itself. */
export type Json = { [name: string]: unknown }

/** `within`: the hidden part of the card that it stands in. */
export type Found = { action: Json; type: string; title: string; within?: Json }

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

type Visit = (element: Json, siblings: readonly Json[], hidden: Json | undefined) => void

const INSIDE = ['body', 'items', 'columns', 'rows', 'cells', 'inlines', 'images', 'actions', 'selectAction', 'card']

/** Every element and action in reading order; a fallback is not shown and not visited. */
function visit(node: Json, see: Visit, siblings: readonly Json[] = [node], outside?: Json): void {
  const hidden = node.isVisible === false ? node : outside
  see(node, siblings, hidden)
  for (const name of INSIDE) {
    const inner = node[name]
    if (Array.isArray(inner)) for (const one of list(inner)) visit(one, see, list(inner), hidden)
    else if (typeof inner === 'object' && inner !== null) visit(inner as Json, see, [inner as Json], hidden)
  }
}

export function elementsIn(card: Json): Json[] {
  const found: Json[] = []
  visit(card, (element) => found.push(element))
  return found
}

export function actionsIn(card: Json): Found[] {
  const found: Found[] = []
  visit(card, (element, _, hidden) => {
    const type = String(element.type)
    if (type.startsWith('Action.'))
      found.push({ action: element, type, title: String(element.title ?? ''), ...(hidden ? { within: hidden } : {}) })
  })
  return found
}

export const inputsIn = (card: Json): Json[] => elementsIn(card).filter((one) => String(one.type).startsWith('Input.'))

export const targetsOf = (toggle: Json): string[] =>
  ((toggle.targetElements ?? []) as (string | Json)[]).map((one) =>
    typeof one === 'string' ? one : String(one.elementId),
  )

const isDoing = ({ type }: Found): boolean => type === 'Action.Execute' || type === 'Action.Submit'

/** What a confirmation asks for: the first thing to do in the hidden part that a toggle shows. */
export const behind = (card: Json, toggle: Json): Json | undefined =>
  actionsIn(card).find((one) => isDoing(one) && targetsOf(toggle).includes(String(one.within?.id)))?.action

/** What invites a click: a button that shows "are you sure?" counts once, what it then asks does not. */
export const buttonsIn = (card: Json): string[] =>
  actionsIn(card)
    .filter((one) => !one.within && one.title !== '')
    .filter((one) =>
      one.type === 'Action.ToggleVisibility' ? behind(card, one.action) : one.type !== 'Action.ShowCard',
    )
    .map((one) => one.title)

/** A card that is handed in: filled in, or read to its end. */
export const isForm = (card: Json): boolean => submitIn(card) !== undefined

export const submitIn = (card: Json): Found | undefined =>
  actionsIn(card).find((one) => isDoing(one) && (one.action.data as { cs?: Json } | undefined)?.cs?.submit === true)

/** What is written in red right after an input. */
export function errorAfter(card: Json, input: Json): string | undefined {
  let next: Json | undefined
  visit(card, (element, siblings) => {
    if (element === input) next = siblings[siblings.indexOf(element) + 1]
  })
  const colors = next ? [next.color, ...list(next.inlines).map((run) => run.color)] : []
  return next && colors.includes('Attention') ? linesOf(next).join(' ') : undefined
}

/** Everything a reader sees, one line per element in reading order, hidden parts included; buttons as [Title]. */
export const readCard = (card: Json): string => [...list(card.body), ...list(card.actions)].flatMap(linesOf).join('\n')

/** The title, when the first thing in the card is drawn as one. */
export function titleOf(card: Json): string | undefined {
  const [first] = list(card.body)
  const looks = first ? [first, ...list(first.inlines)] : []
  const isTitle = looks.some(({ size, style }) => ['Large', 'ExtraLarge'].includes(String(size)) || style === 'heading')
  return first && isTitle ? linesOf(first).join(' ') : undefined
}

/** The text of a card without its title. */
export const bodyOf = (card: Json): string =>
  titleOf(card) === undefined ? readCard(card) : readCard({ ...card, body: list(card.body).slice(1) })

export function linesOf(element: Json): string[] {
  const type = String(element.type)
  if (type.startsWith('Action.')) return element.title ? [`[${String(element.title)}]`] : []
  if (type.startsWith('Input.'))
    return [element.label, element.placeholder, element.title, ...titlesOf(element)].flatMap(words)
  switch (type) {
    case 'TextBlock':
      return [readMarkdown(element.text)]
    case 'RichTextBlock':
      return [
        (element.inlines as (string | Json)[])
          .map((run) => (typeof run === 'string' ? run : String(run.text)))
          .join(''),
      ]
    case 'FactSet':
      return list(element.facts).map((fact) => `${readMarkdown(fact.title)} ${readMarkdown(fact.value)}`)
    case 'TableRow':
      return [
        list(element.cells)
          .map((cell) => linesOf(cell).join(' '))
          .join(' | '),
      ]
    case 'Image':
      return words(element.altText)
    default:
      return ['items', 'columns', 'rows', 'images', 'actions'].flatMap((name) => list(element[name]).flatMap(linesOf))
  }
}

const titlesOf = (input: Json): unknown[] => list(input.choices).map((choice) => choice.title)
const words = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? [value] : [])

/** The subset of Markdown that Teams reads in a TextBlock and a FactSet, as it is shown. */
const readMarkdown = (text: unknown): string =>
  String(text ?? '')
    .replace(/!?(?<!\\)\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(?<!\\)(\*\*|__|\*|_)(?=\S)(.+?)(?<=[^\s\\])\1/g, '$2')
    .replace(/\\([\\`*_{}[\]()#+\-.!~>|<&])/g, '$1')

const LINK = /!?\[[^\]]*\]\([^)]*\)/
const FORMAT = /(\*\*|__|\*|_|~~)(?=\S)(?:.*?\S)\1/

/** What Markdown would make of it; what is escaped is nothing. */
function livingMarkdown(text: string): string[] {
  const bare = text.replace(/\\[\s\S]/g, '\u0001')
  if (LINK.test(bare)) return [`link in ${text}`]
  if (/<?\bhttps?:\/\/|\bwww\./i.test(bare)) return [`address in ${text}`]
  return FORMAT.test(bare) ? [`format in ${text}`] : []
}

const isOurs = (url: unknown, desk: string): boolean => {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === 'https:' && parsed.origin === new URL(desk).origin
}

/** Whatever in a card would lead somewhere, fetch something, call somebody, take a format or turn words around. */
export function livingIn(card: Json, desk: string): string[] {
  const found = turnedIn(card)
  for (const element of elementsIn(card)) {
    const type = String(element.type)
    if (type === 'TextBlock') found.push(...livingMarkdown(String(element.text)))
    for (const fact of list(element.facts))
      found.push(...[fact.title, fact.value].flatMap((it) => livingMarkdown(String(it))))
    // Some clients read Markdown in the titles of choices and toggles, so that nothing can be escaped there.
    if (type.startsWith('Input.'))
      found.push(...[element.title, ...titlesOf(element)].flatMap(words).filter((title) => LINK.test(title)))
    if (type === 'Action.OpenUrl' && !isOurs(element.url, desk)) found.push(`leads to ${String(element.url)}`)
    if (type === 'Image' && !isOurs(element.url, desk)) found.push(`fetched from ${String(element.url)}`)
  }
  const { entities } = (card.msteams ?? {}) as Json
  if (list(entities).length > 0 && /<at\b/i.test(readCard(card))) found.push('a mention')
  return found
}

/** The same for a whole message: its text, what its notification shows, and its cards. */
export function livingInMessage(activity: Json, desk: string): string[] {
  const { text = '', textFormat = 'markdown', summary = '', attachments, entities } = activity
  const found = turnedIn({ text, summary })
  if (textFormat === 'xml' && /<(a|img|at)\b/i.test(String(text))) found.push(`markup in ${String(text)}`)
  if (textFormat === 'markdown') found.push(...livingMarkdown(String(text)))
  if (textFormat === 'plain' && /\bhttps?:\/\//.test(String(text).replaceAll(desk, '')))
    found.push(`address in ${String(text)}`)
  if (/<at\b/i.test(String(text)) && list(entities).some((one) => one.type === 'mention')) found.push('a mention')
  return [...found, ...list(attachments).flatMap((one) => livingIn((one.content ?? {}) as Json, desk))]
}

/** What travels unseen does not count. */
const UNSEEN = ['data', 'verb', 'url', '$schema']

function turnedIn(value: unknown): string[] {
  if (typeof value === 'string') return BIDI.test(value) ? [`turned around: ${value}`] : []
  if (Array.isArray(value)) return value.flatMap(turnedIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (UNSEEN.includes(name) ? [] : turnedIn(inner)))
}
