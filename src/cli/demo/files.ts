import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

const FOLDER = join(import.meta.dirname, 'company')

/** The bytes of one file of the company. */
export const bytesOf = (...path: string[]): Buffer => readFileSync(join(FOLDER, ...path))

/** A table of the company, by column. */
export const rowsOf = (...path: string[]): Record<string, string>[] =>
  parse(bytesOf(...path), { columns: true, bom: true, skip_empty_lines: true })

/** Every file of a folder of the company, by name. */
export const filesIn = (folder: string): { name: string; bytes: Buffer }[] =>
  readdirSync(join(FOLDER, folder))
    .toSorted()
    .map((name) => ({ name, bytes: bytesOf(folder, name) }))
