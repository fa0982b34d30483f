import type { Actor } from '../../src/core/workflow.ts'

/** Work with whole files, one piece after the other for each person, so that nobody fills the memory alone (T37). */
export type Lanes = <T>(of: Actor, work: () => Promise<T>) => Promise<T>

export function makeLanes(): Lanes {
  const busy = new Map<string, Promise<unknown>>()
  return async ({ tenant, user }, work) => {
    const whose = `${tenant}/${user}`
    const mine = (busy.get(whose) ?? Promise.resolve()).then(work, work)
    busy.set(whose, mine)
    try {
      return await mine
    } finally {
      if (busy.get(whose) === mine) busy.delete(whose)
    }
  }
}
