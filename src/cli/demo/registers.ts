import { and, eq } from 'drizzle-orm'
import { controlAction, occurrence } from '../../../db/schema/controls.ts'
import { importOwners, importRegisters, readOwners } from '../../controls/index.ts'
import { cardsOf } from './cards.ts'
import { ANSWERS, NEVER } from './duties.ts'
import { bytesOf } from './files.ts'
import { all, chance, type Hand } from './hand.ts'

/** Both editions of Annex A, the recurring duties, and who owns what. */
export async function bringRegisters(hand: Hand): Promise<void> {
  await hand.system((ctx) => importRegisters(ctx))
  for (const file of ['owners.csv', 'control-owners.csv'])
    await hand.system(async (ctx) => {
      const receipt = await importOwners(ctx, readOwners(bytesOf(file), 'en'))
      if (receipt.refused[0]) throw new Error(`${file}: ${JSON.stringify(receipt.refused[0])}`)
    })
}

/** The owners attest what is open and due by then, each at an hour of their own in the three days before now. */
export async function attestUntil(hand: Hand, dueOn: string): Promise<void> {
  const open = await hand.deps.db
    .select({ id: occurrence.id, ownerId: occurrence.ownerId, n: occurrence.n, code: controlAction.code })
    .from(occurrence)
    .innerJoin(controlAction, eq(controlAction.id, occurrence.actionId))
    .where(and(eq(occurrence.state, 'open'), eq(occurrence.dueOn, dueOn)))
    .orderBy(controlAction.code)
  const answered = open.filter(({ code }) => !NEVER.includes(`${code} ${dueOn}`))
  const anchors = await cardsOf(
    hand,
    answered.map(({ id }) => id),
  )
  await all(answered, async ({ id, ownerId, code }) => {
    const owner = hand.people().byId(ownerId)
    const told = ANSWERS[`${code} ${dueOn}`] ?? ANSWERS[code]
    if (!owner || !told) return
    const at = new Date(hand.now().getTime() - Math.floor(chance(code, dueOn) * 72) * 3_600_000)
    await hand
      .as(owner.who)
      .do({ do: 'controls.attest', id, at, anchor: anchors.get(id), entries: { answer: told[0], statement: told[1] } })
  })
}
