/** A stop waits that long for what is under way. [our own choice] */
const DRAIN_MS = 10_000

/** What an adapter is still doing after it has answered: no SDK waits for it at a stop. */
export type Under = {
  add(work: Promise<unknown>): void
  /** Resolves when nothing is under way any more, or after ten seconds. */
  drained(): Promise<void>
}

export function makeUnder(after: (ms: number) => Promise<void>): Under {
  const going = new Set<Promise<unknown>>()
  return {
    add(work) {
      const quiet = work.then(
        () => {},
        () => {},
      )
      going.add(quiet)
      void quiet.then(() => going.delete(quiet))
    },
    async drained() {
      const all = async (): Promise<void> => {
        while (going.size > 0) await Promise.all(going)
      }
      if (going.size > 0) await Promise.race([all(), after(DRAIN_MS)])
    },
  }
}
