import { join, md, plain } from '../core/md.ts'
import type { Block, Button, Card, Row } from '../core/view.ts'
import type { Person } from '../core/workflow.ts'
import type { Asked, Occurrence } from './duty.ts'
import type { Evidence } from './evidence.ts'
import type { Ownable } from './owners.ts'
import { type Duty, periodOf } from './period.ts'
import { muted, paragraph, type Reader, titlesIn } from './reader.ts'
import { standingOf, TONE } from './standing.ts'

export const codeOf = (it: Ownable): string => ('duty' in it ? it.duty.title : `${it.control.code} ${it.control.title}`)

const idOf = (it: Ownable): string => ('duty' in it ? it.duty.id : `${it.control.edition}/${it.control.code}`)

/** What the owner is asked, and after the answer its receipt: the same card from the first day to the last. */
export function requestCard(asked: Asked, reader: Reader, mayAttest: boolean): Card {
  const { request } = reader.say
  const { occurrence: it, duty, attestation } = asked
  const state = standingOf(asked, reader.today)
  const status = { label: reader.say.standing[state], tone: TONE[state] }
  const title = request.title(duty.title)
  if (attestation) return { title, status, blocks: receipt(asked, reader) }
  if (!mayAttest && it.ownerId !== reader.id) return { title, status, blocks: handed(asked, reader) }
  return {
    title,
    status,
    blocks: [
      paragraph(question(it, reader)),
      ...about(asked, reader),
      ...lastTime(asked, reader),
      { kind: 'buttons', buttons: [...(mayAttest ? [attestButton(it, reader)] : []), historyButton(duty, reader)] },
      muted(request.why),
    ],
  }
}

/** To whoever was asked once, and may not see the answer: whose it is now, and nothing of how it stands. */
export function askedOnceCard(asked: Asked, reader: Reader): Card {
  const { request } = reader.say
  const isTheirs = asked.occurrence.ownerId === reader.id
  return {
    title: request.title(asked.duty.title),
    blocks: isTheirs ? [paragraph(request.guest)] : handed(asked, reader),
  }
}

export const attestButton = (it: Occurrence, { say }: Reader): Button => ({
  label: say.request.attest,
  do: 'controls.attest',
  id: it.id,
  style: 'primary',
  asks: true,
})

const historyButton = (duty: Duty, { say }: Reader): Button => ({
  label: say.request.history,
  do: 'controls.show',
  id: duty.id,
})

function question(it: Occurrence, { say, today, day, fromTo, moment }: Reader) {
  const period = fromTo(it.periodFrom, it.periodTo)
  if (it.missedAt) return say.request.missed(period, day(it.dueOn), moment(it.missedAt))
  return (it.dueOn < today ? say.request.overdue : say.request.ask)(period, day(it.dueOn))
}

function about({ duty, controls }: Asked, { say: { request } }: Reader): Block[] {
  const earlier = titlesIn(controls, '2013', duty.controls2013)
  return [
    {
      kind: 'facts',
      facts: [
        { label: request.controls, value: plain(titlesIn(controls, '2022', duty.controls2022)) },
        ...(duty.evidence ? [{ label: request.evidence, value: plain(duty.evidence) }] : []),
        ...(duty.segregation ? [{ label: request.independence, value: plain(duty.segregation) }] : []),
      ],
    },
    ...(earlier ? [muted(request.earlier(earlier))] : []),
  ]
}

const lastTime = ({ last }: Asked, { say, date }: Reader): Block[] =>
  last
    ? [
        paragraph(say.request.last(say.answer[last.answer], date(last.attestedAt))),
        { kind: 'quote', text: last.statement },
      ]
    : []

