import { afterAll, describe, expect, test, vi } from 'vitest'
import { access } from '../../src/access/index.ts'
import { controls, importOwners, importRegisters, readOwners } from '../../src/controls/index.ts'
import type { Workflow } from '../../src/core/workflow.ts'
import { incidents } from '../../src/incidents/index.ts'
import { policies } from '../../src/policies/index.ts'
import { register, reviewed } from '../support/access.ts'
import { imported, launch } from '../support/policies.ts'
import type { Bench } from './contract.ts'

type Platform = { name: string; open: (more: readonly Workflow[]) => Promise<Bench> }

/** What the product is for, done by people who see nothing but their chat: the same story on every platform. */
export async function mainJob({ name, open }: Platform): Promise<void> {
  vi.setConfig({ testTimeout: 30_000 })
  const bench = await open([policies, controls, access, incidents])
  const { world } = bench
  afterAll(() => bench.close())
  const typesOf = async (about: string) => (await world.entries(about)).map((one) => one.type)
  const cardOf = async (who: string, title: string) => {
    const { cards, shown } = await bench.sees(who)
    const found = [...cards, ...(shown ? [shown] : [])].findLast((card) => card.title.startsWith(title))
    if (!found) throw new Error(`no card ${title} in front of ${who}: ${cards.map((card) => card.title).join(', ')}`)
    return found
  }

  describe(`the main job in ${name}`, () => {
    test('an employee reads and acknowledges a policy in two clicks, and the card says so from then on', async () => {
      const version = await imported(world, { code: 'screens', title: 'Screens' })
      await launch(world, version)
      await bench.press('omar', 'Read and acknowledge', { title: 'Please read: Screens' })
      const { form } = await bench.sees('omar')
      expect(form?.text).toContain('Lock your screen. Report what looks strange.')
      await bench.submit('omar')
      await world.work()
      const card = await cardOf('omar', 'Acknowledged: Screens v1.0')
      expect(card.buttons).not.toContain('Read and acknowledge')
      const given = (await world.entries(version)).filter((one) => one.type === 'policy.acknowledged')
      expect(given.map((one) => one.actor)).toEqual([world.person('omar').id])
    })

    test('a click on a card of an older version records nothing and shows the new one', async () => {
      await launch(world, await imported(world, { code: 'travel', title: 'Travel' }))
      const version = await imported(world, { code: 'travel', title: 'Travel', version: '"2.0"' })
      const before = (await world.entries()).filter((one) => one.type === 'policy.acknowledged').length
      // The old card still stands in front of Kiran: nothing has edited it yet.
      await bench.press('kiran', 'Read and acknowledge', { title: 'Please read: Travel v1.0' })
      await launch(world, version)
      await bench.submit('kiran')
      await world.work()
      const after = (await world.entries()).filter((one) => one.type === 'policy.acknowledged').length
      expect(after).toBe(before)
      await cardOf('kiran', 'Please read: Travel v2.0')
    })

    test('a control owner is reminded and attests, with deviations', async () => {
      await world.system((ctx) => importRegisters(ctx))
      const owners = 'code,owner,anchored_on\nmalware-coverage,kiran@example.com,2026-11-01\n'
      await world.system((ctx) => importOwners(ctx, readOwners(owners, 'en')))
      await world.pass(new Date('2026-11-26T10:00:00Z'))
      await world.work()
      await bench.press('kiran', 'Attest', { title: 'Attest:' })
      await bench.fill('kiran', {
        'Did it operate in this period?': 'Operates with deviations',
        'What was done, and how do you know?': 'Two servers were off for a day; found in the weekly list and mended.',
      })
      await bench.submit('kiran')
      await world.work()
      const given = (await world.entries()).filter((one) => one.type === 'control.attested')
      expect(given.map((one) => one.actor)).toEqual([world.person('kiran').id])
      expect((await cardOf('kiran', 'Attest: Coverage')).text).toMatch(/with deviations/i)
    })

    test('a system owner decides an access review: keep, remove with a reason', async () => {
      await register(world, { deputyId: world.person('omar').id })
      const id = await reviewed(world, [
        { id: 'A1', who: 'sol', role: 'Viewer' },
        { id: 'A2', who: 'lev', role: 'Viewer' },
      ])
      await world.work()
      await bench.press('lena', 'Remove', { title: 'CRM:' })
      const asked = await bench.sees('lena')
      const [reason] = asked.form?.fields ?? []
      expect(reason?.label).toBe('Why?')
      await bench.fill('lena', { 'Why?': 'Has left in spring.' })
      await bench.submit('lena')
      await world.work()
      const decided = (await world.entries()).filter((one) => one.type === 'access.decided')
      expect(decided.map((one) => [one.actor, one.action, one.ref])).toEqual([
        [world.person('lena').id, 'access.remove', id],
      ])
      expect((await cardOf('lena', 'CRM:')).text).toMatch(/1 of 2/)
    })

    test('anyone reports an incident with one sentence and one click; a responder decides; the reporter is told', async () => {
      await bench.command('sol', '/incident I left my laptop in a taxi <!channel>')
      const { form } = await bench.sees('sol')
      expect(form?.fields[0]).toMatchObject({ value: 'I left my laptop in a taxi <!channel>' })
      await bench.submit('sol')
      const number = /EVT-2026-\d{4}/.exec((await bench.sees('sol')).said ?? '')?.[0] ?? 'no number'
      await world.work()
      await bench.press('ravi', 'No action', { title: `Report ${number}` })
      await bench.fill('ravi', {
        'Why?': 'Found again, locked.',
        'What may we tell the reporter?': 'It is back, thank you.',
      })
      await bench.submit('ravi')
      await world.work()
      const [made] = (await world.entries()).filter((one) => one.type === 'report.made')
      expect(await typesOf(made?.object ?? '')).toContain('report.decided')
      const { cards } = await bench.sees('sol')
      expect(cards.some((card) => card.text.includes('It is back, thank you.'))).toBe(true)
      expect(await bench.alive('sol')).toEqual([])
    })
  })
}
