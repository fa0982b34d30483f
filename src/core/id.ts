import { randomFillSync } from 'node:crypto'

/** The kinds of ids. A wrong kind fails at the door, before anything is looked up. Ids are never recycled. */
export const KINDS = {
  per: 'person',
  idn: 'identity',
  cmp: 'campaign',
  asg: 'assignment',
  msg: 'message',
  ent: 'entry',
  fil: 'file',
  pol: 'policy',
  pov: 'policy version',
  ack: 'acknowledgement',
  que: 'question',
  act: 'control action',
  occ: 'occurrence',
  att: 'attestation',
  sys: 'system',
  snp: 'snapshot',
  grt: 'access grant',
  rev: 'review',
  rit: 'review item',
  dec: 'access decision',
  bat: 'batch',
  rep: 'report',
  det: 'report detail',
  ver: 'verdict',
} as const

export type Kind = keyof typeof KINDS

/** Random bytes, handed in so that tests can repeat a run. */
export type Random = (size: number) => Uint8Array

/** The system's own, drawn a page at a time: a call for each id costs more than making the id. */
export const systemRandom: Random = (size) => {
  if (size > page.length - used) {
    randomFillSync(page)
    used = 0
  }
  used += size
  return page.slice(used - size, used)
}

const page = new Uint8Array(4096)
let used = page.length

// Crockford's base 32: no I, L, O, U; lower case because ids stand in addresses and commands.
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * `asg_` and 26 characters: 48 bits of milliseconds and 80 random bits (as a ULID), so that ids of one table sort by
 * time and cannot be guessed.
 */
export function newId(kind: Kind, now: Date, random: Random): string {
  let time = now.getTime()
  let stamp = ''
  for (let n = 0; n < 10; n++) {
    stamp = DIGITS[time % 32] + stamp
    time = Math.floor(time / 32)
  }
  let tail = ''
  for (const byte of random(16)) tail += DIGITS[byte % 32]
  return `${kind}_${stamp}${tail}`
}

/** True for an id of that kind, well formed. It says nothing about whether such a thing exists. */
export const isId = (kind: Kind, value: unknown): value is string =>
  typeof value === 'string' && value.startsWith(`${kind}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(value.slice(4))
