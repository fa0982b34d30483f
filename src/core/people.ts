import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Db, statement } from '../../db/client.ts'
import { identity, person, personRole } from '../../db/schema/people.ts'
import { localDay } from './schedule.ts'
import type { Actor, Person, Role } from './workflow.ts'

const roles = sql<
  Role[]
>`coalesce((select array_agg(r.role order by r.role) from person_role r where r.person_id = ${person.id} and r.ended_at is null), '{}')`

/** The columns of a Person, roles included, in one statement. */
export const PERSON = {
  id: person.id,
  name: person.name,
  email: person.email,
  managerId: person.managerId,
  department: person.department,
  site: person.site,
  employment: person.employment,
  timezone: person.timezone,
  language: person.language,
  state: person.state,
  roles,
}

export const personById = async (db: Db, id: string): Promise<Person | undefined> =>
  (await db.select(PERSON).from(person).where(eq(person.id, id)))[0]

export const peopleById = async (db: Db, ids: readonly string[]): Promise<Map<string, Person>> => {
  const rows =
    ids.length === 0
      ? []
      : await db
          .select(PERSON)
          .from(person)
          .where(inArray(person.id, [...new Set(ids)]))
  return new Map(rows.map((row) => [row.id, row]))
}

/** The active person with that mail address; there is at most one (unique index person_email_active). */
export const personByEmail = async (db: Db, email: string): Promise<Person | undefined> =>
  (
    await db
      .select(PERSON)
      .from(person)
      .where(and(eq(person.emailKey, email.trim().toLowerCase()), eq(person.state, 'active')))
  )[0]

/** Everybody who holds the role now and has not left, by name. */
export const peopleWithRole = (db: Db, role: Role): Promise<Person[]> =>
  db
    .select(PERSON)
    .from(person)
    .innerJoin(
      personRole,
      and(eq(personRole.personId, person.id), eq(personRole.role, role), isNull(personRole.endedAt)),
    )
    .where(eq(person.state, 'active'))
    .orderBy(person.name)
    .then((rows) => rows)

export const managerOf = async (db: Db, of: Person): Promise<Person | undefined> => {
  const manager = of.managerId === null ? undefined : await personById(db, of.managerId)
  return manager?.state === 'active' ? manager : undefined
}

export type Known = { person: Person | null; identityId: string; state: 'linked' | 'unmatched' | 'ambiguous' | 'ended' }

const findIdentity = statement((db) =>
  db
    .select({
      identityId: identity.id,
      linkState: identity.state,
      guest: identity.guest,
      endedOn: person.endedOn,
      ...PERSON,
    })
    .from(identity)
    .leftJoin(person, eq(person.id, identity.personId))
    .where(
      and(
        eq(identity.platform, sql.placeholder('platform')),
        eq(identity.tenant, sql.placeholder('tenant')),
        eq(identity.userId, sql.placeholder('user')),
      ),
    )
    .prepare('find_identity'),
)

/**
 * Who is behind an account, by the platform's own ids and never by name (T13). undefined: never seen before. A guest
 * of the workspace acts as a guest whatever the register says.
 */
export async function whoIs(db: Db, actor: Actor, now: Date): Promise<Known | undefined> {
  const { platform, tenant, user } = actor
  const [row] = await findIdentity(db, { platform, tenant, user })
  if (!row) return undefined
  const { identityId, linkState, guest, endedOn, ...columns } = row
  if (columns.id === null) return { person: null, identityId, state: linkState }
  const known = columns as Person
  // The last day ends where the person is, not where the server is.
  const left = known.state === 'left' || (endedOn !== null && endedOn < localDay(now, known.timezone))
  return {
    identityId,
    state: linkState,
    person: { ...known, state: left ? 'left' : 'active', roles: guest ? ['guest'] : known.roles },
  }
}

/** Combining marks, as Unicode takes letters apart. */
const MARKS = /[\u0300-\u036f]/

/**
 * People whose name or address holds what was typed; for choosing a person in a form. Whoever types "Ines" means Inês
 * too: marks count only where they were typed. Letters are taken apart from their marks on both sides, because a
 * database without a locale folds the case of plain letters only.
 */
export async function searchPeople(db: Db, typed: string, limit = 20): Promise<Person[]> {
  const words = typed.normalize('NFD').trim()
  const pattern = `%${words.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const apart = sql`normalize(${person.name}, NFD)`
  const bare = sql`regexp_replace(${apart}, '[\\u0300-\\u036f]', '', 'g')`
  const name = MARKS.test(words) ? apart : bare
  return db
    .select(PERSON)
    .from(person)
    .where(and(eq(person.state, 'active'), sql`(${name} ilike ${pattern} or ${person.emailKey} ilike ${pattern})`))
    .orderBy(person.name)
    .limit(limit)
}
