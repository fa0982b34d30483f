import { clean, cut } from '../core/drawing.ts'
import { plain, type Text } from '../core/md.ts'
import type { Block, Button, Card } from '../core/workflow.ts'
import type { Category } from './kinds.ts'
import { type Decision, isOpen, type Report, type Told } from './register.ts'
import type { Say } from './text.ts'
import { dayAndTime, type Look, sayTo } from './when.ts'

export const nameIn = (told: Told, id: string | null): string => told.people.get(id ?? '')?.name ?? ''

export const statusOf = (look: Look, it: Report): Card['status'] => {
  const say = sayTo(look).state
  if (it.state === 'reported') {
    const late = it.answerBy !== null && it.answerBy <= look.now
    return late ? { label: say.late, tone: 'bad' } : { label: say.reported, tone: 'warning' }
  }
  return { label: say[it.state], tone: it.state === 'decided' ? 'good' : 'neutral' }
}

/** "Not sure" is an answer in a form; anywhere else it would read like somebody's verdict. */
export const kindOf = (say: Say, { category }: Pick<Report, 'category'>): string =>
  category === 'not-sure' ? say.list.anyKind : (say.category[category as Category] ?? category)

/** How a report begins, on one line: tells it from others. Only for who sees it in full, and never in a title (T18). */
export const firstWords = ({ what }: Pick<Report, 'what'>, max: number): string =>
  cut(clean(what).replace(/\s+/g, ' ').trim(), max)

/** Incident INC-2026-0007, High. The number stands on the first verdict of its kind. */
export function decisionWords(look: Look, told: Told, it: Decision): string {
  const say = sayTo(look)
  const number = it.number ?? told.decisions.find((one) => one.verdict === it.verdict)?.number
  const what = number ? say.decision.numbered(say.verdict[it.verdict], number) : say.verdict[it.verdict]
  return it.severity ? say.decision.graded(what, say.severity[it.severity]) : what
}

export const paragraph = (text: Text | string): Block => ({
  kind: 'text',
  text: typeof text === 'string' ? plain(text) : text,
})
export const muted = (text: string): Block => ({ kind: 'text', text: plain(text), tone: 'muted' })

/** The facts of a report, for those who see it in full. */
export function factsOf(look: Look, told: Told): { label: string; value: Text }[] {
  const say = sayTo(look)
  const { triage, known, audienceOf } = say
  const it = told.report
  const promised = isOpen(it) && it.answerBy ? plain(dayAndTime(look, it.answerBy)) : undefined
  return [
    { label: triage.reported, value: triage.by(nameIn(told, it.reporterId), dayAndTime(look, it.reportedAt)) },
    ...(it.occurredAt ? [{ label: triage.occurred, value: plain(dayAndTime(look, it.occurredAt)) }] : []),
    { label: triage.ongoing, value: plain(known[it.ongoing]) },
    { label: triage.personalData, value: plain(known[it.personalData]) },
    { label: triage.category, value: plain(kindOf(say, it)) },
    { label: triage.audience, value: plain(audienceOf[it.audience]) },
    ...(promised ? [{ label: triage.promised, value: promised }] : []),
  ]
}

/** What the reporter wrote, what came along with it, and what was added. */
export function saidWords(look: Look, told: Told, most: number): Block[] {
  const say = sayTo(look).triage
  const { what, carried } = told.report
  const added = told.details.filter((one) => one.kind === 'detail')
  // Most people send the message as it came: then it is not shown twice.
  const isSame = carried?.text === '' || what.startsWith(carried?.text.replace(/…$/, '').trim() ?? '')
  const hidden = added.length - most
  return [
    quote(what),
    ...(carried?.author ? [paragraph(say.carriedFrom(carried.author))] : []),
    ...(carried && !isSame ? [...(carried.author ? [] : [paragraph(say.carried)]), quote(carried.text)] : []),
    ...(carried?.link ? [paragraph(say.link(carried.link))] : []),
    ...(hidden > 0 ? [muted(say.earlier(hidden, look.by.language))] : []),
    ...added
      .slice(-most)
      .flatMap((one) => [paragraph(say.detail(nameIn(told, one.personId), dayAndTime(look, one.at))), quote(one.text)]),
  ]
}

export const quote = (text: string): Block => ({ kind: 'quote', text })

/** One row of buttons, or nothing. */
export const buttons = (some: Button[]): Block[] => (some.length > 0 ? [{ kind: 'buttons', buttons: some }] : [])
