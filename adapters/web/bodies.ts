import type { IncomingMessage } from 'node:http'
import { LARGEST_FILE } from '../../src/core/files.ts'
import type { Desk } from './config.ts'
import { isToken } from './csrf.ts'
import type { Sent } from './decode.ts'
import { LARGEST_FORM, MOST_ANSWERS, MOST_FILES } from './limits.ts'
import { halt } from './respond.ts'
import type { Visitor } from './sessions.ts'
import { text } from './text.ts'
import { type Broken, broken, isBroken, readUpload } from './uploads.ts'

/** Reads what was posted; with a visitor, only when it carries their token. Throws a halt that says what to do. */
export async function readSent(desk: Desk, request: IncomingMessage, visitor: Visitor | undefined): Promise<Sent> {
  const allow = (pairs: Sent['pairs']) => {
    if (visitor === undefined) return
    const given = pairs.find(([name]) => name === 'csrf')?.[1]
    if (!isToken(given, visitor.secret)) throw halt(403, text(visitor.language).refused.form)
  }
  try {
    const sent = isMultipart(request) ? await readFiles(desk, request, visitor, allow) : await readPairs(request)
    allow(sent.pairs)
    return sent
  } catch (error) {
    if (isBroken(error)) throw halt(...refusalOf(error.broken, visitor?.language ?? 'en'))
    throw error
  }
}

const isMultipart = (request: IncomingMessage) =>
  (request.headers['content-type'] ?? '').toLowerCase().startsWith('multipart/form-data')

function readFiles(
  desk: Desk,
  request: IncomingMessage,
  visitor: Visitor | undefined,
  allow: (pairs: Sent['pairs']) => void,
): Promise<Sent> {
  if (visitor === undefined) throw broken('malformed')
  return readUpload(request, (upload) => desk.core.keep(upload, visitor.actor), allow)
}

async function readPairs(request: IncomingMessage): Promise<Sent> {
  const type = request.headers['content-type'] ?? 'application/x-www-form-urlencoded'
  if (!type.toLowerCase().startsWith('application/x-www-form-urlencoded')) throw broken('malformed')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > LARGEST_FORM) throw broken('form too large')
    chunks.push(chunk)
  }
  const pairs = [...new URLSearchParams(Buffer.concat(chunks).toString('utf8'))]
  if (pairs.length > MOST_ANSWERS) throw broken('form too large')
  return { pairs, files: [], refused: [] }
}

function refusalOf(how: Broken, language: string): [number, string] {
  const say = text(language).refused
  switch (how) {
    case 'upload too large':
      return [413, say.large(LARGEST_FILE / 1024 / 1024)]
    case 'form too large':
      return [413, say.tooMuch]
    case 'too many files':
      return [413, say.manyFiles(MOST_FILES)]
    case 'malformed':
      return [400, say.broken]
    default:
      return how satisfies never
  }
}
