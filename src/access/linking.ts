import { inArray, sql } from 'drizzle-orm'
import { person } from '../../db/schema/people.ts'
import type { Ctx } from '../core/workflow.ts'

export type Link = { link: 'email'; personId: string } | { link: 'ambiguous' | 'unmatched' | 'none'; personId: null }

const CHUNK = 5000

/**
 * Whose account it is, by exact mail address and nothing else: never by name (T52). One person with the address, active
 * or left, is the one. An address that was given to somebody new belongs to two people: nobody is guessed (T13).
 */
export async function linksOf(
  ctx: Pick<Ctx, 'db'>,
  mails: Iterable<string>,
): Promise<(mail: string | undefined) => Link> {
  const wanted = [...new Set(mails)]
  const holders = new Map<string, string[]>()
  for (let from = 0; from < wanted.length; from += CHUNK) {
    // As text first: the driver would write a parameter of type jsonb as JSON once more.
    const some = JSON.stringify(wanted.slice(from, from + CHUNK))
    const rows = await ctx.db
      .select({ id: person.id, mail: person.emailKey })
      .from(person)
      .where(inArray(person.emailKey, sql`(select jsonb_array_elements_text(${some}::text::jsonb))`))
    for (const { id, mail } of rows) holders.set(mail, [...(holders.get(mail) ?? []), id])
  }
  return (mail) => {
    if (!mail) return { link: 'none', personId: null }
    const [only, other] = holders.get(mail) ?? []
    if (only === undefined) return { link: 'unmatched', personId: null }
    return other === undefined ? { link: 'email', personId: only } : { link: 'ambiguous', personId: null }
  }
}
