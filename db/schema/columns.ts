import { customType, text, timestamp } from 'drizzle-orm/pg-core'

/** A moment, to the microsecond in the database and to the millisecond in code; the zone is never stored, always UTC. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** `asg_01k…`: the kind and 26 characters of time-ordered randomness (src/core/id.ts). */
export const key = (name = 'id') => text(name).primaryKey()

export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

/** PostgreSQL's own transaction id, 64 bits wide: it orders entries by commit window for the sealer. */
export const txid = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' })
