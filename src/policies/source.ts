import { LARGEST_FILE } from '../core/files.ts'
import { blocksOf, minutesOf, wordsIn } from './document.ts'
import { type Facts, readFacts, splitFrontMatter } from './facts.ts'
import type { Words } from './text.ts'

export type Source = { name: string; bytes: Uint8Array }

/** A file that can become a version, read and checked; nothing was looked up or stored yet. */
export type Read = {
  name: string
  bytes: Uint8Array
  facts: Facts
  format: 'markdown' | 'pdf' | 'docx'
  type: string
  body: string | null
  words: number
}

export type Refused = { name: string; problems: string[] }

/** Bytes. Markdown beyond it is no policy but a book; the other limit is the one of every upload. */
const LARGEST_MARKDOWN = 512 * 1024

const TYPES = {
  markdown: 'text/markdown; charset=utf-8',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const

/**
 * What a folder holds, file by file. A PDF or DOCX takes its facts from the file beside it with the same name
 * (`name.yaml`, or `name.md` with front matter only); that file is part of it and not listed by itself.
 */
export function readSources(files: readonly Source[], say: Words): (Read | Refused)[] {
  const byName = new Map(files.map((file) => [file.name.toLowerCase(), file]))
  const beside = (file: Source) =>
    ['.yaml', '.yml', '.md'].map((end) => byName.get(`${stemOf(file.name)}${end}`)).find((one) => one !== undefined)
  const documents = files.filter((file) => /\.(?:pdf|docx)$/i.test(file.name))
  const sidecars = new Set(documents.map(beside))
  return files
    .filter((file) => !sidecars.has(file))
    .map((file) => {
      const read = documents.includes(file) ? readDocument(file, beside(file), say) : readMarkdown(file, say)
      return Array.isArray(read) ? { name: file.name, problems: read } : read
    })
}

const stemOf = (name: string) => name.toLowerCase().replace(/\.[^.]+$/, '')

function readMarkdown(file: Source, say: Words): Read | string[] {
  if (/\.ya?ml$/i.test(file.name)) return [say.import.noDocument]
  if (!/\.(?:md|markdown)$/i.test(file.name)) return [say.import.wrongKind]
  if (file.bytes.length === 0) return [say.import.empty]
  if (file.bytes.length > LARGEST_MARKDOWN) return [say.import.tooLarge(LARGEST_MARKDOWN / 1024)]
  const text = decoded(file.bytes)
  if (text === undefined) return [say.import.notUtf8]
  const parts = splitFrontMatter(text)
  if (!parts) return [say.import.noFacts]
  const read = readFacts(parts.yaml, say)
  const blocks = 'facts' in read ? blocksOf(parts.body, read.facts.title) : []
  const words = wordsIn(blocks)
  const problems = [
    ...('problems' in read ? read.problems : []),
    ...(parts.body.trim() === '' || ('facts' in read && words === 0) ? [say.import.noText] : []),
  ]
  if (problems.length > 0 || !('facts' in read)) return problems
  const { facts } = read
  return { ...file, facts, format: 'markdown', type: TYPES.markdown, body: parts.body, words }
}

function readDocument(file: Source, sidecar: Source | undefined, say: Words): Read | string[] {
  const format = /\.pdf$/i.test(file.name) ? 'pdf' : 'docx'
  const problems: string[] = []
  if (file.bytes.length > LARGEST_FILE) problems.push(say.import.tooLarge(LARGEST_FILE / 1024))
  if (!(format === 'pdf' ? isPdf(file.bytes) : isDocx(file.bytes))) problems.push(say.import.wrongBytes(format))
  if (!sidecar) return [...problems, say.import.noSidecar(stemOf(file.name))]
  const text = decoded(sidecar.bytes)
  if (text === undefined) return [...problems, say.import.notUtf8]
  const parts = /\.md$/i.test(sidecar.name) ? splitFrontMatter(text) : { yaml: text, body: '' }
  if (!parts) return [...problems, say.import.noFacts]
  if (parts.body.trim() !== '') problems.push(say.import.twoTexts)
  const read = readFacts(parts.yaml, say)
  if ('problems' in read) return [...problems, ...read.problems]
  if (read.facts.summary === '') problems.push(say.import.noSummary)
  if (problems.length > 0) return problems
  const words = read.facts.words ?? 0
  return { ...file, facts: read.facts, format, type: TYPES[format], body: null, words }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\u0000') ? undefined : text
  } catch {
    return undefined
  }
}

/** By what the bytes are, never by the name (T27). */
const isPdf = (bytes: Uint8Array) => latin(bytes.subarray(0, 5)) === '%PDF-'

/** A zip (PK 03 04) that names the one part every Word document has; macro documents name another. */
function isDocx(bytes: Uint8Array): boolean {
  if (latin(bytes.subarray(0, 4)) !== 'PK\u0003\u0004') return false
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.includes('word/document.xml') && !buffer.includes('vbaProject.bin')
}

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** Reading time of a version; a PDF or DOCX without a chosen number says one minute at least. */
export const minutes = (it: { words: number }): number => minutesOf(it.words)
