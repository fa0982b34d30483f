import { eq } from 'drizzle-orm'
import { assignment, campaign } from '../../../db/schema/campaigns.ts'
import { importAcknowledgements, readElsewhere } from '../../../src/policies/elsewhere.ts'
import { importPolicies } from '../../../src/policies/importing.ts'
import type { Player } from './player.ts'

const facts = (title: string, code: string, version: string, more = '') => `---
title: ${title}
code: ${code}
version: "${version}"
owner: dora@example.com
approved_by: cleo@example.com
approved_on: 2026-11-16
effective_from: 2026-11-23
review_on: 2027-11-16
audience: everyone
${more}---

`

const PAGE = 'Keep what you are given as if it were yours. Say what went wrong early, so that it can be put right.\n\n'

const FILES: Record<string, string> = {
  'clean-desk-v1.md': `${facts('Clean Desk', 'clean-desk', '1.0', 'changes: First edition.\nsummary: Leave nothing lying about.\n')}Lock your screen when you leave it.

## On the desk

- Papers go into the drawer.
- Badges go **with you**.
`,
  'clean-desk-v2.md': `${facts('Clean Desk', 'clean-desk', '2.0', 'changes: Meeting rooms are in it now.\n')}Lock your screen. Wipe the boards of meeting rooms.
`,
  'acceptable-use-v1.md': `${facts('Acceptable Use', 'acceptable-use', '1.0')}${PAGE.repeat(90)}`,
  'travel-v1.md': `${facts('Travel', 'travel', '1.0').replace('approved_by: cleo@example.com\napproved_on: 2026-11-16\n', '')}Take only what you need.
`,
}

const source = (name: string) => ({ name, bytes: new TextEncoder().encode(FILES[name] ?? '') })

