import { and, eq, lte } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { faultOf } from './log.ts'
import { post } from './messages.ts'
import { deliveries } from './outbox.ts'
import { peopleById } from './people.ts'
import { isActive, SYSTEM } from './rules.ts'
import { atWork, LADDER, nextStep } from './schedule.ts'
import { sweep } from './sweep.ts'
import type { Deps } from './turn.ts'
import type { Ctx, Person } from './workflow.ts'

/** Steps claimed at a time. */
const BATCH = 50

const HOUR = 3_600_000

/**
 * What time brings, in any number of processes at once: each row is claimed by changing it (SKIP LOCKED), so that each
 * step and each message is done once. `run` works until nothing is due and answers how much it did.
 */
export function makeWorker(deps: Deps, name: string) {
  const systemCtx = (tx: Deps['db']): Ctx => ({
    db: tx,
    now: deps.now(),
    random: deps.random,
    by: SYSTEM,
    identityId: null,
    platform: 'worker',
    log: deps.log,
    house: deps.house,
  })

  const ticks = async (): Promise<number> => {
    let did = 0
    for (const workflow of deps.house.workflows)
      if (workflow.tick) {
        const { tick } = workflow
        // A fault in one workflow must not keep the reminders and messages of all the others.
        did += await deps.db
          .transaction((tx) => tick(systemCtx(tx)))
          .catch((error: unknown) => {
            deps.log.error({ workflow: workflow.name, ...faultOf(error) }, 'worker.tick')
            return 0
          })
      }
    return did
  }

  return {
    async run(until: () => boolean = () => false): Promise<number> {
      let did = 0
      for (;;) {
        const done = (await ticks()) + (await nudges(deps, systemCtx)) + (await deliveries(deps, name))
        did += done
        if (done === 0 || until()) return did
      }
    },
    /** Now and then. */
    sweep: () => sweep(deps.db, deps.now()),
  }
}

/**
 * Steps of the reminder ladder that are due: posted and moved on in one transaction. When one of them fails, each is tried
 * by itself, so that it holds up nobody else's.
 */
async function nudges(deps: Deps, systemCtx: (tx: Deps['db']) => Ctx): Promise<number> {
  try {
    return await steps(deps, systemCtx, step, (some, work) => Promise.all(some.map(work)))
  } catch (error) {
    deps.log.error(faultOf(error), 'worker.nudges')
    return steps(deps, systemCtx, (ctx, it, who) =>
      apart(ctx, it, () => ctx.db.transaction((db) => step({ ...ctx, db }, it, who))),
    )
  }
}

/** A step that fails is looked at again in an hour: somebody has to mend it first. */
async function apart(ctx: Ctx, it: Assignment, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    ctx.log.error({ assignment: it.id, ...faultOf(error) }, 'worker.step')
    const nextAt = new Date(ctx.now.getTime() + HOUR)
    await ctx.db.update(assignment).set({ nextAt }).where(eq(assignment.id, it.id))
  }
}

type Assignment = typeof assignment.$inferSelect

type Each = (some: readonly { it: Assignment }[], work: (one: { it: Assignment }) => Promise<void>) => Promise<unknown>

/** For work with savepoints, which cannot overlap on one connection. */
const inTurn: Each = async (some, work) => {
  for (const one of some) await work(one)
}

/** `each`: all at once, so that the statements of fifty steps are on their way together, or one after the other. */
async function steps(
  deps: Deps,
  systemCtx: (tx: Deps['db']) => Ctx,
  work: (ctx: Ctx, it: Assignment, who: Person) => Promise<void>,
  each: Each = inTurn,
): Promise<number> {
  return deps.db.transaction(async (tx) => {
    const ctx = systemCtx(tx)
    const due = await tx
      .select({ it: assignment })
      .from(assignment)
      .innerJoin(campaign, and(eq(campaign.id, assignment.campaignId), eq(campaign.state, 'open')))
      .where(and(eq(assignment.state, 'open'), lte(assignment.nextAt, ctx.now)))
      .orderBy(assignment.nextAt)
      .limit(BATCH)
      .for('update', { of: assignment, skipLocked: true })
    const people = await peopleById(
      tx,
      due.map(({ it }) => it.personId),
    )
    await each(due, async ({ it }) => {
      const who = people.get(it.personId)
      if (who && isActive(who)) return work(ctx, it, who)
      await tx.update(assignment).set({ state: 'left', nextAt: null }).where(eq(assignment.id, it.id))
    })
    return due.length
  })
}

async function step(ctx: Ctx, it: Assignment, who: Person): Promise<void> {
  const { timezone } = who
  const { workday } = ctx.house
  const ladder = { dueOn: it.dueOn, timezone, workday, createdAt: it.createdAt, after: ctx.now }
  if (it.step < 0)
    await post(ctx, {
      key: `${it.id}/request`,
      to: it.personId,
      card: it.card,
      subject: it.id,
      assignment: it.id,
      // The worker may have been down while it was working time there.
      at: atWork(ctx.now, timezone, workday),
    })
  // Of steps missed while no worker ran, only the newest is done, and only in working hours.
  const due = it.step < 0 ? null : nextStep({ ...ladder, step: it.step })
  const isDue = due !== null && due.at <= ctx.now
  if (isDue) {
    const { id, campaignId, subjectId, personId, dueOn, dueAt } = it
    await ctx.house.workflows
      .find((one) => one.name === it.workflow)
      ?.nudge?.(ctx, {
        assignment: { id, campaignId, subjectId, personId, dueOn, dueAt, step: due.step },
        kind: due.kind,
      })
  }
  const next = due && !isDue ? due : nextStep({ ...ladder, step: due ? due.step + 1 : Math.max(0, it.step) })
  await ctx.db
    .update(assignment)
    .set({ step: next?.step ?? LADDER.length, nextAt: next?.at ?? null })
    .where(eq(assignment.id, it.id))
}
