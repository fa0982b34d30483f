import { isId } from './id.ts'
import type { Button, Ctx } from './workflow.ts'

/** Leads from chat into the browser by a link made at the click; a chat that hands files over hands over a file. */
export const DOOR = 'home.door'

/** Where the browser desk hands files out. */
const FILES = '/file/'

export const filePath = (fileId: string): string => `${FILES}${fileId}`

/** A place of the browser desk: there a link, and in chat a door. */
export function placeButton(ctx: Pick<Ctx, 'platform' | 'house'>, label: string, path: string): Button {
  if (ctx.platform === ctx.house.desk?.platform) return { label, href: path }
  return { label, do: DOOR, with: { path } }
}

/** A stored file, under this name. */
export const fileButton = (ctx: Pick<Ctx, 'platform' | 'house'>, label: string, fileId: string): Button =>
  placeButton(ctx, label, filePath(fileId))

/** The file that such a place is. undefined: another place. */
export function fileAt(path: string): string | undefined {
  const id = path.startsWith(FILES) ? path.slice(FILES.length) : undefined
  return isId('fil', id) ? id : undefined
}
