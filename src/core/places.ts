import type { Button, Ctx } from './workflow.ts'

/** Leads from chat into the browser by a link made at the click; a chat that hands files over hands over a file. */
const DOOR = 'home.door'

/** A place of the browser desk: there a link, and in chat a door. */
export function placeButton(ctx: Pick<Ctx, 'platform' | 'house'>, label: string, path: string): Button {
  if (ctx.platform === ctx.house.desk?.platform) return { label, href: path }
  return { label, do: DOOR, with: { path } }
}

/** A stored file, under this name. */
export const fileButton = (ctx: Pick<Ctx, 'platform' | 'house'>, label: string, fileId: string): Button =>
  placeButton(ctx, label, `${FILES}${fileId}`)

/** Where the browser desk hands files out. */
export const FILES = '/file/'
