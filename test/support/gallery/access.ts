import { eq } from 'drizzle-orm'
import { review, reviewItem, snapshot } from '../../../db/schema/access.ts'
import { assignment } from '../../../db/schema/campaigns.ts'
import { defineEntitlement, registerSystem } from '../../../src/access/systems.ts'
import { type Line, plainExport, shareOf } from '../access.ts'
import { CAST } from '../people.ts'
import type { Player } from './player.ts'

const LINES: Line[] = [
  { id: 'A1', who: 'kiran', role: 'Viewer' },
  { id: 'A2', who: 'yuki', role: 'Viewer' },
  { id: 'A3', who: 'gus', role: 'Viewer' },
  { id: 'A4', who: 'lev', role: 'Editor' },
  { id: 'A5', who: 'ravi', role: 'Admin' },
  { id: 'A6', who: 'lena', role: 'Editor' },
  { id: 'A7', mail: 'old@gone.example', role: 'Viewer' },
  { id: 'A8', role: 'Viewer', type: 'service', used: '' },
  { id: 'A9', who: 'cleo', role: 'Viewer', used: '2026-05-01' },
  { id: 'A10', who: 'ines', role: 'Auditing' },
]

/** With the names people have in that system. */
const exported = (lines: readonly Line[]): Uint8Array =>
  Buffer.from(
    plainExport(lines)
      .toString()
      .split('\n')
      .map((line) =>
        line.replace(
          /^(A\d+,[^,]*),(\w+),/,
          (_, head: string, who: string) => `${head},${CAST[who]?.name ?? 'Night Job'},`,
        ),
      )
      .join('\n'),
  )

