import { and, eq } from 'drizzle-orm'
import { policy, policyVersion } from '../../../db/schema/policies.ts'
import { atWork } from '../../core/schedule.ts'
import { importAcknowledgements, readElsewhere } from '../../policies/elsewhere.ts'
import { importPolicies } from '../../policies/importing.ts'
import { askedOf } from './cards.ts'
import type { One } from './crowd.ts'
import { bytesOf, filesIn } from './files.ts'
import { chance, type Hand, type Happening } from './hand.ts'

const DAY = 86_400_000

/**
 * The folder as it is: what nobody has approved by that day is refused. Answers the names of those, to be brought again
 * with the next import (`only`).
 */
export async function bringPolicies(hand: Hand, only?: readonly string[]): Promise<string[]> {
  const files = filesIn('policies').filter(({ name }) => only?.includes(name) ?? true)
  const outcomes = await hand.system((ctx) => importPolicies(ctx, files))
  return outcomes.filter((one) => one.outcome === 'refused').map((one) => one.name)
}

/** What people had agreed to before this product was there. */
export async function bringAcknowledgements(hand: Hand): Promise<void> {
  const read = readElsewhere(bytesOf('acknowledgements.csv'))
  if ('problem' in read) throw new Error(`acknowledgements.csv: ${read.problem}`)
  const { rejected } = await hand.system((ctx) => importAcknowledgements(ctx, read.rows))
  if (rejected[0]) throw new Error(`acknowledgements.csv, line ${rejected[0].line}: ${rejected[0].reason}`)
}

type Launch = { code: string; version: string; due: string; to?: { department: string } }

/** A manager reminds one of the team with a click. */
export async function nudge(hand: Hand, by: string, who: string): Promise<void> {
  const personId = hand.people().idOf(who)
  for (const one of await askedOf(hand, 'policies'))
    if (one.personId === personId) await hand.as(by).do({ do: 'policies.nudge', id: one.id })
}

/** The security lead launches a version: to its audience, or first to one department. */
export async function launch(hand: Hand, { code, version, due, to }: Launch): Promise<void> {
  const turn = {
    do: to ? 'policies.pilot' : 'policies.everyone',
    id: await versionOf(hand, code, version),
    with: { due },
  }
  const lead = hand.as('mei.solberg')
  const { form } = await lead.do(turn)
  const count = /\d+/.exec(form?.fields.count?.label ?? '')?.[0]
  await lead.do({ ...turn, entries: to ?? (count ? { count } : {}) })
}

type Answering = {
  code: string
  version: string
  share: number
  days: number
  but?: readonly string[]
  also?: readonly string[]
}

/**
 * That share of the people asked acknowledges within that many days before now, in their working hours; always the
 * same people. `but` never do, `also` surely.
 */
export async function acknowledgementsOf(hand: Hand, it: Answering): Promise<Happening[]> {
  const version = await versionOf(hand, it.code, it.version)
  const asked = (await askedOf(hand, 'policies')).filter((one) => one.subjectId === version)
  return asked.flatMap(({ id, personId, anchor }) => {
    const one = hand.people().byId(personId)
    if (!one || it.but?.includes(one.who)) return []
    if (chance(it.code, it.version, one.who) >= it.share && !it.also?.includes(one.who)) return []
    // The last page is the one whose button is the answer.
    const turn = { do: 'policies.acknowledge', id, shown: version, anchor, with: { page: '99' }, entries: {} }
    const at = workingMoment(hand, one, chance(one.who, it.code) * it.days)
    return [{ at, run: (moment: Date) => hand.as(one.who).do({ ...turn, at: moment }) }]
  })
}

/** That many days ago, or as long before it as the person was not at work. */
function workingMoment(hand: Hand, { timezone }: One, daysAgo: number): Date {
  for (let back = daysAgo; ; back += 0.25) {
    const at = atWork(new Date(hand.now().getTime() - back * DAY), timezone, hand.deps.house.workday)
    if (at <= hand.now()) return at
  }
}

async function versionOf(hand: Hand, code: string, version: string): Promise<string> {
  const [row] = await hand.deps.db
    .select({ id: policyVersion.id })
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(and(eq(policy.code, code), eq(policyVersion.version, version)))
  if (!row) throw new Error(`the story does not fit: ${code} ${version} was not imported`)
  return row.id
}
