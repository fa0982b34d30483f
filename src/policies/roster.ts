import { and, eq, type SQL, sql } from 'drizzle-orm'
import { assignment } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { acknowledgement } from '../../db/schema/policies.ts'
import { isId } from '../core/id.ts'
import { has, isActive } from '../core/rules.ts'
import type { Tone } from '../core/view.ts'
import type { Button, Card, Ctx, Row, Text } from '../core/workflow.ts'
import { type Campaign, campaignOf } from './progress.ts'
import { recordButton } from './record.ts'
import { text } from './text.ts'
import { type Version, versionOf } from './versions.ts'

const ROWS = 25

/** Of one campaign, or of a version whoever asked for it. */
export type Roster = { id: string; version: Version; campaign?: Campaign }

export async function rosterOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Roster | undefined> {
  const campaign = isId('cmp', id) ? await campaignOf(ctx, id) : undefined
  const version = campaign?.version ?? (isId('pov', id) ? await versionOf(ctx, id) : undefined)
  return version && { id, version, ...(campaign ? { campaign } : {}) }
}

/** Names of people stand there: for the ISMS managers and the auditors. A manager of people has a digest of their own. */
export const seesRoster = (ctx: Pick<Ctx, 'by'>): boolean => isActive(ctx.by) && has(ctx.by, 'isms-manager', 'auditor')

const VIEWS = ['all', 'done', 'open', 'overdue', 'over'] as const
type View = (typeof VIEWS)[number]
type State = 'done' | 'imported' | 'open' | 'overdue' | 'left' | 'withdrawn' | 'superseded'

type Standing = {
  name: string
  state: State
  dueOn: string | null
  at: Date | null
  number: number | null
  source: string | null
}

type Counts = { all: number; done: number; imported: number; open: number; overdue: number; over: number }

/** Who was asked and who acknowledged, by name, a page at a time. */
export async function rosterCard(ctx: Ctx, it: Roster, asked: { page?: string; view?: string } = {}): Promise<Card> {
  const { roster: say } = text(ctx.by.language)
  const view = VIEWS.find((one) => one === asked.view) ?? 'all'
  const counts = await countsOf(ctx, it)
  const total = counts[view]
  const last = Math.max(0, Math.ceil(total / ROWS) - 1)
  const page = Math.min(/^\d{1,4}$/.test(asked.page ?? '') ? Number(asked.page) : 0, last)
  const rows = total === 0 ? [] : await standingsOf(ctx, it, view, page)
  const to = (label: string, more: { view?: View; page?: number }): Button => ({
    label,
    do: 'policies.roster',
    id: it.id,
    with: { view: more.view ?? view, page: String(more.page ?? 0) },
  })
  const turning = [
    ...(page > 0 ? [to(say.previous, { page: page - 1 })] : []),
    ...(page < last ? [to(say.next, { page: page + 1 })] : []),
    ...recordButton(ctx, it.id),
  ]
  return {
    title: say.title(it.version.title, it.version.version),
    ...(view === 'all' ? {} : { status: { label: say.views[view], tone: 'neutral' } }),
    blocks: [
      {
        kind: 'text',
        text: it.campaign ? say.ofCampaign(text(ctx.by.language).day(it.campaign.dueOn)) : say.ofVersion,
      },
      { kind: 'text', text: say.counts(counts) },
      {
        kind: 'buttons',
        buttons: VIEWS.filter((one) => one !== view && (one === 'all' || counts[one] > 0)).map((one) =>
          to(say.views[one], { view: one }),
        ),
      },
      rows.length === 0
        ? { kind: 'text', text: say.nobody }
        : { kind: 'rows', rows: rows.map((one) => rowOf(ctx, one)) },
      ...(total > ROWS
        ? [
            {
              kind: 'text' as const,
              text: say.page(page * ROWS + 1, page * ROWS + rows.length, total),
              tone: 'muted' as const,
            },
          ]
        : []),
      { kind: 'buttons', buttons: turning },
    ],
  }
}