function receipt({ occurrence: it, duty, attestation, evidence, people }: Asked, reader: Reader): Block[] {
  const { request, answer } = reader.say
  if (!attestation) return []
  const at = reader.moment(attestation.attestedAt)
  const what = answer[attestation.answer]
  const who = people.get(attestation.personId)?.name ?? ''
  const next = duty.anchoredOn === null ? null : periodOf(duty, duty.anchoredOn, it.n + 1)
  return [
    paragraph(attestation.personId === reader.id ? request.done(what, at) : request.doneBy(who, what, at)),
    ...(attestation.answer === 'fails' ? [paragraph(request.finding)] : []),
    { kind: 'quote', text: attestation.statement },
    ...(it.missedAt ? [paragraph(request.lateBeside(reader.moment(it.missedAt)))] : []),
    ...(next ? [muted(request.next(reader.fromTo(next.from, next.to), reader.day(next.dueOn)))] : []),
    { kind: 'buttons', buttons: [...evidenceButtons(evidence, reader), historyButton(duty, reader)] },
  ]
}

export const evidenceButtons = (evidence: readonly Evidence[], { file }: Reader): Button[] =>
  evidence.map(({ name, fileId }) => file(name, fileId))

function handed({ occurrence: it, people }: Asked, { say: { request } }: Reader): Block[] {
  const owner = people.get(it.ownerId)
  const words = owner?.state === 'active' ? request.handed(owner.name) : request.handedNobody
  return [paragraph(words), muted(request.nothing)]
}

/** To the manager, and at last to the ISMS manager. */
export function escalationCard(
  asked: Asked,
  reader: Reader,
  it: { owner: Person; isOpen: boolean; isManager: boolean; mayAssign: boolean },
): Card {
  const { escalation, answer, assigning } = reader.say
  const { occurrence, duty, attestation } = asked
  const state = standingOf(asked, reader.today)
  const card = {
    title: escalation.title(it.owner.name),
    status: { label: reader.say.standing[state], tone: TONE[state] },
  }
  if (attestation) {
    const who = asked.people.get(attestation.personId)?.name ?? ''
    const words = escalation.settled(who, answer[attestation.answer], reader.moment(attestation.attestedAt))
    return { ...card, title: escalation.settledTitle(who), blocks: [paragraph(words)] }
  }
  if (!it.isOpen) return { ...card, title: escalation.overTitle, blocks: [paragraph(escalation.over)] }
  const hand: Button = { label: assigning.title, do: 'controls.assign', id: duty.id, asks: true }
  return {
    ...card,
    blocks: [
      paragraph(escalation.text(it.owner.name, duty.title, reader.day(occurrence.dueOn))),
      ...about(asked, reader).slice(0, 1),
      { kind: 'buttons', buttons: [historyButton(duty, reader), ...(it.mayAssign ? [hand] : [])] },
      muted(it.isManager ? escalation.toManager : escalation.toIsms),
    ],
  }
}

/** One card for everything that somebody who left owned. */
export function handoverCard(leaver: Person, owned: readonly Ownable[], reader: Reader): Card {
  const { handover } = reader.say
  const title = handover.title(leaver.name)
  if (owned.length === 0) return { title, blocks: [paragraph(handover.done(leaver.name))] }
  return {
    title,
    blocks: [
      paragraph(handover.text(leaver.name, owned.length, reader.language)),
      {
        kind: 'buttons',
        buttons: [{ label: handover.all, do: 'controls.handover', id: leaver.id, style: 'primary', asks: true }],
      },
      {
        kind: 'rows',
        rows: owned.map((it) => ({
          title: md`**${codeOf(it)}**`,
          buttons: [{ label: handover.one, do: 'controls.assign', id: idOf(it), asks: true }],
        })),
      },
    ],
  }
}

/** One line of the inbox. */
export const owedRow = (it: Occurrence, duty: Duty, reader: Reader): Row => ({
  title: md`**${duty.title}**`,
  text: join([reader.say.mine.due(reader.fromTo(it.periodFrom, it.periodTo), reader.day(it.dueOn))]),
  ...(it.state === 'missed' ? { status: { label: reader.say.standing.missed, tone: TONE.missed } } : {}),
  buttons: [attestButton(it, reader)],
})
