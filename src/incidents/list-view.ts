import type { Block, Button, Card, Row, Waiting } from '../core/workflow.ts'
import type { Report } from './register.ts'
import { isTriager, type Sight } from './sight.ts'
import { buttons, firstWords, kindOf, paragraph, statusOf } from './views.ts'
import { ago, dayAndTime, type Look, sayTo } from './when.ts'

export type Lists = { own: Report[]; open: Report[]; others: { report: Report; sight: Sight }[] }

/** Somebody's own reports, what waits for their decision, and what else they may see. */
export function listCard(look: Look, { own, open, others }: Lists): Card {
  const say = sayTo(look).list
  const section = (heading: string, rows: Row[], none?: string): Block[] =>
    rows.length > 0
      ? [
          { kind: 'heading', text: heading },
          { kind: 'rows', rows },
        ]
      : none
        ? [{ kind: 'heading', text: heading }, paragraph(none)]
        : []
  return {
    title: say.title,
    blocks: [
      ...(isTriager(look.by)
        ? section(
            say.open,
            open.map((it) => rowOf(look, it, 'full')),
            say.noneOpen,
          )
        : []),
      ...section(
        say.mine,
        own.map((it) => rowOf(look, it, 'full')),
        say.none,
      ),
      ...section(
        say.others,
        others.map(({ report, sight }) => rowOf(look, report, sight)),
      ),
      ...buttons([{ label: say.report, do: 'incidents.report', asks: true, style: 'primary' }]),
    ],
  }
}

/** As much of a report as stands in its line. [our own choice] */
const WORDS = 60

/** One report in a list: its first words below its title, and redacted neither they nor its kind (T20). */
function rowOf(look: Look, it: Report, sight: Sight): Row {
  const say = sayTo(look)
  const at = dayAndTime(look, it.reportedAt)
  const since = ago(look, it.reportedAt)
  const status = statusOf(look, it)
  const isFull = sight === 'full'
  return {
    title: say.list.line(it.number, isFull ? kindOf(say, it) : say.list.private),
    text: isFull ? say.list.told(firstWords(it, WORDS), at, since) : say.list.about(at, since),
    ...(status ? { status } : {}),
    buttons: [lookAt(it, say.list.look)],
  }
}

const lookAt = (it: Report, label: string): Button => ({ label, do: 'incidents.show', id: it.id })

/** What waits for a responder, as one line of the inbox. */
export function waitingRow(look: Look, it: Report): Waiting {
  const say = sayTo(look)
  const isMine = it.assessedBy === look.by.id
  const kind = kindOf(say, it)
  const status = statusOf(look, it)
  return {
    dueAt: isMine ? it.reportedAt : (it.answerBy ?? it.reportedAt),
    minutes: 5,
    row: {
      title: isMine ? say.waiting.yours(it.number) : say.waiting.decide(it.number),
      text: say.waiting.about(ago(look, it.reportedAt), kind),
      ...(status ? { status } : {}),
      buttons: [lookAt(it, say.waiting.open)],
    },
  }
}
