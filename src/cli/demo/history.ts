import { bringExport, bringSystems, decideFlagged, keepRestAndSign, startReview } from './access.ts'
import { rowsOf } from './files.ts'
import { all, type Hand, type Happening, play } from './hand.ts'
import { reportsOf } from './incidents.ts'
import { bringPeople, openChats } from './people.ts'
import { acknowledgementsOf, bringAcknowledgements, bringPolicies, launch, nudge } from './policies.ts'
import { attestationsOf, bringRegisters } from './registers.ts'
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
  let told = hand.now().toISOString()
  /** It becomes that late: what people reported meanwhile is there, and what else they did. */
  const until = async (moment: string, meanwhile: () => Promise<readonly Happening[]> = async () => []) => {
    hand.turnTo(moment)
    await play(await meanwhile(), reportsOf(hand, reports, told, moment))
    told = moment
  }
  const unapproved = await begin(hand)
  await september(hand, until)
  await october(hand, until)
  await november(hand, until, unapproved)
  await friday(hand, until)
  await monday(hand, until)
}

type Until = (moment: string, meanwhile?: () => Promise<readonly Happening[]>) => Promise<void>

/** Everything the company has already. Answers the policies that nobody has approved yet. */
async function begin(hand: Hand): Promise<string[]> {
  await bringPeople(hand)
  const policies = bringPolicies(hand)
  const acknowledgements = policies.then(() => bringAcknowledgements(hand))
  await Promise.all([bringSystems(hand), bringRegisters(hand), acknowledgements])
  return policies
}

async function september(hand: Hand, until: Until): Promise<void> {
  await until('2026-09-07T09:30:00Z')
  await launch(hand, { ...SUPPLIERS, due: '2026-09-21' })
  await until('2026-09-17T15:00:00Z', () => acknowledgementsOf(hand, { ...SUPPLIERS, share: 1, days: 9 }))
  const taken = '2026-09-11T16:00:00Z'
  const snapshot = await bringExport(hand, 'player-warehouse', 'player-warehouse-2026-09.csv', taken)
  const review = await startReview(hand, 'mei.solberg', snapshot, '2026-09-30')
  await decideFlagged(hand, review, '2026-09-17T15:10:00Z', warehouseVerdicts)
  await keepRestAndSign(hand, review, '2026-09-17T16:05:00Z')
}

async function october(hand: Hand, until: Until): Promise<void> {
  await until('2026-10-19T09:30:00Z')
  await launch(hand, { ...BACKUP, due: '2026-10-30' })
  await hand.work()
  await until('2026-10-28T15:00:00Z', async () => [
    ...(await acknowledgementsOf(hand, { ...BACKUP, share: 0.85, days: 8 })),
    ...(await attestationsOf(hand, '2026-10-31', 72)),
  ])
}

async function november(hand: Hand, until: Until, unapproved: readonly string[]): Promise<void> {
  await until('2026-11-06T10:00:00Z')
  await launch(hand, { ...DEVELOPMENT, due: '2026-11-20' })
  await hand.work()
  await until('2026-11-16T10:00:00Z', () =>
    acknowledgementsOf(hand, { ...DEVELOPMENT, share: 0.45, days: 9.5, ...LATE }),
  )
  await bringPolicies(hand, unapproved)
  await launch(hand, { ...NEWER_BACKUP, due: '2026-12-01' })
  await until('2026-11-20T09:00:00Z', () =>
    acknowledgementsOf(hand, { ...DEVELOPMENT, share: 0.57, days: 3.5, ...LATE }),
  )
}

async function friday(hand: Hand, until: Until): Promise<void> {
  await launch(hand, { ...PASSWORDS, due: '2026-11-27' })
  await hand.work()
  await until('2026-11-20T17:05:00Z', async () => [
    ...(await acknowledgementsOf(hand, { ...DEVELOPMENT, share: 0.68, days: 0.3, ...LATE })),
    ...(await acknowledgementsOf(hand, { ...NEWER_BACKUP, share: 0.4, days: 0.3 })),
    ...(await acknowledgementsOf(hand, { ...PASSWORDS, share: 0.15, days: 0.3, but: WAITING })),
    ...(await attestationsOf(hand, '2026-11-30', 8, true)),
  ])
}

async function monday(hand: Hand, until: Until): Promise<void> {
  const taken = '2026-11-20T17:00:00Z'
  const snapshots = new Map<string, string>()
  await all(rowsOf('systems.csv'), async ({ key = '' }) => {
    snapshots.set(key, await bringExport(hand, key, `${key}.csv`, taken))
  })
  await startReview(hand, 'mei.solberg', snapshots.get('github') ?? '', '2026-12-04')
  await until('2026-11-23T08:50:00Z')
  await launch(hand, { ...ACCEPTABLE_USE, due: '2026-12-04', to: { department: 'People' } })
  const review = await startReview(hand, 'mei.solberg', snapshots.get('crash-desk') ?? '', '2026-11-27')
  await decideFlagged(hand, review, '2026-11-23T08:51:00Z', crashDeskVerdicts)
  await until('2026-11-23T09:00:00Z')
  await hand.work()
  // The first thing a visitor does stands at the end of the chat.
  await until(MONDAY.toISOString())
  await nudge(hand, 'tomas.farol', 'ines.valdemar')
  await hand.deliver()
  await openChats(hand)
}
