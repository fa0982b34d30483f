import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { connect } from '../../db/client.ts'
import { makeCore } from '../../src/core/core.ts'
import { reports, sayOf } from '../support/incidents.ts'
import { imported, launch } from '../support/policies.ts'
import { makeWorld, seeded, type World } from '../support/world.ts'

const LONG = 'It was a drill that had been announced to everybody.'

describe('T39 any order of clicks', () => {
  type ReportState = {
    state: 'reported' | 'under-assessment' | 'decided' | 'withdrawn'
    version: number
    verdicts: number
  }
  const doing = fc.constantFrom(
    'take',
    'incident',
    'weakness',
    'false-alarm',
    'reopen',
    'withdraw',
    'detail',
    'strange',
  )
  const step = fc.record({ do: doing, who: fc.constantFrom('ravi', 'ines', 'omar', 'kiran'), old: fc.boolean() })

  /** The written rule: who reports withdraws while it is open; responders take on (from one another too), decide what is open, open what is decided. */
  function model(now: ReportState, it: { do: string; who: string; old: boolean }): ReportState {
    const isResponder = it.who === 'ravi' || it.who === 'ines'
    const isOpen = now.state === 'reported' || now.state === 'under-assessment'
    const fresh = !it.old || now.version === 0
    if (it.do === 'withdraw')
      return it.who === 'omar' && isOpen ? { ...now, state: 'withdrawn', version: now.version + 1 } : now
    if (!isResponder) return now
    if (it.do === 'take' && isOpen && fresh) return { ...now, state: 'under-assessment', version: now.version + 1 }
    if (['incident', 'weakness', 'false-alarm'].includes(it.do) && isOpen && fresh)
      return { state: 'decided', version: now.version + 1, verdicts: now.verdicts + 1 }
    if (it.do === 'reopen' && now.state === 'decided' && fresh)
      return { ...now, state: 'under-assessment', version: now.version + 1 }
    return now
  }

  test('of a report ends where the model ends, with a row for every legal step and none for the others', async () => {
    const world = await makeWorld({ seed: 'sequences' })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const { id } = await reports(world, 'omar', 'something')
        let wanted: ReportState = { state: 'reported', version: 0, verdicts: 0 }
        for (const it of steps) {
          const entries =
            it.do === 'take' || it.do === 'withdraw' ? undefined : { severity: 'low', reason: LONG, more: 'x' }
          const shown = it.old ? '0' : String(wanted.version)
          await world.as(it.who).do(`incidents.${it.do}`, { id, shown, entries })
          wanted = model(wanted, it)
          const [row] = await world.sql<{ state: string; version: number; verdicts: number }[]>`
            select state, version, (select count(*)::int from verdict where report_id = report.id) as verdicts from report where id = ${id}`
          expect(row).toEqual(wanted)
        }
        const kinds = (await world.entries(id)).map((one) => one.type)
        expect(kinds.filter((type) => type === 'report.decided')).toHaveLength(wanted.verdicts)
      }),
      { numRuns: 25, seed: 39 },
    )
  }, 60_000)

  test('of a request to acknowledge: done once by its person while it is asked, and never undone', async () => {
    const world = await makeWorld({ seed: 'requests' })
    const move = fc.constantFrom('acknowledge', 'later', 'other', 'old version', 'stop', 'newer')
    let n = 0
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 8 }), async (moves) => {
        const code = `policy-${++n}`
        const version = await imported(world, { code, title: `Policy ${n}` })
        await launch(world, version)
        const [asked] = await world.sql<{ id: string; campaign_id: string }[]>`
          select id, campaign_id from assignment where subject_id = ${version} and person_id = ${world.person('omar').id}`
        let wanted = 'open'
        let major = 1
        for (const one of moves) {
          const { id = '', campaign_id: campaign = '' } = asked ?? {}
          if (one === 'acknowledge') {
            await world.as('omar').do('policies.acknowledge', { id, shown: version, entries: {} })
            if (wanted === 'open') wanted = 'done'
          } else if (one === 'later') await world.as('omar').do('policies.later', { id })
          else if (one === 'other')
            await world.as('kiran').do('policies.acknowledge', { id, shown: version, entries: {} })
          else if (one === 'old version')
            await world.as('omar').do('policies.acknowledge', { id, shown: `pov_${'0'.repeat(26)}`, entries: {} })
          else if (one === 'stop') {
            await world.as('mei').do('policies.stop', { id: campaign, entries: { reason: 'The wrong text' } })
            if (wanted === 'open') wanted = 'withdrawn'
          } else {
            await launch(world, await imported(world, { code, title: `Policy ${n}`, version: `"${++major}.0"` }))
            if (wanted === 'open') wanted = 'superseded'
          }
          const [row] = await world.sql<{ state: string; rows: number }[]>`
            select state, (select count(*)::int from acknowledgement where assignment_id = assignment.id) as rows from assignment where id = ${id}`
          expect([moves, row]).toEqual([moves, { state: wanted, rows: wanted === 'done' ? 1 : 0 }])
        }
      }),
      { numRuns: 12, seed: 40 },
    )
  }, 90_000)
})

