import type { Hand } from './hand.ts'
import { REPORTS, type Step, type Told } from './reports.ts'

/**
 * What people reported until now, and what responders made of it. One after the other: numbers have no gaps. Each card
 * stands in the chats before somebody acts on it.
 */
export async function reportUntilNow(hand: Hand, ids: Map<string, string>): Promise<void> {
  const now = hand.now()
  const due = REPORTS.filter((told) => !ids.has(told.key) && new Date(told.at) <= now)
  for (const told of due) {
    ids.set(told.key, await makeReport(hand, told))
    hand.turnTo(new Date(Date.parse(told.at) + 20_000).toISOString())
    await hand.deliver()
  }
  hand.turnTo(now.toISOString())
  for (const told of due) for (const step of told.next) await take(hand, ids, told, step)
}

async function take(hand: Hand, ids: ReadonlyMap<string, string>, told: Told, step: Step): Promise<void> {
  const same = told.same ? { of: ids.get(told.same) } : {}
  const turn = { do: `incidents.${step.do}`, id: ids.get(told.key), at: new Date(step.at) }
  const by = hand.as(step.by)
  await (step.entries ? by.fill(turn, { ...step.entries, ...same }) : by.do(turn))
}

async function makeReport(hand: Hand, { by, at, what, entries }: Told): Promise<string> {
  const opening = { do: 'incidents.report', at: new Date(at), origin: 'command', with: { text: what } }
  const id = await hand.as(by).fill(opening, { what, ...entries })
  if (id === undefined) throw new Error(`the story does not fit: the report of ${by} has no id`)
  return id
}
