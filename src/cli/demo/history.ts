import { bringExport, bringSystems, decideFlagged, keepRestAndSign, startReview } from './access.ts'
import { rowsOf } from './files.ts'
import { all, type Hand } from './hand.ts'
import { reportUntilNow } from './incidents.ts'
import { bringPeople, openChats } from './people.ts'
import { acknowledge, bringAcknowledgements, bringPolicies, launch, nudge } from './policies.ts'
import { attest, bringRegisters } from './registers.ts'
import { crashDeskVerdicts, warehouseVerdicts } from './verdicts.ts'

/** When the company began to use the product, and the moment at which the visitor comes in. */
export const BEGINNING = new Date('2026-09-01T08:00:00Z')
export const MONDAY = new Date('2026-11-23T09:00:20Z')

const SUPPLIERS = { code: 'supplier-and-cloud-security', version: '2.0' }
const BACKUP = { code: 'backup-and-restore', version: '1.0' }
const NEWER_BACKUP = { code: 'backup-and-restore', version: '1.1' }
const PASSWORDS = { code: 'passwords-and-authentication', version: '1.0' }
const DEVELOPMENT = { code: 'secure-development', version: '5.0' }
const ACCEPTABLE_USE = { code: 'acceptable-use', version: '3.0' }

/** Late with Secure Development: one of Tomás Farol's team among them, so that his digest has a name. */
const LATE = { but: ['pilar.ondarreta', 'wendell.haruki-stone', 'luo.yiming'], also: ['ines.valdemar', 'tomas.farol'] }
/** Seats that are to find the one-page policy open. */
const WAITING = [
  'ines.valdemar',
  'tomas.farol',
  'mei.solberg',
  'eleni.faros',
  'lorcan.whitby-sato',
  'ivo.steinmetz-larsen',
]

/**
 * Twelve weeks of the company, in order. Every change goes through the core. The worker runs only when something worth
 * showing is due, so that the first start takes seconds; of reminders that fell due meanwhile it sends the newest.
 */
export async function tell(hand: Hand): Promise<void> {
  const reports = new Map<string, string>()
  await autumn(hand, reports)
  await november(hand)
  await friday(hand)
  await monday(hand, reports)
}

async function autumn(hand: Hand, reports: Map<string, string>): Promise<void> {
  await bringPeople(hand)
  await Promise.all([bringSystems(hand), bringPolicies(hand)])
  await bringAcknowledgements(hand)
  hand.turnTo('2026-09-07T09:30:00Z')
  await launch(hand, { ...SUPPLIERS, due: '2026-09-21' })
  await hand.work()
  hand.turnTo('2026-09-17T15:00:00Z')
  const taken = '2026-09-11T16:00:00Z'
  const snapshot = await bringExport(hand, 'player-warehouse', 'player-warehouse-2026-09.csv', taken)
  const review = await startReview(hand, 'mei.solberg', snapshot, '2026-09-30')
  await decideFlagged(hand, review, '2026-09-17T15:10:00Z', warehouseVerdicts)
  await keepRestAndSign(hand, review, '2026-09-17T16:05:00Z')
  await acknowledge(hand, { ...SUPPLIERS, share: 1, days: 9 })
  hand.turnTo('2026-10-01T08:00:00Z')
  await bringRegisters(hand)
  hand.turnTo('2026-10-19T09:30:00Z')
  await reportUntilNow(hand, reports)
  await launch(hand, { ...BACKUP, due: '2026-10-30' })
  await hand.work()
}

async function november(hand: Hand): Promise<void> {
  hand.turnTo('2026-10-28T15:00:00Z')
  await acknowledge(hand, { ...BACKUP, share: 0.85, days: 8 })
  await attest(hand, '2026-10-31')
  hand.turnTo('2026-11-06T10:00:00Z')
  await bringPolicies(hand)
  await launch(hand, { ...DEVELOPMENT, due: '2026-11-20' })
  await hand.work()
  hand.turnTo('2026-11-16T10:00:00Z')
  await bringPolicies(hand)
  await launch(hand, { ...NEWER_BACKUP, due: '2026-12-01' })
  hand.turnTo('2026-11-19T15:00:00Z')
  await acknowledge(hand, { ...DEVELOPMENT, share: 0.55, days: 12, ...LATE })
}

async function friday(hand: Hand): Promise<void> {
  hand.turnTo('2026-11-20T09:05:00Z')
  await openChats(hand)
  await launch(hand, { ...PASSWORDS, due: '2026-11-27' })
  await hand.work()
  hand.turnTo('2026-11-20T17:30:00Z')
  await acknowledge(hand, { ...DEVELOPMENT, share: 0.68, days: 0.3, ...LATE })
  await acknowledge(hand, { ...NEWER_BACKUP, share: 0.6, days: 0.3 })
  await acknowledge(hand, { ...PASSWORDS, share: 0.2, days: 0.3, but: WAITING })
  await attest(hand, '2026-11-30', true)
}

async function monday(hand: Hand, reports: Map<string, string>): Promise<void> {
  const taken = '2026-11-20T17:00:00Z'
  const snapshots = new Map<string, string>()
  await all(rowsOf('systems.csv'), async ({ key = '' }) => {
    snapshots.set(key, await bringExport(hand, key, `${key}.csv`, taken))
  })
  await startReview(hand, 'mei.solberg', snapshots.get('github') ?? '', '2026-12-04')
  hand.turnTo('2026-11-23T08:50:00Z')
  await reportUntilNow(hand, reports)
  await launch(hand, { ...ACCEPTABLE_USE, due: '2026-12-04', to: { department: 'People' } })
  const review = await startReview(hand, 'mei.solberg', snapshots.get('crash-desk') ?? '', '2026-11-27')
  await decideFlagged(hand, review, '2026-11-23T08:51:00Z', crashDeskVerdicts)
  hand.turnTo('2026-11-23T09:00:00Z')
  await hand.work()
  // The first thing a visitor does stands at the end of the chat.
  hand.turnTo(MONDAY.toISOString())
  await nudge(hand, 'tomas.farol', 'ines.valdemar')
  await hand.deliver()
}
