import type { Duty, Ground } from './ground.ts'

/** People who press at the same time. */
export const CLIENTS = 32

/** Works the list off with 32 at a time; answers per second, and each one's milliseconds. */
async function pressed<T>(
  list: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<{ perSecond: number; times: number[] }> {
  const times: number[] = []
  let next = 0
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let one = list[next++]; one !== undefined; one = list[next++]) {
        const at = performance.now()
        await work(one)
        times.push(performance.now() - at)
      }
    }),
  )
  return { perSecond: (list.length / (performance.now() - begun)) * 1000, times: times.sort((a, b) => a - b) }
}

/** Rounds of a pair: the first ones warm both sides up (code compiled, statements planned on every connection). */
const [WARM, ROUNDS, CLICKS] = [10, 25, 200]

/** People that a pair of sides presses for. */
export const PAIRED = 2 * (WARM + ROUNDS) * CLICKS

/** Made from the duties that it will press for. */
export type Side = (its: readonly Duty[]) => Promise<(one: Duty) => Promise<void>>

type Round = { us: number; them: number; p99: number; theirP99: number }

/**
 * Two sides in turns, in short rounds, each first in every other one: what else the machine does meets both. `duties` are
 * shared out.
 */
export async function paired(duties: readonly Duty[], makeUs: Side, makeThem: Side): Promise<Round[]> {
  const [ours, theirs] = [duties.slice(0, PAIRED / 2), duties.slice(PAIRED / 2, PAIRED)]
  const [us, them] = [await makeUs(ours), await makeThem(theirs)]
  const rounds: Round[] = []
  for (let round = 0; round < WARM + ROUNDS; round++) {
    const share = (of: readonly Duty[]) => of.slice(round * CLICKS, (round + 1) * CLICKS)
    const press = { us: () => pressed(share(ours), us), them: () => pressed(share(theirs), them) }
    const first = round % 2 === 0 ? await press.us() : await press.them()
    const second = round % 2 === 0 ? await press.them() : await press.us()
    const [mine, other] = round % 2 === 0 ? [first, second] : [second, first]
    if (round < WARM) continue
    const [p99, theirP99] = [at(mine.times, 0.99), at(other.times, 0.99)]
    rounds.push({ us: mine.perSecond, them: other.perSecond, p99, theirP99 })
  }
  return rounds
}

/** What the rounds of a pair say together. */
export const ratioOf = (rounds: readonly Round[]) => ({
  value: Math.round(median(rounds.map((one) => one.us))),
  peerValue: Math.round(median(rounds.map((one) => one.them))),
  ratio: Number(median(rounds.map((one) => one.us / one.them)).toFixed(3)),
  rounds: rounds.map((one) => Number((one.us / one.them).toFixed(3))),
})

/** Throws when some of them are missing from the database. */
export async function refuseLoss({ raw }: Ground): Promise<void> {
  const [row] = await raw<{ count: number }[]>`select count(*)::int as count from acknowledgement`
  if (row?.count !== PAIRED) throw new Error(`${row?.count} of ${PAIRED} acknowledgements were kept`)
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

export const median = (values: readonly number[]): number =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  )
