import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { open } from '../../db/client.ts'
import { read } from '../platforms/slack-blocks.ts'
import { imported, launch } from '../support/policies.ts'
import { openCompany, signIn, slackId } from './company.ts'

const company = await openCompany({ seed: 'durable' })
const { world, workspace } = company
const rival = open({ ...world.accesses.owner, connections: 2 })
afterAll(async () => {
  await rival.end()
  await company.close()
})
await launch(world, await imported(world))

const READ = 'Read and acknowledge'
const shownTo = (who: string) => {
  const id = slackId(who)
  const whispers = workspace.whispers.filter((one) => one.user === id).map((one) => read(one.blocks))
  return JSON.stringify([whispers, workspace.modals(id), workspace.chat(id).map((one) => read(one.blocks))])
}
const acknowledged = async (who: string) =>
  (await world.owner`select 1 from acknowledgement where person_id = ${world.person(who).id}`).length
const openForm = async (who: string) => {
  await company.as(who).click({ post: company.message(who, READ) }, READ)
  await company.settled()
}

/** Holds the record shut, so that every turn waits in the middle of its transaction; then the connections are killed. */
async function killedMeanwhile(work: () => Promise<unknown>): Promise<void> {
  const { promise: letGo, resolve: release } = Promise.withResolvers<void>()
  const { promise: held, resolve: holds } = Promise.withResolvers<void>()
  const holding = rival.begin(async (tx) => {
    await tx`lock table entry_payload in access exclusive mode`
    holds()
    await letGo
  })
  await held
  const working = work()
  for (;;) {
    const killed = await rival`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`
    if (killed.length > 0) break
  }
  release()
  await holding
  await working
}

describe('T50 the database goes away between the click and the commit', () => {
  afterEach(async () => {
    await rival`drop trigger if exists die on acknowledgement`
  })

  test('in Slack: never a word of success, nothing stored; the same form again succeeds once', async () => {
    await openForm('omar')
    const modal = workspace.modals(slackId('omar'))
    let answer: unknown
    await killedMeanwhile(async () => {
      answer = (await company.as('omar').submit()).body
    })
    await company.settled()
    expect(JSON.stringify([answer, shownTo('omar')])).not.toMatch(/A-1\d{4}|Done,/)
    expect(JSON.stringify([answer, shownTo('omar')])).toMatch(/went wrong|nothing was|again/i)
    expect(await acknowledged('omar')).toBe(0)
    expect(company.lines.some((line) => line.includes('turn.failed'))).toBe(true)
    workspace.show(slackId('omar'), modal)
    await world.pass('2 seconds')
    await company.as('omar').submit()
    await company.settled()
    expect(await acknowledged('omar')).toBe(1)
  })

  test('in the very moment of the commit, in the browser: a number to say, no success, nothing half-done', async () => {
    const ravi = await signIn(company, 'ravi')
    const [asked] = await world.sql<
      { id: string }[]
    >`select id from assignment where person_id = ${world.person('ravi').id}`
    await rival.unsafe(`
      create or replace function die() returns trigger language plpgsql security definer as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create constraint trigger die after insert on acknowledgement deferrable initially deferred for each row execute function die()`)
    const click = { do: 'policies.acknowledge', key: 'one', form: '1', id: asked?.id ?? '' }
    const answer = await ravi.post('/do', click)
    const text = answer.status === 303 ? (await ravi.ask(answer.headers.location ?? '/')).text : answer.text
    expect(text).not.toMatch(/A-1\d{4}|Done,/)
    expect(text).toMatch(/went wrong|number/i)
    expect(await acknowledged('ravi')).toBe(0)
    const [still] = await world.owner`select state from assignment where id = ${asked?.id ?? ''}`
    expect(still?.state).toBe('open')
    expect(
      await world.owner`select 1 from entry where type = 'policy.acknowledged' and actor = ${world.person('ravi').id}`,
    ).toEqual([])
    await rival`drop trigger die on acknowledgement`
    const again = await ravi.post('/do', click)
    expect((await ravi.ask(again.headers.location ?? '/')).text).toMatch(/A-1\d{4}/)
    expect(await acknowledged('ravi')).toBe(1)
  })

  test('a report: no number is told before it is stored, and the gap-free number is given to the next one', async () => {
    const before = (await world.owner`select 1 from report`).length
    let said: unknown
    await killedMeanwhile(async () => {
      said = await world.as('kiran').do('incidents.report', { entries: { what: 'a door' } })
    })
    expect(JSON.stringify(said)).not.toMatch(/EVT-/)
    expect((await world.owner`select 1 from report`).length).toBe(before)
    const reply = await world.as('kiran').do('incidents.report', { entries: { what: 'a door' } })
    expect(JSON.stringify(reply)).toMatch(/EVT-2026-0001/)
  })
})

describe('T50 a connection that dies under a transaction', () => {
  test('takes neither the process with it nor lets a late statement run outside of the transaction; the pool goes on', async () => {
    const faults: unknown[] = []
    const note = (error: unknown) => void faults.push(error)
    process.on('uncaughtException', note)
    const { db } = world
    const die = () => db.execute('select pg_terminate_backend(pg_backend_pid())')
    for (let round = 0; round < 20; round++) {
      const late = Promise.withResolvers<void>()
      const { promise: tried, resolve: done } = Promise.withResolvers<unknown>()
      const turn = db.transaction(async (tx) => {
        void late.promise
          .then(() => tx.execute(`insert into setting (name, value) values ('late-${round}', '1')`))
          .then(done, done)
        await tx.execute(`insert into setting (name, value) values ('early-${round}', '1')`)
        if (round % 2) await tx.transaction((inner) => inner.execute('select pg_terminate_backend(pg_backend_pid())'))
        else await Promise.all([tx.execute('select pg_terminate_backend(pg_backend_pid())'), tx.execute('select 1')])
      })
      await expect(turn).rejects.toThrow()
      late.resolve()
      expect(await tried).toBeInstanceOf(Error)
    }
    await die().catch(() => undefined)
    expect(await world.owner`select name from setting where name ~ '^(late|early)-'`).toEqual([])
    const all = await Promise.all(
      Array.from({ length: 20 }, () => db.transaction((tx) => tx.execute('select 1 as one'))),
    )
    expect(all).toHaveLength(20)
    process.off('uncaughtException', note)
    expect(faults).toEqual([])
  })
})
