import type { Player } from './player.ts'

const CARRIED = {
  text: 'Please open the attached invoice today.',
  author: 'A Supplier',
  link: 'https://chat.example/archives/C1/p1',
  at: '2026-11-23T08:00:00Z',
}

/** Reported, taken on, added to, decided in every way, opened again, withdrawn, late. */
export async function playIncidents(player: Player): Promise<void> {
  const { page, asks, send, act, command, shot } = player
  await page('none', 'omar', 'incidents.mine')
  const opened = (await command('omar', '/incident lost laptop in a taxi')).form ?? never()
  shot('incidents.report--from-the-command', 'omar', opened)
  await send('omar', opened, { what: '' }, 'wrong')
  await send('omar', opened)
  const laptop = opened.id ?? never()
  const mail = await asks('from-a-message', 'yuki', 'incidents.report', { carried: CARRIED, origin: 'message' })
  await send('yuki', mail, { category: 'suspicious', ongoing: 'yes', personalData: 'yes', audience: 'open' })
  const phish = mail.id ?? never()
  const third = (await command('ines', '/incident badge reader is dark')).form ?? never()
  await send('ines', third)
  const badge = third.id ?? never()
  await player.work()

  await page('new', 'omar', 'incidents.receipt', laptop)
  await page('new', 'ravi', 'incidents.triage', laptop)
  await page('carried', 'ravi', 'incidents.triage', phish)
  await page('own', 'ines', 'incidents.triage', badge)
  await page('page', 'ravi', 'incidents.report', laptop)
  await page('redacted', 'aude', 'incidents.report', laptop)
  await page('responder', 'ravi', 'incidents.mine')

  await player.pass('5 hours')
  await page('late', 'ravi', 'incidents.triage', laptop)
  await page('nobody-answered', 'omar', 'incidents.receipt', laptop)
  await act('ravi', 'incidents.take', { id: laptop })
  await act('ines', 'incidents.take', { id: badge })
  const adding = await asks('new', 'omar', 'incidents.detail', { id: laptop })
  await send('omar', adding, { more: 'It was locked. The disk is encrypted.' })
  await player.work()
  await page('taken', 'ravi', 'incidents.triage', laptop)
  await page('taken', 'omar', 'incidents.receipt', laptop)

  for (const verdict of ['incident', 'weakness', 'false-alarm', 'no-action', 'duplicate'])
    await asks('new', 'ravi', `incidents.${verdict}`, { id: laptop })
  const decide = async (id: string, verdict: string, entries: Record<string, string>, state?: string) => {
    const form = (await act('ravi', `incidents.${verdict}`, { id })).form ?? never()
    return send('ravi', form, entries, state)
  }
  await decide(laptop, 'false-alarm', { reason: 'no' }, 'too-short')
  await decide(laptop, 'incident', { severity: 'high', reason: 'Lost, with customer data.', toReporter: 'Thank you!' })
  await player.work()
  await page('incident', 'omar', 'incidents.outcome', laptop)
  await page('decided', 'ravi', 'incidents.triage', laptop)
  await page('decided', 'omar', 'incidents.receipt', laptop)
  await page('decided', 'mei', 'incidents.report', laptop)

  await decide(phish, 'duplicate', { of: laptop, reason: 'The same mail.' })
  await player.work()
  await page('duplicate', 'yuki', 'incidents.outcome', phish)
  const reopening = await asks('new', 'ravi', 'incidents.reopen', { id: phish })
  await send('ravi', reopening, { reason: 'Another sender after all.' })
  await player.work()
  await page('again', 'yuki', 'incidents.outcome', phish)
  await page('again', 'ravi', 'incidents.triage', phish)
  await decide(phish, 'weakness', { reason: 'The filter let it through.' })
  await page('weakness', 'yuki', 'incidents.outcome', phish)
  await decide(badge, 'no-action', { reason: 'The reader was replaced this morning.' })
  await page('no-action', 'ines', 'incidents.outcome', badge)

  const fourth = (await command('kiran', '/incident strange noise')).form ?? never()
  await send('kiran', fourth)
  await act('kiran', 'incidents.withdraw', { id: fourth.id })
  await page('withdrawn', 'kiran', 'incidents.receipt', fourth.id)
  await page('withdrawn', 'ravi', 'incidents.triage', fourth.id)
  const fifth = (await command('kiran', '/incident a stranger in the lift')).form ?? never()
  await send('kiran', fifth)
  await decide(fifth.id ?? '', 'false-alarm', { reason: 'It was the new colleague, with a badge.' })
  await page('false-alarm', 'kiran', 'incidents.outcome', fifth.id)
  await page('some', 'omar', 'incidents.mine')
  await page('of-one-report', 'mei', 'home.record', laptop)
  await page('of-one-report-to-an-auditor', 'aude', 'home.record', laptop)
  await act('ravi', 'incidents.show', { id: laptop })
  await act('omar', 'incidents.mine')
  await player.work()
}

function never(): never {
  throw new Error('nothing was asked')
}
