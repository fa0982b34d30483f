/** The importer of access exports: bytes in, a receipt and rows out. It knows no database and no clock. */
export { formats } from './formats.ts'
export { readExport, streamExport } from './import.ts'
export { LIMITS, type Limits } from './limits.ts'
export { ExportRefused, type RefusedFor } from './refused.ts'
export type {
  Account,
  Entitlement,
  Fact,
  Format,
  Grant,
  GrantRow,
  Import,
  LastUse,
  ReadOptions,
  Receipt,
  Time,
} from './types.ts'
