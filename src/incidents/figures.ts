import { sql } from 'drizzle-orm'
import { plain } from '../core/md.ts'
import type { Block, Ctx } from '../core/workflow.ts'
import { VERDICTS } from './kinds.ts'
import { sayTo, span } from './when.ts'

type Figures = {
  reported: number
  assessing: number
  decided: number
  withdrawn: number
  late: number
  closed: number
  medianMs: number | null
  verdicts: Record<string, number>
}

/** Counts only: nothing here tells one report from another, so private ones count like all others (A.5.25, 9.1). */
async function figuresOf(ctx: Pick<Ctx, 'db' | 'now'>): Promise<Figures> {
  const [row] = await ctx.db.execute<{ figures: Figures }>(sql`
    with first as (
      select extract(epoch from (verdict.decided_at - report.reported_at)) * 1000 as took
      from verdict join report on report.id = verdict.report_id where verdict.n = 1
    ), last as (
      select distinct on (verdict.report_id) verdict.verdict
      from verdict join report on report.id = verdict.report_id and report.state = 'decided'
      order by verdict.report_id, verdict.n desc
    ), kinds as (select verdict, count(*)::int as count from last group by verdict)
    select json_build_object(
      'reported', count(*) filter (where state = 'reported'),
      'assessing', count(*) filter (where state = 'under-assessment'),
      'decided', count(*) filter (where state = 'decided'),
      'withdrawn', count(*) filter (where state = 'withdrawn'),
      'late', count(*) filter (where state = 'reported' and answer_by <= ${ctx.now.toISOString()}::timestamptz),
      'closed', count(*) filter (where audience <> 'open'),
      'medianMs', (select percentile_cont(0.5) within group (order by took) from first),
      'verdicts', (select coalesce(json_object_agg(verdict, count), '{}') from kinds)
    ) as figures from report`)
  if (!row) throw new Error('figures: an aggregate answers one row')
  return row.figures
}

/** What the ISMS manager's dashboard shows. */
export async function dashboard(ctx: Ctx): Promise<Block[]> {
  const it = await figuresOf(ctx)
  const say = sayTo(ctx)
  const verdicts = VERDICTS.filter((kind) => it.verdicts[kind]).map((kind) =>
    say.dashboard.count(say.verdict[kind], it.verdicts[kind] ?? 0),
  )
  const fact = (label: string, value: string | number) => ({ label, value: plain(String(value)) })
  return [
    { kind: 'heading', text: say.dashboard.heading },
    {
      kind: 'facts',
      facts: [
        fact(say.dashboard.reported, it.reported),
        fact(say.dashboard.late, it.late),
        fact(say.dashboard.assessing, it.assessing),
        fact(say.dashboard.decided, it.decided),
        fact(say.dashboard.withdrawn, it.withdrawn),
        fact(say.dashboard.verdicts, verdicts.length > 0 ? verdicts.join(', ') : say.dashboard.none),
        fact(say.dashboard.median, it.medianMs === null ? say.dashboard.noMedian : span(ctx.by.language, it.medianMs)),
        fact(say.dashboard.closed, it.closed),
      ],
    },
    { kind: 'text', text: plain(say.dashboard.private), tone: 'muted' },
  ]
}
