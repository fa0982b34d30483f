import type { Context, Fact } from './types.ts'

/** Cells repeat their words; a small memory keeps a million of them cheap. */
const remembered = 4096
const shortEnough = 64
const words = new Map<string, string>()

/** For comparing: NFKC, single spaces, lower case. */
export function word(text: string): string {
  const before = words.get(text)
  if (before !== undefined) return before
  const said = text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
  if (words.size >= remembered) words.clear()
  if (text.length <= shortEnough) words.set(text, said)
  return said
}

/** Trimmed, or nothing. */
export function filled(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed ? trimmed : undefined
}

const plainAddress = /^[a-z0-9._+-]+@[a-z0-9.-]+$/
const oneAddress = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/

/** A mail address trimmed and in lower case; something else that is not empty is counted and left out. */
export function email(text: string | undefined, context: Context): string | undefined {
  if (!text) return undefined
  if (plainAddress.test(text)) return text
  const address = text
    .normalize('NFKC')
    .replaceAll(/[\u200b\u2060\ufeff]/g, '')
    .trim()
    .toLowerCase()
  if (!address) return undefined
  if (oneAddress.test(address)) return address
  context.warn('unreadable e-mail')
  return undefined
}

/** The cells of one row by index; a column that is not there (-1) reads as undefined. */
export function cell(cells: readonly string[], index: number): string | undefined {
  return index < 0 ? undefined : cells[index]
}

const yes = new Set(['yes', 'true', 't', '1', 'y', 'on', 'enabled'])
const no = new Set(['no', 'false', 'f', '0', 'n', 'off', 'disabled'])

/** `undefined`: no such column. */
export function fact(text: string | undefined): Fact {
  if (text === undefined) return 'not read'
  const said = word(text)
  if (yes.has(said)) return 'yes'
  return no.has(said) ? 'no' : 'unknown'
}

const active = new Set(['active', 'enabled', 'activated', 'ok', 'in use', 'billed'])
const inactive = new Set(
  'inactive disabled deactivated suspended archived locked blocked expired deprovisioned terminated closed'.split(' '),
)

export function status(text: string | undefined, context: Context): 'active' | 'inactive' | 'unknown' {
  if (!text?.trim()) return 'unknown'
  const said = word(text)
  const flag = fact(said)
  if (active.has(said) || flag === 'yes') return 'active'
  if (inactive.has(said) || flag === 'no') return 'inactive'
  context.warn('unknown word')
  return 'unknown'
}

/** One entitlement under each name of a list cell, in order, each once. */
export function several(text: string, separator: ',' | ';', context: Context): string[] {
  const names = new Map<string, string>()
  for (const part of text.split(separator)) {
    const name = part.trim()
    if (!name) continue
    if (names.has(word(name))) context.warn('repeated in row')
    else names.set(word(name), name)
  }
  return [...names.values()]
}

const great =
  /(^|[^a-z])(admins?|administrators?|superadmin|owners?|root|super ?users?|sysadmin|dba|sudo|wheel|break ?glass)([^a-z]|$)/

/** A name that claims power is believed; a name that does not claim it proves nothing. */
export function privilegedByName(name: string): 'yes' | 'unknown' {
  return great.test(name.toLowerCase()) ? 'yes' : 'unknown'
}
