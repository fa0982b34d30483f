import { clean } from './drawing.ts'

/** A name as it is shown and stored; file systems allow 255 bytes. [our own choice] */
const LONGEST_FILE_NAME = 120

/** The last part of a path only, without controls and signs of paths; shown, never used as a path (T27). */
export function fileName(given: string): string {
  const last = clean(given).split(/[/\\]/).at(-1)?.trim() ?? ''
  const plain = last.replace(/["<>:|?*\p{Cc}]/gu, '_').replace(/^\.+/, '')
  return [...plain].slice(-LONGEST_FILE_NAME).join('') || 'file'
}
