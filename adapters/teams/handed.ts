import { fileName } from '../../src/core/file-name.ts'
import type { Handed } from '../../src/core/view.ts'
import type { Outgoing } from './encode.ts'

/** Asks whether a file may be put into somebody's OneDrive. What comes back with the answer names the file only. */
export function drawConsent(file: Handed, words: { summary: string; why: string }): Outgoing {
  const context = { file: file.id }
  const content = { description: words.why, sizeInBytes: file.size, acceptContext: context, declineContext: context }
  const contentType = 'application/vnd.microsoft.teams.card.file.consent'
  return {
    type: 'message',
    summary: words.summary,
    attachments: [{ contentType, name: fileName(file.name), content }],
  }
}

type Stored = { contentUrl: string; name: string; uniqueId: string; fileType: string }

/** The file as it stands in their OneDrive now: to be looked at, opened or downloaded there. */
export function drawHanded({ contentUrl, name, uniqueId, fileType }: Stored, words: { summary: string }): Outgoing {
  const contentType = 'application/vnd.microsoft.teams.card.file.info'
  return {
    type: 'message',
    summary: words.summary,
    attachments: [{ contentType, contentUrl, name: fileName(name), content: { uniqueId, fileType } }],
  }
}
