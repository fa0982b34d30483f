/** Why a right stands out, gravest first; this is also the order in which they are shown. */
export const FLAGS = [
  'leaver',
  'orphan',
  'still-there',
  'unowned',
  'inactive',
  'privileged',
  'changed',
  'new',
  'unclear',
  'no-meaning',
] as const

export type Flag = (typeof FLAGS)[number]

const DAY = 86_400_000

/** Whole days without use; undefined where the export does not tell. Never used counts from when the right was given. */
export function daysUnused(lastUsed: string, grantedAt: Date | null, takenAt: Date): number | undefined {
  const since = lastUsed === 'never' ? grantedAt : /^\d/.test(lastUsed) ? new Date(lastUsed) : null
  return since === null ? undefined : Math.max(0, Math.floor((takenAt.getTime() - since.getTime()) / DAY))
}

export type Facts = {
  hasLeft: boolean
  hasPerson: boolean
  kind: 'human' | 'service' | 'shared' | 'break-glass' | 'unknown'
  lastUsed: string
  grantedAt: Date | null
  takenAt: Date
  inactiveDays: number
  privileged: 'yes' | 'no' | 'unknown'
  meaning: string
  /** The same grant, the same account, or neither, in the review signed before; undefined: there was none. */
  earlier?: { choice: string | null } | 'other right' | 'unknown account'
}

/** Unknown never recommends a removal: only what the export says raises a flag. */
export function flagsOf(it: Facts): Flag[] {
  const isMachine = it.kind === 'service' || it.kind === 'shared' || it.kind === 'break-glass'
  const unused = daysUnused(it.lastUsed, it.grantedAt, it.takenAt)
  const choice = typeof it.earlier === 'object' ? it.earlier.choice : undefined
  const raised: Record<Flag, boolean> = {
    leaver: it.hasLeft,
    orphan: !it.hasPerson && !isMachine,
    'still-there': choice === 'remove' || choice === 'change',
    unowned: !it.hasPerson && isMachine,
    // An emergency or service account is meant to lie still: a threshold says nothing about it.
    inactive: !isMachine && (unused === undefined ? it.lastUsed === 'never' : unused > it.inactiveDays),
    privileged: it.privileged === 'yes',
    changed: it.earlier === 'other right',
    new: it.earlier === 'unknown account',
    unclear: choice === 'unknown',
    'no-meaning': it.meaning === '',
  }
  return FLAGS.filter((flag) => raised[flag])
}

/** Somebody who has left, or nobody at all: keeping such a right is an exception, and an auditor asks for its reason. */
const GRAVE: readonly string[] = ['leaver', 'orphan', 'still-there', 'unowned'] satisfies Flag[]

/** Never kept with a bare click. */
export const needsReason = (item: { privileged: string; flags: readonly string[] }): boolean =>
  item.privileged === 'yes' || item.flags.some((flag) => GRAVE.includes(flag))

/** Smaller is graver; what raises no flag comes last. */
export const gravity = (flags: readonly string[]): number =>
  flags.length === 0 ? FLAGS.length : Math.min(...flags.map((flag) => FLAGS.indexOf(flag as Flag)))
