import { has } from '../core/rules.ts'
import type { Block, Card, Ctx } from '../core/workflow.ts'
import { waitingOf } from './inbox.ts'
import { undelivered, unlinked, unlinkedCount, unreachable } from './linking.ts'
import { text } from './text.ts'

/** The living picture: each workflow's own part, and the accounts that need a person. Members see what is theirs. */
export async function dashboardCard(ctx: Ctx): Promise<Card> {
  const say = text(ctx.by.language)
  if (!has(ctx.by, 'isms-manager', 'auditor')) return ownStatus(ctx)
  const parts = await Promise.all(ctx.house.workflows.map((workflow) => workflow.dashboard?.(ctx) ?? []))
  const blocks: Block[] = parts.filter((part) => part.length > 0).flat()
  return {
    title: say.dashboard,
    blocks: [
      ...(blocks.length > 0 ? blocks : [{ kind: 'text' as const, text: say.dashboardEmpty }]),
      ...(await reach(ctx)),
    ],
  }
}

async function ownStatus(ctx: Ctx): Promise<Card> {
  const say = text(ctx.by.language)
  const waiting = await waitingOf(ctx)
  return {
    title: say.dashboard,
    blocks: [
      { kind: 'text', text: [{ text: say.forLeads }], tone: 'muted' },
      { kind: 'text', text: say.yours(ctx.by.name, ctx.by.department) },
      { kind: 'text', text: waiting.length === 0 ? say.clear : [{ text: say.waiting(waiting.length) }] },
    ],
  }
}

/** Who cannot be reached, and accounts nobody knows: what a person has to sort out. */
async function reach(ctx: Ctx): Promise<Block[]> {
  const say = text(ctx.by.language)
  const [accounts, all, count, lost] = await Promise.all([
    unlinked(ctx),
    unlinkedCount(ctx),
    unreachable(ctx),
    undelivered(ctx),
  ])
  const blocks: Block[] = []
  if (count > 0)
    blocks.push({ kind: 'heading', text: say.unreachable }, { kind: 'text', text: say.unreachableText(count) })
  if (lost > 0)
    blocks.push({ kind: 'heading', text: say.undelivered }, { kind: 'text', text: say.undeliveredText(lost) })
  if (accounts.length > 0)
    blocks.push(
      { kind: 'heading', text: say.unlinked },
      { kind: 'text', text: say.unlinkedIntro(all) },
      {
        kind: 'rows',
        rows: accounts.slice(0, 5).map((account) => ({
          title: [{ text: account.displayName ?? account.id, bold: true }],
          text: say.unlinkedRow(account.email ?? say.noEmail),
          status: { label: say.states[account.state], tone: 'warning' },
          ...(has(ctx.by, 'isms-manager')
            ? { buttons: [{ label: say.link, do: 'home.link', id: account.id, asks: true }] }
            : {}),
        })),
        ...(all > 5 ? { more: { left: all - 5 } } : {}),
      },
    )
  return blocks
}
