import { eq } from 'drizzle-orm'
import { setting } from '../../db/schema/installation.ts'
import type { Ctx } from '../core/workflow.ts'

/** No standard names a number of days: this is the organisation's own, kept with each review that opens. */
const DEFAULTS = { inactiveDays: 90 }

/** A whole number above zero from the table `setting`, name `access.inactiveDays`; anything else counts as not set. */
export async function settingOf(ctx: Pick<Ctx, 'db'>, name: keyof typeof DEFAULTS): Promise<number> {
  const [row] = await ctx.db
    .select({ value: setting.value })
    .from(setting)
    .where(eq(setting.name, `access.${name}`))
  const value = row?.value
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : DEFAULTS[name]
}
