import { readWhole, TooLarge } from '../../src/core/body.ts'
import { LARGEST_FILE } from '../../src/core/files.ts'
import { faultOf, type Log } from '../../src/core/log.ts'
import { EmptyFile } from '../../src/core/uploads.ts'
import type { Actor, Core } from '../../src/core/workflow.ts'
import type { SlackConfig } from './config.ts'
import type { Uploaded } from './entries.ts'
import { MOST_FILES } from './limits.ts'
import { text } from './text.ts'

/** Ids of the stored files by field, or a sentence for each field that did not work out. */
export type FetchUploads = (
  files: Record<string, Uploaded[]>,
  by: Actor,
) => Promise<{ entries: Record<string, string[]> } | { errors: Record<string, string> }>

const HOSTS = ['files.slack.com', 'files.slack-gov.com']
const FETCH_MS = 60_000

/**
 * What was dropped into a form. The token goes to Slack's file host only, redirects are not followed, and the size is
 * cut while it streams (T28).
 */
export function makeFetchUploads(config: SlackConfig, core: Pick<Core, 'keep'>, log: Log): FetchUploads {
  const send = config.fetch ?? fetch
  const ownOrigin = config.apiUrl ? new URL(config.apiUrl).origin : undefined

  const mayFetch = (url: string): boolean => {
    if (!URL.canParse(url)) return false
    const { protocol, hostname, port, origin } = new URL(url)
    return (protocol === 'https:' && port === '' && HOSTS.includes(hostname)) || origin === ownOrigin
  }

  async function keep(file: Uploaded, by: Actor): Promise<string> {
    if (!mayFetch(file.url)) throw new Error('not a file of Slack')
    const response = await send(file.url, {
      headers: { authorization: `Bearer ${config.botToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_MS),
    })
    // Without the scope Slack answers 200 and its sign-in page.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') && file.type !== 'text/html'
    if (!response.ok || !response.body || isPage) throw new Error('no file came')
    return core.keep({ type: file.type, bytes: await readWhole(response.body, LARGEST_FILE), name: file.name }, by)
  }

  return async (files, by) => {
    const entries: Record<string, string[]> = {}
    const errors: Record<string, string> = {}
    for (const [field, uploads] of Object.entries(files)) {
      entries[field] = []
      for (const file of uploads.slice(0, MOST_FILES)) {
        try {
          entries[field].push(await keep(file, by))
        } catch (error) {
          log.warn(faultOf(error), 'slack.file')
          errors[field] = sentenceOf(error, file.name)
        }
      }
    }
    return Object.keys(errors).length > 0 ? { errors } : { entries }
  }
}

function sentenceOf(error: unknown, name: string): string {
  const say = text('en')
  if (error instanceof TooLarge) return say.fileTooLarge(name)
  return error instanceof EmptyFile ? say.fileEmpty(name) : say.fileFailed(name)
}
