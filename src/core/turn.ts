import { eq, sql } from 'drizzle-orm'
import { type Db, statement } from '../../db/client.ts'
import { receipt } from '../../db/schema/record.ts'
import { act, Denied, loadAlone, Replayed, withErrors } from './act.ts'
import { record } from './entries.ts'
import { Refusal } from './errors.ts'
import { newId, type Random } from './id.ts'
import { introduce } from './introduce.ts'
import { faultOf, type Log } from './log.ts'
import { plain } from './md.ts'
import { whoIs } from './people.ts'
import { text } from './text.ts'
import type { Action, Ctx, House, Platform, Reply, Turn } from './workflow.ts'

export type Deps = {
  db: Db
  house: House
  now: () => Date
  random: Random
  log: Log
  platforms: readonly Platform[]
  wake(): void
}

/** PostgreSQL asks for a second try: serialization_failure, deadlock_detected. */
const AGAIN = ['40001', '40P01']

/**
 * The single door into the core. One transaction, one moment: who is it, may they, what is asked, what was answered,
 * and the change with its entry and its messages. Expected refusals are answered; a bug is logged under an id that the
 * person sees.
 */
export function makeTurn(deps: Deps): (turn: Turn) => Promise<Reply> {
  return async (turn) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await once(deps, turn)
        deps.wake()
        return reply
      } catch (error) {
        if (error instanceof Replayed) continue
        const cause = (error as { cause?: { code?: string } }).cause?.code
        if (cause !== undefined && AGAIN.includes(cause) && attempt < 4) continue
        const id = newId('ent', deps.now(), deps.random).slice(-10)
        deps.log.error({ id, do: turn.do, ...faultOf(error) }, 'turn.failed')
        return { say: text('en').fault(id), failed: true }
      }
    }
  }
}

const findReceipt = statement((db) =>
  db
    .select({ reply: receipt.reply, personId: receipt.personId })
    .from(receipt)
    .where(eq(receipt.turnKey, sql.placeholder('keyed')))
    .prepare('find_receipt'),
)

async function once(deps: Deps, turn: Turn): Promise<Reply> {
  const now = deps.now()
  const it = find(deps.house, turn.do)
  const inbox = deps.house.typed('inbox', turn.by.platform)
  if (!it) return { say: plain(text('en').notCurrent(inbox)) }
  const keyed = `${turn.by.platform}:${turn.by.tenant}:${turn.key}`
  let language = 'en'
  let by: string | undefined
  try {
    const reply = await deps.db.transaction(async (tx) => {
      const bare = { db: tx, now, random: deps.random, platform: turn.by.platform, house: deps.house, turn }
      const [known, [earlier], subject] = await Promise.all([
        whoIs(tx, turn.by, now),
        findReceipt(tx, { keyed }),
        loadAlone(bare, it, turn.id),
      ])
      if (!known) return undefined
      if (!known.person) throw new Refusal(text('en').unknown)
      language = known.person.language
      if (known.person.state === 'left' || known.state === 'ended') throw new Refusal(text(language).left)
      if (earlier) {
        if (earlier.personId === known.person.id) return earlier.reply as Reply
        throw new Refusal(text(language).notYours(inbox))
      }
      by = known.person.id
      const { person, identityId } = known
      const ctx: Ctx = {
        ...bare,
        by: person,
        identityId,
        log: deps.log.child({ do: turn.do }),
        underway: [],
        stale: new Set(),
      }
      return act(ctx, it, keyed, subject)
    })
    return reply ?? (await meet(deps, turn, now))
  } catch (error) {
    if (error instanceof Denied) {
      await deny(deps, turn, error, { now, object: it.load && turn.id ? turn.id : turn.do })
      return { say: plain(text(language).notYours(inbox)) }
    }
    if (!(error instanceof Refusal)) throw error
    // The same click may have been answered by another delivery of it while this one waited for its locks.
    const [same] = it.reads ? [] : await findReceipt(deps.db, { keyed })
    if (same && by !== undefined && same.personId === by) return same.reply as Reply
    if (error.fields && turn.entries) return corrected(deps, turn, error.fields)
    return { say: error.text }
  }
}

/** A refusal by field came while changing things: all is undone, and the form is drawn anew from what is true now. */
async function corrected(deps: Deps, turn: Turn, errors: Record<string, string>): Promise<Reply> {
  const { entries = {}, ...asking } = turn
  return withErrors(await once(deps, asking), entries, errors)
}

function find(house: House, name: string): Action | undefined {
  const [workflow, verb] = name.split('.')
  const actions = house.workflows.find((one) => one.name === workflow)?.actions
  return actions && verb !== undefined && Object.hasOwn(actions, verb) ? actions[verb] : undefined
}

/** First contact: ask the platform who it is, outside any transaction, then try the turn once more. */
async function meet(deps: Deps, turn: Turn, now: Date): Promise<Reply> {
  const platform = deps.platforms.find((one) => one.name === turn.by.platform)
  if (!platform) throw new Error('meet: a turn from a platform that is not mounted')
  const profile = await platform.profile(turn.by.address)
  const state = await introduce(deps.db, turn.by, profile, now, deps.random)
  if (state === 'refused') return { say: plain(text(profile.locale ?? 'en').outsider) }
  if (state === 'linked') return once(deps, turn)
  return { say: text(profile.locale ?? 'en').unknown }
}

/** `object` is an id that was found, or the action: what somebody made up must not stand in the record for ever. */
async function deny(
  deps: Deps,
  turn: Turn,
  denied: Denied,
  { now, object }: { now: Date; object: string },
): Promise<void> {
  deps.log.warn({ do: turn.do, person: denied.by.id }, 'turn.denied')
  await deps.db.transaction((tx) =>
    record(
      { db: tx, now, random: deps.random, by: denied.by },
      { type: 'turn.denied', object, action: turn.do, payload: { platform: turn.by.platform } },
    ),
  )
}
