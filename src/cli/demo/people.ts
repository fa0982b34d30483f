import { identity } from '../../../db/schema/core.ts'
import { newId } from '../../core/id.ts'
import { importPeople } from '../../people/importing.ts'
import { bytesOf } from './files.ts'
import { type Hand, PLATFORM, TENANT } from './hand.ts'

/** The register from its file, and a seat at the desk for everybody who works here. */
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
        linkMethod: 'demo',
        linkedAt: ctx.now,
        createdAt: ctx.now,
      })),
    )
  })
}

const lines = (bytes: Buffer): number => bytes.toString().trimEnd().split('\n').length
