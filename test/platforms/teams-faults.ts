import { createRequire } from 'node:module'
import { actionsIn, elementsIn, type Json, targetsOf } from './teams-cards.ts'

/**
 * What Teams would not take or not draw of an Adaptive Card: the rules of the published JavaScript renderer, and those
 * that Teams has beyond it. Written down apart from the adapter, so that a wrong one there is noticed.
 */

type Library = typeof import('adaptivecards')
// Its modules are no modules for Node; the bundle is.
const { AdaptiveCard, HostConfig, SerializationContext, Version } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as Library

/** Actions side by side: the renderer's own limit is five, Teams draws six. */
const MOST_ACTIONS = 5
const VERSION = /^1\.[0-5]$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/** Every rule that is broken; nothing when Teams would draw the card. */
export function faultsOf(card: unknown): string[] {
  if (typeof card !== 'object' || card === null) return ['no card']
  const it = card as Json
  if (it.type !== 'AdaptiveCard') return ['not an AdaptiveCard']
  if (!VERSION.test(String(it.version))) return [`version ${String(it.version)}`]
  if (!Array.isArray(it.body)) return ['no body']
  return [...byLibrary(it), ...elementsIn(it).flatMap((element) => ofElement(element, it)), ...ofText(it)]
}

function byLibrary(card: Json): string[] {
  const context = new SerializationContext(new Version(1, 5))
  const parsed = new AdaptiveCard()
  parsed.hostConfig = new HostConfig({ actions: { maxActions: MOST_ACTIONS } })
  parsed.parse(JSON.parse(JSON.stringify(card), withoutSearch), context)
  const events = Array.from({ length: context.eventCount }, (_, n) => context.getEventAt(n)).map((it) => it.message)
  return [...events, ...parsed.validateProperties().validationEvents.map((it) => it.message)]
}

/**
 * A search that Teams asks us for while somebody types: documented by Teams for its cards, by the library for 1.6 only,
 * and one that begins with nothing found looks to it like a slip.
 */
function withoutSearch(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('choices.data' in value)) return value
  const { 'choices.data': _search, ...input } = value as { 'choices.data': unknown; choices?: unknown[] }
  return input.choices?.length === 0 ? { ...input, choices: [{ title: 'found', value: 'found' }] } : input
}

function ofElement(element: Json, card: Json): string[] {
  const type = String(element.type)
  const found: string[] = []
  const actions = Array.isArray(element.actions) ? (element.actions as Json[]) : []
  if (actions.length > MOST_ACTIONS) found.push(`${actions.length} actions side by side`)
  for (const action of actions) if (!String(action.title ?? '').trim()) found.push('an action without a title')
  if ((type === 'TextBlock' || type === 'TextRun') && typeof element.text !== 'string')
    found.push(`${type} without text`)
  if (type === 'RichTextBlock' && !(element.inlines as unknown[] | undefined)?.length) found.push('no runs of text')
  if ((type === 'Action.Execute' || type === 'Action.Submit') && typeof (element.data ?? {}) !== 'object')
    found.push(`${type} with data that inputs cannot join`)
  if (type === 'Action.OpenUrl' && !/^(https?|mailto):/.test(String(element.url)))
    found.push('an address that opens nothing')
  if (type === 'Action.ToggleVisibility') {
    const ids = elementsIn(card).map((one) => one.id)
    for (const id of targetsOf(element)) if (!ids.includes(id)) found.push(`toggles ${id}, which is not there`)
    if (targetsOf(element).length === 0) found.push('toggles nothing')
  }
  if (type.startsWith('Input.')) found.push(...ofInput(element, card))
  return found
}

function ofInput(input: Json, card: Json): string[] {
  const found: string[] = []
  const { id, choices = [], isMultiSelect, isRequired } = input
  if (typeof id !== 'string' || id === '') found.push(`${String(input.type)} without an id`)
  if (actionsIn(card).some(({ action }) => Object.hasOwn((action.data ?? {}) as Json, String(id))))
    found.push(`${String(id)} would be taken for what travels`)
  if (isRequired === true && !input.errorMessage) found.push(`${String(id)} is required and does not say so`)
  for (const { title, value } of choices as Json[]) {
    if (typeof title !== 'string' || title.trim() === '' || typeof value !== 'string')
      found.push('a choice without words')
    if (isMultiSelect === true && String(value).includes(',')) found.push('a value with a comma among several')
  }
  return found
}

function ofText(value: unknown): string[] {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) return ['half a character']
    return NO_TEXT.test(value) ? ['a control character'] : []
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(ofText) : []
}
