import { plain, type Text } from '../core/md.ts'
import type { Block, Card } from '../core/workflow.ts'
import { recordButton } from './record.ts'
import type { Told } from './register.ts'
import { outcomeWords, reporterButtons } from './reporter-view.ts'
import { readsReasons, type Sight } from './sight.ts'
import { triageButtons } from './triage-view.ts'
import { buttons, decisionWords, factsOf, muted, nameIn, paragraph, quote, saidWords, statusOf } from './views.ts'
import { dayAndTime, type Look, sayTo } from './when.ts'

/** One report with its whole history, as far as this person may read it. */
export function pageCard(look: Look, told: Told, sight: Exclude<Sight, 'none'>): Card {
  const say = sayTo(look)
  const it = told.report
  const isFull = sight === 'full'
  const isOwn = look.by.id === it.reporterId
  return {
    title: say.triage.title(it.number),
    status: statusOf(look, it),
    blocks: [
      ...(isFull
        ? [{ kind: 'facts' as const, facts: factsOf(look, told) }, ...saidWords(look, told, told.details.length)]
        : [paragraph(say.page.redacted)]),
      ...decisionBlocks(look, told, sight),
      { kind: 'heading', text: say.page.history },
      { kind: 'list', items: history(look, told, isFull) },
      ...buttons([
        ...(isOwn ? reporterButtons(look, it) : []),
        ...triageButtons(look, it),
        ...recordButton(look, it.id),
      ]),
    ],
  }
}

/** Every decision, the last one standing; reasons only for those who answer for them. */
function decisionBlocks(look: Look, told: Told, sight: Exclude<Sight, 'none'>): Block[] {
  const say = sayTo(look)
  const isOwn = look.by.id === told.report.reporterId
  const reads = readsReasons(look.by, sight)
  return told.decisions.flatMap((one): Block[] => {
    const decided = dayAndTime(look, one.decidedAt)
    const line = say.decision.line(decisionWords(look, told, one), nameIn(told, one.decidedBy), decided)
    const same =
      one.duplicateOf && reads ? say.decision.sameAs(told.same.get(one.duplicateOf)?.number ?? '') : undefined
    const length = [...one.reason].length
    return [
      paragraph(isOwn && !reads ? outcomeWords(look, told, one) : line),
      ...(same ? [paragraph(same)] : []),
      ...(reads ? [muted(say.decision.because), quote(one.reason)] : []),
      ...(!reads && !isOwn ? [muted(say.decision.reasonKept(length, look.by.language))] : []),
      ...(one.toReporter && (reads || isOwn)
        ? [muted(isOwn ? say.decision.toldYou : say.decision.told), quote(one.toReporter)]
        : []),
    ]
  })
}

/** What happened, oldest first. Redacted: that something happened, without the reporter's side. */
function history(look: Look, told: Told, isFull: boolean): Text[] {
  const { page } = sayTo(look)
  const it = told.report
  const name = (id: string | null) => nameIn(told, id)
  const turned = [
    ...told.details.filter((one) => one.kind === 'reopened').map((one) => one.at),
    ...told.decisions.map((one) => one.decidedAt),
  ]
  const isStep = it.assessedAt && !turned.some((at) => at.getTime() === it.assessedAt?.getTime())
  const steps: { at: Date; what: Text }[] = [
    { at: it.reportedAt, what: isFull ? page.made(name(it.reporterId)) : plain(page.madeRedacted) },
    ...(it.escalatedAt ? [{ at: it.escalatedAt, what: plain(page.escalated) }] : []),
    ...(isStep && it.assessedAt ? [{ at: it.assessedAt, what: page.taken(name(it.assessedBy)) }] : []),
    ...told.details.map((one) => ({ at: one.at, what: detailWords(look, one.kind, name(one.personId), isFull) })),
    ...told.decisions.map((one) => ({
      at: one.decidedAt,
      what: page.decided(decisionWords(look, told, one), name(one.decidedBy)),
    })),
  ]
  return steps
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, what }) => page.entry(dayAndTime(look, at), what))
}

function detailWords(look: Look, kind: Told['details'][number]['kind'], name: string, isFull: boolean): Text {
  const { page } = sayTo(look)
  if (kind === 'withdrawn') return plain(page.withdrawn)
  if (kind === 'reopened') return page.reopened(name)
  return isFull ? page.added(name) : plain(page.addedRedacted)
}
