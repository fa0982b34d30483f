import { sql } from 'drizzle-orm'
import { numbering } from '../../db/schema/installation.ts'
import type { Ctx } from './workflow.ts'

/**
 * The next number of a series that people see, without gaps: EVT-2026-0042. The row stays locked until the transaction
 * ends, so this is for things that come one at a time, never for clicks of a campaign.
 */
export async function nextNumber(ctx: Pick<Ctx, 'db' | 'now'>, series: string): Promise<string> {
  const name = `${series}-${ctx.now.getUTCFullYear()}`
  const [row] = await ctx.db
    .insert(numbering)
    .values({ series: name, last: 1 })
    .onConflictDoUpdate({ target: numbering.series, set: { last: sql`${numbering.last} + 1` } })
    .returning({ last: numbering.last })
  return `${name}-${String(row?.last ?? 0).padStart(4, '0')}`
}
