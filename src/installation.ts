import { type Accesses, serverAccess } from '../db/access.ts'
import { connect, type Database } from '../db/client.ts'
import { startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import type { Config } from './config.ts'
import type { Log } from './core/log.ts'
import type { House } from './core/workflow.ts'
import { workflows } from './workflows.ts'

/** The database of an installation, brought to this version, and the way to let go of it. */
export type Installation = Database & { accesses: Accesses; embedded: boolean; stop(): Promise<void> }

/**
 * Opens the configured server, or starts the embedded PostgreSQL in the data folder; `share` joins the one that a running
 * product already started (the command line beside it).
 */
export async function openInstallation(
  config: Config,
  log: Log,
  options: { share?: boolean } = {},
): Promise<Installation> {
  if (config.database) {
    const { url, ownerUrl, pooler } = config.database
    const accesses = serverAccess(url, ownerUrl, { prepare: !pooler })
    await migrate(accesses)
    const database = await connect({ ...accesses.app, connections: 16 })
    return { ...database, accesses, embedded: false, stop: () => database.close() }
  }
  const embedded = await startEmbedded({
    folder: config.folder,
    log: {
      info: (text: string) => log.info({ text }, 'embedded'),
      warn: (text: string) => log.warn({ text }, 'embedded'),
    },
    share: options.share ?? false,
  })
  try {
    await migrate(embedded)
    const database = await connect({ ...embedded.app, connections: 16 })
    const stop = async () => {
      await database.close()
      await embedded.stop()
    }
    return { ...database, accesses: embedded, embedded: true, stop }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

export const houseOf = (config: Config, desk: House['desk']): House => ({
  workflows,
  organisation: config.organisation,
  desk,
  workday: config.workday,
})

/** How far the installation's clock stands ahead, in milliseconds: zero but in the demo. */
export async function clockShift(sql: Database['sql']): Promise<number> {
  const [row] = await sql<{ shift: string }[]>`select shift_ms as shift from clock`
  return Number(row?.shift ?? 0)
}
