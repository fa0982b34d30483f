import { makeTurn } from '../../src/core/turn.ts'
import type { Turn } from '../../src/core/workflow.ts'
import { captureTurns, layered, replay, type Statement } from './capture.ts'
import { type Duty, type Ground, makeGround } from './ground.ts'
import { PAIRED, paired, ratioOf, refuseLoss, type Side } from './pairs.ts'
import type { Figure } from './run.ts'

export const turnOf = (duty: Duty, versionId: string): Turn => ({
  key: `view.${duty.assignmentId}`,
  by: duty.actor,
  do: 'policies.acknowledge',
  id: duty.assignmentId,
  shown: versionId,
  with: { page: '1' },
  entries: {},
  anchor: duty.anchor,
})

/**
 * The database layer of an acknowledgement (drizzle's prepared statements, all prepared in the driver, fenced against
 * lost connections) against the same statements sent raw and pipelined; and the whole turn through the core against them.
 */
export async function acknowledgement(): Promise<Figure[]> {
  const whole = 'acknowledgements/s at 32 clients'
  const peer = 'the same statements through raw pipelined postgres'
  const layer = await measured((ground) =>
    captured(ground, async (statements) => void (await layered(ground.deps.db, statements))),
  )
  const turns = await measured((ground) => async () => {
    const turn = makeTurn(ground.deps)
    return async (duty) => {
      const reply = await turn(turnOf(duty, ground.versionId))
      if (!reply.card) throw new Error(`not acknowledged: ${JSON.stringify(reply)}`)
    }
  })
  return [
    { name: 'acknowledgement.database', unit: whole, peer, aim: 'ratio >= 0.90', ...layer },
    { name: 'acknowledgement.turn', unit: whole, peer, aim: '', ...turns },
  ]
}

/** Its statements, captured beforehand. */
const captured =
  (ground: Ground, send: (statements: readonly Statement[]) => Promise<void>): Side =>
  async (duties) => {
    const all = await captureTurns(
      ground,
      duties.map((duty) => turnOf(duty, ground.versionId)),
    )
    const byDuty = new Map(duties.map((duty, n) => [duty, all[n] ?? []]))
    return (duty) => send(byDuty.get(duty) ?? [])
  }

async function measured(makeUs: (ground: Ground) => Side) {
  const ground = await makeGround(PAIRED)
  try {
    const them = captured(ground, async (statements) => void (await replay(ground.raw, statements)))
    const rounds = await paired(ground.duties, makeUs(ground), them)
    await refuseLoss(ground)
    return ratioOf(rounds)
  } finally {
    await ground.remove()
  }
}
