import { LIMITS } from './limits.ts'
import { ExportRefused } from './refused.ts'
import type { Tally } from './tally.ts'
import { reason, refusal, rule } from './text.ts'
import type { Grant, GrantRow, Outcome, Receipt } from './types.ts'

/** A row with what its format said about it. */
export type Judged = { line: number; lines: number; outcome: Outcome; blank?: boolean }

type Counts = Pick<Receipt, 'accepted' | 'rejected' | 'outOfScope' | 'footer' | 'rows' | 'accounts' | 'grants'> & {
  footerTotal: number | null
}

export type Ledger = { take(judged: Judged): GrantRow[]; counts(): Counts }

type Seen = { line: number; grant: string; more: Map<string, number> | undefined }

/** Shared addresses are only a warning, so not every one of a million is remembered for it. */
const addressesWatched = 100_000

/** Puts every line under exactly one heading, and keeps a second copy of a grant out. */
export function openLedger(tally: Tally): Ledger {
  const counts: Counts = {
    accepted: 0,
    rejected: [],
    outOfScope: [],
    footer: 0,
    rows: 0,
    accounts: 0,
    grants: 0,
    footerTotal: null,
  }
  const most = tally.options.limits?.rejected ?? LIMITS.rejected
  const accounts = new Map<string, Seen>()
  const addresses = new Map<string, string>()

  const reject = ({ line, lines }: Judged, why: string) => {
    for (let at = 0; at < lines; at++) {
      counts.rejected.push({ line: line + at, reason: at === 0 ? why : reason.continues(line, why) })
    }
    const [first] = counts.rejected
    if (first && counts.rejected.length > most)
      throw new ExportRefused('size', refusal.rejected(most, first.line, first.reason))
  }
  const leaveOut = ({ line, lines }: Judged, why: string) => {
    for (let at = 0; at < lines; at++) {
      counts.outOfScope.push({ line: line + at, rule: at === 0 ? why : rule.continues(line, why) })
    }
  }
  /** The line that already holds this grant, or undefined after remembering it. */
  const earlier = ({ system, account, entitlement, path }: Grant, line: number): number | undefined => {
    const id = system === tally.options.system ? account.id : `${account.id}\u0000${system}`
    const grant = path === undefined ? entitlement.key : `${entitlement.key}\u0000${path}`
    const seen = accounts.get(id)
    if (!seen) {
      accounts.set(id, { line, grant, more: undefined })
      watch(account.email, id, false)
      return undefined
    }
    watch(account.email, id, true)
    if (seen.grant === grant) return seen.line
    seen.more ??= new Map()
    const before = seen.more.get(grant)
    if (before === undefined) seen.more.set(grant, line)
    return before
  }
  const watch = (email: string | undefined, id: string, known: boolean) => {
    if (email === undefined || email === id || addresses.size >= addressesWatched) return
    const owner = addresses.get(email)
    if (owner === undefined) addresses.set(email, id)
    else if (owner !== id) tally.warn('shared e-mail')
    if (known && owner !== id) tally.warn('several e-mails')
  }
  const accept = (judged: Judged, grants: Grant[]): GrantRow[] => {
    const rows: GrantRow[] = []
    let first: number | undefined
    for (const grant of grants) {
      const before = earlier(grant, judged.line)
      if (before === undefined) rows.push({ line: judged.line, ...grant })
      else first ??= before
    }
    if (rows.length === 0 && first !== undefined) {
      reject(judged, reason.duplicate(first))
      return rows
    }
    if (first !== undefined) tally.warn('repeated in row')
    counts.accepted += judged.lines
    counts.grants += rows.length
    return rows
  }

  return {
    take(judged) {
      const { outcome } = judged
      tally.line = judged.line
      if ('footer' in outcome) {
        counts.footer += judged.lines
        counts.footerTotal = outcome.footer ?? counts.footerTotal
        return []
      }
      if (!judged.blank) counts.rows++
      if ('grants' in outcome) return accept(judged, outcome.grants)
      if ('rejected' in outcome) reject(judged, outcome.rejected)
      else leaveOut(judged, outcome.outOfScope)
      return []
    },
    counts: () => ({ ...counts, accounts: accounts.size }),
  }
}
