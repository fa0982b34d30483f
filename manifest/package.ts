import { readFileSync } from 'node:fs'
import { strToU8, zipSync } from 'fflate'
import type { TeamsManifest } from './teams.ts'

/** The first day that a zip knows. It takes the local time, and this is the same words in every zone. */
const FIRST_DAY = new Date(1980, 0, 1)

/**
 * The file that Teams takes: manifest and icons, all at the root [learn.microsoft.com/microsoftteams/platform, app
 * package]. The same manifest gives the same bytes. There is no file of another language: the product speaks English.
 */
export function teamsPackage(manifest: TeamsManifest): Uint8Array {
  const files = {
    'manifest.json': strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
    [manifest.icons.color]: icon('teams-color.png'),
    [manifest.icons.outline]: icon('teams-outline.png'),
  }
  return zipSync(files, { level: 9, mtime: FIRST_DAY })
}

const icon = (name: string): Uint8Array => readFileSync(new URL(name, import.meta.url))
