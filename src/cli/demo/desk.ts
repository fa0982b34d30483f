import { sql } from 'drizzle-orm'
import type { DemoDesk } from '../../../adapters/web/demo.ts'
import { guideOf } from './guide.ts'
import { MONDAY } from './history.ts'
import type { Stage } from './index.ts'
import { seatsOf } from './seats.ts'

const DAY = 86_400_000
/** The clock moves in steps, so that everybody is written to in their own working hours, whatever their zone. */
const STEP = DAY / 8
/** How long a jump waits for messages that another worker has in hand, and how often it looks, in milliseconds. */
const PATIENCE = 10_000
const PAUSE = 20

/** What the desk shows of the company: seats, the clock, and the path through the first minute. */
export function deskOf({ deps, worker, sql: statement, shift }: Stage): DemoDesk {
  let hasLooked = false
  const isBusy = async () => {
    const [row] = await deps.db.execute<{ busy: boolean }>(
      sql`select exists (select 1 from delivery where state in ('due', 'claimed') and due_at <= db_now()) as busy`,
    )
    return row?.busy === true
  }
  const settle = async () => {
    for (let waited = 0; waited < PATIENCE; waited += PAUSE) {
      await worker.run()
      if (!(await isBusy())) return
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
  return {
    seats: () => seatsOf(deps.db, deps.now().toISOString().slice(0, 10)),
    now: deps.now,
    /** Step by step, so that each reminder comes on its own day and in the daytime. */
    async advance(days) {
      for (let moved = 0; moved < days * DAY; moved += STEP) {
        const [row] = await statement<{ shift: string }[]>`
          update clock set shift_ms = shift_ms + ${STEP} returning shift_ms as shift`
        shift.ms = Number(row?.shift ?? shift.ms)
        await settle()
      }
    },
    guide: async () => ({ steps: await guideOf(deps.db, MONDAY, hasLooked) }),
    looked(card) {
      if (card === 'home.record') hasLooked = true
    },
  }
}
