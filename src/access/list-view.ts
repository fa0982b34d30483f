import { plain } from '../core/md.ts'
import { localDay } from '../core/schedule.ts'
import type { Block, Button, Card, Row } from '../core/view.ts'
import type { Waiting } from '../core/workflow.ts'
import type { Looking } from './item-view.ts'
import type { Overview } from './overview.ts'
import { type AccessWords, text } from './text.ts'

/** Somebody's own list: what waits, and the systems they look after. */
export function listCard(
  waiting: readonly Waiting[],
  systems: readonly Overview[],
  mayImport: boolean,
  looking: Looking,
): Card {
  const say = text(looking.language)
  const blocks: Block[] =
    waiting.length > 0
      ? [
          { kind: 'heading', text: say.list.mine },
          { kind: 'rows', rows: waiting.map((one) => one.row) },
        ]
      : [{ kind: 'text', text: say.list.none }]
  if (systems.length > 0)
    blocks.push(
      { kind: 'heading', text: say.list.systems },
      { kind: 'rows', rows: systems.map((one) => systemRow(one, looking, mayImport, say)) },
    )
  if (mayImport) blocks.push({ kind: 'buttons', buttons: [importButton(say)] })
  return { title: say.name, blocks }
}

const importButton = (say: AccessWords): Button => ({ label: say.button.import, do: 'access.import', asks: true })

function systemRow(
  { system, running, signed, unreviewed }: Overview,
  looking: Looking,
  mayStart: boolean,
  say: AccessWords,
): Row {
  const shown = running ?? signed
  const words = running
    ? say.dashboard.counts(running.items - running.open, running.items, running.dueOn)
    : signed?.signedAt
      ? say.list.signedOn(signed.signedAt)
      : say.list.never
  const decisions = shown ? say.dashboard.decisions(shown.keep, shown.remove, shown.change, shown.unknown) : ''
  const removals = (shown?.remove ?? 0) + (shown?.change ?? 0)
  const isLate = running !== undefined && running.dueOn < localDay(looking.now, looking.timezone)
  const buttons: Button[] = [
    ...(shown ? [{ label: say.button.report, do: 'access.report', id: shown.id }] : []),
    ...(shown && removals > 0 ? [{ label: say.button.removals(removals), do: 'access.removals', id: shown.id }] : []),
    ...(unreviewed && !running && mayStart
      ? [{ label: say.button.start, do: 'access.start', id: unreviewed, asks: true }]
      : []),
  ]
  return {
    title: say.dashboard.row(system.name),
    text: plain([words, ...(decisions ? [decisions] : [])].join(' · ')),
    ...(isLate ? { status: { label: say.dashboard.late, tone: 'bad' as const } } : {}),
    ...(buttons.length > 0 ? { buttons } : {}),
  }
}

/** What the ISMS manager's picture shows: running reviews, and those signed with something to carry out. */
export function dashboardBlocks(systems: readonly Overview[], mayImport: boolean, looking: Looking): Block[] {
  const say = text(looking.language)
  if (systems.length === 0 && !mayImport) return []
  const shown = systems.filter((one) => one.running || one.signed)
  const gaps = systems.length - shown.length
  return [
    { kind: 'heading', text: say.dashboard.heading },
    ...(shown.length > 0
      ? [{ kind: 'rows', rows: shown.map((one) => systemRow(one, looking, mayImport, say)) } as const]
      : [{ kind: 'text', text: say.dashboard.none } as const]),
    ...(gaps > 0 ? [{ kind: 'text', text: say.dashboard.gaps(gaps), tone: 'muted' } as const] : []),
    ...(mayImport ? [{ kind: 'buttons' as const, buttons: [importButton(say)] }] : []),
  ]
}

export type Late = {
  assignmentId: string
  systemName: string
  personName: string
  open: number
  of: number
  dueOn: string
  isSign: boolean
}

/** A nudge tells counts and a date, nothing of the rights. */
export function reminderCard(it: Late, looking: Looking): Card {
  const say = text(looking.language)
  const isLate = it.dueOn < localDay(looking.now, looking.timezone)
  return {
    title: it.isSign ? say.nudge.signTitle(it.systemName) : say.nudge.title(it.systemName, it.open),
    ...(isLate ? { status: { label: say.review.overdue(it.dueOn), tone: 'bad' } } : {}),
    blocks: [
      { kind: 'text', text: isLate ? say.nudge.lateText(it.dueOn) : say.nudge.text(it.dueOn) },
      {
        kind: 'buttons',
        buttons: [{ label: say.button.open, do: 'access.show', id: it.assignmentId, style: 'primary' }],
      },
    ],
  }
}

export function lateCard(it: Late, looking: Looking): Card {
  const say = text(looking.language)
  return {
    title: say.nudge.escalatedTitle(it.systemName),
    status: { label: say.review.overdue(it.dueOn), tone: 'bad' },
    blocks: [{ kind: 'text', text: say.nudge.escalated(it.personName, it.open, it.of, it.dueOn) }],
  }
}
