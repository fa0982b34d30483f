/** One transaction and everything in it: true as soon as it is over, however it ended. */
export type Scope = { isOver: boolean }

/** What a dying connection says: SQLSTATE class 08 and 57P01 to 57P03, and the words of the driver and of sockets. */
const LOST = /^(08...|57P0[123]|CONNECTION_\w+|ECONNRESET|EPIPE)$/

function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  return (typeof code === 'string' && LOST.test(code)) || isLost(error.cause)
}

/** Throws when the transaction is over: the driver would run the statement by itself, on a connection made anew. */
export function refuseLate(scope: Scope | undefined): void {
  if (scope?.isOver)
    throw new Error('The transaction is over: its connection was lost, or somebody did not wait for it.')
}

/** A connection that was made anew may still tell of its former end, once; a pool has 32 of them at most. */
const STALE = 32

/**
 * Runs work in a transaction or savepoint of postgres 3.4.9 and keeps a lost connection from doing harm. The driver goes
 * on with "rollback" on a socket that is gone, which ends the whole process from a timer
 * [github.com/porsager/postgres/issues/1208], and lets later statements of the work run outside of any transaction
 * [github.com/porsager/postgres/pull/1155]. So work that fails with its connection never reports back to the driver; the
 * caller hears of it at once, and PostgreSQL has rolled back by itself. Where nothing had begun, it is tried again.
 */
export async function untilLost<T>(
  scope: Scope,
  begin: (settled: (work: () => unknown) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const { promise: lost, reject } = Promise.withResolvers<never>()
    let hasBegun = false
    const settled = async (work: () => unknown): Promise<unknown> => {
      hasBegun = true
      try {
        return await work()
      } catch (error) {
        if (!isLost(error) && !scope.isOver) throw error
        scope.isOver = true
        reject(error)
        return new Promise(() => {})
      }
    }
    try {
      return await Promise.race([begin(settled), lost])
    } catch (error) {
      if (hasBegun || !isLost(error) || tries === STALE) throw error
    }
  }
}
