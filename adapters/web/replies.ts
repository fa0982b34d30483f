import type { Reply } from '../../src/core/view.ts'
import { MOST_REPLIES } from './limits.ts'

/**
 * Answers between a POST and the page it leads to. Kept in this process and bounded: the change itself stands in the
 * database and the core answers a repeated key alike, so a lost answer costs a sentence and nothing else.
 */
export type Replies = {
  keep(owner: string, key: string, reply: Kept): void
  find(owner: string, key: string): Kept | undefined
}

/** Where a click came from, for the buttons of its answer: its page, the message it stood in. */
export type From = { back: string; anchor?: string }

export type Kept = From & { reply: Reply }

export function makeReplies(): Replies {
  const kept = new Map<string, Kept>()
  return {
    keep(owner, key, reply) {
      kept.delete(`${owner}:${key}`)
      kept.set(`${owner}:${key}`, reply)
      const oldest = kept.keys().next().value
      if (kept.size > MOST_REPLIES && oldest !== undefined) kept.delete(oldest)
    },
    find: (owner, key) => kept.get(`${owner}:${key}`),
  }
}
