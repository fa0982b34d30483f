import { eq } from 'drizzle-orm'
import { assignment } from '../../../db/schema/campaigns.ts'
import { controlAction, occurrence } from '../../../db/schema/controls.ts'
import { importOwners, importRegisters, readOwners } from '../../../src/controls/index.ts'
import type { Player } from './player.ts'

/** Each comes round every month. */
const OWNERS = `code,owner,anchored_on
malware-coverage,kiran@example.com,2026-11-01
backup-job-review,sol@example.com,2026-11-01
patch-status,omar@example.com,2026-11-01
`

/** Registers, duties that come round, answers of each kind, a miss, a leaver and who takes over. */
export async function playControls(player: Player): Promise<void> {
  const { world, page, asks, send, press, act, command } = player
  await world.system((ctx) => importRegisters(ctx))
  await world.system((ctx) => importOwners(ctx, readOwners(OWNERS, 'en')))
  // The first period asks when it is nearly over.
  await player.pass('3 weeks')
  const duties = await world.db.select().from(controlAction).orderBy(controlAction.code)
  const known = (code: string) => duties.find((one) => one.code === code) ?? never()

  const one = known('malware-coverage')
  const request = async (dutyId: string, which: 'first' | 'last' = 'last'): Promise<{ occ: string; asg: string }> => {
    const periods = await world.db
      .select()
      .from(occurrence)
      .where(eq(occurrence.actionId, dutyId))
      .orderBy(occurrence.n)
    const occ = (which === 'first' ? periods[0] : periods.at(-1))?.id ?? never()
    const [asg] = await world.db.select().from(assignment).where(eq(assignment.subjectId, occ))
    return { occ, asg: asg?.id ?? never() }
  }
  await page('all', 'mei', 'controls.register')
  await command('mei', '/isms controls A.8.7')
  await page('one', 'mei', 'controls.control', '2022/A.8.7')
  await page('of-2013', 'mei', 'controls.control', '2013/A.12.2.1')
  await page('owner', 'kiran', 'controls.mine')
  await page('nothing', 'cleo', 'controls.mine')

  const { occ, asg } = await request(one.id)
  await page('new', 'kiran', 'controls.request', asg)
  const attesting = await asks('first-time', 'kiran', 'controls.attest', { id: occ })
  await send('kiran', attesting, {}, 'wrong')
  await send('kiran', attesting, { answer: 'operates', statement: 'All 34 computers report every day.' })
  await page('done', 'kiran', 'controls.request', asg)
  await page('history', 'kiran', 'controls.duty', one.id)

  const solDuty = known('backup-job-review')
  const omarDuty = known('patch-status')
  const sol = await request(solDuty.id)
  const failing = (await act('sol', 'controls.attest', { id: sol.occ })).form ?? never()
  const upload = { type: 'text/csv', bytes: Buffer.from('job,last run\n'), name: 'jobs <since spring>.csv' }
  const files = [await world.core.keep(upload, world.as('sol').actor)]
  await send('sol', failing, { answer: 'fails', statement: 'Nobody has done it since spring.', files })
  await page('does-not-operate', 'sol', 'controls.request', sol.asg)
  await page('seen-by-the-lead', 'mei', 'controls.request', sol.asg)
  await page('with-evidence', 'mei', 'controls.duty', solDuty.id)

  const giving = await asks('duty', 'mei', 'controls.assign', { id: omarDuty.id })
  await send('mei', giving, { owner: world.person('omar').id }, 'wrong')
  await asks('control', 'mei', 'controls.assign', { id: '2022/A.8.7' })
  await send('mei', (await act('mei', 'controls.assign', { id: '2022/A.8.7' })).form ?? never(), {
    owner: world.person('kiran').id,
  })
  await page('owner-of-a-control', 'kiran', 'controls.mine')

  await player.pass('5 weeks')
  await player.pass('2 weeks')
  const late = await request(omarDuty.id, 'first')
  await page('late', 'omar', 'controls.request', late.asg)
  await page('to-the-manager', 'lena', 'controls.escalation', late.asg)
  await page('to-the-lead', 'mei', 'controls.escalation', late.asg)
  const again = await request(one.id)
  await page('with-last-time', 'kiran', 'controls.request', again.asg)
  await asks('again', 'kiran', 'controls.attest', { id: again.occ })
  await page('with-a-miss', 'omar', 'controls.duty', omarDuty.id)
  await press('mei', await world.as('mei').card('controls.register'), 'controls.register')
  await press('mei', await world.as('mei').card('controls.escalation', late.asg), 'controls.show')
  const heldBack = (await act('omar', 'controls.attest', { id: late.occ })).form
  if (heldBack) await send('omar', heldBack, { answer: 'deviations', statement: 'Done late, two were open.' })
  await page('settled', 'lena', 'controls.escalation', late.asg)
  await page('late-answer', 'omar', 'controls.request', late.asg)

  await world.leave('sol')
  await player.pass('1 day')
  const leaver = world.person('sol').id
  await page('to-hand-over', 'mei', 'controls.handover', leaver)
  const handing = await asks('all', 'mei', 'controls.handover', { id: leaver })
  await send('mei', handing, { owner: world.person('yuki').id })
  await page('handed-over', 'mei', 'controls.handover', leaver)
  await player.work()
}

function never(): never {
  throw new Error('the scene lacks something')
}
