import { availableParallelism } from 'node:os'
import { type Accesses, serverAccess } from '../db/access.ts'
import { alone, connect, type Database } from '../db/client.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import type { Config } from './config.ts'
import type { Log } from './core/log.ts'

/**
 * Of one process: four a core, because more make PostgreSQL's processes wait for each other. Measured on two cores, 32
 * people clicking: 660 clicks a second over 8 connections, 690 to 710 over 12 and 16, 620 over 32, 470 over 4; with 8 a
 * click comes nearest to what the database can do.
 */
export const CONNECTIONS = Math.min(32, Math.max(8, 4 * availableParallelism()))

/** The database of an installation, brought to this version, and the way to let go of it. */
export type Installation = Database & Ground

/** The way into the database, before anything is looked at in it. */
export type Ground = {
  accesses: Accesses
  /** The folder of the embedded database; undefined on a server. */
  home: string | undefined
  stop(): Promise<void>
}

/**
 * The configured server, or the embedded PostgreSQL started in the data folder; `share` joins the one that a running
 * product already started (the command line beside it).
 */
export async function openGround(config: Config, log: Log, options: { share?: boolean } = {}): Promise<Ground> {
  if (config.database) {
    const { url, ownerUrl, pooler } = config.database
    return { accesses: serverAccess(url, ownerUrl, { prepare: !pooler }), home: undefined, stop: async () => {} }
  }
  const { owner, app, home, stop } = await startEmbedded({
    folder: config.folder,
    log: { info: (text) => log.info({ text }, 'embedded'), warn: (text) => log.warn({ text }, 'embedded') },
    share: options.share ?? false,
  })
  return { accesses: { owner, app }, home, stop }
}

/** Opens the database and brings it to this version. */
export async function openInstallation(
  config: Config,
  log: Log,
  options: { share?: boolean } = {},
): Promise<Installation> {
  const ground = await openGround(config, log, options)
  try {
    await migrate(ground.accesses)
    const database = await connect({ ...ground.accesses.app, connections: CONNECTIONS })
    const stop = async () => {
      await database.close()
      await ground.stop()
    }
    return { ...database, ...ground, stop }
  } catch (error) {
    await ground.stop()
    throw error
  }
}

/** Everything in the database goes, and it is brought to this version again: only for what nobody has used yet. */
export async function makeAnew(accesses: Accesses): Promise<void> {
  await alone(accesses.owner, async (sql) => {
    await sql`drop schema if exists drizzle, public cascade`
    await sql`create schema public`
  })
  await migrate(accesses)
}

/** How far the installation's clock stands ahead, in milliseconds: zero but in the demo. */
export async function clockShift(sql: Database['sql']): Promise<number> {
  const [row] = await sql<{ shift: string }[]>`select shift_ms as shift from clock`
  return Number(row?.shift ?? 0)
}
