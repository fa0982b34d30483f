import { DeliveryError } from '../../src/core/errors.ts'
import type { Anchor, Card, Core, Platform, Profile } from '../../src/core/workflow.ts'

export type Standing = { anchor: Anchor; card: Card; edits: number; nonce: string }

/** A chat that keeps what a person would see, in this process. `trouble` makes the next deliveries fail. */
export type Memory = Platform & {
  core?: Core
  chats: Map<string, Standing[]>
  trouble: DeliveryError[]
  profiles: Map<string, Profile>
}

export function memory(name = 'memory'): Memory {
  const it: Memory = {
    name,
    typed: ({ word, slash }) => slash?.command ?? (word === 'inbox' ? '/isms' : `/isms ${word}`),
    chats: new Map(),
    trouble: [],
    profiles: new Map(),
    mount(core) {
      it.core = core
      return []
    },
    async deliver(to, card, sent, nonce) {
      const problem = it.trouble.shift()
      if (problem) throw problem
      const user = String(to.user)
      const chat = it.chats.get(user) ?? []
      it.chats.set(user, chat)
      const standing = sent && chat.find((one) => one.anchor.n === sent.n)
      if (sent && !standing) throw new DeliveryError('message not found', { permanent: true })
      if (standing) {
        standing.card = card
        standing.edits++
        return standing.anchor
      }
      const anchor = { user, n: chat.length + 1 }
      chat.push({ anchor, card, edits: 0, nonce })
      return anchor
    },
    async profile(of) {
      return it.profiles.get(String(of.user)) ?? { name: String(of.user), standing: 'member' }
    },
  }
  return it
}
