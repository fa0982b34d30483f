import { and, eq } from 'drizzle-orm'
import { attestation, occurrence } from '../../db/schema/controls.ts'
import { complete } from '../core/assignments.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { refresh } from '../core/messages.ts'
import type { Ctx } from '../core/workflow.ts'
import { type Asked, assignmentsAbout } from './duty.ts'
import { keepEvidence } from './evidence.ts'
import { text } from './text.ts'

export type Answer = 'operates' | 'deviations' | 'fails'

type Declared = { answer: Answer; statement: string; files: readonly string[] }

/**
 * The owner's declaration about one period, once and for good. A period that was marked as missed keeps its mark. false:
 * it was attested before, perhaps by another click of the same hand; show things as they are. Throws Refusal when an
 * answer other than *operates* comes with the words that said the opposite last time.
 */
export async function attest(ctx: Ctx, asked: Asked, declared: Declared): Promise<boolean> {
  const { answer, statement } = declared
  const { occurrence: it, duty, last } = asked
  if (asked.attestation) return false
  if (answer !== 'operates' && last?.answer === 'operates' && last.statement.trim() === statement.trim()) {
    const { unchanged } = text(ctx.by.language).form
    throw new Refusal(unchanged, { statement: unchanged })
  }
  const assignments = await assignmentsAbout(ctx, [it.id])
  const mine = assignments.find((one) => one.personId === ctx.by.id)
  const [made] = await ctx.db
    .insert(attestation)
    .values({
      id: newId('att', ctx.now, ctx.random),
      occurrenceId: it.id,
      assignmentId: mine?.id ?? null,
      personId: ctx.by.id,
      answer,
      statement,
      attestedAt: ctx.now,
    })
    .onConflictDoNothing()
    .returning({ id: attestation.id })
  if (!made) return false
  const [files, [changed]] = await Promise.all([
    keepEvidence(ctx, made.id, declared.files),
    ctx.db
      .update(occurrence)
      .set({ state: 'attested' })
      .where(and(eq(occurrence.id, it.id), eq(occurrence.state, 'open')))
      .returning({ id: occurrence.id }),
    ...(mine ? [complete(ctx, mine.id)] : []),
    refresh(ctx, it.id),
  ])
  await record(ctx, {
    type: 'control.attested',
    object: it.id,
    action: 'controls.attest',
    ref: made.id,
    payload: {
      duty: duty.code,
      controls_2022: duty.controls2022,
      controls_2013: duty.controls2013,
      period_from: it.periodFrom,
      period_to: it.periodTo,
      due_on: it.dueOn,
      answer,
      statement,
      missed: changed === undefined,
      files: files.map(({ id, sha256 }) => ({ id, sha256 })),
    },
  })
  return true
}
