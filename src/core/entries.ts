import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { sql } from 'drizzle-orm'
import { statement } from '../../db/client.ts'
import { entry, entryPayload } from '../../db/schema/record.ts'
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

const place = (name: string) => sql.placeholder(name)

/** Both rows in one statement: every click of everybody writes them. */
const addEntry = statement((db) => {
  const made = db.$with('made').as(
    db
      .insert(entry)
      .values({
        id: place('id'),
        bytes: place('bytes'),
        type: place('type'),
        at: place('at'),
        actor: place('actor'),
        object: place('object'),
        action: place('action'),
        ref: place('ref'),
        payloadSha256: place('payloadSha256'),
      })
      .returning({ id: entry.id }),
  )
  const payload = {
    salt: sql<Uint8Array>`${place('salt')}::bytea`.as('salt'),
    payload: sql<Uint8Array>`${place('payload')}::bytea`.as('payload'),
  }
  return db
    .with(made)
    .insert(entryPayload)
    .select(db.select({ entryId: made.id, ...payload }).from(made))
    .prepare('add_entry')
})

type Recorder = Pick<Ctx, 'db' | 'now' | 'random' | 'by'> & Partial<Pick<Ctx, 'identityId' | 'platform' | 'turn'>>

/**
 * "I never clicked that" (T34): through which account the request came, the platform's own key of it, and the revision
 * that was on the screen. undefined where nobody clicked.
 */
const viaOf = ({ turn, platform, identityId }: Recorder) =>
  turn && {
    via: { platform: platform ?? null, identity: identityId ?? null, turn: turn.key, shown: turn.shown ?? null },
  }

/**
 * Appends what happened, in the transaction of the change itself. The bytes are RFC 8785 JSON of ids and hashes only;
 * the payload stands apart with 32 random bytes of salt, so that erasing it breaks no proof. Answers the entry's id.
 */
export async function record(ctx: Recorder, it: Happening): Promise<string> {
  const made = entryOf(ctx, it)
  await addEntry(ctx.db, { ...made.payload, ...made.entry })
  return made.entry.id
}

/** Entries of one statement: 10 columns each, far below PostgreSQL's 65,535 parameters. */
const PIECE = 500

/** The same for many things at once, in their order: an import of thousands is a few statements. */
export async function recordAll(ctx: Recorder, some: readonly Happening[]): Promise<void> {
  for (let from = 0; from < some.length; from += PIECE) {
    const made = some.slice(from, from + PIECE).map((it) => entryOf(ctx, it))
    await Promise.all([
      ctx.db.insert(entry).values(made.map((one) => one.entry)),
      ctx.db.insert(entryPayload).values(made.map((one) => one.payload)),
    ])
  }
}

function entryOf(ctx: Recorder, it: Happening) {
  const id = newId('ent', ctx.now, ctx.random)
  const salt = ctx.random(32)
  const payload = new TextEncoder().encode(canonicalize({ ...it.payload, ...viaOf(ctx) }) ?? 'null')
  const payloadSha256 = createHash('sha256').update(salt).update(payload).digest('hex')
  const { type, object, action } = it
  const ref = it.ref ?? null
  const at = ctx.now.toISOString()
  const frame = { v: 1, type, at, actor: ctx.by.id, object, action, ref, payload_sha256: payloadSha256 }
  const bytes = new TextEncoder().encode(canonicalize(frame) ?? '')
  return {
    entry: { id, bytes, type, at: ctx.now, actor: ctx.by.id, object, action, ref, payloadSha256 },
    payload: { entryId: id, salt, payload },
  }
}
