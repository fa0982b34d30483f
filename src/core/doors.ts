import { createHash } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { identity } from '../../db/schema/people.ts'
import { link, session } from '../../db/schema/sessions.ts'
import { newId, type Random } from './id.ts'
import { personById, whoIs } from './people.ts'
import type { Ctx, Doors, House } from './workflow.ts'

/** Where the browser desk takes a single-use link: what follows is its token. */
export const ENTER = '/enter/'

/** Whether this may be such a token: more than `secretOf` makes, and nothing that means something else in an address. */
export const isToken = (text: string): boolean => /^[\w-]{16,200}$/.test(text)

/** A link from chat lives ten minutes and works once; a session lives eight hours. */
const LINK_MS = 10 * 60_000
const SESSION_MS = 8 * 3_600_000

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
const secretOf = (random: Random) => Buffer.from(random(32)).toString('base64url')

/** A fresh single-use address of the browser desk for the person of this turn. undefined: there is no desk. */
export async function makeLink(ctx: Ctx, path: string): Promise<string | undefined> {
  if (!ctx.house.desk) return undefined
  return `${ctx.house.desk.address}${await addLink(ctx, ctx.by.id, path)}`
}

/** Only its hash is kept: whoever reads the table enters nowhere. */
async function addLink({ db, now, random }: Pick<Ctx, 'db' | 'now' | 'random'>, personId: string, path: string) {
  const token = secretOf(random)
  await db.insert(link).values({
    tokenSha256: hashOf(token),
    personId,
    path: path.startsWith('/') && !path.startsWith('//') ? path : '/',
    createdAt: now,
    expiresAt: new Date(now.getTime() + LINK_MS),
  })
  return `${ENTER}${token}`
}

/** Unused, and not too old. */
const isGood = (token: string, at: Date) =>
  and(eq(link.tokenSha256, hashOf(token)), isNull(link.usedAt), gt(link.expiresAt, at))

export function makeDoors(db: Db, house: House, now: () => Date, random: Random): Doors {
  return {
    async whose(token) {
      const [found] = await db.select({ personId: link.personId }).from(link).where(isGood(token, now()))
      const person = found && (await personById(db, found.personId))
      return person?.state === 'active' ? person.name : undefined
    },
    enter: (token) =>
      db.transaction(async (tx) => {
        const at = now()
        const [used] = await tx
          .update(link)
          .set({ usedAt: at })
          .where(isGood(token, at))
          .returning({ personId: link.personId, path: link.path })
        const person = used && (await personById(tx, used.personId))
        if (!used || person?.state !== 'active') return undefined
        const secret = secretOf(random)
        const expiresAt = new Date(at.getTime() + SESSION_MS)
        await tx.insert(session).values({ tokenSha256: hashOf(secret), personId: person.id, createdAt: at, expiresAt })
        if (house.desk) await seat(tx, house.desk.platform, person.id, at, random)
        return { session: secret, expiresAt, path: used.path, person }
      }),
    admit: (by, instead) =>
      db.transaction(async (tx) => {
        const at = now()
        const known = await whoIs(tx, by, at)
        if (known?.state !== 'linked' || known.person?.state !== 'active') return undefined
        const { id } = known.person
        const own = instead === undefined ? undefined : and(isGood(instead, at), eq(link.personId, id))
        const [led] = own ? await tx.update(link).set({ usedAt: at }).where(own).returning({ path: link.path }) : []
        return addLink({ db: tx, now: at, random }, id, led?.path ?? '/')
      }),
    async who(secret) {
      const [row] = await db
        .select({ personId: session.personId })
        .from(session)
        .where(and(eq(session.tokenSha256, hashOf(secret)), isNull(session.endedAt), gt(session.expiresAt, now())))
      const person = row && (await personById(db, row.personId))
      return person?.state === 'active' ? person : undefined
    },
    async leave(secret) {
      await db
        .update(session)
        .set({ endedAt: now() })
        .where(and(eq(session.tokenSha256, hashOf(secret)), isNull(session.endedAt)))
    },
  }
}

/** Ends every session of a person and every link that still waits. */
export async function shutDoors(db: Db, personId: string, now: Date): Promise<void> {
  await db
    .update(session)
    .set({ endedAt: now })
    .where(and(eq(session.personId, personId), isNull(session.endedAt)))
  await db
    .update(link)
    .set({ usedAt: now })
    .where(and(eq(link.personId, personId), isNull(link.usedAt)))
}

/**
 * In the browser a person is the register's id itself; pages only, no messages are sent there. Who is a guest wherever
 * they chat is a guest here too (T14).
 */
async function seat(db: Db, platform: string, personId: string, now: Date, random: Random): Promise<void> {
  await db
    .insert(identity)
    .values({
      id: newId('idn', now, random),
      platform,
      tenant: 'desk',
      userId: personId,
      personId,
      address: {},
      state: 'linked',
      receives: false,
      guest: sql`coalesce((select bool_and(chat.guest) from identity chat
        where chat.person_id = ${personId} and chat.platform <> ${platform} and chat.state = 'linked'), false)`,
      linkMethod: 'single-use-link',
      linkedAt: now,
      createdAt: now,
    })
    .onConflictDoUpdate({
      target: [identity.platform, identity.tenant, identity.userId],
      set: {
        guest: sql`excluded.guest`,
        state: sql`case when ${identity.state} = 'ended' then 'ended' else 'linked' end`,
      },
    })
}
