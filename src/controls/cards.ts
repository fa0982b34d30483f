import { type Assignment, assignmentOf } from '../core/assignments.ts'
import { managerOf, personById } from '../core/people.ts'
import { has, isMember } from '../core/rules.ts'
import { type CardSource, type Ctx, card, type Person } from '../core/workflow.ts'
import { type Asked, dutyOf, occurrenceOf } from './duty.ts'
import { controlPage, dutyPage, minePage, registerPage } from './look.ts'
import { type Control, controlOf, ownedBy } from './owners.ts'
import type { Duty } from './period.ts'
import { readerOf } from './reader.ts'
import { mayAttest, mayRead, oversees, seesAnswer } from './sight.ts'
import { askedOnceCard, escalationCard, handoverCard, requestCard } from './views.ts'

const fullIf = (yes: boolean): 'full' | 'none' => (yes ? 'full' : 'none')

type AskedAs = { assignment: Assignment; asked: Asked; person: Person }

async function askedAs(ctx: Ctx, id: string): Promise<AskedAs | undefined> {
  const assignment = await assignmentOf(ctx, id)
  if (assignment?.workflow !== 'controls') return undefined
  const [asked, person] = await Promise.all([
    occurrenceOf(ctx, assignment.subjectId),
    personById(ctx.db, assignment.personId),
  ])
  return asked && person && { assignment, asked, person }
}

export const cards: Record<string, CardSource> = {
  request: card<AskedAs>({
    about: 'asg',
    load: askedAs,
    async sees(ctx, { assignment, asked }) {
      if (assignment.personId !== ctx.by.id && !oversees(ctx)) return 'none'
      return (await seesAnswer(ctx, asked)) ? 'full' : 'redacted'
    },
    draw: async (ctx, { asked }, sees) =>
      sees === 'full' ? requestCard(asked, readerOf(ctx), mayAttest(ctx, asked)) : askedOnceCard(asked, readerOf(ctx)),
  }),

  escalation: card<AskedAs>({
    about: 'asg',
    load: askedAs,
    sees: (ctx, { person }) => fullIf(has(ctx.by, 'isms-manager') || person.managerId === ctx.by.id),
    draw: async (ctx, { assignment, asked, person }) =>
      escalationCard(asked, readerOf(ctx), {
        owner: person,
        isOpen: assignment.state === 'open',
        isManager: (await managerOf(ctx.db, person))?.id === ctx.by.id,
        mayAssign: has(ctx.by, 'isms-manager'),
      }),
  }),

  handover: card<Person>({
    about: 'per',
    load: (ctx, id) => personById(ctx.db, id),
    sees: (ctx) => fullIf(has(ctx.by, 'isms-manager')),
    draw: async (ctx, leaver) => handoverCard(leaver, await ownedBy(ctx, leaver.id), readerOf(ctx)),
  }),

  duty: card<Duty>({
    about: 'act',
    load: dutyOf,
    sees: async (ctx, duty) => fullIf(await mayRead(ctx, duty)),
    draw: (ctx, duty) => dutyPage(ctx, duty, 0),
  }),

  /** About `2022/A.5.18`: a control has the standard's own name and no id of ours. */
  control: card<Control>({
    load: controlOf,
    sees: (ctx, it) => fullIf(oversees(ctx) || (isMember(ctx.by) && it.ownerId === ctx.by.id)),
    draw: controlPage,
  }),

  register: card({
    sees: (ctx) => fullIf(oversees(ctx)),
    draw: (ctx) => registerPage(ctx, '2022', 0),
  }),

  mine: card({
    sees: (ctx) => fullIf(isMember(ctx.by)),
    draw: (ctx) => minePage(ctx),
  }),
}
