import type { Happening } from '../core/entries.ts'
import { peopleWithRole } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import type { Ctx, Person } from '../core/workflow.ts'

/** `behind`: the ISMS managers, who are asked when nobody answers in time. */
export type Duty = { people: Person[]; behind: Person[]; role: 'responder' | 'isms-manager' | 'nobody' }

/** Who answers a report: the responders, but never the reporter; where there is none, the ISMS managers. */
export async function onDuty(ctx: Pick<Ctx, 'db'>, reporterId: string): Promise<Duty> {
  const able = (people: Person[]) => people.filter((one) => isMember(one) && one.id !== reporterId)
  const responders = able(await peopleWithRole(ctx.db, 'responder'))
  const behind = able(await peopleWithRole(ctx.db, 'isms-manager'))
  if (responders.length > 0) return { people: responders, behind, role: 'responder' }
  return { people: behind, behind, role: behind.length > 0 ? 'isms-manager' : 'nobody' }
}

type Because = 'no responder' | 'not taken on in time' | 'nobody was there before'

/** What the record says of a report that went to more or other people than usual. */
export const escalation = (id: string, to: readonly string[], because: Because): Happening => ({
  type: 'report.escalated',
  object: id,
  action: 'incidents.tick',
  payload: { to: [...to], because },
})
