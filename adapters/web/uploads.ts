import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import busboy from 'busboy'
import { fileName } from '../../src/core/file-name.ts'
import { LARGEST_FILE } from '../../src/core/files.ts'
import { EmptyFile } from '../../src/core/uploads.ts'
import type { Core } from '../../src/core/workflow.ts'
import type { RefusedUpload, Sent, StoredUpload } from './decode.ts'
import { LARGEST_ANSWER, LARGEST_UPLOAD, MOST_ANSWERS, MOST_FILE_PARTS, MOST_FILES } from './limits.ts'

export type Broken = 'upload too large' | 'form too large' | 'too many files' | 'malformed'

/** A request, as far as it is read here. */
type Body = Readable & Pick<IncomingMessage, 'headers'>

/** What was wrong with a body, for the caller to say in the reader's words. */
export const broken = (how: Broken): Error & { broken: Broken } => Object.assign(new Error(how), { broken: how })

export const isBroken = (error: unknown): error is Error & { broken: Broken } =>
  error instanceof Error && 'broken' in error

/**
 * Reads a multipart form. Files go to the core and never to a disk, one at a time, and only after `allow` has accepted
 * the fields before them: the form draws its token first. A file that cannot be taken is read past and named, so that
 * the answers after it are not lost with it.
 */
export function readUpload(
  request: Body,
  keep: (upload: Parameters<Core['keep']>[0]) => Promise<string>,
  allow: (pairs: Sent['pairs']) => void,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const pairs: [string, string][] = []
    const files: Promise<StoredUpload | RefusedUpload>[] = []
    let size = 0
    const fail = (error: unknown) => {
      request.unpipe(parser)
      request.resume()
      reject(error)
    }
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_UPLOAD) throw broken('upload too large')
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
      const file = { field: field.slice(2), name: fileName(unescaped(filename)) }
      if (files.length >= MOST_FILES) {
        bytes.resume()
        return void files.push(Promise.resolve({ ...file, why: 'too many' }))
      }
      const stored = takeIn(bytes, file, (all) => keep({ type: mimeType, bytes: all, name: file.name }))
      stored.catch((error: unknown) => {
        bytes.resume()
        fail(error)
      })
      files.push(stored)
    })
    parser.on('filesLimit', () => fail(broken('too many files')))
    parser.on('fieldsLimit', () => fail(broken('form too large')))
    parser.on('error', () => fail(broken('malformed')))
    parser.on('close', () => Promise.all(files).then((all) => resolve({ pairs, ...sorted(all) }), reject))
    request.on('aborted', () => fail(broken('malformed')))
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST_UPLOAD) fail(broken('upload too large'))
    })
    request.pipe(parser)
  })
}

function makeParser(request: Body) {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      // The parser calls a file cut that has just as many bytes as it may have.
      limits: { files: MOST_FILE_PARTS, fileSize: LARGEST_FILE + 1, fields: MOST_ANSWERS, fieldSize: LARGEST_ANSWER },
    })
  } catch {
    throw broken('malformed')
  }
}

/**
 * How browsers write a quote and a line end into a name: these three, and nothing else.
 * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
const ESCAPED: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' }
const unescaped = (name: string) => name.replace(/%22|%0D|%0A/g, (code) => ESCAPED[code] ?? code)

/** The parser cuts a file at the limit; a cut file is not stored, nor one with nothing in it. */
async function takeIn(
  bytes: Readable & { truncated?: boolean },
  file: { field: string; name: string },
  keep: (bytes: Uint8Array) => Promise<string>,
): Promise<StoredUpload | RefusedUpload> {
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  if (bytes.truncated) return { ...file, why: 'too large' }
  try {
    return { ...file, id: await keep(Buffer.concat(chunks)) }
  } catch (error) {
    if (error instanceof EmptyFile) return { ...file, why: 'empty' }
    throw error
  }
}

const sorted = (all: readonly (StoredUpload | RefusedUpload)[]): Pick<Sent, 'files' | 'refused'> => ({
  files: all.filter((file) => 'id' in file),
  refused: all.filter((file) => 'why' in file),
})
