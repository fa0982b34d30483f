import { createHash } from 'node:crypto'
import { asc, eq, or } from 'drizzle-orm'
import { identity, person, personRole } from '../../db/schema/people.ts'
import { entry } from '../../db/schema/record.ts'
import { makeCore } from '../../src/core/core.ts'
import { newId, type Random } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import { personById } from '../../src/core/people.ts'
import { SYSTEM } from '../../src/core/rules.ts'
import type { Deps } from '../../src/core/turn.ts'
import { makeTyped } from '../../src/core/typed.ts'
import { makeWorker } from '../../src/core/worker.ts'
import type { Actor, Card, Ctx, House, Log, Platform, Reply, Turn, Workflow } from '../../src/core/workflow.ts'
import { workflows as all } from '../../src/workflows.ts'
import { memory } from '../platforms/memory.ts'
import { testDatabase } from './database.ts'
import { CAST } from './people.ts'

export const MONDAY = new Date('2026-11-23T09:00:00Z')

/** Repeatable bytes: the same seed, the same ids. */
export function seeded(seed: string): Random {
  let n = 0
  return (size) => {
    const pieces: Buffer[] = []
    for (let have = 0; have < size; have += 32) pieces.push(createHash('sha256').update(`${seed}:${n++}`).digest())
    return Buffer.concat(pieces).subarray(0, size)
  }
}

type Options = {
  workflows?: readonly Workflow[]
  seed?: string
  log?: Log
  desk?: House['desk']
  /** Mounted beside the chat in memory; their routes are the world's. */
  platforms?: (now: () => Date) => readonly Platform[]
  /** Where everybody is; without it, in the chat in memory. */
  seat?: (who: string, personId: string) => Actor
  /** What everybody reads. */
  language?: string
}

const inMemory = (who: string): Actor => ({ platform: 'memory', tenant: 'test', user: who, address: { user: who } })

/**
 * A small company on a database of its own, with the clock in hand: someone does (`as('mei').do(…)`), time passes
 * (`pass('1 day')`), someone sees (`chat('mei')`), the record says (`entries(…)`).
 */
