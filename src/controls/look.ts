import { asc, desc, eq, max, sql } from 'drizzle-orm'
import { control, controlAction, controlMapping, occurrence } from '../../db/schema/controls.ts'
import { peopleById } from '../core/people.ts'
import { has } from '../core/rules.ts'
import { addPeriod, localDay } from '../core/schedule.ts'
import type { Card, Ctx } from '../core/workflow.ts'
import { type Answered, controlsOf, historyOf, owedBy, recent, upcoming } from './duty.ts'
import { evidenceOf } from './evidence.ts'
import { mineCard, type RegisterRow, registerCard } from './lists.ts'
import type { Control } from './owners.ts'
import { controlCard, dutyCard, type Mapped, PAGE, type People, type Standings } from './pages.ts'
import type { Duty } from './period.ts'
import { readerOf } from './reader.ts'
import { recordButton } from './record.ts'
import type { Edition } from './register.ts'
import { standingOfDuty, worst } from './standing.ts'

const mayAssign = (ctx: Ctx) => has(ctx.by, 'isms-manager')

/** Duties with how they stand. Looks back two years: a yearly duty's last answer is within them. */
async function standingsOf(ctx: Ctx, duties: readonly Duty[], people: People): Promise<Standings[]> {
  const today = localDay(ctx.now, ctx.by.timezone)
  const [periods, newest] = await Promise.all([recent(ctx, addPeriod(today, 'P2Y', -1)), newestPeriods(ctx)])
  const byDuty = Map.groupBy(periods, (one) => one.occurrence.actionId)
  return duties.map((duty) => {
    const owner = people.get(duty.ownerId ?? '')
    const standing = standingOfDuty(owner ? owner.state : 'none', byDuty.get(duty.id) ?? [], today)
    const since = localDay(duty.createdAt, owner?.timezone ?? 'UTC')
    return { duty, standing, next: owner ? upcoming(duty, newest.get(duty.id), since) : null }
  })
}

async function newestPeriods(ctx: Pick<Ctx, 'db'>): Promise<Map<string, number>> {
  const rows = await ctx.db
    .select({ id: occurrence.actionId, n: max(occurrence.n) })
    .from(occurrence)
    .groupBy(occurrence.actionId)
  return new Map(rows.map(({ id, n }) => [id, n ?? 0]))
}

const owners = (ctx: Ctx, all: readonly { ownerId: string | null }[]) =>
  peopleById(
    ctx.db,
    all.flatMap((one) => one.ownerId ?? []),
  )

const peopleIn = (periods: readonly Answered[]): string[] =>
  periods.flatMap(({ occurrence: it, attestation }) => [it.ownerId, ...(attestation ? [attestation.personId] : [])])

export async function dutyPage(ctx: Ctx, duty: Duty, page: number): Promise<Card> {
  const [periods, controls] = await Promise.all([historyOf(ctx, duty.id), controlsOf(ctx, duty.id)])
  const ids = [...peopleIn(periods), ...(duty.ownerId === null ? [] : [duty.ownerId])]
  const people = await peopleById(ctx.db, ids)
  const today = localDay(ctx.now, ctx.by.timezone)
  const owner = people.get(duty.ownerId ?? '')
  const since = localDay(duty.createdAt, owner?.timezone ?? 'UTC')
  const standing = standingOfDuty(owner ? owner.state : 'none', periods, today)
  const next = owner ? upcoming(duty, periods[0]?.occurrence.n, since) : null
  const shown = Math.max(0, Math.min(page, Math.ceil(periods.length / PAGE) - 1))
  const onPage = periods.slice(shown * PAGE, (shown + 1) * PAGE)
  const it = {
    duty,
    standing,
    next,
    periods,
    evidence: await evidenceOf(
      ctx,
      onPage.flatMap(({ attestation }) => attestation?.id ?? []),
    ),
    controls,
    page: shown,
    mayAssign: mayAssign(ctx),
    record: recordButton(ctx, duty.id),
  }
  return dutyCard(it, people, readerOf(ctx))
}

export async function controlPage(ctx: Ctx, it: Control): Promise<Card> {
  const [mapped, duties] = await Promise.all([mappedTo(ctx, it), dutiesOn(ctx, it)])
  const people = await owners(ctx, [it, ...duties])
  const standings = await standingsOf(ctx, duties, people)
  const record = recordButton(ctx, `annex-a/${it.edition}/${it.code}`)
  return controlCard(
    { control: it, mapped, duties: standings, mayAssign: mayAssign(ctx), record },
    people,
    readerOf(ctx),
  )
}

/** The counterparts in the other edition, with how they relate. */
function mappedTo(ctx: Ctx, { edition, code }: Control): Promise<Mapped[]> {
  const [here, there, other] =
    edition === '2022'
      ? ([controlMapping.code2022, controlMapping.code2013, '2013'] as const)
      : ([controlMapping.code2013, controlMapping.code2022, '2022'] as const)
  return ctx.db
    .select({
      code: control.code,
      title: control.title,
      relation: controlMapping.relation,
      edition: control.edition,
    })
    .from(controlMapping)
    .innerJoin(control, sql`${control.code} = ${there} and ${control.edition} = ${other}`)
    .where(eq(here, code))
    .orderBy(asc(control.ordinal))
    .then((rows) => rows)
}

const dutiesOn = (ctx: Ctx, { edition, code }: Control): Promise<Duty[]> => {
  const refs = edition === '2022' ? controlAction.controls2022 : controlAction.controls2013
  return ctx.db
    .select()
    .from(controlAction)
    .where(sql`${refs} @> to_jsonb(${code}::text)`)
    .orderBy(asc(controlAction.code))
    .then((rows) => rows)
}

export async function registerPage(ctx: Ctx, edition: Edition, page: number): Promise<Card> {
  const [controls, duties, pairs] = await Promise.all([
    ctx.db.select().from(control).where(eq(control.edition, edition)).orderBy(asc(control.ordinal)),
    ctx.db.select().from(controlAction),
    ctx.db.select().from(controlMapping).orderBy(desc(controlMapping.code2022)),
  ])
  const people = await owners(ctx, [...controls, ...duties])
  const standings = await standingsOf(ctx, duties, people)
  const rows = controls.map((one): RegisterRow => {
    const its = standings.filter(({ duty }) =>
      (edition === '2022' ? duty.controls2022 : duty.controls2013).includes(one.code),
    )
    return {
      control: one,
      duties: its.length,
      standing: its.length === 0 ? null : worst(its.map(({ standing }) => standing)),
      went: edition === '2022' ? [] : pairs.filter((pair) => pair.code2013 === one.code).map((pair) => pair.code2022),
    }
  })
  return registerCard({ edition, rows, page }, people, readerOf(ctx))
}

export async function minePage(ctx: Ctx): Promise<Card> {
  const [owed, duties, controls] = await Promise.all([
    owedBy(ctx, ctx.by.id),
    ctx.db.select().from(controlAction).where(eq(controlAction.ownerId, ctx.by.id)).orderBy(asc(controlAction.code)),
    ctx.db
      .select()
      .from(control)
      .where(eq(control.ownerId, ctx.by.id))
      .orderBy(desc(control.edition), asc(control.ordinal)),
  ])
  const people = new Map([[ctx.by.id, ctx.by]])
  return mineCard({ owed, duties: await standingsOf(ctx, duties, people), controls }, people, readerOf(ctx))
}
