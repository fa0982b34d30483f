import { post } from '../core/messages.ts'
import { managerOf, peopleWithRole, personById } from '../core/people.ts'
import { isMember } from '../core/rules.ts'
import { atWork, endOfDay, LADDER } from '../core/schedule.ts'
import type { Ctx, Nudge, Person, Waiting, Workflow } from '../core/workflow.ts'
import { actions } from './actions.ts'
import { board } from './board.ts'
import { cards } from './cards.ts'
import { owedBy } from './duty.ts'
import { tick } from './occurrences.ts'
import { readerOf } from './reader.ts'
import { happenings } from './record.ts'
import { evidenceFile } from './sight.ts'
import { text } from './text.ts'
import { owedRow } from './views.ts'

export { importOwners, readOwners } from './owner-file.ts'
export { importRegisters, readRegisters } from './register.ts'

/** Controls of Annex A and what their owners attest about them, period by period (8.1, 9.1, A.5.36). */
export const controls: Workflow = {
  name: 'controls',
  actions,
  cards,
  commands: [{ word: 'controls', do: 'controls.mine', hint: (language) => text(language).hint, offered: isMember }],
  waiting,
  dashboard: board,
  nudge,
  tick,
  happenings,
  file: evidenceFile,
}

async function waiting(ctx: Ctx): Promise<Waiting[]> {
  if (!isMember(ctx.by)) return []
  const reader = readerOf(ctx)
  return (await owedBy(ctx, ctx.by.id)).map(({ occurrence, duty }) => ({
    dueAt: endOfDay(occurrence.dueOn, ctx.by.timezone),
    row: owedRow(occurrence, duty, reader),
    minutes: 1,
  }))
}

/** The owner is reminded with the same card; then the manager, then the ISMS managers get one of their own. */
async function nudge(ctx: Ctx, { assignment: it, kind }: Nudge): Promise<void> {
  const about = { subject: it.id, assignment: it.id }
  if (kind !== 'escalate') {
    await post(ctx, { key: `${it.id}/remind/${it.step}`, to: it.personId, card: 'controls.request', ...about })
    return
  }
  for (const one of await listeners(ctx, it.personId, LADDER[it.step]?.to))
    await post(ctx, {
      key: `${it.id}/escalate/${it.step}/${one.id}`,
      to: one.id,
      card: 'controls.escalation',
      at: atWork(ctx.now, one.timezone, ctx.house.workday),
      ...about,
    })
}

/** Who hears of it: the owner's manager; without one, or later, the ISMS managers. Never the owner. */
async function listeners(ctx: Ctx, ownerId: string, to: string | undefined): Promise<Person[]> {
  const owner = await personById(ctx.db, ownerId)
  const manager = owner && to === 'manager' ? await managerOf(ctx.db, owner) : undefined
  if (manager) return [manager]
  return (await peopleWithRole(ctx.db, 'isms-manager')).filter((one) => one.id !== ownerId)
}
