import { and, eq, isNotNull } from 'drizzle-orm'
import { assignment } from '../../../db/schema/campaigns.ts'
import { delivery, message } from '../../../db/schema/messages.ts'
import { identity } from '../../../db/schema/people.ts'
import type { Anchor } from '../../core/workflow.ts'
import { type Hand, PLATFORM } from './hand.ts'

export type Asked = { id: string; subjectId: string; personId: string; anchor: Anchor | undefined }

/**
 * Who is asked something of that workflow and has not answered, with the place where the card that asked stands: a click
 * there is answered in place, as it is for everybody.
 */
export async function askedOf(hand: Hand, workflow: string): Promise<Asked[]> {
  const rows = await hand.deps.db
    .select({
      id: assignment.id,
      subjectId: assignment.subjectId,
      personId: assignment.personId,
      anchor: delivery.anchor,
    })
    .from(assignment)
    .innerJoin(identity, and(eq(identity.personId, assignment.personId), eq(identity.platform, PLATFORM)))
    .leftJoin(message, and(eq(message.assignmentId, assignment.id), eq(message.card, assignment.card)))
    .leftJoin(
      delivery,
      and(eq(delivery.messageId, message.id), eq(delivery.identityId, identity.id), isNotNull(delivery.anchor)),
    )
    .where(and(eq(assignment.workflow, workflow), eq(assignment.state, 'open')))
    .orderBy(assignment.id, delivery.firstSentAt)
  const byId = new Map(rows.map((row) => [row.id, { ...row, anchor: row.anchor ?? undefined }]))
  return [...byId.values()]
}
