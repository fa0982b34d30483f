import { and, eq, inArray, isNotNull } from 'drizzle-orm'
import { assignment, delivery, identity, message } from '../../../db/schema/core.ts'
import type { Anchor } from '../../core/workflow.ts'
import { type Hand, PLATFORM } from './hand.ts'

/**
 * Where the first card of each assignment stands, by what it is about: a click on it is answered there, as it is for
 * everybody. About one thing and one person each.
 */
export async function cardsOf(hand: Hand, subjects: readonly string[]): Promise<Map<string, Anchor>> {
  if (subjects.length === 0) return new Map()
  const rows = await hand.deps.db
    .select({ subject: assignment.subjectId, anchor: delivery.anchor })
    .from(assignment)
    .innerJoin(message, and(eq(message.assignmentId, assignment.id), eq(message.card, assignment.card)))
    .innerJoin(delivery, and(eq(delivery.messageId, message.id), isNotNull(delivery.anchor)))
    .innerJoin(identity, and(eq(identity.id, delivery.identityId), eq(identity.platform, PLATFORM)))
    .where(inArray(assignment.subjectId, [...subjects]))
    .orderBy(delivery.firstSentAt)
  return new Map(rows.flatMap(({ subject, anchor }) => (anchor ? [[subject, anchor]] : [])))
}
