import { plain, type Text } from '../core/md.ts'
import type { Block, Button, Card, Person } from '../core/workflow.ts'
import type { Duty } from './duty.ts'
import { type Decision, isOpen, type Report, type Told } from './register.ts'
import { buttons, muted, nameIn, paragraph, quote, statusOf } from './views.ts'
import { dayAndTime, type Look, sayTo, when } from './when.ts'

/** Names shown before they are only counted. */
const MOST_NAMES = 5

/** What the reporter keeps in chat: the number and what happens next, never the report itself. */
export function receiptCard(look: Look, told: Told, duty: Duty, lately: number): Card {
  const say = sayTo(look)
  const it = told.report
  return {
    title: say.outcome.title(it.number),
    status: statusOf(look, it),
    blocks: [
      paragraph(say.receipt.thanks(it.number, when(look, it.reportedAt))),
      ...nextSteps(look, told, duty),
      ...(isOpen(it) && lately > MANY ? [paragraph(say.receipt.many(lately))] : []),
      ...(isOpen(it) ? [paragraph(say.receipt.calm), muted(say.seenBy[it.audience])] : []),
      ...buttons(reporterButtons(look, it)),
    ],
  }
}

/** More reports of one person within an hour than this mostly belong together (T36). [our own choice] */
const MANY = 5

function nextSteps(look: Look, told: Told, duty: Duty): Block[] {
  const say = sayTo(look)
  const it = told.report
  const last = told.decisions.at(-1)
  if (it.state === 'withdrawn') return [paragraph(say.receipt.withdrawn)]
  if (it.state === 'decided' && last) return [paragraph(outcomeWords(look, told, last))]
  if (it.state === 'under-assessment') {
    const since = it.assessedAt ? when(look, it.assessedAt) : ''
    return [paragraph(say.receipt.assessing(nameIn(told, it.assessedBy), since))]
  }
  return [paragraph(dutyWords(look, it, duty))]
}

/** Who answers, and by when. */
export function dutyWords(look: Look, it: Report, duty: Duty): Text {
  const say = sayTo(look).receipt
  const names = namesOf(look, duty.people)
  if (duty.role === 'nobody' || !it.answerBy) return plain(say.nobodyAtAll)
  if (duty.role === 'isms-manager') return say.nobody(names)
  if (it.escalatedAt && duty.behind.length > 0) return say.late(namesOf(look, duty.behind))
  const by = when(look, it.answerBy)
  return duty.people.length === 1 ? say.onDuty(names, by) : say.severalOnDuty(names, by)
}

function namesOf(look: Look, people: readonly Person[]): string {
  const names = people
    .slice(0, MOST_NAMES)
    .map((one) => one.name)
    .join(', ')
  return people.length > MOST_NAMES ? sayTo(look).receipt.names(names, people.length - MOST_NAMES) : names
}

/** What the reporter can still do. */
export function reporterButtons(look: Look, it: Report): Button[] {
  const say = sayTo(look).receipt
  if (it.state === 'withdrawn') return []
  const add: Button = { label: say.addDetail, do: 'incidents.detail', id: it.id, asks: true }
  if (!isOpen(it)) return [add]
  const confirm = { title: say.withdrawTitle, text: say.withdrawText, yes: say.withdrawYes, no: say.withdrawNo }
  return [add, { label: say.withdraw, do: 'incidents.withdraw', id: it.id, confirm }]
}

/** How it ended, in kind words; the reason stays inside. A duplicate is named only where both are the reporter's own. */
export function outcomeWords(look: Look, told: Told, it: Decision): Text {
  const say = sayTo(look).outcome
  const original = told.same.get(it.duplicateOf ?? '')
  if (original && original.reporterId === told.report.reporterId) return say.ownDuplicate(original.number)
  if (it.verdict !== 'incident' && it.verdict !== 'weakness') return plain(say[it.verdict])
  return say[it.verdict](it.number ?? told.decisions.find((one) => one.verdict === it.verdict)?.number ?? '')
}

/** What the reporter hears when it is decided. null: there is nothing decided to tell. */
export function outcomeCard(look: Look, told: Told): Card | null {
  const say = sayTo(look).outcome
  const it = told.report
  const last = told.decisions.at(-1)
  if (!last) return null
  const decider = nameIn(told, last.decidedBy)
  if (it.state !== 'decided')
    return { title: say.title(it.number), status: statusOf(look, it), blocks: [paragraph(say.again)] }
  return {
    title: say.title(it.number),
    status: statusOf(look, it),
    blocks: [
      paragraph(outcomeWords(look, told, last)),
      ...(last.toReporter ? [paragraph(say.toReporter(decider)), quote(last.toReporter)] : []),
      { kind: 'text', text: say.decided(decider, dayAndTime(look, last.decidedAt)), tone: 'muted' },
      ...buttons(reporterButtons(look, it)),
    ],
  }
}
