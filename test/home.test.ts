import { expect, test } from 'vitest'
import { assign } from '../src/core/campaigns.ts'
import { textOf } from '../src/core/md.ts'
import { makeWorld } from './support/world.ts'

const world = await makeWorld()

test('an empty inbox says so, and a duty stands in it, in chat and in the record', async () => {
  const before = await world.as('omar').command('/isms')
  expect(before.card?.blocks).toMatchObject([{ kind: 'text' }])
  await world.system((ctx) =>
    assign(ctx, {
      workflow: 'home',
      subjectId: 'nothing',
      title: 'Nothing',
      dueOn: '2026-12-01',
      card: 'home.inbox',
      personId: world.person('omar').id,
    }),
  )
  await world.work()
  expect(world.chat('omar')).toHaveLength(1)
  await world.work()
  expect(world.chat('omar')).toHaveLength(1)
})

test('a button that does not exist, and a click of somebody who is not known, change nothing', async () => {
  expect(textOf((await world.as('omar').do('home.nothing')).say ?? [])).toMatch(/older version/)
  expect(textOf((await world.as('stranger').do('home.inbox')).say ?? [])).toMatch(/don't know you/)
  expect(textOf((await world.as('lev').do('home.inbox')).say ?? [])).toMatch(/not active/)
})