/** An export comes in, its review is decided, handed on, late and signed. */
export async function playAccess(player: Player): Promise<void> {
  const { world, page, asks, send, press, act, shot } = player
  await page('no-system', 'mei', 'access.reviews')
  await world.system(async (ctx) => {
    const [ownerId, deputyId] = [world.person('lena').id, world.person('omar').id]
    await registerSystem(ctx, { code: 'crm', name: 'Customer register', ownerId, deputyId })
    await defineEntitlement(ctx, { system: 'crm', code: 'Viewer', meaning: 'Reads every customer.', privileged: false })
    await defineEntitlement(ctx, { system: 'crm', code: 'Editor', meaning: 'Changes customers.', privileged: false })
    await defineEntitlement(ctx, { system: 'crm', code: 'Admin', meaning: 'Gives and takes rights.', privileged: true })
  })
  const upload = async (who: string, text: string | Uint8Array) =>
    world.core.keep(
      { type: 'text/csv', bytes: typeof text === 'string' ? Buffer.from(text) : text, name: 'export.csv' },
      world.as(who).actor,
    )
  const importing = await asks('new', 'lena', 'access.import')
  await send('lena', importing, {}, 'wrong')
  const shadow = await upload('lena', 'root:$6$abc$defghijklmnopqrstuvwxyz:19000:0:99999:7:::\n')
  await send('lena', importing, { system: 'crm', file: [shadow] }, 'refused')
  const short = exported(LINES.slice(0, 3))
  const unbalanced = await send('lena', importing, {
    system: 'crm',
    file: [await upload('lena', short)],
    expected: '9',
  })
  shot('access.receipt--out-of-balance', 'lena', unbalanced.card)
  const file = await upload('lena', exported(LINES))
  shot('access.receipt--balanced', 'lena', (await send('lena', importing, { system: 'crm', file: [file] })).card)
  const brought = await world.db.select().from(snapshot).orderBy(snapshot.receivedAt, snapshot.id)
  const snp = brought.find((one) => one.balanced)?.id ?? never()
  await page('as-a-page', 'mei', 'access.receipt', snp)
  await page('an-export-waits', 'mei', 'access.reviews')

  const starting = await asks('new', 'lena', 'access.start', { id: snp })
  await send('lena', starting, { due: '2020-01-01' }, 'wrong')
  await send('lena', starting)
  await player.work()
  const [opened] = await world.db.select().from(review)
  const rev = opened?.id ?? never()
  const share = await shareOf(world, rev, 'lena')
  await page('flagged', 'lena', 'access.review', share)
  await page('of-the-deputy', 'omar', 'access.review', await shareOf(world, rev, 'omar'))
  await page('running', 'mei', 'access.reviews')
  await page('running', 'mei', 'access.report', rev)
  await page('none', 'mei', 'access.removals', rev)

  const card = () => world.as('lena').card('access.review', share)
  const items = () => world.db.select().from(reviewItem).where(eq(reviewItem.reviewId, rev)).orderBy(reviewItem.ordinal)
  const [first] = await items()
  await page('open', 'mei', 'access.item', first?.id)
  const removing = await asks('new', 'lena', 'access.remove', { id: first?.id, shown: String(first?.version) })
  await send('lena', removing, {}, 'wrong')
  await send('lena', removing, { reason: 'Left in spring.' })
  await page('decided', 'mei', 'access.item', first?.id)
  await press('lena', await card(), 'access.undo')
  await send('lena', (await press('lena', await card(), 'access.remove')).form ?? never(), {
    reason: 'Left in spring.',
  })

  const justifying = (await press('lena', await card(), 'access.justify')).form ?? never()
  shot('access.justify--new', 'lena', justifying)
  await send('lena', justifying, { reason: 'Runs the desk at night.' })
  const more = (await press('lena', await card(), 'access.more')).form ?? never()
  shot('access.more--new', 'lena', more)
  await send('lena', more, { choice: 'change' }, 'wrong')
  await send('lena', more, { choice: 'not-mine', reason: 'Mei knows this one.', person: world.person('mei').id })
  await player.work()
  for (let left = 0; left < 20; left++) {
    const now = await card()
    const does = (action: string) => JSON.stringify(now).includes(`"${action}"`)
    if (does('access.keep')) await press('lena', now, 'access.keep')
    else if (does('access.justify'))
      await send('lena', (await press('lena', now, 'access.justify')).form ?? never(), {
        reason: 'Until the handover.',
      })
    else break
  }
  await page('rest', 'lena', 'access.review', share)
  await press('lena', await card(), 'access.show')
  const keeping = (await press('lena', await card(), 'access.keep-rest')).form ?? never()
  shot('access.keep-rest--new', 'lena', keeping)
  await send('lena', keeping, {}, 'wrong')
  await send('lena', keeping, { statement: 'yes' })
  await page('batch-kept', 'lena', 'access.review', share)
  await press('lena', await card(), 'access.undo-batch')
  await send('lena', (await press('lena', await card(), 'access.keep-rest')).form ?? never(), { statement: 'yes' })
  await act('lena', 'access.show', { id: share, with: { view: 'decided' } })

  await player.pass('13 days')
  await player.pass('3 days')
  const omar = await shareOf(world, rev, 'omar')
  await page('overdue', 'omar', 'access.reminder', omar)
  await page('of-a-deputy', 'lena', 'access.late', omar)
  await page('overdue', 'omar', 'access.review', omar)
  await act('lena', 'access.sign', { id: rev })
  const handing = await asks('new', 'lena', 'access.hand-over', { id: omar })
  await send('lena', handing, { person: world.person('cleo').id, reason: 'On leave until January.' })
  await player.work()

  for (const who of ['cleo', 'mei']) await keepAll(player, rev, who)
  await player.work()
  await page('to-sign', 'lena', 'access.review', share)
  const signing = (await press('lena', await card(), 'access.sign')).form ?? never()
  shot('access.sign--new', 'lena', signing)
  await send('lena', signing, {}, 'wrong')
  await send('lena', signing, { statement: 'yes' })
  await player.work()
  await page('signed', 'lena', 'access.review', share)
  await page('signed', 'mei', 'access.report', rev)
  await page('some', 'mei', 'access.removals', rev)
  await page('signed', 'mei', 'access.reviews')
  await press('mei', await world.as('mei').card('access.reviews'), 'access.report')
}

/** Everything that waits for somebody in this review is kept. */
async function keepAll(player: Player, rev: string, who: string): Promise<void> {
  const { world, act, send } = player
  const mine = await world.db.select().from(assignment).where(eq(assignment.subjectId, rev))
  if (!mine.some((one) => one.personId === world.person(who).id)) return
  const items = await world.db.select().from(reviewItem).where(eq(reviewItem.reviewId, rev))
  for (const item of items.filter((one) => one.reviewerId === world.person(who).id && one.choice === null)) {
    const { form } = await act(who, 'access.keep', { id: item.id, shown: String(item.version) })
    if (form) await send(who, form, { reason: 'Needed for the night shift.' })
  }
}

function never(): never {
  throw new Error('the scene lacks something')
}
