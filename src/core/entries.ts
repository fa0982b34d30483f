import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { entry, entryPayload } from '../../db/schema/core.ts'
import { newId } from './id.ts'
import type { Ctx } from './workflow.ts'

export type Happening = {
  /** Past tense: policy.acknowledged. */
  type: string
  /** What it happened to, and the action that did it (workflow.action). */
  object: string
  action: string
  ref?: string
  /** Before and after, as far as it matters; may hold personal data, because it can be erased. */
  payload: Record<string, unknown>
}

type Recorder = Pick<Ctx, 'db' | 'now' | 'random' | 'by'>

/**
 * Appends what happened, in the transaction of the change itself. The bytes are RFC 8785 JSON of ids and hashes only;
 * the payload stands apart with 32 random bytes of salt, so that erasing it breaks no proof. Answers the entry's id.
 */
export async function record(ctx: Recorder, it: Happening): Promise<string> {
  const id = newId('ent', ctx.now, ctx.random)
  const salt = ctx.random(32)
  const payload = new TextEncoder().encode(canonicalize(it.payload) ?? 'null')
  const payloadSha256 = createHash('sha256').update(salt).update(payload).digest('hex')
  const frame = {
    v: 1,
    type: it.type,
    at: ctx.now.toISOString(),
    actor: ctx.by.id,
    object: it.object,
    action: it.action,
    ref: it.ref ?? null,
    payload_sha256: payloadSha256,
  }
  const bytes = new TextEncoder().encode(canonicalize(frame) ?? '')
  await Promise.all([
    ctx.db.insert(entry).values({
      id,
      bytes,
      type: it.type,
      at: ctx.now,
      actor: ctx.by.id,
      object: it.object,
      action: it.action,
      ref: it.ref ?? null,
      payloadSha256,
    }),
    ctx.db.insert(entryPayload).values({ entryId: id, salt, payload }),
  ])
  return id
}