describe('T40 two processes', () => {
  test('200 parallel opposite clicks on 50 reports from two pools: one decision each, and every loser is told', async () => {
    const world = await makeWorld({ seed: 'races' })
    const other = await secondProcess(world)
    const ids: string[] = []
    for (let n = 0; n < 50; n++) ids.push((await reports(world, 'kiran', `report ${n}`)).id)
    const press = (core: World['core'], who: string, key: string, id: string, action: string) =>
      core.turn({
        key,
        by: world.as(who).actor,
        do: `incidents.${action}`,
        id,
        shown: '0',
        entries: { severity: 'high', reason: LONG },
      })
    const replies = await Promise.all(
      ids.flatMap((id, n) => [
        press(world.core, 'ravi', `a${n}`, id, 'incident'),
        press(other.core, 'ines', `b${n}`, id, 'false-alarm'),
        press(other.core, 'mei', `c${n}`, id, 'weakness'),
        press(world.core, 'ines', `d${n}`, id, 'no-action'),
      ]),
    )
    const verdicts = await world.sql<
      { report_id: string; n: number }[]
    >`select report_id, count(*)::int as n from verdict group by 1`
    expect(verdicts).toHaveLength(50)
    expect(verdicts.every((one) => one.n === 1)).toBe(true)
    expect(replies.filter((reply) => /Somebody was faster|no longer open/.test(sayOf(reply)))).toHaveLength(150)
    expect((await world.entries()).filter((one) => one.type === 'report.decided')).toHaveLength(50)
    await other.close()
  }, 60_000)

  test('T02 the same key in two processes at once is one turn and one answer', async () => {
    const world = await makeWorld({ seed: 'keys' })
    await launch(world, await imported(world))
    const other = await secondProcess(world)
    const rows = await world.sql<{ id: string; person_id: string }[]>`select id, person_id from assignment`
    for (const who of ['omar', 'ravi', 'ines', 'lena', 'cleo', 'dora', 'kiran']) {
      const id = rows.find((row) => row.person_id === world.person(who).id)?.id
      const turn = { key: `same-${who}`, by: world.as(who).actor, do: 'policies.acknowledge', id, entries: {} }
      const both = await Promise.all([world.core, other.core, world.core, other.core].map((core) => core.turn(turn)))
      for (const reply of both) expect(reply).toEqual(both[0])
    }
    expect(await world.sql`select 1 from acknowledgement`).toHaveLength(7)
    expect((await world.entries()).filter((one) => one.type === 'policy.acknowledged')).toHaveLength(7)
    await other.close()
  })
})

/** Another process on the same database: a pool, a core and chance of its own. */
async function secondProcess(world: World) {
  const { accesses } = world
  const database = await connect({ ...accesses.app, connections: 8 })
  const deps = { ...world.deps, db: database.db, random: seeded('second process') }
  return { core: makeCore(deps), close: database.close }
}
