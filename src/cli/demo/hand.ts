import { createHash } from 'node:crypto'
import type { Sql } from 'postgres'
import { makeCore } from '../../core/core.ts'
import { textOf } from '../../core/md.ts'
import { deliveries } from '../../core/outbox.ts'
import { SYSTEM } from '../../core/rules.ts'
import { type Deps, makeTurn } from '../../core/turn.ts'
import { makeWorker } from '../../core/worker.ts'
import type { Actor, Anchor, Ctx, Entries, Platform, Reply, Turn } from '../../core/workflow.ts'
import { type Crowd, crowdOf, readCrowd } from './crowd.ts'

/** The desk's own platform and tenant: a seat of the demo is the register's id itself. */
export const PLATFORM = 'web'
export const TENANT = 'desk'

/** Turns that go on at once, and connections of the pool they go on in: more only make each other wait on two cores. */
export const AT_ONCE = 6

export type Click = Partial<Omit<Turn, 'key' | 'by'>> & { do: string; at?: Date; anchor?: Anchor }

/**
 * The story's hand: moves the clock, lets the worker do what time brings, and clicks in somebody's place through the
 * same door as everybody (`turn`). Nothing is written past the core.
 */
export function takeHand(deps: Deps, sql: Sql, beginning: Date) {
  let at = beginning
  let presses = 0
  let people: Crowd = crowdOf([])
  const own: Deps = { ...deps, now: () => at, platforms: [quiet], wake() {} }
  const worker = makeWorker(own, 'demo')

  const actorOf = (who: string): Actor => ({ platform: PLATFORM, tenant: TENANT, user: people.idOf(who), address: {} })

  const as = (who: string) => ({
    /** A file for a form; the answer is its id. */
    bring: (name: string, bytes: Uint8Array, moment: Date): Promise<string> =>
      makeCore({ ...own, now: () => moment }).keep(
        { type: name.endsWith('.csv') ? 'text/csv' : 'text/plain', bytes, name },
        actorOf(who),
      ),
    /** One click or submitted form; throws when it was refused or the form came back. */
    async do({ at: moment = at, ...turn }: Click): Promise<Reply> {
      const press = makeTurn({ ...own, now: () => moment })
      const reply = await press({ key: `story-${++presses}`, by: actorOf(who), origin: 'web', ...turn })
      if (turn.entries && reply.form)
        throw new Error(`the story does not fit: ${turn.do} by ${who}: ${JSON.stringify(reply.form.errors)}`)
      return reply
    },
    /** Opens the form and submits it: what stands in it, and the entries over it. Answers what it was about. */
    async fill(turn: Click, entries: Entries): Promise<string | undefined> {
      const opened = await this.do(turn)
      const { form } = opened
      if (!form)
        throw new Error(`the story does not fit: no form for ${turn.do} by ${who}: ${textOf(opened.say ?? [])}`)
      await this.do({
        ...turn,
        do: form.do,
        id: form.id,
        shown: form.shown,
        with: form.with,
        entries: { ...form.values, ...entries },
      })
      return form.id
    },
  })

  return {
    as,
    deps: own,
    now: () => at,
    people: () => people,
    /** Reads who is there; to be called after people were imported. */
    async meet() {
      people = await readCrowd(own.db)
      return people
    },
    /** It is later now; nothing happens by itself. */
    turnTo(moment: string) {
      at = new Date(moment)
    },
    /** The worker does what time brought until now. */
    async work() {
      await setClock(sql, at)
      await worker.run()
    },
    /** What was posted until now arrives; reminders and the like wait for `work`. */
    async deliver() {
      await setClock(sql, at)
      while ((await deliveries(own, 'demo')) > 0);
    },
    /** As the command line: one transaction. */
    system: <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
      own.db.transaction((tx) =>
        work({
          db: tx,
          now: at,
          random: own.random,
          by: SYSTEM,
          identityId: null,
          platform: 'cli',
          log: own.log,
          house: own.house,
        }),
      ),
  }
}

export type Hand = ReturnType<typeof takeHand>

/** What the desk's platform does while nobody looks: everything arrives. */
const quiet: Platform = {
  name: PLATFORM,
  mount: () => [],
  deliver: async (_to, _card, _sent, key) => ({ key }),
  profile: async () => ({ name: '', standing: 'member' }),
}

/** The database's clock follows: leases and due messages are compared with that one. Answers the shift in milliseconds. */
export async function setClock(sql: Sql, at: Date): Promise<number> {
  const [row] = await sql<{ shift: string }[]>`
    update clock set shift_ms = ${at.getTime()} - (extract(epoch from clock_timestamp()) * 1000)::bigint
    returning shift_ms as shift`
  return Number(row?.shift ?? 0)
}

/** Something that happens in the story. Those with the same key follow each other; others may overlap. */
export type Happening = { at: Date; key?: string; run(at: Date): Promise<unknown> }

const DAY = 86_400_000

/**
 * What happened in between, in its order, so that the record runs forward as it does in life: several at a time, but
 * nothing begins while something of a day or more before is still under way.
 */
export async function play(...happenings: readonly (readonly Happening[])[]): Promise<void> {
  const chains = new Map<string, Promise<unknown>>()
  const begun: { at: number; end: Promise<unknown> }[] = []
  const inOrder = happenings.flat().toSorted((a, b) => a.at.getTime() - b.at.getTime())
  await all(inOrder, async ({ at, key, run }) => {
    const before = key === undefined ? undefined : chains.get(key)
    const older = begun.filter((one) => one.at <= at.getTime() - DAY).map((one) => one.end)
    const end = Promise.all([before, ...older]).then(() => run(at))
    begun.push({ at: at.getTime(), end })
    if (key !== undefined) chains.set(key, end)
    await end
  })
}

/** Independent pieces of work, as many at a time as there are connections. */
export async function all<T>(some: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const rest = some.values()
  const lane = async () => {
    for (const one of rest) await work(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** Between 0 and 1, the same for the same words: two companies made on two computers are the same company. */
export function chance(...about: string[]): number {
  return createHash('sha256').update(about.join('/')).digest().readUInt32BE() / 2 ** 32
}
