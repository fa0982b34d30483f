import { isUtf8 } from 'node:buffer'
import { ExportRefused } from './refused.ts'
import { refusal } from './text.ts'
import type { ReadOptions, Receipt } from './types.ts'

export type Decoded = { text: Buffer; encoding: Receipt['encoding'] }

const magic: [string, readonly number[]][] = [
  ['an Excel workbook or another ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['an empty ZIP archive', [0x50, 0x4b, 0x05, 0x06]],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21]],
  ['a UTF-32 file', [0xff, 0xfe, 0x00, 0x00]],
]

/**
 * The file as UTF-8 without its byte order mark.
 *
 * A byte order mark decides between UTF-8 and UTF-16. Without one it must be valid UTF-8. ISO-8859-1 is never guessed,
 * because GBK, Windows-1252 and a dozen others look just as valid in it and change people's names: it is read only
 * when the importer says so, and even then bytes 80–9F, which ISO-8859-1 does not use for text, refuse it.
 */
export function decode(bytes: Uint8Array, options: ReadOptions): Decoded {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [what, start] of magic) {
    if (start.every((byte, at) => raw[at] === byte)) throw new ExportRefused('binary', refusal.binary(what))
  }
  const decoded = unwrap(raw, options)
  const { text } = decoded
  if (text.indexOf(0) >= 0)
    throw new ExportRefused('binary', refusal.binary('a binary file, or UTF-16 without its mark'))
  const start = text.toString('utf8', 0, 512).trimStart()
  if (!start && text.length < 512) throw new ExportRefused('empty', refusal.empty)
  if (/^<(!doctype|html|head|body|script|meta|\?xml|!--)/i.test(start))
    throw new ExportRefused('web page', refusal.page)
  return decoded
}

function unwrap(raw: Buffer, options: ReadOptions): Decoded {
  if (raw[0] === 0xff && raw[1] === 0xfe) return { text: fromUtf16(raw, 'utf-16le'), encoding: 'utf-16le' }
  if (raw[0] === 0xfe && raw[1] === 0xff) return { text: fromUtf16(raw, 'utf-16be'), encoding: 'utf-16be' }
  const marked = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf
  if (isUtf8(raw)) return { text: marked ? raw.subarray(3) : raw, encoding: 'utf-8' }
  if (marked || options.encoding !== 'iso-8859-1')
    throw new ExportRefused('encoding', refusal.encoding(firstBadLine(raw)))
  const alien = raw.findIndex((byte) => byte >= 0x80 && byte <= 0x9f)
  if (alien >= 0) throw new ExportRefused('encoding', refusal.latin1(lineAt(raw, alien)))
  return { text: Buffer.from(raw.toString('latin1'), 'utf8'), encoding: 'iso-8859-1' }
}

function fromUtf16(raw: Buffer, encoding: 'utf-16le' | 'utf-16be'): Buffer {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(raw), 'utf8')
  } catch {
    throw new ExportRefused('encoding', refusal.encoding(1))
  }
}

function firstBadLine(raw: Buffer): number {
  let line = 1
  for (let from = 0; from < raw.length; line++) {
    const end = raw.indexOf(10, from)
    const stop = end < 0 ? raw.length : end + 1
    if (!isUtf8(raw.subarray(from, stop))) return line
    from = stop
  }
  return line
}

function lineAt(raw: Buffer, offset: number): number {
  let line = 1
  for (let at = raw.indexOf(10); at >= 0 && at < offset; at = raw.indexOf(10, at + 1)) line++
  return line
}
