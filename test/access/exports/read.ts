import { readFileSync } from 'node:fs'
import { type Import, type ReadOptions, readExport } from '../../../src/access/formats/index.ts'

/** A sample file's bytes. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url))
}

/** A sample file or text, imported for the system ERP. */
export function read(file: string | Uint8Array, options: Partial<ReadOptions> = {}): Promise<Import> {
  const bytes = typeof file !== 'string' ? file : /^[\w-]+\.\w+$/.test(file) ? sample(file) : Buffer.from(file)
  return readExport(bytes, { system: 'ERP', ...options })
}

/** What a person would see of each grant: line, account, right, and the facts that decide. */
export function seen({ rows }: Import): string[] {
  return rows.map((row) =>
    [
      row.line,
      row.account.id,
      row.account.email ?? '-',
      row.account.kind,
      row.account.status,
      row.entitlement.label,
      row.entitlement.privileged,
      row.lastUsedAt,
    ].join(' | '),
  )
}
