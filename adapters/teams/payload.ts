import { z } from 'zod'
import type { Button, Entries, Field, Form } from '../../src/core/view.ts'

/**
 * What travels in an action's data and comes back with a click: which action, about what, which revision was shown, small
 * parameters. Nothing of it is authority: a client can forge it, so rights and state are read again (T10).
 */
export type Payload = { do: string; id?: string; shown?: string; with?: Record<string, string> }

/** A message of ours, as the service names it. The same JSON is the Anchor that the core keeps. */
export type Where = { serviceUrl: string; conversation: string; id: string }

/** What a form remembers beside its action: the message it was opened from, which is answered in place. */
export type Meta = Payload & { at?: string; origin?: string; submit?: true; many?: string[] }

const MOST = 4000

const meta = z.object({
  do: z.string().max(100),
  id: z.string().max(200).optional(),
  shown: z.string().max(500).optional(),
  with: z.record(z.string(), z.string()).optional(),
  /** The id of the message; its conversation is the one that Teams says the click came from. */
  at: z.string().max(200).optional(),
  origin: z.string().max(40).optional(),
  submit: z.literal(true).optional(),
  /** Fields of which several may be chosen: a client joins them with commas. */
  many: z.array(z.string().max(100)).max(100).optional(),
})
const data = z.looseObject({ cs: meta })

/** An action that no workflow has: the core answers that the button is of an older version. */
const UNREADABLE: Meta = { do: '' }

export const packButton = (
  button: Extract<Button, { do: string }>,
  from: Pick<Meta, 'at' | 'origin'> = {},
): { cs: Meta } => pack({ do: button.do, id: button.id, shown: button.shown, with: button.with, ...from })

export function packForm(form: Form, from: Pick<Meta, 'at' | 'origin'>): { cs: Meta } {
  const isMany = (field: Field) => field.kind === 'choices' || (field.kind === 'file' && field.max !== 1)
  const many = Object.entries(form.fields).flatMap(([name, field]) => (isMany(field) ? [name] : []))
  const { do: what, id, shown, with: more } = form
  return pack({ do: what, id, shown, with: more, ...from, submit: true, ...(many.length > 0 ? { many } : {}) })
}

function pack(what: Meta): { cs: Meta } {
  const packed = JSON.parse(JSON.stringify({ cs: what })) as { cs: Meta }
  const { length } = JSON.stringify(packed)
  if (length > MOST) throw new RangeError(`${what.do}: ${length} characters travel with it, more than ${MOST}`)
  return packed
}

export const readMeta = (value: unknown): Meta => data.safeParse(value).data?.cs ?? UNREADABLE

const FIELD = 'f.'

/** The id of an input, so that what was typed cannot be mistaken for what travels. */
export const fieldId = (name: string): string => `${FIELD}${name}`

/** What was typed, by field. */
export function typedIn(value: unknown, many: readonly string[] = []): Entries {
  const typed: Entries = Object.create(null)
  if (typeof value !== 'object' || value === null) return typed
  for (const [id, text] of Object.entries(value)) {
    if (!id.startsWith(FIELD) || (typeof text !== 'string' && typeof text !== 'number')) continue
    const name = id.slice(FIELD.length)
    typed[name] = many.includes(name) ? String(text).split(',').filter(Boolean) : String(text)
  }
  return typed
}
