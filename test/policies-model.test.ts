import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imported } from './support/policies.ts'
import { makeWorld } from './support/world.ts'

const PEOPLE = ['omar', 'ravi', 'lena']

type Step =
  | { does: 'acknowledge'; who: string; card: number; as: string }
  | { does: 'later'; who: string; card: number }
  | { does: 'launch'; version: number }
  | { does: 'stop'; campaign: number }
  | { does: 'wait' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('acknowledge' as const),
      who: fc.constantFrom(...PEOPLE),
      card: fc.nat(8),
      as: fc.constantFrom(...PEOPLE),
    }),
  },
  fc.record({ does: fc.constant('later' as const), who: fc.constantFrom(...PEOPLE), card: fc.nat(8) }),
  fc.record({ does: fc.constant('launch' as const), version: fc.nat(2) }),
  fc.record({ does: fc.constant('stop' as const), campaign: fc.nat(3) }),
  fc.record({ does: fc.constant('wait' as const) }),
)

test('T39 T40 whatever is clicked, in whatever order: what stands is what a model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 22 }), async (steps) => {
      const world = await makeWorld()
      try {
        const audience = '[{ department: Engineering }, { department: Security and Privacy }]'
        const versions = [await imported(world, { audience })]
        for (const version of ['"2.0"', '"3.0"']) versions.push(await imported(world, { audience, version }))
        // The model: the newest launched version, whether it still runs, and who agreed to what.
        const agreed = new Set<string>()
        const asked: { id: string; who: string; version: number; state: string }[] = []
        let newest = -1
        const campaigns: { id: string; version: number; runs: boolean }[] = []
        for (const one of steps) {
          if (one.does === 'wait') {
            await world.pass('1 hour')
            await world.work()
          } else if (one.does === 'launch') {
            const what = { id: versions[one.version], with: { due: '2026-12-04' }, entries: {} }
            await world.as('mei').do('policies.everyone', what)
            const rows = await world.sql`select id, subject_id from campaign order by created_at, id`
            // Never an older version than the one that took over.
            if (one.version < newest) expect(rows).toHaveLength(campaigns.length)
            if (rows.length > campaigns.length) {
              newest = Math.max(newest, one.version)
              for (const it of asked) if (it.version < newest && it.state === 'open') it.state = 'superseded'
              for (const it of campaigns) if (it.version < newest) it.runs = false
              const id: string = rows.find((row) => !campaigns.some((known) => known.id === row.id))?.id
              campaigns.push({ id, version: one.version, runs: true })
              const made = await world.sql`
                select assignment.id, person.email from assignment join person on person.id = person_id where campaign_id = ${id}`
              for (const row of made)
                asked.push({ id: row.id, who: row.email.split('@')[0], version: one.version, state: 'open' })
            }
          } else if (one.does === 'stop') {
            const it = campaigns[one.campaign]
            if (!it) continue
            await world.as('mei').do('policies.stop', { id: it.id, entries: { reason: 'no' } })
            const [row] = await world.sql`select state from campaign where id = ${it.id}`
            if (row?.state === 'stopped')
              for (const mine of asked)
                if (mine.version === it.version && mine.state === 'open') mine.state = 'withdrawn'
            it.runs = false
          } else {
            const theirs = asked.filter((it) => it.who === one.who)
            const it = theirs[one.card % Math.max(1, theirs.length)]
            if (!it) continue
            const who = one.does === 'later' ? one.who : one.as
            const entries = one.does === 'later' ? { when: 'date', day: '2026-12-01' } : {}
            await world.as(who).do(`policies.${one.does}`, { id: it.id, shown: versions[it.version], entries })
            if (one.does === 'acknowledge' && who === one.who && it.state === 'open') {
              it.state = 'done'
              agreed.add(`${who} ${it.version}`)
            }
          }
        }
        await world.work()
        const rows = await world.sql`
          select person.email, version_id from acknowledgement join person on person.id = person_id`
        const kept = rows.map((row) => `${row.email.split('@')[0]} ${versions.indexOf(row.version_id)}`)
        expect(kept.sort()).toEqual([...agreed].sort())
        const states = await world.sql`select id, state from assignment`
        expect(new Map(states.map((row) => [row.id, row.state]))).toEqual(new Map(asked.map((it) => [it.id, it.state])))
        const entries = (await world.entries()).filter((it) => it.type === 'policy.acknowledged')
        expect(entries).toHaveLength(agreed.size)
      } finally {
        await world.close()
      }
    }),
    { numRuns: 8, endOnFailure: true },
  )
}, 120_000)