const TONE: Record<State, Tone> = {
  done: 'good',
  imported: 'neutral',
  open: 'neutral',
  overdue: 'bad',
  left: 'neutral',
  withdrawn: 'neutral',
  superseded: 'neutral',
}

function rowOf(ctx: Ctx, it: Standing): Row {
  const say = text(ctx.by.language)
  return {
    title: [{ text: it.name, bold: true }],
    text: wordsOf(ctx, it),
    status: { label: say.roster.states[it.state], tone: TONE[it.state] },
  }
}

function wordsOf(ctx: Ctx, it: Standing): Text {
  const say = text(ctx.by.language)
  const { roster } = say
  const { timezone } = ctx.by
  if (it.at === null) return roster[it.state as Exclude<State, 'done' | 'imported'>](say.date(it.dueOn ?? ''))
  const receipt = say.receipt(it.number ?? 0)
  if (it.state === 'imported') return roster.imported(say.date(it.at, timezone), it.source ?? '', receipt)
  return roster.done(`${say.date(it.at, timezone)}, ${say.time(it.at, timezone)}`, receipt)
}

/**
 * One line for everybody who was asked or who acknowledged. Of a version somebody may have been asked for more than
 * once: what is open counts, otherwise the newest.
 */
const everybody = (ctx: Pick<Ctx, 'now'>, { version, campaign }: Roster): SQL => {
  const asked = campaign
    ? eq(assignment.campaignId, campaign.id)
    : and(eq(assignment.subjectId, version.id), eq(assignment.workflow, 'policies'))
  const late = sql`a.due_at < ${ctx.now.toISOString()}::timestamptz`
  return sql`
    select p.id, p.name, a.due_on, k.acknowledged_at, k.number, k.import_source,
      case when k.source = 'imported' then 'imported' when k.id is not null then 'done'
        when a.state = 'open' and ${late} then 'overdue' else a.state end as state
    from (
      select distinct on (person_id) person_id, state, due_on, due_at from ${assignment} where ${asked}
      order by person_id, (state = 'open') desc, created_at desc
    ) a
    ${campaign ? sql`left join` : sql`full join`} (
      select * from ${acknowledgement} where version_id = ${version.id}
    ) k on k.person_id = a.person_id
    join ${person} p on p.id = coalesce(a.person_id, k.person_id)`
}

const IN: Record<View, SQL> = {
  all: sql`true`,
  done: sql`state in ('done', 'imported')`,
  open: sql`state = 'open'`,
  overdue: sql`state = 'overdue'`,
  over: sql`state in ('left', 'withdrawn', 'superseded')`,
}

async function countsOf(ctx: Ctx, it: Roster): Promise<Counts> {
  const [row] = await ctx.db.execute<Counts>(sql`
    select count(*)::int as all, count(*) filter (where ${IN.done})::int as done,
      count(*) filter (where state = 'imported')::int as imported, count(*) filter (where ${IN.open})::int as open,
      count(*) filter (where ${IN.overdue})::int as overdue, count(*) filter (where ${IN.over})::int as over
    from (${everybody(ctx, it)}) e`)
  return row ?? { all: 0, done: 0, imported: 0, open: 0, overdue: 0, over: 0 }
}

type Raw = {
  name: string
  state: State
  due_on: string | null
  acknowledged_at: string | Date | null
  number: string | number | null
  import_source: string | null
}

async function standingsOf(ctx: Ctx, it: Roster, view: View, page: number): Promise<Standing[]> {
  const rows = await ctx.db.execute<Raw>(sql`
    select * from (${everybody(ctx, it)}) e where ${IN[view]}
    order by lower(name), id limit ${ROWS} offset ${page * ROWS}`)
  return rows.map((row) => ({
    name: row.name,
    state: row.state,
    dueOn: row.due_on,
    at: row.acknowledged_at === null ? null : new Date(row.acknowledged_at),
    number: row.number === null ? null : Number(row.number),
    source: row.import_source,
  }))
}
