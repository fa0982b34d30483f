import { and, eq } from 'drizzle-orm'
import { identity, person } from '../../db/schema/people.ts'
import { LONGEST_TEXT } from '../core/form.ts'
import type { Carried, Ctx } from '../core/workflow.ts'

/** What a carried message may take up in a form: Slack keeps 3,000 characters of private metadata, escapes included. */
const ROOM = 2000
const LONGEST = { text: 1000, author: 100, link: 400, at: 40 }

/** The message that came along: from the shortcut itself, or back from the form it opened. */
export async function carriedOf(ctx: Ctx): Promise<Carried | undefined> {
  const { turn } = ctx
  if (turn?.carried) return named(ctx, trimmed(turn.carried, LONGEST_TEXT))
  const { carried = '', author, link, at } = turn?.with ?? {}
  return trimmed({ text: carried, author, link, at }, LONGEST.text)
}

/** The same as parameters of a form: of the message itself as much as has room, cut visibly. */
export function carriedWith(carried: Carried | undefined): Record<string, string> {
  if (!carried) return {}
  const { text, ...about } = carried
  for (let max = LONGEST.text; ; max = Math.floor(max / 2)) {
    const parameters = { ...about, carried: shorten(text, max) }
    if (max <= 1 || JSON.stringify(parameters).length <= ROOM) return parameters
  }
}

/** It comes from outside, and back through the person's own client: every part is cut to size, none is trusted. */
function trimmed(carried: Carried, longest: number): Carried | undefined {
  const part = (value: string | undefined, max: number) => shorten(clean(value ?? ''), max)
  const author = part(carried.author, LONGEST.author)
  const link = part(carried.link, LONGEST.link)
  const at = part(carried.at, LONGEST.at)
  const text = part(carried.text, longest)
  if (text === '' && link === '') return undefined
  return { text, ...(author ? { author } : {}), ...(link ? { link } : {}), ...(at ? { at } : {}) }
}

/** A platform may carry its own id of the author: where we know the account, the name stands there instead. */
async function named(ctx: Ctx, carried: Carried | undefined): Promise<Carried | undefined> {
  const { author } = carried ?? {}
  if (!carried || !author || !ctx.turn) return carried
  const { platform, tenant } = ctx.turn.by
  const [known] = await ctx.db
    .select({ name: person.name })
    .from(identity)
    .innerJoin(person, eq(person.id, identity.personId))
    .where(and(eq(identity.platform, platform), eq(identity.tenant, tenant), eq(identity.userId, author)))
  return known ? { ...carried, author: known.name } : carried
}

/** PostgreSQL keeps no NUL, in text or in JSON, and half a surrogate pair is no text. */
const clean = (value: string): string => value.replaceAll('\u0000', '').toWellFormed()

/** Cut visibly, never through a surrogate pair. */
export const shorten = (value: string, max: number): string =>
  value.length <= max ? value : `${value.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
