import type { Hand } from './hand.ts'
import { REPORTS, type Told } from './reports.ts'

/** What people reported between two moments, and what responders made of it. One after the other: numbers have no gaps. */
export async function reportBetween(hand: Hand, ids: Map<string, string>, from: string, to: string): Promise<void> {
  for (const told of REPORTS) if (told.at > from && told.at <= to) ids.set(told.key, await makeReport(hand, told))
  for (const told of REPORTS)
    for (const step of told.next)
      if (step.at > from && step.at <= to) {
        const id = ids.get(told.key)
        const same = told.same ? { of: ids.get(told.same) } : {}
        const entries = step.entries && { ...step.entries, ...same }
        const turn = { do: `incidents.${step.do}`, id, at: new Date(step.at) }
        const by = hand.as(step.by)
        await (entries ? by.fill(turn, entries) : by.do(turn))
      }
}

async function makeReport(hand: Hand, { by, at, what, entries }: Told): Promise<string> {
  const opening = { do: 'incidents.report', at: new Date(at), origin: 'command', with: { text: what } }
  const id = await hand.as(by).fill(opening, { what, ...entries })
  if (id === undefined) throw new Error(`the story does not fit: the report of ${by} has no id`)
  return id
}
