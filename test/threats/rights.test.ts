import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/core/errors.ts'
import { isId, KINDS, type Kind } from '../../src/core/id.ts'
import { textOf } from '../../src/core/md.ts'
import type { Action, Reply } from '../../src/core/workflow.ts'
import { makeWorld } from '../support/world.ts'
import { EVERYBODY, setUpLoop, stateOf } from './loop.ts'

const world = await makeWorld()
const it = await setUpLoop(world)

const ALL = EVERYBODY
const MEMBERS = EVERYBODY.filter((who) => who !== 'gus')
const LEADS = ['mei']
const READERS = ['mei', 'aude']
const TRIAGERS = ['mei', 'ravi', 'ines']
const OWNER = ['lena']

/**
 * Who may do what, to which thing of the loop, written down apart from the code: an action that is missing here fails.
 * Nobody else may, and nobody may with another id.
 */
const RIGHTS: Record<string, [who: readonly string[], id?: string]> = {
  'policies.acknowledge': [['omar'], it.request],
  'policies.later': [['omar'], it.request],
  'policies.ask': [ALL, it.version],
  'policies.answer': [['dora', 'mei'], it.question],
  'policies.publish': [LEADS],
  'policies.me': [LEADS, it.version],
  'policies.pilot': [LEADS, it.version],
  'policies.everyone': [LEADS, it.version],
  'policies.stop': [LEADS, it.campaign],
  'policies.announce': [LEADS],
  'policies.nudge': [['mei', 'lena'], it.request],
  'policies.import': [LEADS],
  'policies.mine': [ALL],
  'policies.register': [READERS],
  'policies.roster': [READERS, it.version],
  'policies.read': [ALL, it.version],
  'controls.attest': [['kiran'], it.occurrence],
  'controls.assign': [LEADS, it.duty],
  'controls.handover': [LEADS, world.person('kiran').id],
  'controls.mine': [MEMBERS],
  'controls.register': [READERS],
  'controls.show': [['kiran', 'lena', 'mei', 'aude'], it.duty],
  'controls.control': [READERS, '2022/A.5.18'],
  'access.reviews': [MEMBERS],
  'access.show': [OWNER, it.share],
  'access.item': [['lena', 'mei', 'aude'], it.item],
  'access.report': [['lena', 'mei', 'aude'], it.review],
  'access.removals': [['lena', 'mei', 'aude'], it.review],
  'access.sign': [OWNER, it.review],
  'access.hand-over': [['lena', 'mei'], it.share],
  'access.keep': [OWNER, it.plainItem],
  'access.justify': [OWNER, it.item],
  'access.remove': [OWNER, it.item],
  'access.more': [OWNER, it.item],
  'access.undo': [[], it.item],
  'access.keep-rest': [OWNER, it.share],
  'access.undo-batch': [OWNER, it.batch],
  'access.import': [['lena', 'mei']],
  'access.receipt': [['lena', 'mei', 'aude'], it.snapshot],
  'access.start': [['lena', 'mei'], it.snapshot],
  'incidents.report': [ALL, 'rep_00000000000000000000000000'],
  'incidents.detail': [['omar'], it.report],
  'incidents.withdraw': [['omar'], it.report],
  'incidents.take': [TRIAGERS, it.report],
  'incidents.incident': [TRIAGERS, it.report],
  'incidents.weakness': [TRIAGERS, it.report],
  'incidents.false-alarm': [TRIAGERS, it.report],
  'incidents.no-action': [TRIAGERS, it.report],
  'incidents.duplicate': [TRIAGERS, it.report],
  'incidents.reopen': [TRIAGERS, it.report],
  'incidents.show': [['omar', 'mei', 'ravi', 'ines', 'dora', 'aude'], it.report],
  'incidents.mine': [ALL],
  'home.inbox': [ALL],
  'home.help': [ALL],
  'home.status': [ALL],
  'home.verify': [ALL],
  'home.record': [READERS],
  'home.show': [ALL],
  'home.door': [ALL],
  'home.link': [LEADS, it.account],
}

const actions: [string, Action][] = world.house.workflows.flatMap((workflow) =>
  Object.entries(workflow.actions).map(([verb, one]): [string, Action] => [`${workflow.name}.${verb}`, one]),
)
const actionOf = (name: string) => new Map(actions).get(name) as Action
const CHANGING = { reason: 'x'.repeat(30), what: 'x', why: 'x'.repeat(30), count: '12', statement: 'yes' }
const NOT_YOURS = 'This is not yours, or it is no longer there. Type /isms to see what waits for you.'
const NOT_ACTIVE = /not active/
const said = (reply: Reply) => textOf(reply.say ?? [])

