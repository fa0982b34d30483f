import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Button, Form } from '../../src/core/view.ts'
import { BUTTON, PRIVATE_METADATA } from './limits.ts'

/**
 * What travels through Slack and comes back: which action, about what, which revision was shown, small parameters.
 * Nothing of it is authority: rights and state are read again at the click (T10).
 */
export type Payload = { do: string; id?: string; shown?: string; with?: Record<string, string> }

/** A message of ours, as Slack names it. The same JSON is the Anchor that the core keeps. */
export type Where = { channel: string; ts: string }

/** What a modal remembers: its action, and the message that it was opened from, which is answered in place. */
export type Meta = Payload & {
  at?: Where
  /** An ephemeral message has no address of its own: only this reaches it, for 30 minutes. */
  reply?: string
  origin?: string
}

const payload = z.object({
  do: z.string().max(100),
  id: z.string().max(200).optional(),
  shown: z.string().max(500).optional(),
  with: z.record(z.string(), z.string()).optional(),
})
const meta = payload.extend({
  do: z.string().max(100).default(''),
  at: z.object({ channel: z.string(), ts: z.string() }).optional(),
  reply: z.string().optional(),
  origin: z.string().optional(),
})

/** An action that no workflow has: the core answers that the button is of an older version. */
const UNREADABLE: Payload = { do: '' }

export const packButton = (button: Extract<Button, { do: string }>): string =>
  pack({ do: button.do, id: button.id, shown: button.shown, with: button.with }, BUTTON.value, button.do)

export const packMeta = (what: Meta): string => pack(what, PRIVATE_METADATA, what.do)

function pack(what: Meta | Payload, max: number, name: string): string {
  const json = JSON.stringify(what)
  if (json.length > max) throw new RangeError(`${name}: ${json.length} characters travel with it, Slack takes ${max}`)
  return json
}

export const readButton = (value: unknown): Payload => payload.safeParse(parse(value)).data ?? UNREADABLE

export const readMeta = (value: unknown): Meta => meta.safeParse(parse(value)).data ?? UNREADABLE

function parse(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return {}
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/**
 * The block_id of a field. Slack keeps what was typed as long as block_id and action_id stay, so the same form keeps
 * them and another one (or another revision) does not inherit a stranger's words.
 */
export function fieldId(form: Pick<Form, 'do' | 'id' | 'shown'>, name: string): string {
  const tag = createHash('sha256')
    .update(JSON.stringify([form.do, form.id, form.shown]))
    .digest('hex')
    .slice(0, 8)
  return `${name}@${tag}`
}

export const fieldName = (blockId: string): string => blockId.replace(/@[0-9a-f]{8}$/, '')
