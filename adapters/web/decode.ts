import { createHash } from 'node:crypto'
import type { Entries, Turn } from '../../src/core/workflow.ts'
import { LONGEST_PARAMETER } from './limits.ts'
import type { Visitor } from './sessions.ts'

/** What a form brought: names and values in their order, files already stored, and files that were not taken. */
export type Sent = {
  pairs: readonly (readonly [string, string])[]
  files: readonly StoredUpload[]
  refused: readonly RefusedUpload[]
}

export type StoredUpload = { field: string; id: string; name: string }

export type RefusedUpload = { field: string; name: string; why: 'too large' | 'empty' | 'too many' }

export const given = (sent: Sent, name: string): string | undefined => sent.pairs.find(([key]) => key === name)?.[1]

/** A click or a submitted form as a turn. undefined: it says not what to do. */
export function turnOf(sent: Sent, visitor: Visitor): Turn | undefined {
  const what = given(sent, 'do') ?? ''
  if (!/^[a-z][a-z-]*\.[a-z][a-zA-Z-]*$/.test(what)) return undefined
  const anchor = short(sent, 'anchor')
  const entries = given(sent, 'form') === undefined ? undefined : entriesOf(sent)
  return {
    key: keyOf(sent, visitor, entries),
    by: visitor.actor,
    do: what,
    id: short(sent, 'id'),
    shown: short(sent, 'shown'),
    with: parametersOf(sent),
    entries,
    ...(anchor === undefined ? {} : { anchor: { key: anchor } }),
    origin: 'web',
  }
}

/**
 * `e_<field>` pairs and stored files, by field. `k_<field>` is the file a field of one file had before: it counts unless
 * another came. Line ends as every other platform sends them.
 */
export function entriesOf(sent: Sent): Entries {
  const entries: Record<string, string | string[]> = Object.create(null)
  const add = (field: string, value: string) => {
    const before = entries[field]
    entries[field] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  for (const [name, value] of sent.pairs) if (name.startsWith('e_')) add(name.slice(2), value.replace(/\r\n?/g, '\n'))
  for (const file of sent.files) add(file.field, file.id)
  const kept = sent.pairs.filter(([name]) => name.startsWith('k_') && entries[name.slice(2)] === undefined)
  for (const [name, value] of kept) add(name.slice(2), value)
  return entries
}

/**
 * The same button with the same answers is the same turn, however often it arrives; other answers from the same form
 * (Back, then corrected) are another. The person is part of it, so that nobody can ask for another's answer.
 */
const keyOf = (sent: Sent, visitor: Visitor, entries: Entries | undefined): string =>
  `web:${visitor.actor.user}:${short(sent, 'key') ?? ''}:${hashOf(JSON.stringify(entries ?? null))}`

export const hashOf = (words: string): string => createHash('sha256').update(words).digest('base64url').slice(0, 22)

function parametersOf(sent: Sent): Record<string, string> | undefined {
  const found = sent.pairs
    .filter(([name]) => name.startsWith('with_'))
    .map(([name, value]) => [name.slice('with_'.length), value.slice(0, LONGEST_PARAMETER)] as const)
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

function short(sent: Sent, name: string): string | undefined {
  const value = given(sent, name)
  return value === undefined || value === '' ? undefined : value.slice(0, LONGEST_PARAMETER)
}
