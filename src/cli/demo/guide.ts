import { sql } from 'drizzle-orm'
import type { GuideStep } from '../../../adapters/web/demo.ts'
import type { Db } from '../../../db/client.ts'
import { PARTS } from './seats.ts'

/** Whose access the third step is about: she left on Friday. */
const LEAVER = 'amalia.torrezao'
const POLICY = 'passwords-and-authentication'

type Facts = {
  employee: string
  responder: string
  manager: string
  auditor: string
  responderName: string
  managerName: string
  acknowledged: boolean
  reported: boolean
  taken: boolean
  decided: boolean
  escalated: boolean
}

/** How far the visitor is, read from what stands in the database since Monday and from nothing else. */
async function factsOf(db: Db, since: Date): Promise<Facts | undefined> {
  const mail = (who: string) => sql`(select id from person where split_part(email_key, '@', 1) = ${who} limit 1)`
  const monday = since.toISOString()
  const [row] = await db.execute<Facts>(sql`
    select employee, responder, manager, auditor,
      (select name from person where id = responder) as "responderName",
      (select name from person where id = manager) as "managerName",
      exists (select 1 from acknowledgement a join policy_version v on v.id = a.version_id
        join policy p on p.id = v.policy_id where a.person_id = employee and p.code = ${POLICY}) as acknowledged,
      exists (select 1 from report where reported_at > ${monday}) as reported,
      exists (select 1 from report where reported_at > ${monday} and state <> 'reported') as taken,
      exists (select 1 from review_item i join review r on r.id = i.review_id join system s on s.id = r.system_id
        where i.subject_person_id = leaver and s.owner_id = employee and i.choice is not null) as decided,
      exists (select 1 from message where card = 'policies.team' and person_id = manager
        and created_at > ${monday}) as escalated
    from (select ${mail(PARTS.employee)} as employee, ${mail(PARTS.responder)} as responder,
      ${mail(PARTS.manager)} as manager, ${mail(PARTS.auditor)} as auditor, ${mail(LEAVER)} as leaver) as seats`)
  return row?.employee ? row : undefined
}

/** The first minute: five steps, each ticked by what it left in the database. */
export async function guideOf(db: Db, since: Date, hasLooked: boolean): Promise<GuideStep[]> {
  const it = await factsOf(db, since)
  if (!it) return []
  const report: GuideStep = it.reported
    ? {
        title: 'Take it on',
        text: `${it.responderName} got the triage card at once. Sit in that seat and press “I’m on it”.`,
        done: it.taken,
        seat: it.responder,
      }
    : {
        title: 'Report an incident',
        text: 'Type “/incident lost laptop in taxi” below the chat, then Send. The card lands with the responders.',
        done: false,
        seat: it.employee,
      }
  return [
    {
      title: 'Acknowledge a policy',
      text: '“Read and acknowledge”, one page, then “Acknowledge”. The bar on the right moves.',
      done: it.acknowledged,
      seat: it.employee,
    },
    { ...report, title: it.taken ? 'Report an incident' : report.title },
    {
      title: "Decide a leaver's access",
      text: 'Amália left on Friday and can still sign in to Crash Desk. Open its review in the inbox, remove her, say why.',
      done: it.decided,
      seat: it.employee,
      href: '/?view=inbox',
    },
    {
      title: 'Jump three days',
      text: `Sit with ${it.managerName}, a manager, and press “+3 days”: reminders come, then who is late in the team.`,
      done: it.escalated,
      seat: it.manager,
    },
    {
      title: 'Open the record',
      text: 'As the auditor: what you just did stands on top, and nothing of it can be changed. Who reported stays private.',
      done: hasLooked,
      seat: it.auditor,
      href: '/card/home.record',
    },
  ]
}
