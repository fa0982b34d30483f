import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import { type Db, statement } from '../../db/client.ts'
import { makeTurn } from '../../src/core/turn.ts'
import type { Turn } from '../../src/core/workflow.ts'
import type { Ground } from './ground.ts'

/** `flight`: statements of the same one were sent together, before any of them was answered. From 1. */
export type Statement = { text: string; values: unknown[]; flight: number }

class Undo extends Error {}

/**
 * The very statements of each turn, with their values: every turn is run once in a transaction that is rolled back, and
 * what it sent is kept. A peer that sends the same is then held against the product.
 */
export async function captureTurns(ground: Ground, turns: readonly Turn[]): Promise<Statement[][]> {
  const heard: Statement[] = []
  let [flight, isSending] = [0, false]
  const { host, port, user, database } = ground.embedded.app
  const client: Sql = postgres({
    host,
    path: `${host}/.s.PGSQL.${port ?? 5432}`,
    user,
    database,
    max: 1,
    fetch_types: false,
    connection: { TimeZone: 'UTC' },
    onnotice() {},
  })
  const listening = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (key === 'begin')
        return (work: (scope: Sql) => Promise<unknown>) => client.begin((scope) => work(hear(scope as unknown as Sql)))
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const hear = (scope: Sql): Sql =>
    new Proxy(scope, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key !== 'unsafe') return value
        return (text: string, values: unknown[] = [], options: object = {}) => {
          if (!isSending) {
            flight++
            isSending = true
            // Answers are read in a later round of the event loop.
            setImmediate(() => {
              isSending = false
            })
          }
          heard.push({ text, values, flight })
          return (value as (...all: unknown[]) => unknown).call(target, text, values, options)
        }
      },
    })
  const real = drizzle({ client: listening }) as unknown as Db
  const undone = {
    transaction: async (work: (tx: Db) => Promise<unknown>) => {
      let result: unknown
      await real
        .transaction(async (tx) => {
          result = await work(tx as unknown as Db)
          throw new Undo()
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undo)) throw error
        })
      return result
    },
  } as unknown as Db
  const turn = makeTurn({ ...ground.deps, db: undone })
  const all: Statement[][] = []
  for (const one of turns) {
    heard.length = 0
    flight = 0
    await turn(one)
    all.push([...heard])
  }
  await client.end()
  return all
}

/** The same statements of one click, all on their way at once in one transaction: the fastest this driver can do it. */
export const replay = (raw: Sql, statements: readonly Statement[]): Promise<unknown> =>
  raw.begin((tx) =>
    statements.map(({ text, values }) => tx.unsafe(text, values as never[], { prepare: values.length > 0 })),
  )

const built = new Map<string, ReturnType<typeof statement>>()

/** The same statements as the product sends them: built once by drizzle, in one transaction, all on their way at once. */
export const layered = (db: Db, statements: readonly Statement[]): Promise<unknown> =>
  db.transaction((tx) =>
    Promise.all(
      statements.map(({ text, values }) => {
        const known = built.get(text) ?? statement((one) => one.execute(withPlaceholders(text, values.length)))
        built.set(text, known)
        return known(tx, Object.fromEntries(values.map((value, n) => [`v${n}`, value])))
      }),
    ),
  )

/** `$1`, `$2`… stand in their order in what drizzle writes. */
function withPlaceholders(text: string, count: number) {
  const pieces = text.split(/\$\d+/)
  if (pieces.length !== count + 1) throw new Error(`${count} values for ${pieces.length - 1} places: ${text}`)
  const all = pieces.flatMap((piece, n) => (n < count ? [sql.raw(piece), sql.placeholder(`v${n}`)] : [sql.raw(piece)]))
  return sql.join(all)
}
