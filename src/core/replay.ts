import { createHash } from 'node:crypto'

/** What was answered over HTTP: enough to say it again. */
export type Answer = { status: number; body: string; type?: string }

export type Replays = {
  /** The first answer to this request, by what names it; the work is done once, also while the first is still under way. */
  once(name: string, work: () => Promise<Answer>): Promise<Answer>
}

type Kept = { at: number; answer: Promise<Answer>; bytes: number }

/** Answers kept: how long, how many, how many bytes in all. [our own choice] */
const REPLAY = { ms: 10 * 60_000, most: 5000, bytes: 16 * 1024 * 1024 } as const

/**
 * A captured request is still validly signed for minutes (T02): it gets the first answer again and does nothing. Bounded
 * in time, number and bytes; what falls out early still meets the core's receipt by turn key. A failure is not kept:
 * Slack may try again.
 */
export function makeReplays(now: () => Date): Replays {
  const kept = new Map<string, Kept>()
  let bytes = 0
  const drop = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }
  const makeRoom = (time: number): void => {
    for (const [key, { at }] of kept) {
      if (time - at <= REPLAY.ms && kept.size <= REPLAY.most && bytes <= REPLAY.bytes) break
      drop(key)
    }
  }
  return {
    async once(name, work) {
      const key = createHash('sha256').update(name).digest('base64')
      const time = now().getTime()
      makeRoom(time)
      const earlier = kept.get(key)
      if (earlier) return earlier.answer
      const mine: Kept = { at: time, answer: work(), bytes: 0 }
      kept.set(key, mine)
      try {
        const answer = await mine.answer
        if (kept.get(key) !== mine) return answer
        if (answer.status >= 500) drop(key)
        else {
          mine.bytes = answer.body.length
          bytes += mine.bytes
        }
        return answer
      } catch (error) {
        drop(key)
        throw error
      }
    },
  }
}
