import { and, eq } from 'drizzle-orm'
import { controlAction, occurrence } from '../../../db/schema/controls.ts'
import { importOwners, importRegisters, readOwners } from '../../controls/index.ts'
import { askedOf } from './cards.ts'
import { ANSWERS, NEVER } from './duties.ts'
import { bytesOf } from './files.ts'
import { all, chance, type Hand, type Happening } from './hand.ts'

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
 * What owners attest that is due on that day, each at an hour of their own in the hours before now. Of `early` only those
 * who have something to say about that very period.
 */
export async function attestationsOf(hand: Hand, dueOn: string, hours: number, early = false): Promise<Happening[]> {
  const [open, asked] = await Promise.all([
    hand.deps.db
      .select({ id: occurrence.id, ownerId: occurrence.ownerId, code: controlAction.code })
      .from(occurrence)
      .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
      .where(and(eq(occurrence.state, 'open'), eq(occurrence.dueOn, dueOn)))
      .orderBy(controlAction.code),
    askedOf(hand, 'controls'),
  ])
  return open.flatMap(({ id, ownerId, code }) => {
    const about = `${code} ${dueOn}`
    const told = ANSWERS[about] ?? (early ? undefined : ANSWERS[code])
    const owner = hand.people().byId(ownerId)
    if (NEVER.includes(about) || !told || !owner) return []
    const anchor = asked.find((one) => one.subjectId === id)?.anchor
    const [answer, statement, ...evidence] = told
    const at = new Date(hand.now().getTime() - chance(about) * hours * HOUR)
    const run = async (moment: Date) => {
      const as = hand.as(owner.who)
      const files = await Promise.all(evidence.map((name) => as.bring(name, bytesOf('evidence', name), moment)))
      await as.do({ do: 'controls.attest', id, anchor, entries: { answer, statement, files }, at: moment })
    }
    return [{ at, run }]
  })
}
