import { openAssignments } from '../core/assignments.ts'
import { plain } from '../core/md.ts'
import { post } from '../core/messages.ts'
import { managerOf, peopleWithRole, personById } from '../core/people.ts'
import { LADDER } from '../core/schedule.ts'
import type { Ctx, Nudge, Waiting } from '../core/workflow.ts'
import { standings } from './items.ts'
import type { Late } from './list-view.ts'
import { type ShareRow, shareRow } from './shares.ts'
import { text } from './text.ts'

/** What a share still asks of its reviewer; undefined: nothing at this moment. */
export async function asked(ctx: Pick<Ctx, 'db'>, share: ShareRow): Promise<Late | undefined> {
  if (share.it.review.state !== 'open') return undefined
  const [who, person] = await Promise.all([standings(ctx, share.it.review.id), personById(ctx.db, share.personId)])
  const mine = who.find((one) => one.personId === share.personId)
  const open = mine?.open ?? 0
  const isSign = share.it.system.ownerId === share.personId && who.every((one) => one.open === 0)
  if (open === 0 && !isSign) return undefined
  const { review, system } = share.it
  return {
    assignmentId: share.id,
    systemName: system.name,
    personName: person?.name ?? '',
    open,
    of: mine?.of ?? 0,
    dueOn: review.dueOn,
    isSign,
  }
}

/** Reminds only who has something open; above them go counts, never a name of an account. */
export async function remind(ctx: Ctx, { assignment, kind }: Nudge): Promise<void> {
  const share = await shareRow(ctx, assignment.id)
  const late = share && (await asked(ctx, share))
  if (!share || !late) return
  const about = { subject: assignment.id, assignment: assignment.id }
  if (kind !== 'escalate') {
    const card = kind === 'ask' ? 'access.review' : 'access.reminder'
    await post(ctx, { key: `${assignment.id}/remind/${assignment.step}`, to: assignment.personId, card, ...about })
    return
  }
  const person = await personById(ctx.db, assignment.personId)
  const manager =
    LADDER[assignment.step]?.to === 'isms-manager' || !person ? undefined : await managerOf(ctx.db, person)
  for (const to of manager ? [manager] : await peopleWithRole(ctx.db, 'isms-manager'))
    await post(ctx, {
      key: `${assignment.id}/escalate/${assignment.step}/${to.id}`,
      to: to.id,
      card: 'access.late',
      ...about,
    })
}

/** What waits for a person here, for the inbox. */
export async function waiting(ctx: Ctx): Promise<Waiting[]> {
  const say = text(ctx.by.language)
  const shares = await openAssignments(ctx, 'access')
  const all = await Promise.all(
    shares.map(async ({ id, dueAt }): Promise<Waiting | undefined> => {
      const share = await shareRow(ctx, id)
      const it = share && (await asked(ctx, share))
      if (!share || !it) return undefined
      const mine = (await standings(ctx, share.it.review.id)).find((one) => one.personId === ctx.by.id)
      const words = it.isSign ? say.list.sign : say.list.open(it.open, mine?.flagged ?? 0)
      return {
        dueAt,
        row: {
          title: say.dashboard.row(say.campaign(it.systemName)),
          text: plain(words),
          buttons: [{ label: say.button.open, do: 'access.show', id, style: 'primary' }],
        },
        minutes: Math.max(1, mine?.flagged ?? 0),
      }
    }),
  )
  return all.filter((one) => one !== undefined)
}
