import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { actingIn, actorOf } from '../../adapters/slack/actor.ts'
import { read } from '../platforms/slack-blocks.ts'
import { sign } from '../platforms/slack-person.ts'
import { imported, launch } from '../support/policies.ts'
import { openCompany, slackId } from './company.ts'
import { stateOf } from './loop.ts'

const company = await openCompany({ seed: 'slack threats' })
afterAll(() => company.close())
const { world, workspace, address } = company
await launch(world, await imported(world))

const READ = 'Read and acknowledge'
const NEUTRAL = /people of this organisation only/
const acknowledged = async (who: string) =>
  (await world.sql`select 1 from acknowledgement where person_id = ${world.person(who).id}`).length
const whispered = (id: string) => {
  const last = workspace.whispers.findLast((one) => one.user === id)
  return last ? read(last.blocks) : ''
}

/** The bytes of a request as they went over the wire, to be sent again. */
async function captured(work: () => Promise<unknown>) {
  const real = globalThis.fetch
  const sent: { body: string; headers: Record<string, string> }[] = []
  globalThis.fetch = (to, init) => {
    if (String(to).startsWith(address))
      sent.push({ body: String(init?.body), headers: { ...(init?.headers as Record<string, string>) } })
    return real(to, init)
  }
  try {
    await work()
  } finally {
    globalThis.fetch = real
  }
  return sent
}

const post = async ({ body, headers }: { body: string; headers: Record<string, string> }) => {
  const answer = await fetch(`${address}/slack/events`, { method: 'POST', headers, body })
  return { status: answer.status, text: await answer.text() }
}
const seconds = () => Math.floor(world.now().getTime() / 1000)

describe('T02 the same signed click again', () => {
  test('from two connections at once and a second later: one decision, 200 each time; from the future 401', async () => {
    await company.as('omar').click({ post: company.message('omar', READ) }, READ)
    await company.settled()
    const [sent] = await captured(() => company.as('omar').submit())
    await company.settled()
    if (!sent) throw new Error('nothing was sent')
    expect(await acknowledged('omar')).toBe(1)
    const entries = (await world.entries()).length
    const both = await Promise.all([post(sent), post(sent)])
    await world.pass('1 second')
    both.push(await post(sent))
    expect(both.map((one) => one.status)).toEqual([200, 200, 200])
    expect(new Set(both.map((one) => one.text)).size).toBe(1)
    expect(await acknowledged('omar')).toBe(1)
    expect(await world.entries()).toHaveLength(entries)
    const type = sent.headers['content-type'] ?? ''
    for (const skew of [301, -301]) {
      const again = { body: sent.body, headers: { 'content-type': type, ...sign(sent.body, seconds() + skew) } }
      expect((await post(again)).status).toBe(401)
    }
    expect(await world.entries()).toHaveLength(entries)
  })

  test('signed anew by Slack (a retry after a time-out) it gets the first answer from the record', async () => {
    await company.as('ines').click({ post: company.message('ines', READ) }, READ)
    await company.settled()
    const [sent] = await captured(() => company.as('ines').submit())
    await company.settled()
    if (!sent) throw new Error('nothing was sent')
    await world.pass('2 seconds')
    const headers = { ...sent.headers, ...sign(sent.body, seconds()), 'x-slack-retry-num': '1' }
    expect((await post({ body: sent.body, headers })).status).toBe(200)
    expect(await acknowledged('ines')).toBe(1)
  })
})

describe('T11 a card meant for one person', () => {
  test('somebody else’s click in the same channel is refused in private, whatever the payload says about names', async () => {
    const card = company.message('kiran', READ)
    const theirs = workspace.messages('C0GENERAL1')
    theirs.push({ ...card, channel: 'C0GENERAL1' })
    const [standing] = theirs.slice(-1)
    if (!standing) throw new Error('nothing stands there')
    const more = {
      user: {
        id: slackId('yuki'),
        team_id: workspace.team,
        name: 'kiran',
        username: 'kiran',
        email: 'kiran@example.com',
      },
      message: { ts: standing.ts, text: 'for Kiran', user: slackId('kiran') },
    }
    await company.as('yuki').click({ post: standing }, READ, more)
    await company.settled()
    expect(whispered(slackId('yuki'))).toContain('This is not yours')
    expect(workspace.modals(slackId('yuki'))).toHaveLength(0)
    expect([await acknowledged('kiran'), await acknowledged('yuki')]).toEqual([0, 0])
    theirs.pop()
  })
})

