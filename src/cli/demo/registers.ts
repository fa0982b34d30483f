import { and, eq } from 'drizzle-orm'
import { controlAction, occurrence } from '../../../db/schema/controls.ts'
import { importOwners, importRegisters, readOwners } from '../../controls/index.ts'
import { askedOf } from './cards.ts'
import { ANSWERS, NEVER } from './duties.ts'
import { bytesOf } from './files.ts'
import { all, chance, type Hand } from './hand.ts'

const HOUR = 3_600_000

/** Both editions of Annex A, the recurring duties, and who owns what. */
export async function bringRegisters(hand: Hand): Promise<void> {
  await hand.system((ctx) => importRegisters(ctx))
  await all(['owners.csv', 'control-owners.csv'], (file) =>
    hand.system(async (ctx) => {
      const { refused } = await importOwners(ctx, readOwners(bytesOf(file), 'en'))
      if (refused[0]) throw new Error(`${file}, line ${refused[0].line}: ${refused[0].reason}`)
    }),
  )
}

/**
 * The owners attest what is due on that day, each at an hour of their own in the three days before now. Of `early` only
 * those who have something to say about that very period.
 */
export async function attest(hand: Hand, dueOn: string, early = false): Promise<void> {
  const [open, asked] = await Promise.all([
    hand.deps.db
      .select({ id: occurrence.id, ownerId: occurrence.ownerId, code: controlAction.code })
      .from(occurrence)
      .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
      .where(and(eq(occurrence.state, 'open'), eq(occurrence.dueOn, dueOn)))
      .orderBy(controlAction.code),
    askedOf(hand, 'controls'),
  ])
  await all(open, async ({ id, ownerId, code }) => {
    const about = `${code} ${dueOn}`
    const told = ANSWERS[about] ?? (early ? undefined : ANSWERS[code])
    const owner = hand.people().byId(ownerId)
    if (NEVER.includes(about) || !told || !owner) return
    const at = new Date(hand.now().getTime() - Math.floor(chance(about) * 72) * HOUR)
    const anchor = asked.find((one) => one.subjectId === id)?.anchor
    await hand
      .as(owner.who)
      .do({ do: 'controls.attest', id, at, anchor, entries: { answer: told[0], statement: told[1] } })
  })
}
