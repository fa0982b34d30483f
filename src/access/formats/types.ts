import type { Limits } from './limits.ts'

/** Four values, so that what nobody looked at is never mistaken for a clean answer. */
export type Fact = 'yes' | 'no' | 'unknown' | 'not read'

/** ISO 8601 in UTC, as `2026-04-10T04:05:20.000Z`. A time without a zone is taken as UTC, a day as its midnight. */
export type Time = `${number}-${string}`

/** `unknown`: the cell is empty or says so. `not read`: this export has no such column. */
export type LastUse = 'never' | 'unknown' | 'not read' | Time

export type Account = {
  /** what the system calls this account when names change; the strongest the export holds (see each format) */
  id: string
  label: string
  /** trimmed, NFKC, lower case */
  email?: string
  name?: string
  kind: 'human' | 'service' | 'shared' | 'break-glass' | 'unknown'
  status: 'active' | 'inactive' | 'unknown'
  manager?: string
  department?: string
}

export type Entitlement = {
  /** compared between snapshots: lower case, single spaces */
  key: string
  /** as the export writes it */
  label: string
  privileged: 'yes' | 'no' | 'unknown'
}

/** One right of one account: account × entitlement × path. */
export type Grant = {
  /** the system the row names, or the one the import is for */
  system: string
  account: Account
  entitlement: Entitlement
  /** how the right is held, where the export tells (a group, a login of its own) */
  path?: string
  grantedAt?: Time
  lastUsedAt: LastUse
  /** has the person left, says the source */
  leaver: Fact
  /** further facts as read, under names of ours (`mfa`, `orgUnit`); raw text, never evaluated */
  facts?: Readonly<Record<string, string | undefined>>
}

export type GrantRow = Grant & { line: number }

/** What a format says about one row. */
export type Outcome = { grants: Grant[] } | { rejected: string } | { outOfScope: string } | { footer: number | null }

/**
 * The account of every physical line.
 *
 * A physical line ends with LF (a CR before it belongs to it), or with CR in a file without any LF; `wc -l` agrees.
 * Every line is exactly one of header, accepted, rejected, out of scope (blank lines and comments too) or footer, and
 * a row that spans several lines counts all of them where it belongs, so
 * `lines = header + accepted + rejected.length + outOfScope.length + footer`.
 * A JSON export is counted in resources instead: `unit` tells.
 */
export type Receipt = {
  adapter: string
  adapterVersion: number
  unit: 'line' | 'resource'
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1'
  delimiter?: string
  sha256: string
  bytes: number
  lines: number
  header: number
  /** the header's names as written */
  columns: string[]
  /** only for the canonical format: column as written → field */
  mapping?: { column: string; field: string }[]
  accepted: number
  rejected: { line: number; reason: string }[]
  outOfScope: { line: number; rule: string }[]
  footer: number
  /** rows of data: accepted, rejected and out of scope, without blank lines; what a control total counts */
  rows: number
  controlTotal: number | null
  controlSource: 'footer' | 'totalResults' | 'typed' | null
  balanced: boolean
  /** why not, one sentence each; empty when balanced */
  imbalance: string[]
  /** legal, but a person has to confirm that the system has no accounts */
  headerOnly: boolean
  accounts: number
  grants: number
  warnings: string[]
}

export type Import = { receipt: Receipt; rows: GrantRow[] }

export type ReadOptions = {
  /** the system this export is of; rows may name their own */
  system: string
  /** the format's name, when the importer wants no other */
  adapter?: string
  /** rows the source says it has, typed before the file was read */
  expected?: number
  /** decides whether a date of expiry has passed; without it nothing has */
  now?: Date
  /** the only way to have a file read as ISO-8859-1 */
  encoding?: 'iso-8859-1'
  /** column → field of the canonical format, as a person mapped them; the rest is left out and named in a warning */
  mapping?: Readonly<Record<string, string>>
  /** what happens to rows of the canonical format that name another system; default `keep` */
  otherSystems?: 'keep' | 'out of scope'
  limits?: Partial<Limits>
}

/** What a format may ask and tell while it reads one file. */
export type Context = {
  options: ReadOptions
  /** counted per kind with the first lines; becomes one sentence of the receipt */
  warn(kind: Warning): void
  /** once per file */
  note(sentence: string): void
}

export type Warning =
  | 'unreadable date'
  | 'ambiguous date'
  | 'unreadable e-mail'
  | 'unknown word'
  | 'id from e-mail'
  | 'id from name'
  | 'repeated in row'
  | 'shared e-mail'
  | 'several e-mails'

type About = {
  /** stable, lower case with hyphens; stands in receipts */
  name: string
  version: number
  /** for people */
  title: string
}

export type Header = {
  /** as written */
  columns: readonly string[]
  /** compared: NFKC, trimmed, lower case, single spaces, without `[tags]` */
  names: readonly string[]
  /** index of the first of these names that is there, or -1 */
  at(...names: string[]): number
  has(...names: string[]): boolean
}

/** A table with a header line: signature, then a reader bound to this header. */
export type TableFormat = About & {
  kind: 'table'
  matches(header: Header): boolean
  open(header: Header, context: Context): TableReader
}
export type TableReader = {
  row(cells: readonly string[]): Outcome
  /** recognises closing lines; a number is the source's own count of rows */
  footer?(cells: readonly string[]): { total: number | null } | undefined
  mapping?: { column: string; field: string }[]
}

/** A text file without a header, one fact per line. */
export type LinesFormat = About & {
  kind: 'lines'
  matches(lines: readonly string[]): boolean
  open(context: Context): (line: string) => Outcome
}

/** A JSON document. */
export type JsonFormat = About & {
  kind: 'json'
  matches(document: unknown): boolean
  open(
    document: unknown,
    context: Context,
  ): { resources: readonly unknown[]; total: number | null; row(resource: unknown): Outcome }
}

export type Format = TableFormat | LinesFormat | JsonFormat
