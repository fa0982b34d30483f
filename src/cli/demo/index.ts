import { eq, sql as statement } from 'drizzle-orm'
import type { Sql } from 'postgres'
import type { DemoDesk } from '../../../adapters/web/demo.ts'
import type { Access } from '../../../db/access.ts'
import { connect } from '../../../db/client.ts'
import { setting } from '../../../db/schema/installation.ts'
import { person } from '../../../db/schema/people.ts'
import type { Deps } from '../../core/turn.ts'
import type { Core } from '../../core/workflow.ts'
import { deskOf } from './desk.ts'
import { AT_ONCE, setClock, takeHand } from './hand.ts'
import { BEGINNING, MONDAY, tell } from './history.ts'

export type Stage = {
  deps: Deps
  core: Core
  worker: { run(until?: () => boolean): Promise<number> }
  sql: Sql
  /** The way into the same database, for a pool of its own while the company is made. */
  access: Access
  /** How far the product's clock stands ahead, in milliseconds: what `deps.now` adds. */
  shift: { ms: number }
  /** To whoever started it. */
  say(line: string): void
}

/** The row of `setting` that says whose database this is: 'telling' while the story is written, then 'told'. */
const MARK = 'demo.company'

/**
 * The demo company, made through the core itself when the database is empty, and what the desk shows of it. Its clock
 * then stands at Monday, 23 November 2026, 09:00 UTC, and goes on from there; a later start finds it where it was.
 * Throws one sentence when an earlier start broke off in the middle, and when these are other people: anybody may sit at
 * any seat of the demo.
 */
export async function openDemo(stage: Stage): Promise<DemoDesk> {
  const { deps, sql, shift } = stage
  const [[people], [mark]] = await Promise.all([
    deps.db.select({ some: statement<boolean>`count(*) > 0` }).from(person),
    deps.db.select({ value: setting.value }).from(setting).where(eq(setting.name, MARK)),
  ])
  if (mark?.value === 'telling') throw new HalfMade()
  if (mark === undefined && people?.some) throw new Error(OTHERS)
  if (mark === undefined) {
    stage.say('Making the demo company: a few seconds, this once.')
    await write(deps, 'telling')
    await tellOn(stage)
    shift.ms = await setClock(sql, MONDAY)
    await write(deps, 'told')
  }
  return deskOf(stage)
}

/**
 * In a pool of its own whose commits do not wait for the disk: what is committed after them does, and with it all before.
 */
async function tellOn({ deps, access }: Stage): Promise<void> {
  const { db, sql, close } = await connect({ ...access, connections: AT_ONCE })
  try {
    const held = await Promise.all(Array.from({ length: AT_ONCE }, () => sql.reserve()))
    await Promise.all(held.map((connection) => connection.unsafe('set synchronous_commit to off')))
    for (const connection of held) connection.release()
    await tell(takeHand({ ...deps, db }, sql, BEGINNING))
  } finally {
    await close()
  }
}

/** The first start was interrupted while the story was written; nobody has seen any of it. */
export class HalfMade extends Error {
  constructor() {
    super(
      'The demo company is half made, because its first start was interrupted: delete the data folder (.countersign, or the one COUNTERSIGN_DATA names) and start again.',
    )
  }
}

const OTHERS =
  'This database holds people who are not the demo company, and the demo lets anybody sit at any seat: set up your chat platform ("countersign setup slack"), or name another folder for the demo in COUNTERSIGN_DATA.'

const write = ({ db }: Deps, value: 'telling' | 'told') =>
  db.insert(setting).values({ name: MARK, value }).onConflictDoUpdate({ target: setting.name, set: { value } })
