import type { Button, Ctx } from '../core/workflow.ts'
import { text } from './text.ts'
import { fileNameOf, type Version } from './versions.ts'

/** The same place by a link in the browser desk, and in chat through a door made at the click. */
function placeButton(ctx: Ctx, label: string, path: string): Button {
  if (ctx.platform === ctx.house.desk?.platform) return { label, href: path }
  return { label, do: 'home.door', with: { path } }
}

/** The whole text on one page of the browser. undefined where there is no desk. */
export const pageButton = (ctx: Ctx, version: Pick<Version, 'id'>): Button | undefined =>
  ctx.house.desk && placeButton(ctx, text(ctx.by.language).reading.browser, `/card/policies.policy/${version.id}`)

/** The very file that was imported. */
export const fileButton = (ctx: Ctx, version: Pick<Version, 'fileId' | 'code' | 'version' | 'format'>): Button =>
  placeButton(ctx, text(ctx.by.language).reading.open(fileNameOf(version)), `/file/${version.fileId}`)
