import type { Hand, Happening } from './hand.ts'
import { REPORTS, type Step, type Told } from './reports.ts'

/**
 * What people report, and what responders make of it, between two moments. Each card stands in the chats before somebody
 * acts on it. One at a time: numbers have no gaps.
 */
export function reportsOf(hand: Hand, ids: Map<string, string>, from: string, to: string): Happening[] {
  const key = 'reports'
  const all = REPORTS.flatMap((told): Happening[] => {
    const made = new Date(told.at)
    return [
      { at: made, key, run: async (at) => ids.set(told.key, await makeReport(hand, told, at)) },
      { at: new Date(made.getTime() + 20_000), key, run: (at) => deliver(hand, at) },
      ...told.next.map((step) => ({ at: new Date(step.at), key, run: (at: Date) => take(hand, ids, told, step, at) })),
    ]
  })
  return all.filter(({ at }) => at > new Date(from) && at <= new Date(to))
}

async function deliver(hand: Hand, at: Date): Promise<void> {
  const now = hand.now()
  hand.turnTo(at.toISOString())
  await hand.deliver()
  hand.turnTo(now.toISOString())
}

async function take(hand: Hand, ids: ReadonlyMap<string, string>, told: Told, step: Step, at: Date): Promise<void> {
  const same = told.same ? { of: ids.get(told.same) } : {}
  const turn = { do: `incidents.${step.do}`, id: ids.get(told.key), at }
  const by = hand.as(step.by)
  await (step.entries ? by.fill(turn, { ...step.entries, ...same }) : by.do(turn))
}

async function makeReport(hand: Hand, { by, what, entries }: Told, at: Date): Promise<string> {
  const opening = { do: 'incidents.report', at, origin: 'command', with: { text: what } }
  const id = await hand.as(by).fill(opening, { what, ...entries })
  if (id === undefined) throw new Error(`the story does not fit: the report of ${by} has no id`)
  return id
}
