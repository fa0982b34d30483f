import { describe, expect, test } from 'vitest'
import { assign, fillCampaign, openCampaign, planCampaign } from '../../src/core/campaigns.ts'
import type { Nudge, Workflow } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { makeWorld } from '../support/world.ts'

const duty = { workflow: 'broken', subjectId: 'x', title: 'x', dueOn: '2026-12-07', card: 'home.inbox' }

/** A workflow with a bug in its own work and in one person's reminder. */
const broken = (whose: () => string): Workflow => ({
  name: 'broken',
  actions: {},
  cards: {},
  commands: [],
  async tick() {
    throw new Error('a bug')
  },
  async nudge(_ctx, { assignment }: Nudge) {
    if (assignment.personId === whose()) throw new Error('another bug')
  },
})

describe('a bug in one workflow', () => {
  test('keeps nobody else from being asked and reminded, and is tried again later', async () => {
    let omar = ''
    const world = await makeWorld({ workflows: [home, broken(() => omar)] })
    omar = world.person('omar').id
    await world.system((ctx) => assign(ctx, { ...duty, personId: omar }))
    await world.system((ctx) => assign(ctx, { ...duty, personId: world.person('ines').id }))
    await world.work()
    expect(world.chat('omar')).toHaveLength(1)
    expect(world.chat('ines')).toHaveLength(1)
    await world.pass('7 days')
    await world.work()
    const standing = await world.sql<{ person_id: string; step: number; waits: boolean }[]>`
      select person_id, step, next_at > ${world.now()} as waits from assignment`
    expect(standing.find((one) => one.person_id === omar)).toMatchObject({ step: 0, waits: true })
    expect(standing.find((one) => one.person_id !== omar)).toMatchObject({ step: 1, waits: true })
    await world.close()
  })
})

test('first cards that were due while no worker ran come in working hours, not in the night', async () => {
  const world = await makeWorld({ workflows: [home] })
  const launch = { ...duty, workflow: 'home', scope: 'everyone' as const, audience: 'everyone', people: [] }
  const { id } = world.person('omar')
  await world.system(async (ctx) => {
    const campaignId = await planCampaign(ctx, launch)
    await fillCampaign(ctx, campaignId, launch, [{ id, timezone: 'UTC' }])
    await openCampaign(ctx, campaignId)
  })
  await world.pass('13 hours')
  await world.work()
  expect(world.chat('omar')).toHaveLength(0)
  await world.pass('11 hours')
  await world.work()
  expect(world.chat('omar')).toHaveLength(1)
  await world.close()
})
