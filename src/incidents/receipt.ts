import type { Card, Ctx } from '../core/workflow.ts'
import { onDuty } from './duty.ts'
import { type Report, reportedLately, toldOf } from './register.ts'
import { receiptCard } from './reporter-view.ts'

/** The reporter's receipt, from what is true now. */
export async function receiptOf(ctx: Ctx, it: Report): Promise<Card> {
  const [told, duty, lately] = await Promise.all([toldOf(ctx, it), onDuty(ctx, it.reporterId), reportedLately(ctx, it)])
  return receiptCard(ctx, told, duty, lately)
}
