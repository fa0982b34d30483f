import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KINDS } from '../../src/core/id.ts'

const FOLDER = join(import.meta.dirname, '..', 'golden')
const ID = new RegExp(`\\b(${Object.keys(KINDS).join('|')})_([0-9a-hjkmnp-tv-z]{26})\\b`, 'g')
const HASH = /\b[0-9a-f]{64}\b/g

/** Ids and hashes by the order in which they stand there: which random bytes made them does not matter. */
export function settled<T>(value: T): T {
  const known = new Map<string, string>()
  const nameOf = (found: string, kind: string): string => {
    const count = [...known.values()].filter((name) => name.startsWith(`${kind}_`)).length
    const name = known.get(found) ?? `${kind}_${count + 1}`
    known.set(found, name)
    return name
  }
  const source = JSON.stringify(value)
    .replace(ID, (found, kind: string) => nameOf(found, kind))
    .replace(HASH, (found) => nameOf(found, 'sha256'))
  return JSON.parse(source) as T
}

export type Goldens = {
  /** What the file holds; with UPDATE_GOLDEN=1 it is written first. undefined: there is no such file. */
  read(name: string, drawn: string): string | undefined
  /** Files beside those that are meant to be there; with UPDATE_GOLDEN=1 they are removed. */
  stale(names: readonly string[]): string[]
}

export function goldensOf(platform: string): Goldens {
  const folder = join(FOLDER, platform)
  const isUpdate = process.env.UPDATE_GOLDEN === '1'
  return {
    read(name, drawn) {
      const path = join(folder, name)
      if (isUpdate) {
        mkdirSync(folder, { recursive: true })
        writeFileSync(path, drawn)
      }
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined
    },
    stale(names) {
      const left = existsSync(folder) ? readdirSync(folder).filter((name) => !names.includes(name)) : []
      if (!isUpdate) return left
      for (const name of left) rmSync(join(folder, name))
      return []
    },
  }
}
