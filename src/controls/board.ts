import { asc } from 'drizzle-orm'
import { controlAction } from '../../db/schema/controls.ts'
import { md, plain } from '../core/md.ts'
import { peopleById } from '../core/people.ts'
import { addPeriod, localDay } from '../core/schedule.ts'
import type { Block, Ctx, Row } from '../core/workflow.ts'
import { type Answered, recent } from './duty.ts'
import type { Duty } from './period.ts'
import { type Reader, readerOf } from './reader.ts'
import { TONE } from './standing.ts'

/** Rows that need a look, at most; the register has the rest. */
const ROWS = 10

/** The ISMS manager's view: how the periods of the last twelve months were answered, and what stays open. */
export async function board(ctx: Ctx): Promise<Block[]> {
  const reader = readerOf(ctx)
  const { board: say, standing } = reader.say
  const since = addPeriod(localDay(ctx.now, ctx.by.timezone), 'P1Y', -1)
  const [periods, duties] = await Promise.all([
    recent(ctx, since),
    ctx.db.select().from(controlAction).orderBy(asc(controlAction.code)),
  ])
  if (duties.length === 0) return []
  const count = (which: (one: Answered) => boolean) => periods.filter(which).length
  const answered = (answer: string) => count(({ attestation }) => attestation?.answer === answer)
  const facts: [string, number][] = [
    [standing.operates, answered('operates')],
    [standing.deviations, answered('deviations')],
    [standing.fails, answered('fails')],
    [say.open, count(({ occurrence, attestation }) => !attestation && occurrence.state === 'open')],
    [say.missed, count(({ occurrence, attestation }) => !attestation && occurrence.state === 'missed')],
    [say.late, count(({ occurrence, attestation }) => attestation !== null && occurrence.missedAt !== null)],
    [say.unowned, duties.filter((duty) => duty.ownerId === null).length],
  ]
  const attention = await needsALook(ctx, periods, duties, reader)
  return [
    { kind: 'heading', text: say.title },
    periods.length === 0
      ? { kind: 'text', text: plain(say.nothing) }
      : {
          kind: 'progress',
          label: say.progress,
          done: count(({ attestation }) => attestation !== null),
          of: periods.length,
        },
    { kind: 'facts', facts: facts.map(([label, value]) => ({ label, value: plain(String(value)) })) },
    ...attention,
    { kind: 'buttons', buttons: [{ label: say.register, do: 'controls.register' }] },
  ]
}

async function needsALook(
  ctx: Ctx,
  periods: readonly Answered[],
  duties: readonly Duty[],
  reader: Reader,
): Promise<Block[]> {
  const { board: say, request, standing, assigning } = reader.say
  const titles = new Map(duties.map((duty) => [duty.id, duty.title]))
  const order = new Map(duties.map((duty, n) => [duty.id, n]))
  const nth = ({ occurrence: it }: Answered) => order.get(it.actionId) ?? 0
  const some = periods
    .filter((one) => isMissed(one) || isFinding(one, periods))
    .sort((a, b) => a.occurrence.dueOn.localeCompare(b.occurrence.dueOn) || nth(a) - nth(b))
  const people = await peopleById(
    ctx.db,
    some.map(({ occurrence: it, attestation }) => attestation?.personId ?? it.ownerId),
  )
  const rows: Row[] = some.map(({ occurrence: it, attestation }) => {
    const name = people.get(attestation?.personId ?? it.ownerId)?.name ?? ''
    const state = attestation ? 'fails' : 'missed'
    return {
      title: md`**${titles.get(it.actionId) ?? ''}**`,
      text: attestation
        ? say.finding(name, reader.date(attestation.attestedAt))
        : say.missedBy(name, reader.day(it.dueOn)),
      status: { label: standing[state], tone: TONE[state] },
      buttons: [{ label: request.history, do: 'controls.show', id: it.actionId }],
    }
  })
  const unowned: Row[] = duties
    .filter((duty) => duty.ownerId === null)
    .map((duty) => ({
      title: md`**${duty.title}**`,
      text: plain(say.noOwner),
      status: { label: standing.unowned, tone: TONE.unowned },
      buttons: [{ label: assigning.title, do: 'controls.assign', id: duty.id, asks: true }],
    }))
  const all = [...rows, ...unowned]
  if (all.length === 0) return []
  const left = all.length - ROWS
  return [
    { kind: 'heading', text: say.attention },
    { kind: 'rows', rows: all.slice(0, ROWS), ...(left > 0 ? { more: { left } } : {}) },
  ]
}

const isMissed = ({ occurrence, attestation }: Answered) => occurrence.state === 'missed' && !attestation

/** Does not operate, and no later period of the same duty was attested otherwise: an open finding. */
const isFinding = ({ occurrence, attestation }: Answered, periods: readonly Answered[]) =>
  attestation?.answer === 'fails' &&
  !periods.some(
    (one) =>
      one.occurrence.actionId === occurrence.actionId && one.occurrence.n > occurrence.n && one.attestation !== null,
  )
