import { md } from '../core/md.ts'
import type { Block, Card, Ctx, Row, Waiting } from '../core/workflow.ts'
import { text } from './text.ts'

/** A page of the inbox: one row and its buttons are three blocks in chat, and a home tab holds a hundred. */
const ROWS = 20

/** Everything that waits for a person, of all workflows: overdue first, then by date. */
export async function waitingOf(ctx: Ctx): Promise<Waiting[]> {
  const lists = await Promise.all(ctx.house.workflows.map((workflow) => workflow.waiting?.(ctx) ?? []))
  return lists.flat().sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
}

/** The person's inbox, which is also the home tab. */
export async function inboxCard(ctx: Ctx): Promise<Card> {
  const say = text(ctx.by.language)
  const waiting = await waitingOf(ctx)
  if (waiting.length === 0) return { title: say.inbox, blocks: [{ kind: 'text', text: say.clear }, ...doorTo(ctx)] }
  const rows = waiting.slice(0, ROWS).map((item) => labelled(ctx, item))
  return {
    title: say.inbox,
    blocks: [
      { kind: 'text', text: md`**${say.waiting(waiting.length)}**` },
      { kind: 'rows', rows, ...(waiting.length > ROWS ? { more: { left: waiting.length - ROWS } } : {}) },
      ...doorTo(ctx),
    ],
  }
}

/** The way from chat to one's own desk; at the desk, and where there is none, nothing. */
function doorTo({ house, platform, by }: Ctx): Block[] {
  if (!house.desk || house.desk.platform === platform) return []
  return [{ kind: 'buttons', buttons: [{ label: text(by.language).door, do: 'home.door', with: { path: '/' } }] }]
}

const DAY = 24 * 3_600_000

function labelled(ctx: Ctx, { dueAt, row }: Waiting): Row {
  const say = text(ctx.by.language)
  if (row.status) return row
  if (dueAt < ctx.now) return { ...row, status: { label: say.overdue, tone: 'bad' } }
  if (dueAt.getTime() - ctx.now.getTime() < 3 * DAY) return { ...row, status: { label: say.soon, tone: 'warning' } }
  return row
}
