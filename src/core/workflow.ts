import type { Db } from '../../db/client.ts'
import type { Answers } from './form.ts'
import type { Kind, Random } from './id.ts'
import type { Log } from './log.ts'
import type { Text } from './md.ts'
import type { Block, Button, Card, Entries, Fields, Form, Option, Reply, Row } from './view.ts'

export type Role = 'responder' | 'isms-manager' | 'dpo' | 'auditor' | 'guest'

export type Person = {
  id: string
  name: string
  email: string
  managerId: string | null
  department: string
  site: string
  employment: 'employee' | 'contractor' | 'guest'
  timezone: string
  language: string
  state: 'active' | 'left'
  roles: readonly Role[]
}

/** Where a person is on a platform, as JSON that only its adapter reads. */
export type Address = Record<string, unknown>
/** Where a message stands on a platform, as JSON that only its adapter reads. */
export type Anchor = Record<string, unknown>

/** Who acts, as the platform verified it in this very request. */
export type Actor = { platform: string; tenant: string; user: string; address: Address }

/** A chat message that was carried along by "Report as incident". */
export type Carried = { text: string; author?: string; link?: string; at?: string }

/** One person does one thing. */
export type Turn = {
  /** The platform's own key of this click, so that a redelivered one gets the same answer. */
  key: string
  by: Actor
  /** workflow.action */
  do: string
  id?: string
  /** The revision that was on the screen. */
  shown?: string
  /** Small parameters of a button (a page number) or what was typed after a command (`text`). */
  with?: Record<string, string>
  /** Present when a form was submitted. */
  entries?: Entries
  carried?: Carried
  /** The message whose button was clicked: it is answered in place. */
  anchor?: Anchor
  /** How the person got here: command, shortcut, message, home, button, web. */
  origin?: string
}

/** What a verb works with: one transaction, one moment, one person. */
export type Ctx = {
  /** The transaction of this turn. */
  db: Db
  now: Date
  random: Random
  /** Who acts or looks. The worker and the command line act as `system`. */
  by: Person
  identityId: string | null
  platform: string
  log: Log
  house: House
  turn?: Turn
  /**
   * Statements that are on their way and whose answers the reply does not need; the turn waits for them before it
   * commits, and a Refusal in one of them undoes it. Saves a round trip where every millisecond counts.
   */
  underway?: Promise<unknown>[]
  /** Subjects whose cards this turn made stale: they are asked for anew once, when it ends. */
  stale?: Set<string>
}

/** What all workflows know of the installation. */
export type House = {
  workflows: readonly Workflow[]
  organisation: string
  /** Public address of the browser desk, without a slash at the end, and the platform it is; undefined: there is none. */
  desk: { address: string; platform: string } | undefined
  workday: { from: number; to: number; days: readonly number[] }
  /** Of people whose own zone nobody told us. */
  timezone: string
  /** How a command's word is typed on that platform; without one, everywhere. */
  typed(word: string, platform?: string): string
}

type Awaitable<T> = T | Promise<T>

/**
 * Something a person can do. `about` is the kind of id it needs; a wrong kind fails at the door. `load` finds it;
 * nothing found and not allowed are answered with the same words (T20). `may` cannot be forgotten. With `asks`, a click
 * opens the form; entries are checked against the same fields that drew it. `run` changes, records, posts and returns
 * what is to be shown.
 */
export type Action<S = unknown, F extends Fields = Fields> = {
  about?: Kind | 'new'
  load?(ctx: Ctx, id: string): Promise<S | undefined>
  /** `load` reads nothing of the person, so that it may be on its way while the person is looked up. */
  loadsAlone?: true
  may(ctx: Ctx, subject: S): Awaitable<boolean>
  /** Changes nothing: its answer is not kept for a redelivered click. */
  reads?: true
  asks?: {
    fields: F | ((ctx: Ctx, subject: S) => Awaitable<F>)
    /** `instead`: there is nothing to ask (already done, no longer current); things are shown as they are. */
    form(ctx: Ctx, subject: S): Awaitable<FormFrame | { instead: Reply }>
  }
  run(ctx: Ctx, subject: S, answers: Answers<F>): Promise<Reply>
}

