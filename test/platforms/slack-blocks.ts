/**
 * What Slack itself would say to blocks and views, and what a reader sees of them. The numbers are written down again
 * here, from Slack's documentation, so that a wrong one in the adapter is noticed.
 */
export type Json = { [name: string]: unknown }

const LENGTHS: Record<string, Record<string, number>> = {
  header: { text: 150 },
  section: { text: 3000 },
  button: { text: 75, value: 2000, url: 3000, accessibility_label: 75, action_id: 255 },
  input: { label: 2000, hint: 2000, block_id: 255 },
  plain_text_input: { placeholder: 150, initial_value: 3000, action_id: 255 },
  modal: { title: 24, submit: 24, close: 24, private_metadata: 3000, callback_id: 255 },
}
const COUNTS: Record<string, Record<string, [number, number]>> = {
  actions: { elements: [1, 25] },
  context: { elements: [1, 10] },
  radio_buttons: { options: [1, 10] },
  checkboxes: { options: [1, 10] },
  static_select: { options: [1, 100] },
  multi_static_select: { options: [1, 100] },
}
const KNOWN = [
  'header section rich_text context actions divider input image',
  'rich_text_section rich_text_list rich_text_quote rich_text_preformatted text link',
  'plain_text mrkdwn button plain_text_input number_input datepicker radio_buttons checkboxes static_select',
  'multi_static_select external_select file_input modal home',
].flatMap((line) => line.split(' '))

/** Every rule that is broken, as Slack's error; nothing when Slack would take it. */
export function refusals(surface: 'message' | 'modal' | 'home', blocks: Json[]): string[] {
  const found: string[] = []
  if (blocks.length > (surface === 'message' ? 50 : 100)) found.push(`${blocks.length} blocks`)
  if (surface !== 'message' && blocks.length === 0) found.push('no blocks')
  const actionIds = new Set<unknown>()
  const blockIds = new Set<unknown>()
  for (const block of blocks) {
    if (block.type === 'input' && surface !== 'modal') found.push('input outside a modal')
    if (block.block_id !== undefined && blockIds.has(block.block_id)) found.push('block_id twice')
    blockIds.add(block.block_id)
    walk(block, (node) => {
      found.push(...refusalsOf(node))
      if (node.type === 'button' && actionIds.has(node.action_id)) found.push('action_id twice')
      if (node.type === 'button') actionIds.add(node.action_id)
    })
  }
  if (surface === 'message' && wordsIn(blocks) > 13_200) found.push('msg_blocks_too_long')
  if (surface !== 'message' && JSON.stringify(blocks).length > 250_000) found.push('view_too_large')
  return found
}

export function viewRefusals(view: Json): string[] {
  const blocks = (view.blocks ?? []) as Json[]
  const found = refusals(view.type === 'home' ? 'home' : 'modal', blocks)
  found.push(...refusalsOf(view))
  if (blocks.some((block) => block.type === 'input') && !view.submit) found.push('input without submit')
  return found
}

function refusalsOf(node: Json): string[] {
  const type = String(node.type)
  const found: string[] = []
  if (!KNOWN.includes(type)) found.push(`unknown type ${type}`)
  for (const [name, max] of Object.entries(LENGTHS[type] ?? {})) {
    const length = lengthOf(node[name])
    if (length > max) found.push(`${type}.${name}: ${length} > ${max}`)
  }
  for (const [name, [least, most]] of Object.entries(COUNTS[type] ?? {})) {
    const count = (node[name] as unknown[] | undefined)?.length ?? 0
    if (count < least || count > most) found.push(`${type}.${name}: ${count} of ${least}–${most}`)
  }
  if ((type === 'plain_text' || type === 'mrkdwn') && lengthOf(node.text) < 1) found.push(`${type} without text`)
  if (type === 'text' && lengthOf(node.text) < 1) found.push('rich text without text')
  for (const option of (node.options ?? []) as Json[]) {
    if (lengthOf(option.text) > 75 || lengthOf(option.value) > 150 || lengthOf(option.description) > 75)
      found.push('option too long')
  }
  const confirm = node.confirm as Json | undefined
  if (confirm) {
    const limits: [string, number][] = [
      ['title', 100],
      ['text', 300],
      ['confirm', 30],
      ['deny', 30],
    ]
    for (const [name, max] of limits) if (lengthOf(confirm[name]) > max) found.push(`confirm.${name}`)
  }
  if (type === 'plain_text_input' && lengthOf(node.initial_value) > Number(node.max_length ?? 3000))
    found.push('initial_value longer than max_length')
  if (type === 'number_input' && node.initial_value !== undefined) {
    const value = Number(node.initial_value)
    if (value < Number(node.min_value ?? -Infinity) || value > Number(node.max_value ?? Infinity))
      found.push('initial_value out of range')
  }
  if ((type === 'link' || type === 'button') && node.url !== undefined && !/^https?:\/\//.test(String(node.url)))
    found.push('not a web address')
  return found
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string' ? value.length : value ? String((value as Json).text ?? '').length : 0

function walk(value: unknown, visit: (node: Json) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit)
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value) visit(value as Json)
    for (const inner of Object.values(value)) walk(inner, visit)
  }
}

export function wordsIn(blocks: Json[]): number {
  let sum = 0
  walk(blocks, (node) => {
    if (typeof node.text === 'string') sum += node.text.length
  })
  return sum
}

export function buttonsIn(blocks: Json[]): Json[] {
  const found: Json[] = []
  walk(blocks, (node) => {
    if (node.type === 'button') found.push(node)
  })
  return found
}

export const labelOf = (node: Json): string => shown((node.text as Json | undefined)?.text)

const shown = (text: unknown): string =>
  String(text ?? '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** What a person reads, one line per block; buttons as [Label]. */
export const read = (blocks: Json[]): string => blocks.map(readBlock).join('\n')

function readBlock(block: Json): string {
  const elements = (block.elements ?? []) as Json[]
  switch (block.type) {
    case 'header':
      return labelOf(block)
    case 'section':
      return [marked(block.text as Json), block.accessory ? `[${labelOf(block.accessory as Json)}]` : '']
        .filter(Boolean)
        .join(' ')
    case 'rich_text':
      return elements.map(readRich).join('\n')
    case 'context':
      return elements.map((one) => shown(one.text)).join(' ')
    case 'actions':
      return elements.map((one) => `[${labelOf(one)}]`).join(' ')
    case 'input':
      return `${shown((block.label as Json).text)}: ____`
    default:
      return '—'
  }
}

/** mrkdwn as it is shown: marks gone, links by their words. */
const marked = (text: Json): string =>
  text.type === 'mrkdwn'
    ? shown(
        String(text.text)
          .replace(/<[^>|]*\|([^>]*)>/g, '$1')
          .replace(/[*_`]/g, ''),
      )
    : shown(text.text)

function readRich(part: Json): string {
  const elements = (part.elements ?? []) as Json[]
  if (part.type === 'rich_text_list') return elements.map((one) => `- ${readRich(one)}`).join('\n')
  const words = elements.map((one) => String(one.text ?? one.url ?? '')).join('')
  return part.type === 'rich_text_quote' ? `> ${words}` : words
}
