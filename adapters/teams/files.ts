import { z } from 'zod'
import { readWhole, TooLarge } from '../../src/core/body.ts'
import { LARGEST_FILE } from '../../src/core/files.ts'
import type { Activity } from './activity.ts'
import type { Egress } from './egress.ts'
import { FILE_MS } from './limits.ts'

/** A file as Teams names it in a message; its bytes are in the sender's OneDrive and are fetched apart. */
export type Sent = { name: string; url: string }

const downloaded = z.looseObject({ downloadUrl: z.string().min(1).max(4000) })

/**
 * What was sent along with a message to our own conversation, the only place where Teams hands files to a bot. Pictures
 * that stand in the text are kept by the Bot Connector and want our token: they are counted, not fetched. Teams repeats
 * the text itself as an attachment, which is neither.
 */
export function sentIn(activity: Activity): { files: Sent[]; pictures: number } {
  const all = activity.conversation?.conversationType === 'personal' ? (activity.attachments ?? []) : []
  const files = all.flatMap(({ contentType, name, content }) => {
    if (contentType !== DOWNLOAD) return []
    return [{ name: name ?? '', url: downloaded.safeParse(content).data?.downloadUrl ?? '' }]
  })
  return { files, pictures: all.filter(({ contentType }) => contentType?.startsWith('image/')).length }
}

const DOWNLOAD = 'application/vnd.microsoft.teams.file.download.info'

export type Store = {
  /** The bytes behind a download address of OneDrive or SharePoint; cut while they stream. */
  fetch(url: string): Promise<{ bytes: Uint8Array; type: string }>
  /** Into an upload session of OneDrive, in one piece. */
  put(url: string, bytes: Uint8Array): Promise<void>
}

/**
 * People's files at Microsoft (T28): the address carries its own permission, so our token goes nowhere near it. Only
 * hosts of SharePoint and OneDrive, no redirects, a bounded time.
 */
export function makeStore(egress: Pick<Egress, 'store'>, after: (ms: number) => Promise<void>): Store {
  function bounded(): AbortSignal {
    const stop = new AbortController()
    void after(FILE_MS).then(() => stop.abort(new Error('too slow')))
    return stop.signal
  }
  return {
    async fetch(url) {
      const response = await egress.store(url, { signal: bounded() })
      if (!response.ok || !response.body) throw new Error(`no file came: ${response.status}`)
      if (Number(response.headers.get('content-length')) > LARGEST_FILE) {
        await response.body.cancel()
        throw new TooLarge()
      }
      const type = response.headers.get('content-type')?.split(';')[0]?.trim() || 'application/octet-stream'
      return { bytes: await readWhole(response.body, LARGEST_FILE), type }
    },
    async put(url, bytes) {
      const { length } = bytes
      const headers = { 'content-range': `bytes 0-${length - 1}/${length}`, 'content-type': 'application/octet-stream' }
      const body = new Uint8Array(bytes)
      const response = await egress.store(url, { method: 'PUT', headers, body, signal: bounded() })
      await response.body?.cancel()
      // 202 says that more is expected: not all of it was taken.
      if (response.status !== 200 && response.status !== 201) throw new Error(`not taken: ${response.status}`)
    },
  }
}
