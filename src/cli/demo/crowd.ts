import { eq } from 'drizzle-orm'
import type { Db } from '../../../db/client.ts'
import { person } from '../../../db/schema/people.ts'

export type One = {
  id: string
  who: string
  name: string
  timezone: string
  department: string
  managerId: string | null
}

/** The people of the register by the first half of their address: `ines.valdemar`. */
export type Crowd = { all: readonly One[]; idOf(who: string): string; byId(id: string): One | undefined }

export async function readCrowd(db: Db): Promise<Crowd> {
  const rows = await db
    .select({
      id: person.id,
      email: person.emailKey,
      name: person.name,
      timezone: person.timezone,
      department: person.department,
      managerId: person.managerId,
    })
    .from(person)
    .where(eq(person.state, 'active'))
    .orderBy(person.emailKey)
  return crowdOf(rows.map(({ email, ...row }) => ({ ...row, who: email.split('@')[0] ?? email })))
}

export function crowdOf(all: readonly One[]): Crowd {
  const byName = new Map(all.map((one) => [one.who, one]))
  const byId = new Map(all.map((one) => [one.id, one]))
  return {
    all,
    byId: (id) => byId.get(id),
    idOf(who) {
      const one = byName.get(who)
      if (!one) throw new Error(`the story does not fit: nobody is called ${who}`)
      return one.id
    },
  }
}
