import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Seat } from '../../../adapters/web/demo.ts'
import type { Db } from '../../../db/client.ts'
import { person } from '../../../db/schema/people.ts'
import { PERSON } from '../../core/people.ts'

/** The seats worth trying first, by the first half of the address, with what they are here for. */
export const PARTS = {
  employee: 'ines.valdemar',
  lead: 'mei.solberg',
  responder: 'eleni.faros',
  manager: 'tomas.farol',
  control: 'lorcan.whitby-sato',
  system: 'ivo.steinmetz-larsen',
  auditor: 'ulrike.sandvoss',
} as const

export type Part = keyof typeof PARTS

export const isFirst = (who: string): boolean => Object.values<string>(PARTS).includes(who)

const NAMES: Record<Part, string> = {
  employee: 'an employee',
  lead: 'the security lead',
  responder: 'a responder',
  manager: 'a manager',
  control: 'a control owner',
  system: 'a system owner',
  auditor: 'the auditor',
}

const GROUP = 'Start here'

/** Everybody who works here now: a few under "Start here", then by department. */
export async function seatsOf(db: Db, today: string): Promise<Seat[]> {
  const rows = await db
    .select({
      id: person.id,
      who: sql<string>`split_part(${person.emailKey}, '@', 1)`,
      name: person.name,
      title: person.title,
      department: person.department,
      site: person.site,
      timezone: person.timezone,
      language: person.language,
      employment: PERSON.employment,
      roles: PERSON.roles,
    })
    .from(person)
    .where(and(eq(person.state, 'active'), or(isNull(person.startedOn), sql`${person.startedOn} <= ${today}`)))
    .orderBy(person.department, person.name)
  const parts = Object.entries(PARTS)
  const first = parts.flatMap(([part, who]) => {
    const row = rows.find((one) => one.who === who)
    return row
      ? [{ ...seatOf(row), group: GROUP, lead: part === 'lead', title: `${NAMES[part as Part]} · ${row.title}` }]
      : []
  })
  const rest = rows.filter((row) => !isFirst(row.who))
  return [...first, ...rest.map(seatOf)]
}

const seatOf = ({ who, ...seat }: Seat & { who: string }): Seat => seat
