import { eq } from 'drizzle-orm'
import { identity } from '../../../db/schema/people.ts'
import { newId } from '../../core/id.ts'
import { catchUp } from '../../core/messages.ts'
import { atWork } from '../../core/schedule.ts'
import { importPeople } from '../../people/importing.ts'
import { bytesOf } from './files.ts'
import { type Hand, PLATFORM, TENANT } from './hand.ts'
import { isFirst } from './seats.ts'

/**
 * The register from its file, and a seat at the desk for everybody who works here. Only the seats worth trying first are
 * sent messages from the beginning; the others read pages until `openChats`, which keeps the first start short.
 */
export async function bringPeople(hand: Hand): Promise<void> {
  const bytes = bytesOf('people.csv')
  const source = 'people.csv of the personnel system'
  await hand.system((ctx) =>
    importPeople(ctx, { bytes, source, extractedAt: ctx.now.toISOString(), expected: lines(bytes) - 1 }),
  )
  const people = await hand.meet()
  await hand.system(async (ctx) => {
    await ctx.db.insert(identity).values(
      people.all.map((one) => ({
        id: newId('idn', ctx.now, ctx.random),
        platform: PLATFORM,
        tenant: TENANT,
        userId: one.id,
        personId: one.id,
        address: {},
        state: 'linked' as const,
        receives: isFirst(one.who),
        linkMethod: 'demo',
        linkedAt: ctx.now,
        createdAt: ctx.now,
      })),
    )
  })
}

/** Offices where it is night when the visitor comes in: what waits there is sent in their morning. */
const ASLEEP = ['America/Phoenix', 'America/Vancouver', 'America/Bogota', 'Pacific/Auckland']

/**
 * From now on everybody is sent messages, beginning with what is asked of them. They are left to the running product:
 * its worker brings them within its first seconds.
 */
export const openChats = (hand: Hand): Promise<void> =>
  hand.system(async (ctx) => {
    const seats = await ctx.db
      .update(identity)
      .set({ receives: true })
      .where(eq(identity.receives, false))
      .returning({ id: identity.id, personId: identity.personId })
    await Promise.all(
      seats.map(({ id, personId }) => {
        const { timezone = '' } = hand.people().byId(personId ?? '') ?? {}
        const isAsleep = ASLEEP.includes(timezone)
        return catchUp({ db: ctx.db, now: isAsleep ? atWork(ctx.now, timezone, ctx.house.workday) : ctx.now }, id)
      }),
    )
  })

const lines = (bytes: Buffer): number => bytes.toString().trimEnd().split('\n').length
