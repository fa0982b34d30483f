import { placeButton, fileButton as storedButton } from '../core/places.ts'
import type { Button, Ctx } from '../core/workflow.ts'
import { text } from './text.ts'
import { fileNameOf, type Version } from './versions.ts'

/** The whole text on one page of the browser. undefined where there is no desk. */
export const pageButton = (ctx: Ctx, version: Pick<Version, 'id'>): Button | undefined =>
  ctx.house.desk && placeButton(ctx, text(ctx.by.language).reading.browser, `/card/policies.policy/${version.id}`)

/** The very file that was imported. */
export const fileButton = (ctx: Ctx, version: Pick<Version, 'fileId' | 'code' | 'version' | 'format'>): Button =>
  storedButton(ctx, text(ctx.by.language).reading.open(fileNameOf(version)), version.fileId)
