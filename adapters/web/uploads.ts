import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import busboy from 'busboy'
import { fileName } from '../../src/core/file-name.ts'
import { LARGEST_FILE } from '../../src/core/files.ts'
import type { Core } from '../../src/core/workflow.ts'
import type { Sent, StoredUpload } from './decode.ts'
import { LARGEST_ANSWER, MOST_ANSWERS, MOST_FILES } from './limits.ts'

export type Broken = 'file too large' | 'form too large' | 'too many files' | 'malformed'

/** What was wrong with a body, for the caller to say in the reader's words. */
export const broken = (how: Broken): Error & { broken: Broken } => Object.assign(new Error(how), { broken: how })

export const isBroken = (error: unknown): error is Error & { broken: Broken } =>
  error instanceof Error && 'broken' in error

/**
 * Reads a multipart form. Files go to the core and never to a disk, one at a time, and only after `allow` has accepted
 * the fields before them: the form draws its token first.
 */
export function readUpload(
  request: IncomingMessage,
  keep: (upload: Parameters<Core['keep']>[0]) => Promise<string>,
  allow: (pairs: Sent['pairs']) => void,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const pairs: [string, string][] = []
    const files: Promise<StoredUpload>[] = []
    const fail = (error: unknown) => {
      request.unpipe(parser)
      request.resume()
      reject(error)
    }
    const parser = makeParser(request)
    parser.on('field', (name, value, { valueTruncated }) => {
      if (valueTruncated) fail(broken('form too large'))
      else pairs.push([name, value])
    })
    parser.on('file', (field, bytes, { filename, mimeType }) => {
      if (!field.startsWith('e_') || !filename) return void bytes.resume()
      try {
        allow(pairs)
      } catch (error) {
        bytes.resume()
        return fail(error)
      }
      const name = fileName(filename)
      const stored = whole(bytes)
        .then((all) => keep({ type: mimeType, bytes: all, name }))
        .then((id) => ({ field: field.slice(2), id, name }))
      stored.catch((error: unknown) => {
        bytes.resume()
        fail(error)
      })
      files.push(stored)
    })
    parser.on('filesLimit', () => fail(broken('too many files')))
    parser.on('fieldsLimit', () => fail(broken('form too large')))
    parser.on('error', () => fail(broken('malformed')))
    parser.on('close', () => Promise.all(files).then((stored) => resolve({ pairs, files: stored }), reject))
    request.on('aborted', () => fail(broken('malformed')))
    request.pipe(parser)
  })
}

function makeParser(request: IncomingMessage) {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: MOST_FILES, fileSize: LARGEST_FILE, fields: MOST_ANSWERS, fieldSize: LARGEST_ANSWER },
    })
  } catch {
    throw broken('malformed')
  }
}

/** The parser cuts a file at the limit; a cut file is not stored. */
async function whole(bytes: Readable & { truncated?: boolean }): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  if (bytes.truncated) throw broken('file too large')
  return Buffer.concat(chunks)
}