/** What the rules themselves answer for this person, with nothing changed. */
const allowed = (who: string) =>
  world.by(who, async (ctx) => {
    const found: string[] = []
    for (const [name, [, id]] of Object.entries(RIGHTS)) {
      const one = actionOf(name)
      const subject = one.load ? await one.load(ctx, id ?? '') : undefined
      if (one.load && subject === undefined) continue
      if (await one.may(ctx, subject)) found.push(name)
    }
    return found
  })

/** Both halves of an action: the click, and its form sent without ever being opened. */
const tries = (who: string, name: string, id: string | undefined): Promise<Reply>[] =>
  [undefined, CHANGING].map((entries) => world.as(who).do(name, { id, entries, shown: '0' }))

test('every action has a rule, and every rule here an action', () => {
  expect(Object.keys(RIGHTS).sort()).toEqual(actions.map(([name]) => name).sort())
  for (const [name, one] of actions) expect(typeof one.may, name).toBe('function')
  for (const { cards, name } of world.house.workflows)
    for (const [what, source] of Object.entries(cards)) expect(typeof source.sees, `${name}.${what}`).toBe('function')
})

test('T11 who may is who should: every action, every person, read from the rule itself', async () => {
  const found: Record<string, string[]> = Object.fromEntries(Object.keys(RIGHTS).map((name) => [name, []]))
  for (const who of ALL) for (const name of await allowed(who)) found[name]?.push(who)
  const sorted = (rights: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(rights).map(([name, who]) => [name, [...who].sort()]))
  const wanted = Object.fromEntries(Object.entries(RIGHTS).map(([name, [who]]) => [name, who]))
  expect(sorted(found)).toEqual(sorted(wanted))
})

