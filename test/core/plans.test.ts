import { afterAll, expect, test } from 'vitest'
import { makeTurn } from '../../src/core/turn.ts'
import { turnOf } from '../bench/acknowledgement.ts'
import { makeGround } from '../bench/ground.ts'

const PEOPLE = 3000
const CLICKS = 40

// PostgreSQL's own cost of a page that is not the next one, as on most servers.
const ground = await makeGround(PEOPLE, { isAnalysed: false, settings: { random_page_cost: '4' } })
afterAll(() => ground.remove())

/** Rows that were read by walking through a table from its start, so far. */
async function walked(): Promise<Record<string, number>> {
  await ground.raw`select pg_stat_force_next_flush()`
  const rows = await ground.raw<{ name: string; rows: number }[]>`
    select relname as name, seq_tup_read::int as rows from pg_stat_user_tables where n_live_tup > 100`
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]))
}

/** Statistics of a backend are written when it is idle, at once when it is told so. */
const told = () => Promise.all(Array.from({ length: 64 }, () => ground.database.sql`select pg_stat_force_next_flush()`))

test('a click reads by key, however many were asked and however young the statistics are', async () => {
  const turn = makeTurn(ground.deps)
  await told()
  const before = await walked()
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(['assignment', 'delivery', 'identity', 'message', 'person']),
  )
  for (const duty of ground.duties.slice(0, CLICKS)) {
    const reply = await turn(turnOf(duty, ground.versionId))
    expect(reply.card?.title).toContain('Passwords v1.0')
  }
  await told()
  const after = await walked()
  expect(Object.entries(after).filter(([name, rows]) => rows - (before[name] ?? 0) > CLICKS)).toEqual([])
})