/** A form without its fields: those stand in `asks.fields`. `id` is what the submit is about, e.g. the id to be made. */
export type FormFrame = Omit<Form, 'fields' | 'do' | 'errors'> & { do?: string }

/** Keeps the types of one action together; it does nothing at run time. */
export const action = <S, F extends Fields = Record<never, never>>(it: Action<S, F>): Action => it as unknown as Action

/** Something that is shown: a message, a page, the inbox. Nobody sees anything without passing `sees`. */
export type CardSource<S = unknown> = {
  about?: Kind
  load?(ctx: Ctx, id: string): Promise<S | undefined>
  sees(ctx: Ctx, subject: S): Awaitable<'none' | 'redacted' | 'full'>
  /** null: nothing left to say; a message not yet sent is dropped. */
  draw(ctx: Ctx, subject: S, sees: 'redacted' | 'full'): Promise<Card | null>
}

export const card = <S>(it: CardSource<S>): CardSource => it as unknown as CardSource

/** A word that people type, and where it deserves one, a slash command or a shortcut of its own. */
export type Command = {
  word: string
  do: string
  /** One line in the help, by language. */
  hint(language: string): string
  slash?: { command: string; usage: string }
  shortcut?: { name: string; description: string; kinds: readonly ('message' | 'global')[] }
  /** Shown in the help of those who may. */
  offered?(person: Person): boolean
}

/** What waits for a person, for the inbox: soonest first, overdue before everything. */
export type Waiting = { dueAt: Date; row: Row; minutes?: number }

export type Nudge = {
  assignment: {
    id: string
    campaignId: string
    subjectId: string
    personId: string
    dueOn: string
    dueAt: Date
    step: number
  }
  kind: 'ask' | 'remind' | 'overdue' | 'escalate'
}

/** An entry of the record, without its payload. */
export type Recorded = {
  id: string
  type: string
  at: Date
  actor: string
  object: string
  action: string
  ref: string | null
}

/** What an entry was about, as far as this reader may know it. */
export type Told = {
  /** In place of the words of its type, where more can be said: "Access decided: remove". */
  what?: string
  about: string
  /** The way to its page. */
  opens?: { do: string; id?: string; with?: Record<string, string> }
}

/** How the record speaks of what a workflow writes. */
export type Happenings = {
  /** Under this name the record can be filtered by it. */
  heading?(language: string): string
  /** What happened, one line of words by type; a type without one is shown by its name. */
  words(language: string): Readonly<Record<string, string>>
  /** By the entry's id. What is not this workflow's, or not this reader's to see, is missing. */
  tell?(ctx: Ctx, entries: readonly Recorded[]): Promise<ReadonlyMap<string, Told>>
  /** Ids of what belongs to a thing or a person, so that their record is whole. */
  parts?(ctx: Ctx, about: string): Promise<string[]>
}

export type Workflow = {
  name: string
  actions: Record<string, Action>
  cards: Record<string, CardSource>
  commands: readonly Command[]
  waiting?(ctx: Ctx): Promise<Waiting[]>
  /** What the ISMS manager's dashboard shows of this workflow. */
  dashboard?(ctx: Ctx): Promise<Block[]>
  /** A step of the reminder ladder is due: post messages. The core moves the ladder in the same transaction. */
  nudge?(ctx: Ctx, nudge: Nudge): Promise<void>
  /** Work of its own that time brings: occurrences to open, misses to mark. Returns how much it did; called until 0. */
  tick?(ctx: Ctx): Promise<number>
  options?: Record<string, (ctx: Ctx, typed: string) => Promise<Option[]>>
  happenings?: Happenings
  /** The name under which this person may have that file; undefined: not known here, or not theirs. */
  file?(ctx: Ctx, fileId: string): Promise<string | undefined>
}