/** Imported, looked at, launched, read, asked about, put off, late, replaced, stopped. */
export async function playPolicies(player: Player): Promise<void> {
  const { world, page, asks, send, press, act, shot } = player
  const bring = async (...names: string[]): Promise<string[]> => {
    const outcomes = await world.system((ctx) => importPolicies(ctx, names.map(source)))
    return outcomes.map((one) => one.version ?? '')
  }
  const [desk = '', use = '', travel = ''] = await bring('clean-desk-v1.md', 'acceptable-use-v1.md', 'travel-v1.md')
  const earlier = readElsewhere(
    new TextEncoder().encode(
      'email,policy,version,acknowledged_on,source\nlena@example.com,travel,1.0,2026-01-15,intranet\n',
    ),
  )
  if ('rows' in earlier) await world.system((ctx) => importAcknowledgements(ctx, earlier.rows))

  const dropped = (name: string, text: string) =>
    world.core.keep({ type: 'text/markdown', bytes: Buffer.from(text), name }, world.as('mei').actor)
  const importing = await asks('new', 'mei', 'policies.import')
  const files = [
    await dropped('clean-desk.md', FILES['clean-desk-v1.md'] ?? ''),
    await dropped('notes.md', 'No facts in front of it.'),
  ]
  shot('policies.import--one-refused', 'mei', (await send('mei', importing, { files })).card)

  await page('empty-for-omar', 'omar', 'policies.mine')
  await page('before', 'mei', 'policies.register')
  await page('lead', 'mei', 'policies.mine')
  await page('whole', 'mei', 'policies.policy', desk)
  await page('first-of-several', 'mei', 'policies.policy', use)
  await page('not-approved', 'mei', 'policies.policy', travel)
  await page('new', 'mei', 'policies.announcement')

  const publishing = await asks('new', 'mei', 'policies.publish', { with: { version: desk } })
  await send('mei', publishing, { due: '2020-01-01' }, 'wrong')
  const preview = (await send('mei', publishing, { version: desk, due: '2026-12-07' })).card
  shot('policies.publish--preview', 'mei', preview)
  await press('mei', preview, 'policies.announce')
  const mine = (await press('mei', preview, 'policies.me')).card
  shot('policies.campaign--me-only', 'mei', mine)
  const piloting = (await press('mei', preview, 'policies.pilot')).form
  shot('policies.pilot--new', 'mei', piloting)
  if (piloting) {
    await send('mei', piloting, {}, 'wrong')
    await send('mei', piloting, { first: world.person('ravi').id })
  }
  const last = (await press('mei', preview, 'policies.everyone')).form
  shot('policies.everyone--new', 'mei', last)
  if (last) await send('mei', last)
  await player.work()

  const all = await campaigns(player, desk)
  const everyone = all.find((one) => one.scope === 'everyone')?.id ?? ''
  const pilot = all.find((one) => one.scope === 'pilot')?.id ?? ''
  const asked = (who: string) => askedOf(player, who, desk)
  await page('new', 'omar', 'policies.request', await asked('omar'))
  await page('open', 'omar', 'policies.mine')
  await page('running', 'mei', 'policies.campaign', everyone)

  const reading = await asks('one-page', 'omar', 'policies.acknowledge', { id: await asked('omar'), shown: desk })
  await send('omar', reading)
  await page('done', 'omar', 'policies.request', await asked('omar'))
  await page('answered', 'omar', 'policies.mine')

  const later = await asks('new', 'yuki', 'policies.later', { id: await asked('yuki') })
  await send('yuki', later, { when: 'date' }, 'wrong')
  await send('yuki', later)

  const question = await asks('new', 'kiran', 'policies.ask', { id: desk })
  await send('kiran', question, { question: 'What about whiteboards?' })
  await player.work()
  const que = question.with?.question ?? ''
  await page('to-answer', 'dora', 'policies.question', que)
  await page('waiting', 'kiran', 'policies.question', que)
  await send('dora', await asks('new', 'dora', 'policies.answer', { id: que }), { answer: 'Wipe them, please.' })
  await player.work()
  await page('answered', 'kiran', 'policies.question', que)
  await press('kiran', await world.as('kiran').card('policies.question', que), 'policies.acknowledge')

  await pagesOfUse(player, use)
  await player.pass('12 days')
  await page('before-due', 'sol', 'policies.reminder', await asked('sol'))
  await player.pass('8 days')
  await page('overdue', 'sol', 'policies.request', await asked('sol'))
  await page('overdue', 'sol', 'policies.reminder', await asked('sol'))
  const team = await page('late', 'lena', 'policies.team', everyone)
  await press('lena', team, 'policies.nudge')
  await page('late', 'mei', 'policies.campaign', everyone)
  await page('auditor', 'aude', 'policies.campaign', everyone)
  await page('late', 'aude', 'policies.roster', everyone)
  await page('late', 'sol', 'policies.mine')
  await player.pass('8 days')

  const [second = ''] = await bring('clean-desk-v2.md')
  const next = (
    await send('mei', (await act('mei', 'policies.publish', { with: { version: second } })).form ?? never(), {
      version: second,
      due: '2027-01-04',
    })
  ).card
  const again = (await press('mei', next, 'policies.everyone')).form
  if (again) await send('mei', again)
  await player.work()
  const old = await asked('sol')
  await page('replaced', 'sol', 'policies.request', old)
  await act('sol', 'policies.acknowledge', { id: old, shown: desk })
  await page('replaced', 'mei', 'policies.policy', desk)
  await page('nobody-late', 'lena', 'policies.team', everyone)
  await page('newer-asked', 'omar', 'policies.mine')
  const running = (await campaigns(player, second)).find((one) => one.scope === 'everyone')?.id ?? ''
  const stopping = await asks('new', 'mei', 'policies.stop', { id: running })
  await send('mei', stopping, { reason: 'A typing error in it.' })
  await page('stopped', 'mei', 'policies.campaign', running)
  const stopped = await page('of-version', 'mei', 'policies.roster', second)
  await press('mei', stopped, 'policies.roster')
  await page('imported', 'mei', 'policies.roster', travel)
  await page('stopped', 'ravi', 'policies.request', await askedOf(player, 'ravi', second))
  await page('pilot', 'mei', 'policies.campaign', pilot)
  await page('later', 'mei', 'policies.register')
  await player.work()
}

/** A long one, page by page. */
async function pagesOfUse(player: Player, use: string): Promise<void> {
  const { act, asks, send, press, shot } = player
  const form = (await act('mei', 'policies.publish', { with: { version: use } })).form
  const preview = form && (await send('mei', form, { version: use, due: '2026-12-21' })).card
  const last = (await press('mei', preview, 'policies.everyone')).form
  if (last) await send('mei', last)
  await player.work()
  const id = await askedOf(player, 'gus', use)
  const first = await asks('first-page', 'gus', 'policies.acknowledge', { id, shown: use })
  let page = (await send('gus', first)).form
  shot('policies.acknowledge--second-page', 'gus', page)
  await press('gus', page, 'policies.acknowledge')
  for (let turned = 0; page && turned < 20; turned++) page = (await send('gus', page)).form ?? undefined
  await press('mei', await player.world.as('mei').card('policies.policy', use), 'policies.read')
}

const campaigns = ({ world }: Player, versionId: string) =>
  world.db.select().from(campaign).where(eq(campaign.subjectId, versionId)).orderBy(campaign.createdAt, campaign.id)

async function askedOf({ world }: Player, who: string, versionId: string): Promise<string> {
  const rows = await world.db
    .select()
    .from(assignment)
    .where(eq(assignment.personId, world.person(who).id))
  const found = rows.filter((row) => row.subjectId === versionId).sort((a, b) => (a.id < b.id ? 1 : -1))[0]
  if (!found) throw new Error(`${who} was not asked`)
  return found.id
}

function never(): never {
  throw new Error('nothing was asked')
}
