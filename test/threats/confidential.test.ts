import { afterAll, describe, expect, test } from 'vitest'
import type { Json } from '../platforms/slack-blocks.ts'
import { openCompany, signIn, slackId } from './company.ts'
import { EVERYBODY } from './loop.ts'

const company = await openCompany({ seed: 'confidential' })
afterAll(() => company.close())
const { world, workspace } = company

const CANARY = 'canary-4e1d'
const MAY_READ = ['mei', 'ravi', 'ines', 'omar', 'dora'].map(slackId)

/** Omar reports in Slack, a responder assesses and decides; every answer of Slack's own kind is on the wire. */
async function story() {
  const omar = company.as('omar')
  await omar.command(`/incident ${CANARY} lies on the stairs`)
  await company.settled()
  await omar.submit()
  await company.settled()
  await world.work()
  const [report] = await world.sql<{ id: string; number: string }[]>`select id, number from report`
  if (!report) throw new Error('nothing was reported')
  await omar.click({ post: company.message('omar', 'Add detail') }, 'Add detail')
  await company.settled()
  await omar.submit({ more: `${CANARY} and a second page` })
  await company.settled()
  await world.as('ravi').do('incidents.take', { id: report.id, shown: '0' })
  await world
    .as('ravi')
    .do('incidents.weakness', { id: report.id, shown: '1', entries: { reason: `${CANARY} because` } })
  await world.pass('1 day')
  await world.work()
  for (const who of EVERYBODY) {
    await company.as(who).openHome()
    await company.as(who).command('/isms reports')
    await company.as(who).command('/isms status')
  }
  await company.settled()
  return report
}
const report = await story()

describe('T18 confidential words', () => {
  const texts = () => workspace.calls.map(({ method, args }) => ({ method, args }))

  test('stand in no notification, fallback, title, unfurl or metadata of anything that left for Slack', () => {
    const outgoing = texts()
    expect(outgoing.length).toBeGreaterThan(20)
    for (const { method, args } of outgoing) {
      expect(JSON.stringify([args.text, args.metadata, args.attachments, args.thread_ts]), method).not.toContain(CANARY)
      for (const block of (args.blocks ?? []) as Json[])
        if (block.type === 'header') expect(JSON.stringify(block)).not.toContain(CANARY)
      const view = args.view as Json | undefined
      expect(JSON.stringify([view?.title, view?.private_metadata, view?.callback_id])).not.toContain(CANARY)
      if (method === 'chat.postMessage')
        expect([String(args.unfurl_links), String(args.unfurl_media)]).toEqual(['false', 'false'])
      expect(args.reply_broadcast).toBeUndefined()
    }
    for (const whisper of workspace.whispers) expect(whisper.text).not.toContain(CANARY)
  })

  test('go to no channel, and in conversations and home tabs to nobody but those who may read them', () => {
    const to = (args: Json) => String(args.channel ?? args.user_id ?? args.trigger_id ?? '')
    const holding = texts().filter(({ args }) => JSON.stringify(args).includes(CANARY))
    expect(holding.length).toBeGreaterThan(0)
    for (const { method, args } of holding.filter((one) => one.method.startsWith('chat.'))) {
      const room = to(args)
      expect(
        MAY_READ.some((id) => room === id || room === workspace.dm(id)),
        `${method} to ${room}`,
      ).toBe(true)
    }
    for (const who of EVERYBODY) {
      const seen = JSON.stringify([
        workspace.chat(slackId(who)),
        workspace.home(slackId(who)),
        workspace.modals(slackId(who)),
      ])
      if (seen.includes(CANARY)) expect(MAY_READ).toContain(slackId(who))
    }
  })

  test('nor in the list, the figures, the search or the picture of anybody else in the browser', async () => {
    for (const who of ['lena', 'kiran', 'gus', 'aude']) {
      const client = await signIn(company, who)
      for (const path of [
        '/',
        '/card/home.inbox',
        '/card/home.dashboard',
        '/card/incidents.mine',
        `/card/incidents.report/${report.id}`,
        `/card/incidents.triage/${report.id}`,
        '/options?field=person&q=canary',
      ])
        expect((await client.open(path)).text, `${who} ${path}`).not.toContain(CANARY)
    }
  })
})

test('T19 what was private is kept in the database: no message stands with it in Slack outside the responders’ cards', () => {
  const standing = EVERYBODY.filter((who) => JSON.stringify(workspace.chat(slackId(who))).includes(CANARY))
  expect(standing.sort()).toEqual(['ines', 'ravi'])
  const public_ = workspace.messages('C0GENERAL1')
  expect(public_).toEqual([])
})

describe('T20 what is restricted is not even there', () => {
  const missing = `rep_${'z'.repeat(26)}`
  const wipe = (text: string) => text.replace(/name="(key|csrf)" value="[^"]*"|rep_\w{26}/g, '')

  test('page, click and file answer alike, in the browser and in Slack', async () => {
    const client = await signIn(company, 'lena')
    for (const path of ['/card/incidents.report/', '/card/incidents.receipt/', '/card/incidents.triage/']) {
      const [forbidden, absent] = [await client.open(path + report.id), await client.open(path + missing)]
      expect([forbidden.status, wipe(forbidden.text)]).toEqual([absent.status, wipe(absent.text)])
    }
    const ask = (id: string) => world.as('lena').do('incidents.show', { id })
    expect(await ask(report.id)).toEqual(await ask(missing))
  })

  test('in the same time, as far as 2,000 looks can tell', async () => {
    const actor = world.as('lena').actor
    const took = { forbidden: [] as number[], missing: [] as number[] }
    for (let n = 0; n < 1000; n++)
      for (const [kind, id] of [
        ['forbidden', report.id],
        ['missing', missing],
      ] as const) {
        const begun = performance.now()
        await world.core.card('incidents.report', id, actor)
        took[kind].push(performance.now() - begun)
      }
    const median = (all: number[]) => all.sort((a, b) => a - b)[all.length / 2] ?? 0
    const difference = Math.abs(median(took.forbidden) - median(took.missing))
    // Less than the spread of the middle half of one kind, or a millisecond: nothing that the network would let through.
    expect(difference).toBeLessThan(Math.max(1, (took.missing[750] ?? 0) - (took.missing[250] ?? 0)))
  }, 60_000)

  test('the record tells an auditor that there was a report, not whose', async () => {
    const name = world.person('omar').name
    const rows = JSON.stringify(await world.as('aude').do('home.record', { with: { about: report.id } }))
    expect(rows).toContain('Report received')
    expect(rows).not.toContain(name)
    const about = JSON.stringify(await world.as('aude').do('home.record', { with: { about: world.person('omar').id } }))
    expect(about).not.toContain(report.id)
    const lead = JSON.stringify(await world.as('mei').do('home.record', { with: { about: report.id } }))
    expect(lead).toContain(name)
  })
})
