import { makeLink } from '../core/doors.ts'
import { fileFor } from '../core/files.ts'
import { fileAt } from '../core/places.ts'
import { isActive } from '../core/rules.ts'
import { action, type Ctx, type Reply } from '../core/workflow.ts'
import { text } from './text.ts'

/**
 * The way from chat into the browser: a link that works once, made at the click; no message that stands is made of it. A file
 * that this person may have comes along by its name, for a chat that can hand it over itself.
 */
export const door = action({
  may: (ctx) => isActive(ctx.by),
  reads: true,
  run: async (ctx) => {
    const say = text(ctx.by.language)
    const path = ctx.turn?.with?.path ?? '/'
    if (ctx.platform === ctx.house.desk?.platform) return { card: doorCard(ctx, path), beside: true }
    const [href, file] = await Promise.all([makeLink(ctx, path), fileBehind(ctx, path)])
    return {
      beside: true,
      ...(href ? { card: doorCard(ctx, href) } : { say: [{ text: say.noDesk }] }),
      ...(file ? { file } : {}),
    }
  },
})

async function fileBehind(ctx: Ctx, path: string): Promise<Reply['file']> {
  const id = fileAt(path)
  return id === undefined ? undefined : fileFor(ctx, id)
}

function doorCard(ctx: Ctx, href: string) {
  const say = text(ctx.by.language)
  return {
    title: say.door,
    blocks: [
      { kind: 'text' as const, text: say.doorText },
      { kind: 'buttons' as const, buttons: [{ label: say.open, href, style: 'primary' as const }] },
    ],
  }
}
