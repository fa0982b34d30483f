import type { Hand } from './hand.ts'
import { reportBetween } from './incidents.ts'
import { bringPeople } from './people.ts'
import { attestUntil, bringRegisters } from './registers.ts'

/** When the company began to use the product, and the moment at which the visitor comes in. */
export const BEGINNING = new Date('2026-09-01T08:00:00Z')
export const MONDAY = new Date('2026-11-23T09:00:00Z')

/** Twelve weeks of the company, in order. Every change goes through the core. */
export async function tell(hand: Hand): Promise<void> {
  const reports = new Map<string, string>()
  let told = hand.now().toISOString()
  const until = async (moment: string) => {
    const at = new Date(moment).toISOString()
    await reportBetween(hand, reports, told, at)
    told = at
    await hand.until(moment)
  }
  await bringPeople(hand)
  await bringRegisters(hand)
  await until('2026-09-17T14:00:00Z')
  await until('2026-09-28T14:00:00Z')
  await attestUntil(hand, '2026-09-30')
  await until('2026-10-19T14:00:00Z')
  await until('2026-10-28T15:00:00Z')
  await attestUntil(hand, '2026-10-31')
  await until('2026-11-17T14:00:00Z')
  await until('2026-11-20T14:00:00Z')
  await attestUntil(hand, '2026-11-30')
  await until('2026-11-20T23:00:00Z')
  await until(MONDAY.toISOString())
}
