import { join, md, plain } from '../core/md.ts'
import { endOfDay } from '../core/schedule.ts'
import type { Button, Card, Row } from '../core/view.ts'
import type { Person } from '../core/workflow.ts'
import type { Answered, Titled } from './duty.ts'
import type { Evidence } from './evidence.ts'
import type { Control } from './owners.ts'
import type { Duty, Period } from './period.ts'
import { paragraph, type Reader, titlesIn } from './reader.ts'
import type { Edition } from './register.ts'
import { type Standing, standingOf, TONE } from './standing.ts'
import { attestButton, evidenceButtons } from './views.ts'

export type People = ReadonlyMap<string, Person>

/** A duty among others: how it stands, and what comes next. */
export type Standings = { duty: Duty; standing: Standing; next: Period | null }

/** A page of periods or of controls: few enough for one message. */
export const PAGE = 12

export const label = (standing: Standing, { say }: Reader) => ({ label: say.standing[standing], tone: TONE[standing] })

export function ownerWords(ownerId: string | null, people: People, { say: { page } }: Reader): string {
  const owner = people.get(ownerId ?? '')
  if (!owner) return page.nobody
  return owner.state === 'left' ? page.left(owner.name) : owner.name
}

/** The page of one duty: what it is, and every period that came up, late and missed ones too. */
export function dutyCard(
  it: Standings & {
    periods: readonly Answered[]
    evidence: readonly Evidence[]
    controls: readonly Titled[]
    page: number
    mayAssign: boolean
    record: readonly Button[]
  },
  people: People,
  reader: Reader,
): Card {
  const { page: say, assigning } = reader.say
  const { duty, next, periods, controls } = it
  const earlier = titlesIn(controls, '2013', duty.controls2013)
  const facts = [
    [say.owner, ownerWords(duty.ownerId, people, reader)],
    [say.period, reader.every(duty.period)],
    [say.since, duty.anchoredOn === null ? '' : reader.date(duty.anchoredOn)],
    [say.grace, String(duty.graceDays)],
    [say.controls, titlesIn(controls, '2022', duty.controls2022)],
    [say.earlier, earlier],
    [say.evidence, duty.evidence],
    [say.independence, duty.segregation],
    [say.next, next ? say.nextIs(reader.fromTo(next.from, next.to), reader.day(next.dueOn)) : ''],
  ]
  const shown = periods.slice(it.page * PAGE, (it.page + 1) * PAGE)
  const turn = (to: number, words: string): Button => ({
    label: words,
    do: 'controls.show',
    id: duty.id,
    with: { page: String(to) },
  })
  const buttons = [
    ...(it.mayAssign ? [{ label: assigning.title, do: 'controls.assign', id: duty.id, asks: true }] : []),
    ...(it.page > 0 ? [turn(it.page - 1, say.newer)] : []),
    ...((it.page + 1) * PAGE < periods.length ? [turn(it.page + 1, say.older)] : []),
    ...it.record,
  ]
  return {
    title: duty.title,
    status: label(it.standing, reader),
    blocks: [
      {
        kind: 'facts',
        facts: facts.flatMap(([name = '', value = '']) => (value ? [{ label: name, value: plain(value) }] : [])),
      },
      { kind: 'heading', text: say.history },
      periods.length === 0
        ? paragraph(say.none)
        : { kind: 'rows', rows: shown.map((one) => periodRow(one, it.evidence, people, reader)) },
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  }
}

function periodRow(it: Answered, evidence: readonly Evidence[], people: People, reader: Reader): Row {
  const { page: say, answer } = reader.say
  const { occurrence, attestation } = it
  const missed = occurrence.missedAt ? [say.missedSince(reader.moment(occurrence.missedAt))] : []
  const title = say.row(reader.fromTo(occurrence.periodFrom, occurrence.periodTo), reader.date(occurrence.dueOn))
  const state = label(standingOf(it, reader.today), reader)
  if (!attestation) {
    const owner = people.get(occurrence.ownerId)
    const waits = owner?.state === 'active' ? say.waits(owner.name) : plain(say.waitsNobody)
    const mine = occurrence.ownerId === reader.id
    return {
      title,
      text: join([...missed, waits]),
      status: state,
      ...(mine ? { buttons: [attestButton(occurrence, reader)] } : {}),
    }
  }
  const who = people.get(attestation.personId)
  const said = say.attested(who?.name ?? '', answer[attestation.answer], reader.moment(attestation.attestedAt))
  const files = evidence.filter((one) => one.attestationId === attestation.id)
  const wasLate = !occurrence.missedAt && attestation.attestedAt > endOfDay(occurrence.dueOn, who?.timezone ?? 'UTC')
  return {
    title,
    text: join([
      ...missed,
      join([said, ...(wasLate ? [plain(say.late)] : [])]),
      md`_${attestation.statement.slice(0, 300)}_`,
    ]),
    status: occurrence.missedAt ? { label: say.missedLate, tone: 'bad' } : state,
    ...(files.length > 0 ? { buttons: evidenceButtons(files, reader) } : {}),
  }
}

export type Mapped = { code: string; title: string; relation: string; edition: Edition }

/** One control of Annex A: its owner, where it came from or went, and what is done about it regularly. */
export function controlCard(
  it: {
    control: Control
    mapped: readonly Mapped[]
    duties: readonly Standings[]
    mayAssign: boolean
    record: readonly Button[]
  },
  people: People,
  reader: Reader,
): Card {
  const { control: say, page, assigning } = reader.say
  const { control, mapped } = it
  const pairs = mapped.map((one) => `${one.code} ${one.title} (${say.relation[one.relation] ?? one.relation})`)
  const other = control.edition === '2022' ? say.predecessors : say.successors
  const id = `${control.edition}/${control.code}`
  const buttons = [
    ...(it.mayAssign ? [{ label: assigning.title, do: 'controls.assign', id, asks: true }] : []),
    ...it.record,
  ]
  return {
    title: say.title(control.edition, control.code, control.title),
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: page.owner, value: plain(ownerWords(control.ownerId, people, reader)) },
          { label: say.theme, value: plain(control.theme) },
          { label: other, value: plain(pairs.length > 0 ? pairs.join('; ') : say.isNew) },
        ],
      },
      { kind: 'heading', text: say.duties },
      it.duties.length === 0
        ? paragraph(say.noDuties)
        : { kind: 'rows', rows: it.duties.map((one) => dutyRow(one, people, reader)) },
      ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
    ],
  }
}

export function dutyRow({ duty, standing, next }: Standings, people: People, reader: Reader): Row {
  const { register, mine, request } = reader.say
  return {
    title: md`**${duty.title}**`,
    text: join([
      register.owner(ownerWords(duty.ownerId, people, reader)),
      plain(`· ${reader.every(duty.period)}`),
      ...(next ? [join([plain('·'), mine.next(reader.fromTo(next.from, next.to), reader.day(next.dueOn))])] : []),
    ]),
    status: label(standing, reader),
    buttons: [{ label: request.history, do: 'controls.show', id: duty.id }],
  }
}
