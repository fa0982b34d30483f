import { makeTurn } from '../../src/core/turn.ts'
import type { Turn } from '../../src/core/workflow.ts'
import { captureTurns, replay } from './capture.ts'
import { type Duty, makeGround, PAIRED, paired, ratioOf, refuseLoss } from './ground.ts'
import type { Figure } from './run.ts'

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
  const ground = await makeGround(PAIRED)
  try {
    const turn = makeTurn(ground.deps)
    const turnFor = (duty: Duty) => turnOf(duty, ground.versionId)
    const rounds = await paired(
      ground.duties,
      async (duty) => {
        const reply = await turn(turnFor(duty))
        if (!reply.card) throw new Error(`not acknowledged: ${JSON.stringify(reply)}`)
      },
      async (duties) => {
        const statements = await captureTurns(ground, duties.map(turnFor))
        const byDuty = new Map(duties.map((duty, n) => [duty, statements[n] ?? []]))
        return async (duty) => void (await replay(ground.raw, byDuty.get(duty) ?? []))
      },
    )
    await refuseLoss(ground)
    return [
      {
        name: 'acknowledgement.database',
        unit: 'acknowledgements/s at 32 clients',
        peer: 'the same statements through raw pipelined postgres',
        aim: 'ratio >= 0.90',
        ...ratioOf(rounds),
      },
    ]
  } finally {
    await ground.remove()
  }
}
