import { has } from '../core/rules.ts'
import type { Block, Button, Card } from '../core/workflow.ts'
import { isOpen, type Report, type Told } from './register.ts'
import { mayDecide } from './sight.ts'
import { buttons, decisionWords, factsOf, muted, nameIn, paragraph, quote, saidWords, statusOf } from './views.ts'
import { dayAndTime, type Look, sayTo } from './when.ts'

/** Additions shown on a card; the page shows all. */
const LATEST = 3

/**
 * What a responder decides from. Its title is the number alone, for that is what notifications show; the words of the
 * report stand in the body of a direct message only (T18).
 */
export function triageCard(look: Look, told: Told): Card {
  const say = sayTo(look)
  const it = told.report
  const isLate = it.state === 'reported' && it.answerBy !== null && it.answerBy <= look.now
  const noResponder = it.escalatedAt !== null && !isLate && !has(look.by, 'responder')
  return {
    title: say.triage.title(it.number),
    status: statusOf(look, it),
    blocks: [
      ...(isLate ? [paragraph(say.triage.late)] : []),
      ...(noResponder && isOpen(it) ? [paragraph(say.triage.noResponder)] : []),
      { kind: 'facts', facts: factsOf(look, told) },
      ...saidWords(look, told, LATEST),
      ...standing(look, told),
      ...buttons([...triageButtons(look, it), { label: say.triage.page, do: 'incidents.show', id: it.id }]),
    ],
  }
}

/** How it stands: who is on it, who withdrew or opened it again, what was decided and why. */
function standing(look: Look, told: Told): Block[] {
  const { triage, decision } = sayTo(look)
  const it = told.report
  const last = told.decisions.at(-1)
  const turn = told.details.findLast((one) => one.kind !== 'detail')
  const since = it.assessedAt ? dayAndTime(look, it.assessedAt) : ''
  const turned = turn ? dayAndTime(look, turn.at) : ''
  return [
    ...(last
      ? [
          paragraph(
            decision.line(
              decisionWords(look, told, last),
              nameIn(told, last.decidedBy),
              dayAndTime(look, last.decidedAt),
            ),
          ),
          ...(last.duplicateOf ? [paragraph(decision.sameAs(told.same.get(last.duplicateOf)?.number ?? ''))] : []),
          quote(last.reason),
        ]
      : []),
    ...(turn?.kind === 'reopened' && isOpen(it)
      ? [paragraph(triage.reopened(nameIn(told, turn.personId), turned)), quote(turn.text)]
      : []),
    ...(turn?.kind === 'withdrawn' && it.state === 'withdrawn'
      ? [paragraph(triage.withdrawn(nameIn(told, turn.personId), turned))]
      : []),
    ...(it.state === 'under-assessment' ? [paragraph(triage.assessing(nameIn(told, it.assessedBy), since))] : []),
    ...(look.by.id === it.reporterId ? [muted(triage.own)] : []),
  ]
}

/** What this person can do about it now; each carries the version that is on the screen. */
export function triageButtons(look: Look, it: Report): Button[] {
  const { triage } = sayTo(look)
  if (!mayDecide(look.by, it)) return []
  const about = { id: it.id, shown: String(it.version) }
  if (!isOpen(it)) return [{ label: triage.reopen, do: 'incidents.reopen', ...about, asks: true }]
  const isMine = it.state === 'under-assessment' && it.assessedBy === look.by.id
  const take = it.state === 'reported' ? triage.take : triage.takeOver
  return [
    ...(isMine ? [] : [{ label: take, do: 'incidents.take', ...about, style: 'primary' as const }]),
    { label: triage.decide.incident, do: 'incidents.incident', ...about, asks: true },
    { label: triage.decide.weakness, do: 'incidents.weakness', ...about, asks: true },
    { label: triage.decide['false-alarm'], do: 'incidents.false-alarm', ...about, asks: true },
    { label: triage.decide['no-action'], do: 'incidents.no-action', ...about, asks: true },
    { label: triage.decide.duplicate, do: 'incidents.duplicate', ...about, asks: true },
  ]
}
