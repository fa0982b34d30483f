import { describe, expect, test } from 'vitest'
import { identity } from '../db/schema/people.ts'
import { introduce } from '../src/core/introduce.ts'
import type { Profile } from '../src/core/workflow.ts'
import { makeWorld, seeded } from './support/world.ts'

/** An account that nobody has seen before, as its platform describes it. */
async function meets(profile: Partial<Profile>) {
  const world = await makeWorld()
  const [user, random] = ['5d3f0c1e-0000-4000-8000-00000000abcd', seeded('linking')]
  const actor = { platform: 'teams', tenant: 'tenant', user, address: { user } }
  const state = await introduce(world.db, actor, { name: 'Omar', standing: 'member', ...profile }, world.now(), random)
  const [row] = (await world.db.select().from(identity)).filter((one) => one.userId === user)
  return { state, row, person: (who: string) => world.person(who).id }
}

describe('an account is linked once, by an address that its platform vouches for', () => {
  test.each([
    ['its mail address', { email: 'omar@example.com' }],
    [
      'the name it signs in with, when its mail address is nobody’s',
      { email: 'alias@example.com', signInName: 'OMAR@example.com' },
    ],
    ['both, when they mean the same person', { email: 'omar@example.com', signInName: 'Omar@Example.com' }],
  ])('%s', async (_what, profile) => {
    const { state, row, person } = await meets(profile)
    expect(state).toBe('linked')
    expect(row).toMatchObject({ personId: person('omar'), state: 'linked', linkMethod: 'verified-email' })
  })

  test('addresses of two people are never guessed between: listed for somebody to link', async () => {
    const { state, row } = await meets({ email: 'omar@example.com', signInName: 'lena@example.com' })
    expect(state).toBe('ambiguous')
    expect(row).toMatchObject({ personId: null, state: 'ambiguous' })
  })

  test('an address of nobody is listed too', async () => {
    const { state, row } = await meets({ email: 'alias@example.com', signInName: 'other@example.com' })
    expect(state).toBe('unmatched')
    expect(row).toMatchObject({ personId: null, email: 'alias@example.com' })
  })
})
