import { readFileSync } from 'node:fs'
import { strToU8, zipSync } from 'fflate'
import type { TeamsManifest } from './teams.ts'
import { languageFiles } from './teams-languages.ts'

/** The first day that a zip knows. It takes the local time, and this is the same words in every zone. */
const FIRST_DAY = new Date(1980, 0, 1)

/**
 * The file that Teams takes: manifest and icons, all at the root [learn.microsoft.com/microsoftteams/platform, app
 * package], and a file for each language but the first. The same manifest gives the same bytes.
 */
export function teamsPackage(manifest: TeamsManifest): Uint8Array {
  const files = {
    'manifest.json': json(manifest),
    [manifest.icons.color]: icon('teams-color.png'),
    [manifest.icons.outline]: icon('teams-outline.png'),
    ...Object.fromEntries(Object.entries(languageFiles(manifest)).map(([name, words]) => [name, json(words)])),
  }
  return zipSync(files, { level: 9, mtime: FIRST_DAY })
}

const json = (words: unknown): Uint8Array => strToU8(`${JSON.stringify(words, null, 2)}\n`)

const icon = (name: string): Uint8Array => readFileSync(new URL(name, import.meta.url))
