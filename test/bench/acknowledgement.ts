import { makeTurn } from '../../src/core/turn.ts'
import type { Turn } from '../../src/core/workflow.ts'
import { captureTurns, replay } from './capture.ts'
import { type Duty, type Ground, makeGround, median, pressed } from './ground.ts'
import type { Figure } from './run.ts'

const ROUNDS = 5
const CLICKS = 800

export const turnOf = (duty: Duty, versionId: string): Turn => ({
  key: `view.${duty.assignmentId}`,
  by: { platform: 'slack', tenant: 'T0000BENCH', user: duty.user, address: { user: duty.user } },
  do: 'policies.acknowledge',
  id: duty.assignmentId,
  shown: versionId,
  with: { page: '1' },
  entries: {},
  anchor: { channel: `D${duty.user}`, ts: duty.ts },
})

/** An acknowledgement through the core, at 32 clients, against the same statements sent raw and pipelined. */
export async function acknowledgement(): Promise<Figure[]> {
  const ground = await makeGround(CLICKS * 2 * (ROUNDS + 1))
  try {
    const turn = makeTurn(ground.deps)
    const ours: number[] = []
    const raws: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const mine = take(ground, round * 2)
      const theirs = await captureTurns(
        ground,
        take(ground, round * 2 + 1).map((duty) => turnOf(duty, ground.versionId)),
      )
      const us = await pressed(mine, async (duty) => {
        const reply = await turn(turnOf(duty, ground.versionId))
        if (!reply.card) throw new Error(`not acknowledged: ${JSON.stringify(reply)}`)
      })
      const them = await pressed(theirs, async (statements) => void (await replay(ground.raw, statements)))
      // The first round warms both up.
      if (round === 0) continue
      ours.push(us.perSecond)
      raws.push(them.perSecond)
    }
    const [row] = await ground.raw<{ count: number }[]>`select count(*)::int as count from acknowledgement`
    if (row?.count !== CLICKS * 2 * (ROUNDS + 1)) throw new Error(`${row?.count} acknowledgements were kept`)
    const ratios = ours.map((value, n) => value / (raws[n] ?? 1))
    return [
      {
        name: 'acknowledgement.database',
        value: Math.round(median(ours)),
        unit: 'acknowledgements/s at 32 clients',
        ratio: Number(median(ratios).toFixed(3)),
        peer: 'the same statements through raw pipelined postgres',
        peerValue: Math.round(median(raws)),
        aim: 'ratio >= 0.90',
        rounds: ratios.map((one) => Number(one.toFixed(3))),
      },
    ]
  } finally {
    await ground.remove()
  }
}

export const take = (ground: Ground, n: number, size = CLICKS): Duty[] => ground.duties.slice(n * size, (n + 1) * size)
