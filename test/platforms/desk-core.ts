import { Refusal } from '../../src/core/errors.ts'
import { read } from '../../src/core/form.ts'
import { md, plain } from '../../src/core/md.ts'
import { EmptyFile } from '../../src/core/uploads.ts'
import type { Actor, Core, Delivered, Person, Reply, Turn } from '../../src/core/workflow.ts'
import * as cards from './desk-cards.ts'

/** A core in memory that answers like the real one: enough to see whether the desk asks and draws rightly. */
export type DeskCore = Core & {
  turns: Turn[]
  kept: { type: string; bytes: Uint8Array }[]
  chats: Map<string, Delivered[]>
  sessions: Map<string, string>
  links: Map<string, { person: string; path: string }>
  acknowledged: Set<string>
  options_asked: string[]
}

export const NOW = new Date('2026-11-23T09:00:00Z')

export function personOf(id: string, name = 'Ada Example'): Person {
  const common = {
    managerId: null,
    department: 'Games',
    site: 'Berlin',
    employment: 'employee',
    state: 'active',
  } as const
  return { id, name, email: 'ada@example.com', timezone: 'Europe/Berlin', language: 'en', roles: [], ...common }
}

export const message = (id: string, card: Delivered['card'], at = NOW, edited = false): Delivered => ({
  id,
  anchor: { key: `key-${id}` },
  card,
  firstSentAt: at,
  sentAt: at,
  edited,
})

export function makeDeskCore(): DeskCore {
  const receipts = new Map<string, Reply>()
  const it: DeskCore = {
    turns: [],
    kept: [],
    chats: new Map(),
    sessions: new Map(),
    links: new Map(),
    acknowledged: new Set(),
    options_asked: [],
    organisation: 'Nordlicht Interactive',
    commands: [
      { word: 'inbox', do: 'home.inbox', hint: () => 'what waits for you' },
      { word: 'policies', do: 'policies.mine', hint: () => 'what applies to me and what I agreed to' },
      { word: 'status', do: 'home.status', hint: () => 'how things stand' },
      {
        word: 'incident',
        do: 'incidents.report',
        hint: () => 'report something that does not feel right',
        slash: { command: '/incident', usage: 'what happened' },
      },
      {
        word: 'record',
        do: 'home.record',
        hint: () => 'the record behind something',
        offered: (person) => person.roles.includes('isms-manager'),
      },
      { word: 'help', do: 'home.help', hint: () => 'this list' },
    ],
    async turn(turn) {
      it.turns.push(turn)
      const earlier = receipts.get(turn.key)
      if (earlier) return earlier
      const reply = answer(it, turn)
      if (turn.entries && !reply.form) receipts.set(turn.key, reply)
      return reply
    },
    async card(name, id) {
      const drawn = cards.page(name, id, it.acknowledged.size > 0)
      return drawn ?? { title: 'This is no longer there.', blocks: [] }
    },
    delivered: async (by) => it.chats.get(by.user) ?? [],
    async options(field, typed) {
      it.options_asked.push(typed)
      if (field !== 'person' || typed === '') return []
      return cards.PEOPLE.filter((one) => one.label.toLowerCase().includes(typed.toLowerCase()))
    },
    async file(id) {
      const bytes = Buffer.from('<script>alert(1)</script>')
      return id === cards.FILE ? { type: 'text/html', size: bytes.length, name: '../../<b>"x".html', bytes } : undefined
    },
    async keep(upload) {
      if (upload.bytes.length === 0) throw new EmptyFile()
      it.kept.push(upload)
      return String(upload.bytes) === 'another' ? cards.OTHER_FILE : cards.FILE
    },
    uploads: async () => [],
    doors: {
      admit: async () => undefined,
      async whose(token) {
        const link = it.links.get(token)
        return link && personOf(link.person).name
      },
      async enter(token) {
        const link = it.links.get(token)
        it.links.delete(token)
        if (!link) return undefined
        const session = `session-of-${token}`
        it.sessions.set(session, link.person)
        return { session, expiresAt: new Date('2026-11-23T17:00:00Z'), path: link.path, person: personOf(link.person) }
      },
      async who(session) {
        const id = it.sessions.get(session)
        return id === undefined ? undefined : personOf(id)
      },
      async leave(session) {
        it.sessions.delete(session)
      },
    },
  }
  return it
}

function answer(it: DeskCore, turn: Turn): Reply {
  switch (turn.do) {
    case 'policies.acknowledge': {
      const form = { ...cards.acknowledgeForm(turn.with?.page), id: turn.id, shown: turn.shown }
      if (!turn.entries) return { form }
      it.acknowledged.add(turn.by.user)
      replaceInChat(it, turn.by, turn.anchor, cards.receipt)
      return { card: cards.receipt }
    }
    case 'incidents.report': {
      const form = { ...cards.reportForm, values: { what: turn.with?.text ?? '', ...turn.entries } }
      if (!turn.entries) return { form }
      const result = read(form.fields, turn.entries, 'en')
      return 'errors' in result ? { form: { ...form, errors: result.errors } } : { card: cards.reportReceipt }
    }
    case 'access.import': {
      const form = { ...cards.importForm, values: turn.entries }
      const result = turn.entries ? read(form.fields, turn.entries, 'en') : { errors: {} }
      return 'errors' in result ? { form: { ...form, errors: result.errors } } : { card: cards.reportReceipt }
    }
    case 'access.keep':
      return { card: cards.reviewAfter }
    case 'controls.attest':
      return { card: cards.attested }
    case 'policies.mine':
      return { card: cards.policies }
    case 'home.inbox':
      return { card: cards.inbox(false) }
    case 'home.fault':
      throw new TypeError('a bug that quotes ada@example.com')
    case 'home.refuse':
      throw new Refusal('never thrown by a real core')
    case 'home.help':
      return { card: { title: 'Help', blocks: [{ kind: 'text', text: md`Here is what you can do.` }] } }
    default:
      return { say: plain('This button belongs to an older version of Countersign.') }
  }
}

function replaceInChat(it: DeskCore, by: Actor, anchor: Turn['anchor'], card: Delivered['card']): void {
  for (const sent of it.chats.get(by.user) ?? [])
    if (anchor && sent.anchor.key === anchor.key) Object.assign(sent, { card, edited: true })
}