export async function makeWorld(options: Options = {}) {
  const database = await testDatabase()
  const { db, sql, owner } = database
  const random = seeded(options.seed ?? 'world')
  const chat = memory()
  let at = MONDAY
  let presses = 0
  const now = () => at
  const platforms = [chat, ...(options.platforms?.(now) ?? [])]
  const workflows = options.workflows ?? all
  const house: House = {
    workflows,
    organisation: 'Harbour Test',
    desk: options.desk,
    workday: { from: 9, to: 17, days: [1, 2, 3, 4, 5] },
    timezone: 'UTC',
    typed: makeTyped(workflows, platforms, options.desk),
  }
  const deps: Deps = { db, house, now, random, log: options.log ?? silent, platforms, wake() {} }
  const core = makeCore(deps)
  const routes = platforms.flatMap((platform) => platform.mount(core))
  const worker = makeWorker(deps, 'test')
  const { seat = inMemory } = options
  const people = await settle(db, at, random, { seat, language: options.language ?? 'en' })
  const setClock = async () => {
    // The database's clock follows the hand: leases and due messages are compared with it.
    await owner`update clock set shift_ms = ${at.getTime()} - (extract(epoch from clock_timestamp()) * 1000)::bigint`
  }
  await setClock()

  const actor = (who: string): Actor => seat(who, people.get(who) ?? '')

  const as = (who: string) => ({
    actor: actor(who),
    /** A click, or a submitted form when `entries` are given. */
    do: (name: string, turn: Partial<Turn> = {}): Promise<Reply> =>
      core.turn({ key: `press-${++presses}`, by: actor(who), do: name, ...turn }),
    /** What is typed into chat: /isms word …, /incident text. */
    command: (line: string): Promise<Reply> => {
      const [slash = '', ...rest] = line.split(' ')
      const [word, ...after] = rest
      const command =
        core.commands.find((one) => one.slash?.command === slash) ??
        core.commands.find((one) => one.word === (word ?? 'inbox'))
      if (!command) throw new Error(`no such command: ${line}`)
      const typed = command.slash?.command === slash ? rest.join(' ') : after.join(' ')
      const turn = { by: actor(who), do: command.do, with: { text: typed }, origin: 'command' }
      return core.turn({ key: `press-${++presses}`, ...turn })
    },
    card: (name: string, id?: string): Promise<Card> => core.card(name, id, actor(who)),
  })

  return {
    db,
    sql,
    owner,
    /** The ways into this database, for a second process. */
    accesses: database.accesses,
    core,
    deps,
    house,
    routes,
    platform: chat,
    as,
    now: () => at,
    close: database.close,
    person(who: string) {
      const id = people.get(who)
      if (!id) throw new Error(`nobody is called ${who}`)
      return { id, email: `${who}@example.com`, name: CAST[who]?.name ?? '' }
    },
    /** A context of the core, as the worker or the command line has it; one transaction. */
    system: <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
      db.transaction((tx) =>
        work({ db: tx, now: at, random, by: SYSTEM, identityId: null, platform: 'cli', log: silent, house }),
      ),
    /** The same in a person's name, without a click. */
    by: <T>(who: string, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
      db.transaction(async (tx) => {
        const acting = await personById(tx, people.get(who) ?? '')
        if (!acting) throw new Error(`nobody is called ${who}`)
        return work({ db: tx, now: at, random, by: acting, identityId: null, platform: 'memory', log: silent, house })
      }),
    /** '90 minutes', '1 day', '2 weeks', or a moment. Nothing happens by itself: call `work`. */
    async pass(time: string | Date) {
      at = time instanceof Date ? time : new Date(at.getTime() + duration(time))
      await setClock()
    },
    /** The worker does all that is due. */
    work: () => worker.run(),
    /** The same, but it stops after the round in which that became true. */
    workUntil: (isEnough: () => boolean) => worker.run(isEnough),
    /** The cards that stand in a person's chat, oldest first, as they were shown last. */
    chat: (who: string): Card[] => (chat.chats.get(who) ?? []).map((one) => one.card),
    anchors: (who: string) => (chat.chats.get(who) ?? []).map((one) => one.anchor),
    edits: (who: string): number[] => (chat.chats.get(who) ?? []).map((one) => one.edits),
    /** The record, oldest first: all of it, or of one thing. */
    entries: (about?: string) =>
      db
        .select()
        .from(entry)
        .where(about ? or(eq(entry.object, about), eq(entry.ref, about)) : undefined)
        .orderBy(asc(entry.seq))
        .then((rows) => rows),
    /** Leaves the company now. */
    async leave(who: string) {
      await db
        .update(person)
        .set({ state: 'left', updatedAt: at })
        .where(eq(person.id, people.get(who) ?? ''))
    },
  }
}

const UNITS: Record<string, number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

function duration(text: string): number {
  const [count, unit = ''] = text.split(' ')
  const length = UNITS[unit.replace(/s$/, '')]
  if (length === undefined) throw new Error(`not a length of time: ${text}`)
  return Number(count) * length
}

async function settle(
  db: Deps['db'],
  now: Date,
  random: Random,
  { seat, language }: { seat: (who: string, personId: string) => Actor; language: string },
): Promise<Map<string, string>> {
  const ids = new Map(Object.keys(CAST).map((who) => [who, newId('per', now, random)]))
  const of = (who: string) => ids.get(who) ?? ''
  for (const [who, one] of Object.entries(CAST)) {
    await db.insert(person).values({
      id: of(who),
      name: one.name,
      email: `${who}@example.com`,
      managerId: one.manager ? of(one.manager) : null,
      department: one.department,
      site: 'Lisbon',
      timezone: one.timezone ?? 'UTC',
      language,
      employment: one.employment ?? 'employee',
      startedOn: '2024-01-08',
      state: one.state ?? 'active',
      createdAt: now,
      updatedAt: now,
    })
    await db.insert(identity).values({
      id: newId('idn', now, random),
      ...placeOf(seat(who, of(who))),
      personId: of(who),
      state: 'linked',
      linkMethod: 'by-hand',
      linkedAt: now,
      createdAt: now,
    })
    for (const role of one.roles ?? [])
      await db.insert(personRole).values({ personId: of(who), role, grantedAt: now, reason: 'the story begins' })
  }
  return ids
}

const placeOf = ({ user, ...where }: Actor) => ({ ...where, userId: user })

export type World = Awaited<ReturnType<typeof makeWorld>>
