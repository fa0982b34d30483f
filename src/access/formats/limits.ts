/** How large an export may be. One of more is refused before anything is stored (ASVS 5.0 V5.2.1). */
export type Limits = {
  bytes: number
  /** physical lines, the header included */
  lines: number
  columns: number
  /** characters of one cell */
  cell: number
  /** bytes of one row: a quote that is never closed must not swallow the file */
  row: number
  /** lines that cannot be taken: each stands in the receipt, and a receipt is read by a person */
  rejected: number
}

export const LIMITS: Limits = {
  bytes: 20 * 1024 * 1024,
  lines: 1_000_001,
  columns: 200,
  cell: 32 * 1024,
  row: 1024 * 1024,
  rejected: 20_000,
}