export type Profile = {
  /** Only when the platform vouches for it. */
  email?: string
  /** What they sign in with, when it is an address too and the platform vouches for it. */
  signInName?: string
  name: string
  timezone?: string
  locale?: string
  /** A guest of the workspace may acknowledge and report; an outsider, a bot or a deleted account may do nothing. */
  standing: 'member' | 'guest' | 'outsider' | 'bot' | 'deleted'
}

export type Stored = { type: string; size: number; name: string; bytes: Uint8Array }

/** What a person brought, to be chosen in a form; its name is for showing only. `isTaken`: a form has taken it already. */
export type Upload = { id: string; name: string; size: number; at: Date; isTaken: boolean }

/** A message that stands in somebody's chat, as it was shown last; a click in it carries `anchor`. */
export type Delivered = { id: string; anchor: Anchor; card: Card; firstSentAt: Date; sentAt: Date; edited: boolean }

/** What a platform may ask of the core. */
export type Core = {
  /** A click, a command, a submitted form. Never throws for an expected refusal: it answers. */
  turn(turn: Turn): Promise<Reply>
  /** A page or home tab: 'home.inbox', 'policies.policy', 'home.dashboard', … */
  card(name: string, id: string | undefined, by: Actor): Promise<Card>
  /** What stands in this person's chat on that platform, oldest first. */
  delivered(by: Actor, limit?: number): Promise<Delivered[]>
  /** Choices that are searched; `field` is 'person' or workflow.field. */
  options(field: string, typed: string, by: Actor): Promise<Option[]>
  /** A stored file, if this person may have it. */
  file(id: string, by: Actor): Promise<Stored | undefined>
  /** Keeps an upload; the answer is a file id for a form's file field, which takes it from this person for an hour. */
  keep(upload: { type: string; bytes: Uint8Array; name: string }, by: Actor): Promise<string>
  /** What this person brought within the hour, the newest first, at most ten. */
  uploads(by: Actor): Promise<Upload[]>
  /** The single-use link, the session it opens, and who holds one. */
  doors: Doors
  readonly commands: readonly Command[]
  readonly organisation: string
}

export type Doors = {
  /**
   * A fresh single-use way in, as a path of the desk, for somebody whom a platform verified in this very request.
   * `instead`: the link they came with; if it is their own, it is used up and the new one leads where it led.
   * undefined: not a linked account of somebody who is here.
   */
  admit(by: Actor, instead?: string): Promise<string | undefined>
  /** The name of the person whose desk the link opens; it stays good. undefined: unknown, used or too old. */
  whose(token: string): Promise<string | undefined>
  /** Uses the link up. undefined: unknown, used or too old. */
  enter(token: string): Promise<{ session: string; expiresAt: Date; path: string; person: Person } | undefined>
  who(session: string): Promise<Person | undefined>
  leave(session: string): Promise<void>
}

/** One address of the one HTTP server. `path` ending in `/*` takes everything below it. */
export type Route = {
  method: 'GET' | 'POST' | '*'
  path: string
  handle(
    request: import('node:http').IncomingMessage,
    response: import('node:http').ServerResponse,
    url: URL,
  ): Promise<void>
}

export type Platform = {
  readonly name: string
  mount(core: Core): Route[]
  /** With `sent`, edits what stands there. Throws DeliveryError. */
  deliver(to: Address, card: Card, sent: Anchor | undefined, key: string): Promise<Anchor>
  profile(of: Address): Promise<Profile>
  /** What somebody types there for it; the word alone where there is no other way. */
  typed?(command: Command): string
  start?(): Promise<void>
  stop?(): Promise<void>
}

export type { Log } from './log.ts'
export type { Block, Button, Card, Entries, Fields, Form, Option, Reply, Row, Text }
