import { sql as statement } from 'drizzle-orm'
import type { Sql } from 'postgres'
import type { DemoDesk } from '../../../adapters/web/demo.ts'
import { person } from '../../../db/schema/core.ts'
import type { Deps } from '../../core/turn.ts'
import type { Core } from '../../core/workflow.ts'
import { guideOf } from './guide.ts'
import { setClock, takeHand } from './hand.ts'
import { BEGINNING, MONDAY, tell } from './history.ts'
import { seatsOf } from './seats.ts'

export type Stage = {
  deps: Deps
  core: Core
  worker: { run(until?: () => boolean): Promise<number> }
  sql: Sql
  /** How far the product's clock stands ahead, in milliseconds: what `deps.now` adds. */
  shift: { ms: number }
}

const DAY = 86_400_000

/**
 * The demo company, made through the core itself when the database is empty, and what the desk shows of it. Its clock
 * then stands at Monday, 23 November 2026, 09:00 UTC, and goes on from there; a later start finds it where it was.
 */
export async function openDemo({ deps, worker, sql, shift }: Stage): Promise<DemoDesk> {
  if (await isEmpty(deps)) {
    const hand = takeHand(deps, sql, BEGINNING)
    await tell(hand)
    shift.ms = await setClock(sql, MONDAY)
  }
  return {
    seats: () => seatsOf(deps.db, deps.now().toISOString().slice(0, 10)),
    now: deps.now,
    async advance(days) {
      const [row] = await sql<{ shift: string }[]>`
        update clock set shift_ms = shift_ms + ${days * DAY} returning shift_ms as shift`
      shift.ms = Number(row?.shift ?? shift.ms)
      await worker.run()
    },
    guide: async () => ({ steps: await guideOf(deps.db) }),
  }
}

async function isEmpty({ db }: Deps): Promise<boolean> {
  const [row] = await db.select({ some: statement<number>`count(*)::int` }).from(person)
  return row?.some === 0
}