describe('T14 T13 accounts that are nobody of ours', () => {
  const outside = ['U0STRANGER', 'U0BOTBOT', 'U0GONE']

  test.each(outside)(
    '%s: neutral words for a command, a click, a form, a shortcut and the home tab; nothing is stored',
    async (id) => {
      const before = await stateOf(world)
      const person = company.user(id)
      await person.command('/isms')
      await company.settled()
      expect(whispered(id)).toMatch(NEUTRAL)
      await person.click({ post: company.message('dora', READ) }, READ)
      await person.command('/incident the door')
      await person.shortcut('incidents.report:global')
      await person.openHome()
      await company.settled()
      expect(workspace.modals(id).filter((view) => view.callback_id === 'form')).toEqual([])
      expect(JSON.stringify([workspace.home(id), workspace.modals(id)])).not.toMatch(/Acceptable|Omar|Dora|Cleo/)
      expect(await stateOf(world)).toEqual(before)
    },
  )

  test('an address the workspace does not vouch for proposes nobody, and an ownership flag of the workspace gives no right (T16)', async () => {
    await company.user('U0UNPROVEN').command('/isms')
    const [row] = await world.sql`select state, person_id from identity where user_id = 'U0UNPROVEN'`
    expect(row).toMatchObject({ state: 'unmatched', person_id: null })
    Object.assign(workspace.users.get(slackId('sol')) ?? {}, { is_owner: true, is_primary_owner: true, is_admin: true })
    const before = await stateOf(world)
    for (const line of ['/isms publish', '/isms record', '/isms register']) {
      await company.as('sol').command(line)
      await company.settled()
      expect(whispered(slackId('sol'))).not.toMatch(/Launch|entries of/i)
      expect(workspace.modals(slackId('sol'))).toHaveLength(0)
    }
    expect(whispered(slackId('sol'))).toMatch(/not yours|I don't know/)
    expect(await stateOf(world)).toEqual(before)
  })

  test('a guest of the workspace acknowledges and reports, and sees nothing else', async () => {
    await company.as('gus').click({ post: company.message('gus', READ) }, READ)
    await company.settled()
    await company.as('gus').submit()
    expect(await acknowledged('gus')).toBe(1)
    await company.as('gus').command('/isms reviews')
    expect(whispered(slackId('gus'))).toMatch(/not yours|I don't know/)
    await company.as('gus').command('/incident the badge reader is open')
    await company.settled()
    expect(workspace.modals(slackId('gus')).at(-1)?.callback_id).toBe('form')
  })
})

describe('T09 another workspace', () => {
  const ids = fc.constantFrom(...['mei', 'omar', 'kiran', 'gus', 'nobody'].map(slackId), 'USLACKBOT', 'U0STRANGER')
  const team = fc.constantFrom('T0OTHER0001', 'T0ELSEWHER', 'E0OTHER0001', 'T0', '', 't0counter1', `${workspace.team} `)
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

  test('10,000 payloads with an unlisted workspace in the place that counts name nobody', () => {
    const allowed = new Set([workspace.team])
    const acting = fc.record({
      user: fc.record({ id: ids, team_id: maybe(team) }),
      team: maybe(fc.record({ id: team, enterprise_id: maybe(team) })),
      enterprise: maybe(fc.record({ id: team })),
    })
    fc.assert(
      fc.property(acting, (body) => actorOf(actingIn(body), allowed) === undefined),
      { numRuns: 10_000, seed: 9 },
    )
  })

  test('signed requests of every kind from an unlisted workspace, and ours with a user of another: nothing seen or changed', async () => {
    const before = await stateOf(world)
    const count = (await world.entries()).length
    const button = company.message('mei', READ).blocks
    const action = JSON.stringify(button).match(/"value":"((?:[^"\\]|\\.)*)"/)?.[1] ?? '""'
    const value = JSON.parse(`"${action}"`) as string
    const kinds = fc.constantFrom(
      'block_actions',
      'view_submission',
      'shortcut',
      'message_action',
      'block_suggestion',
      'command',
      'event',
    )
    const request = fc.record({ kind: kinds, user: ids, team, ours: fc.boolean() })
    const words: string[] = []
    await fc.assert(
      fc.asyncProperty(request, async ({ kind, user, team: other, ours }) => {
        const home = { id: ours ? workspace.team : other, domain: 'x' }
        const who = { id: user, team_id: other || 'T0OTHER0001' }
        const body = bodyOf(kind, { home, who, value })
        const answer = await post(body)
        expect([200, 400, 404]).toContain(answer.status)
        words.push(answer.text)
      }),
      { numRuns: 400, seed: 9 },
    )
    await company.settled()
    expect(await stateOf(world)).toEqual(before)
    expect(await world.entries()).toHaveLength(count)
    expect(words.join('\n')).not.toMatch(/Acceptable Use|Omar|Kiran|asg_|per_/)
  })

  function bodyOf(kind: string, it: { home: { id: string }; who: { id: string; team_id: string }; value: string }) {
    const common = { team: it.home, user: it.who, api_app_id: 'A0COUNTER1', trigger_id: '1.2.3', enterprise: null }
    const view = {
      id: 'V1',
      type: 'modal',
      callback_id: 'form',
      private_metadata: it.value,
      state: { values: {} },
      blocks: [],
    }
    const form = (fields: Record<string, string>) => wrap(new URLSearchParams(fields).toString(), FORM)
    const payload = (more: object) => form({ payload: JSON.stringify({ type: kind, ...common, ...more }) })
    switch (kind) {
      case 'command':
        return form({
          team_id: it.who.team_id,
          user_id: it.who.id,
          command: '/isms',
          text: 'inbox',
          trigger_id: '1.2.3',
        })
      case 'event': {
        const event = { type: 'app_home_opened', user: it.who.id, tab: 'home' }
        return wrap(
          JSON.stringify({
            type: 'event_callback',
            event_id: `Ev${it.who.id}${it.who.team_id}`,
            team_id: it.who.team_id,
            event,
          }),
          'application/json',
        )
      }
      case 'block_actions':
        return payload({
          actions: [{ type: 'button', action_id: 'do.0', block_id: 'b', value: it.value }],
          container: { type: 'message', message_ts: '1.1', channel_id: 'C0GENERAL1' },
        })
      case 'block_suggestion':
        return payload({ action_id: 'person', block_id: 'person', value: 'a', container: { type: 'view' }, view })
      default:
        return payload({
          callback_id: kind === 'view_submission' ? 'form' : 'incidents.report:global',
          view,
          message: { ts: '1.1', text: 'x' },
          channel: { id: 'C1' },
        })
    }
  }
  const FORM = 'application/x-www-form-urlencoded'
  const wrap = (body: string, type: string) => ({ body, headers: { 'content-type': type, ...sign(body, seconds()) } })
})