describe('T10 T11 nobody else’s button', () => {
  test('everybody who may not, with every action: the same words, nothing changed, each try in the record', async () => {
    const before = await stateOf(world)
    const earlier = (await world.entries()).length
    let denied = 0
    for (const [name, [mayThey, id]] of Object.entries(RIGHTS)) {
      const others = ALL.filter((one) => !mayThey.includes(one))
      const replies = await Promise.all(others.flatMap((who) => tries(who, name, id).map((reply) => reply)))
      for (const reply of replies) {
        expect([name, said(reply)]).toEqual([name, NOT_YOURS])
        expect(reply.card ?? reply.form, name).toBeUndefined()
        denied++
      }
    }
    expect(await stateOf(world)).toEqual(before)
    const record = (await world.entries()).slice(earlier).filter((one) => one.type === 'turn.denied')
    expect(record).toHaveLength(denied)
    expect(denied).toBeGreaterThan(500)
    const known = new Set([...Object.values(RIGHTS).map(([, id]) => id), ...Object.keys(RIGHTS)])
    expect(record.filter((one) => !known.has(one.object))).toEqual([])
  })

  test('T17 T14 somebody who left, an account nobody knows and a stranger: no action at all', async () => {
    const before = await stateOf(world)
    world.platform.profiles.set('stranger', { name: 'A Stranger', standing: 'outsider' })
    for (const [name, [, id]] of Object.entries(RIGHTS)) {
      for (const reply of tries('lev', name, id)) expect(said(await reply), name).toMatch(NOT_ACTIVE)
      for (const user of ['stranger', 'nobody-knows']) {
        const by = { platform: 'memory', tenant: 'test', user, address: { user } }
        const reply = await world.core.turn({ key: `${user}-${name}`, by, do: name, id, entries: CHANGING })
        expect(reply.card ?? reply.form, name).toBeUndefined()
        expect(said(reply), name).toMatch(/people of this organisation|I don't know you/)
      }
    }
    expect(await stateOf(world)).toEqual(before)
  })
})

describe('T10 another id in the button', () => {
  const kinds = Object.keys(KINDS) as Kind[]
  const wellFormed = (kind: Kind) => `${kind}_${'z'.repeat(26)}`

  test('of the right kind but of nothing, of every wrong kind, and of no kind: the same words, nothing changed', async () => {
    const before = await stateOf(world)
    for (const [name, one] of actions) {
      if (!one.load || name === 'incidents.report') continue
      const who = RIGHTS[name]?.[0][0] ?? 'mei'
      const others = Object.values(it).filter((id) => one.about !== undefined && id.slice(0, 3) !== one.about)
      const from = actions.findIndex(([other]) => other === name)
      const ids = [
        ...(one.about === undefined || one.about === 'new' ? [] : [wellFormed(one.about)]),
        ...[0, 1, 2, 3].map((n) => wellFormed(kinds[(from * 4 + n) % kinds.length] ?? 'per')),
        ...[0, 1, 2].flatMap((n) => others[(from + n * 3) % (others.length || 1)] ?? []),
        '',
        undefined,
        '__proto__',
        `${one.about}_`,
        "x'; drop table person; --",
        'x'.repeat(500),
      ]
      const replies = await Promise.all(
        ids.map((id, n) => world.as(who).do(name, { id, ...(n % 2 ? { entries: CHANGING } : {}) })),
      )
      for (const [n, reply] of replies.entries()) expect([name, ids[n], said(reply)]).toEqual([name, ids[n], NOT_YOURS])
    }
    expect(await stateOf(world)).toEqual(before)
  })

  test('an id that is to be made: somebody else’s report is neither shown nor changed, no other kind is taken', async () => {
    const before = await stateOf(world)
    for (const who of ['kiran', 'gus', 'ravi', 'aude']) {
      const reply = await world.as(who).do('incidents.report', { id: it.report, entries: { what: 'mine now' } })
      expect(JSON.stringify(reply)).not.toMatch(/parcel|EVT-/)
    }
    for (const kind of kinds.filter((one) => one !== 'rep')) {
      const reply = await world.as('kiran').do('incidents.report', { id: wellFormed(kind), entries: { what: 'x' } })
      expect(said(reply)).toBe(NOT_YOURS)
    }
    expect(await stateOf(world)).toEqual(before)
  })

  test('cards: every one is hidden from whoever may not see it, and missing and forbidden look alike (T20)', async () => {
    for (const { name, cards } of world.house.workflows)
      for (const [what, source] of Object.entries(cards)) {
        const things = Object.values(it).filter((id) => source.about === undefined || isId(source.about, id))
        if (source.about === undefined) continue
        for (const who of ['lena', 'kiran', 'aude', 'gus', 'lev']) {
          const missing = await world.as(who).card(`${name}.${what}`, wellFormed(source.about))
          for (const id of things) {
            const seen = await world.as(who).card(`${name}.${what}`, id)
            if (seen.blocks.length === 0) expect(seen, `${name}.${what} ${who}`).toEqual(missing)
          }
        }
      }
  })
})

test('T51 a manager sees by name only own people, and only those who are late; others of that rank see nothing', async () => {
  const seen = async (who: string) => JSON.stringify(await world.as(who).card('policies.team', it.campaign))
  const names = (text: string) => EVERYBODY.filter((who) => text.includes(world.person(who).name))
  expect(names(await seen('lena'))).toEqual([])
  await world.pass('3 weeks')
  const late = await world.sql<{ email: string }[]>`
    select p.email from assignment a join person p on p.id = a.person_id where a.campaign_id = ${it.campaign} and a.state = 'open'`
  expect(late.length).toBeGreaterThan(8)
  expect(names(await seen('lena')).sort()).toEqual(['kiran', 'omar', 'sol', 'yuki'])
  expect(names(await seen('cleo')).sort()).toEqual(['aude', 'dora', 'lena', 'mei'])
  for (const who of ['ravi', 'omar', 'aude', 'gus', 'dora']) expect(names(await seen(who))).toEqual([])
})

describe('T38 names that smuggle', () => {
  test('parameters and fields called __proto__, constructor, role, state, org_id change nothing of anybody', async () => {
    const names = [
      '__proto__',
      'constructor',
      'prototype',
      'role',
      'roles',
      'state',
      'org_id',
      'personId',
      'decided_by',
      'version',
    ]
    const entries: Record<string, string> = Object.create(null)
    for (const name of names) entries[name] = 'isms-manager'
    const before = await stateOf(world)
    for (const [name, [who, id]] of Object.entries(RIGHTS)) {
      const changing = actionOf(name)
      if (!changing.asks) continue
      for (const one of [who[0] ?? 'mei', 'gus']) {
        const turn = { id, entries, with: { ...entries }, shown: '__proto__' }
        await world
          .as(one)
          .do(name, turn)
          .catch((error: unknown) => expect(error).toBeInstanceOf(Refusal))
      }
    }
    const after = await stateOf(world)
    for (const table of ['person', 'person_role', 'identity', 'session', 'setting'])
      expect(after[table]).toBe(before[table])
    expect(({} as Record<string, unknown>).role).toBeUndefined()
    for (const name of [
      '__proto__.x',
      'constructor.name',
      'home.__proto__',
      'home.constructor',
      'toString.call',
      'home.',
      '.',
    ]) {
      expect(said(await world.as('mei').do(name))).toMatch(/older version|no longer|not current/i)
      expect((await world.as('mei').card(name)).blocks).toEqual([])
    }
  })
})
