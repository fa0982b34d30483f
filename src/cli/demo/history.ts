import { bringExport, bringSystems, decideFlagged, keepRestAndSign, startReview } from './access.ts'
import { rowsOf } from './files.ts'
import { all, type Hand } from './hand.ts'
import { reportBetween } from './incidents.ts'
import { bringPeople, openChats } from './people.ts'
import { acknowledge, bringAcknowledgements, bringPolicies, launch } from './policies.ts'
import { attest, bringRegisters } from './registers.ts'
import { crashDeskVerdicts, warehouseVerdicts } from './verdicts.ts'

/** When the company began to use the product, and the moment at which the visitor comes in. */
export const BEGINNING = new Date('2026-09-01T08:00:00Z')
export const MONDAY = new Date('2026-11-23T09:00:00Z')

/**
 * Twelve weeks of the company, in order. Every change goes through the core. Days on which nothing worth showing happens
 * are left out, so that the first start takes seconds: then only the newest reminder of those due is sent.
 */
export async function tell(hand: Hand): Promise<void> {
  const reports = new Map<string, string>()
  let told = hand.now().toISOString()
  const until = async (moment: string) => {
    const at = new Date(moment).toISOString()
    await reportBetween(hand, reports, told, at)
    told = at
    await hand.until(at)
  }

  await setUp(hand)
  await until('2026-09-07T09:30:00Z')
  await launch(hand, { code: 'supplier-and-cloud-security', version: '2.0', due: '2026-09-21' })
  await until('2026-09-17T14:00:00Z')
  await reviewWarehouse(hand)
  await acknowledge(hand, { code: 'supplier-and-cloud-security', version: '2.0', share: 1, days: 8 })
  await until('2026-09-28T14:00:00Z')
  await attest(hand, '2026-09-30')
  await until('2026-10-12T14:00:00Z')
  await launch(hand, { code: 'backup-and-restore', version: '1.0', due: '2026-10-26' })
  await until('2026-10-19T14:00:00Z')
  await acknowledge(hand, { code: 'backup-and-restore', version: '1.0', share: 0.85, days: 5 })
  await until('2026-10-28T15:00:00Z')
  await attest(hand, '2026-10-31')
  await until('2026-11-06T10:00:00Z')
  await bringPolicies(hand)
  await launch(hand, { code: 'secure-development', version: '5.0', due: '2026-11-20' })
  await until('2026-11-17T14:00:00Z')
  await bringPolicies(hand)
  await launch(hand, { code: 'backup-and-restore', version: '1.1', due: '2026-12-01' })
  await acknowledge(hand, { code: 'secure-development', version: '5.0', share: 0.5, days: 10, ...SECURE })
  await until('2026-11-20T09:05:00Z')
  await lastDays(hand, until)
}

const SECURE = {
  but: ['pilar.ondarreta', 'wendell.haruki-stone', 'luo.yiming'],
  also: ['ines.valdemar', 'tomas.farol'],
}

async function setUp(hand: Hand): Promise<void> {
  await bringPeople(hand)
  await Promise.all([bringRegisters(hand), bringSystems(hand), bringPolicies(hand)])
  await bringAcknowledgements(hand)
}

/** Last quarter's review: decided, signed, with removals. */
async function reviewWarehouse(hand: Hand): Promise<void> {
  const file = 'player-warehouse-2026-09.csv'
  const snapshot = await bringExport(hand, 'player-warehouse', file, '2026-09-11T16:00:00Z')
  const review = await startReview(hand, 'mei.solberg', snapshot, '2026-09-30')
  await decideFlagged(hand, review, '2026-09-17T15:10:00Z', warehouseVerdicts)
  await keepRestAndSign(hand, review, '2026-09-17T16:05:00Z')
}

/** From Friday morning to Monday, nine o'clock. */
async function lastDays(hand: Hand, until: (moment: string) => Promise<void>): Promise<void> {
  await openChats(hand)
  await launch(hand, { code: 'passwords-and-authentication', version: '1.0', due: '2026-11-27' })
  await until('2026-11-20T17:30:00Z')
  await acknowledge(hand, { code: 'secure-development', version: '5.0', share: 0.6, days: 1, ...SECURE })
  await acknowledge(hand, { code: 'backup-and-restore', version: '1.1', share: 0.6, days: 3 })
  await acknowledge(hand, { ...PASSWORDS, share: 0.15, days: 0.3 })
  await attest(hand, '2026-11-30', true)
  const taken = '2026-11-20T17:00:00Z'
  const snapshots = new Map<string, string>()
  await all(rowsOf('systems.csv'), async ({ key = '' }) => {
    snapshots.set(key, await bringExport(hand, key, `${key}.csv`, taken))
  })
  await startReview(hand, 'mei.solberg', snapshots.get('github') ?? '', '2026-12-04')
  await until('2026-11-23T08:05:00Z')
  await launch(hand, { code: 'acceptable-use', version: '3.0', due: '2026-12-04', to: { department: 'People' } })
  const review = await startReview(hand, 'mei.solberg', snapshots.get('crash-desk') ?? '', '2026-11-27')
  await until('2026-11-23T08:50:00Z')
  await decideFlagged(hand, review, '2026-11-23T08:51:00Z', crashDeskVerdicts)
  await until(MONDAY.toISOString())
}

const PASSWORDS = {
  code: 'passwords-and-authentication',
  version: '1.0',
  but: ['ines.valdemar', 'tomas.farol', 'mei.solberg', 'eleni.faros', 'lorcan.whitby-sato'],
}