describe('T17 a leaver', () => {
  test('left while the form was open: the submit is refused and nothing is stored', async () => {
    await company.as('cleo').click({ post: company.message('cleo', READ) }, READ)
    await company.settled()
    await world.leave('cleo')
    const said = await company.as('cleo').submit()
    await company.settled()
    expect(JSON.stringify([said.body, workspace.modals(slackId('cleo'))])).toMatch(/not active/)
    expect(await acknowledged('cleo')).toBe(0)
    await world.db.execute('update person set state = $$active$$ where email = $$cleo@example.com$$')
  })

  test('Slack says that an account was switched off: it may do nothing more and is written to no more; the person keeps the duty', async () => {
    const user = { ...workspace.users.get(slackId('lena')), team_id: workspace.team, deleted: true, profile: {} }
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: workspace.team,
      event_id: 'EvGONE',
      event: { type: 'user_change', user },
    })
    const headers = { 'content-type': 'application/json', ...sign(body, seconds()) }
    expect((await post({ body, headers })).status).toBe(200)
    await company.as('lena').click({ post: company.message('lena', READ) }, READ)
    await company.settled()
    expect(workspace.modals(slackId('lena'))).toHaveLength(0)
    expect(await acknowledged('lena')).toBe(0)
    const [row] = await world.sql`select state from identity where user_id = ${slackId('lena')}`
    expect(row?.state).toBe('ended')
    const [entry] = (await world.entries()).filter((one) => one.type === 'identity.ended')
    expect(entry).toBeDefined()
  })

  test('Slack says that a member became a guest: from then on a guest’s rights only (T14)', async () => {
    const user = { ...workspace.users.get(slackId('ravi')), team_id: workspace.team, is_restricted: true }
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: workspace.team,
      event_id: 'EvGUEST',
      event: { type: 'user_change', user },
    })
    expect(
      (await post({ body, headers: { 'content-type': 'application/json', ...sign(body, seconds()) } })).status,
    ).toBe(200)
    await company.as('ravi').command('/isms reviews')
    expect(whispered(slackId('ravi'))).toMatch(/not yours/)
    const { reply } = {
      reply: await world.as('omar').do('incidents.report', { entries: { what: 'canary for responders' } }),
    }
    expect(reply.say).toBeDefined()
    await world.work()
    expect(JSON.stringify(workspace.chat(slackId('ravi')))).not.toContain('canary for responders')
    expect(JSON.stringify(workspace.chat(slackId('ines')))).toContain('canary for responders')
  })
})
