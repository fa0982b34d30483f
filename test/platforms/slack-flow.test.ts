import { afterEach, describe, expect, test } from 'vitest'
import { md, plain } from '../../src/core/md.ts'
import type { Card, Form, Reply, Turn } from '../../src/core/workflow.ts'
import { type Json, read } from './slack-blocks.ts'
import { makeFakeCore, openScene, type SlackScene } from './slack-scene.ts'

const form: Form = {
  title: 'Report',
  submit: 'Send',
  do: 'incidents.report',
  id: 'rep_1',
  fields: {
    what: { kind: 'lines', label: 'What happened?' },
    who: { kind: 'person', label: 'Who knows more?', optional: true },
  },
}
const request: Card = {
  title: 'Acceptable Use v3',
  blocks: [
    {
      kind: 'buttons',
      buttons: [
        { label: 'Acknowledge', do: 'policies.acknowledge', id: 'asg_1', shown: '3' },
        { label: 'Ask', do: 'policies.ask', id: 'asg_1', asks: true },
      ],
    },
  ],
}
const done: Card = { title: 'Done, 09:41', blocks: [{ kind: 'text', text: plain('Nothing else is waiting for you.') }] }
const to = { team: 'T0COUNTER1', user: 'U0MEI00001' }

let scene: SlackScene
afterEach(() => scene.stop())

async function given(answer: (turn: Turn) => Reply | Promise<Reply>, options: Parameters<typeof openScene>[1] = {}) {
  const fake = makeFakeCore(answer)
  scene = await openScene(fake.core, options)
  return fake
}

/** A reply that comes when the test says so. */
function held() {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const { promise: asked, resolve: tell } = Promise.withResolvers<Turn>()
  return {
    asked,
    answer: (turn: Turn) => {
      tell(turn)
      return promise
    },
    release: resolve,
  }
}

const standing = (user = 'U0MEI00001') => {
  const post = scene.workspace.chat(user).at(-1)
  if (!post) throw new Error('nothing stands there')
  return post
}
const words = (blocks: Json[] | undefined) => read(blocks ?? [])
const lastWhisper = () => scene.workspace.whispers.at(-1)
const called = (method: string) => scene.workspace.calls.filter((call) => call.method === method)
const settled = () => scene.platform.stop?.() ?? Promise.resolve()

describe('a command', () => {
  test('is answered in the acknowledgement, to its reader only', async () => {
    await given(() => ({ card: done, say: md`Hello **Mei**` }))
    const said = await scene.mei.command('/isms help')
    expect(said.body).toMatchObject({ response_type: 'ephemeral', text: 'Done, 09:41' })
    expect(words(lastWhisper()?.blocks)).toBe('Done, 09:41\nHello Mei\nNothing else is waiting for you.')
    expect(called('chat.postMessage')).toHaveLength(0)
  })

  test('opens its form, and one sentence and one click later the report is sent', async () => {
    const { turns } = await given((turn) =>
      turn.entries ? { card: done } : { form: { ...form, values: { what: turn.with?.text } } },
    )
    await scene.mei.command('/incident lost laptop in <taxi> & phone')
    await settled()
    expect(scene.mei.top().callback_id).toBe('form')
    await scene.mei.submit()
    expect(turns.map((turn) => [turn.do, turn.id, turn.entries?.what])).toEqual([
      ['incidents.report', undefined, undefined],
      ['incidents.report', 'rep_1', 'lost laptop in <taxi> & phone'],
    ])
    expect(words(scene.mei.top().blocks)).toBe('Nothing else is waiting for you.')
  })

  test('that nobody offers is answered with where help is', async () => {
    const { turns } = await given(() => ({}))
    await scene.mei.command('/isms <!channel>')
    expect(words(lastWhisper()?.blocks)).toMatch(/I don't know .*channel.*\/isms help/)
    expect(turns).toHaveLength(0)
  })

  test('that takes too long is acknowledged in time and answered when it is done', async () => {
    const slow = held()
    await given(slow.answer)
    const waits = scene.clock.armed(2400)
    const said = scene.mei.command('/isms help')
    await slow.asked
    await waits
    scene.clock.pass(2400)
    expect(JSON.stringify((await said).body)).toContain('Working on it')
    slow.release({ card: done })
    await settled()
    expect(words(lastWhisper()?.blocks)).toContain('Nothing else is waiting for you.')
  })

  test('that opens a form and takes too long shows one moment, then the form in the same place', async () => {
    const slow = held()
    await given(slow.answer)
    const waits = scene.clock.armed(800)
    const opened = scene.workspace.next('views.open')
    const said = scene.mei.command('/incident lost laptop')
    await slow.asked
    await waits
    scene.clock.pass(800)
    await opened
    expect((await said).body).toBeUndefined()
    scene.clock.pass(4000)
    slow.release({ form })
    await settled()
    expect(scene.workspace.modals('U0MEI00001')).toHaveLength(1)
    expect(scene.mei.top().callback_id).toBe('form')
    expect(called('views.open')).toHaveLength(1)
  })

  test('T36 a hundred at once are all answered and none is lost', async () => {
    const { turns } = await given(() => ({ say: plain('Noted.') }))
    const said = await Promise.all(Array.from({ length: 100 }, (_, n) => scene.mei.command(`/isms help ${n}`)))
    expect(said.every((one) => one.status === 200)).toBe(true)
    expect(new Set(turns.map((turn) => turn.with?.text)).size).toBe(100)
  })
})

describe('a click in a message', () => {
  test('edits that message, says privately what is to be said, and tells the core which message it was', async () => {
    const { turns } = await given(() => ({ card: done, say: plain('Receipt A-10293.') }))
    const anchor = await scene.platform.deliver(to, request, undefined, 'k1')
    await scene.mei.click({ post: standing() }, 'Acknowledge')
    await settled()
    expect(turns[0]).toMatchObject({ do: 'policies.acknowledge', id: 'asg_1', shown: '3', anchor })
    expect(scene.workspace.chat('U0MEI00001')).toHaveLength(1)
    expect(words(standing().blocks)).toBe('Done, 09:41\nNothing else is waiting for you.')
    expect(words(lastWhisper()?.blocks)).toBe('Receipt A-10293.')
  })

  test('is edited through the Web API when its response_url does not work', async () => {
    await given(() => ({ card: done }))
    await scene.platform.deliver(to, request, undefined, 'k1')
    await scene.mei.click({ post: standing() }, 'Acknowledge', { response_url: 'https://evil.example/hook' })
    await settled()
    expect(words(standing().blocks)).toContain('Done, 09:41')
    expect(called('response_url')).toHaveLength(0)
    expect(called('chat.update')).toHaveLength(1)
  })

  test('an edit that met a rate limit is made when it is over', async () => {
    await given(() => ({ card: done }))
    await scene.platform.deliver(to, request, undefined, 'k1')
    scene.workspace.fail('chat.update', { status: 429, headers: { 'retry-after': '5' } })
    const waits = scene.clock.armed(5000)
    await scene.mei.click({ post: standing() }, 'Acknowledge', { response_url: '' })
    await waits
    scene.clock.pass(5000)
    await settled()
    expect(words(standing().blocks)).toContain('Done, 09:41')
  })

  test('T11 by somebody else is that person’s act, and only that person reads the refusal', async () => {
    const { turns } = await given((turn) => (turn.by.user === 'U0OMAR0001' ? { say: plain('This is not yours.') } : {}))
    await scene.platform.deliver({ channel: 'C0ROOM0001' }, request, undefined, 'k1')
    const [post] = scene.workspace.messages('C0ROOM0001')
    if (!post) throw new Error('nothing stands in the room')
    await scene.omar.click({ post }, 'Acknowledge')
    await settled()
    expect(turns[0]?.by.user).toBe('U0OMAR0001')
    expect(lastWhisper()).toMatchObject({ user: 'U0OMAR0001', text: 'This is not yours.' })
    expect(post.edits).toBe(0)
  })

  test('in an ephemeral message replaces that one, which has no anchor', async () => {
    const { turns } = await given((turn) => ({ card: turn.do === 'home.inbox' ? request : done }))
    await scene.mei.command('/isms')
    const whisper = lastWhisper()
    if (!whisper) throw new Error('nothing was said')
    await scene.mei.click({ whisper }, 'Acknowledge')
    await settled()
    expect(turns[1]?.anchor).toBeUndefined()
    expect(words(whisper.blocks)).toContain('Done, 09:41')
  })

  test('that asks opens the form, whose submit edits the message it came from', async () => {
    const { turns } = await given((turn) => (turn.entries ? { card: done } : { form: { ...form, do: 'policies.ask' } }))
    const anchor = await scene.platform.deliver(to, request, undefined, 'k1')
    await scene.mei.click({ post: standing() }, 'Ask')
    await settled()
    const said = await scene.mei.submit({ what: 'Does it cover phones?' })
    await settled()
    expect(said.body).toEqual({ response_action: 'clear' })
    expect(turns[1]).toMatchObject({ do: 'policies.ask', anchor, origin: 'button' })
    expect(words(standing().blocks)).toContain('Done, 09:41')
    expect(scene.workspace.modals('U0MEI00001')).toHaveLength(0)
  })

  test('whose submit fails on our side keeps the form open, with what was typed and the number to tell', async () => {
    const fault = { say: plain('Something went wrong on our side: ab12'), failed: true as const }
    await given((turn) => (turn.entries ? fault : { form: { ...form, do: 'policies.ask' } }))
    await scene.platform.deliver(to, request, undefined, 'k1')
    await scene.mei.click({ post: standing() }, 'Ask')
    await settled()
    const said = await scene.mei.submit({ what: 'A long story that nobody wants to type twice.' })
    await settled()
    expect(said.body).toMatchObject({ response_action: 'errors' })
    expect(JSON.stringify(said.body)).toContain('ab12')
    expect(scene.mei.top().callback_id).toBe('form')
  })

  test('that asks and takes too long shows one moment within the trigger’s three seconds', async () => {
    const slow = held()
    await given(slow.answer)
    await scene.platform.deliver(to, request, undefined, 'k1')
    const waits = scene.clock.armed(800)
    const opened = scene.workspace.next('views.open')
    const said = scene.mei.click({ post: standing() }, 'Ask')
    await waits
    scene.clock.pass(800)
    expect(words(((await opened).view as Json).blocks as Json[])).toContain('Working on it')
    expect((await said).status).toBe(200)
    scene.clock.pass(5000)
    slow.release({ form })
    await settled()
    expect(scene.mei.top().callback_id).toBe('form')
  })

  test('whose trigger is spent tells the person to click again, not a broken silence', async () => {
    const slow = held()
    await given(slow.answer)
    await scene.platform.deliver(to, request, undefined, 'k1')
    const waits = scene.clock.armed(2400)
    const said = scene.mei.click({ post: standing() }, 'Acknowledge')
    await waits
    scene.clock.pass(4000)
    await said
    slow.release({ form })
    await settled()
    expect(words(lastWhisper()?.blocks)).toContain('Please try once more')
  })

  test('whose form was opened from an ephemeral message that is out of reach is answered in a direct message', async () => {
    await given((turn) =>
      turn.do === 'home.inbox'
        ? { card: request }
        : turn.entries
          ? { card: done }
          : { form: { ...form, do: 'policies.ask' } },
    )
    await scene.mei.command('/isms')
    const whisper = lastWhisper()
    if (!whisper) throw new Error('nothing was said')
    await scene.mei.click({ whisper }, 'Ask')
    await settled()
    scene.clock.pass(31 * 60_000)
    await scene.mei.submit({ what: 'Late, but here it is.' })
    await settled()
    expect(words(whisper.blocks)).not.toContain('Done, 09:41')
    expect(words(standing().blocks)).toContain('Done, 09:41')
  })

  test('that was slow and has nothing to show does not leave one moment standing', async () => {
    const slow = held()
    await given(slow.answer)
    await scene.platform.deliver(to, request, undefined, 'k1')
    const waits = scene.clock.armed(800)
    const said = scene.mei.click({ post: standing() }, 'Ask')
    await waits
    scene.clock.pass(800)
    await said
    slow.release({})
    await settled()
    expect(words(scene.mei.top().blocks)).toBe('Done')
  })

  test('on a link is acknowledged and nothing else', async () => {
    const { turns } = await given(() => ({}))
    const link: Card = {
      title: 'T',
      blocks: [{ kind: 'buttons', buttons: [{ label: 'Open', href: 'https://desk.kestrel.example/p/1' }] }],
    }
    await scene.platform.deliver(to, link, undefined, 'k1')
    expect((await scene.mei.click({ post: standing() }, 'Open')).status).toBe(200)
    expect(turns).toHaveLength(0)
  })
})

describe('a submitted form', () => {
  const open = async (answer: (turn: Turn) => Reply | Promise<Reply>, fields = form.fields, scopes?: string[]) => {
    const fake = await given(
      (turn) => (turn.entries ? answer(turn) : { form: { ...form, fields } }),
      scopes ? { scopes } : {},
    )
    await scene.mei.command('/incident')
    await settled()
    return fake
  }

  test('with errors stays open, says them at the field, and keeps what was typed', async () => {
    await open((turn) => ({
      form: { ...form, id: 'rep_2', values: turn.entries, errors: { what: 'A little more, please.' } },
    }))
    const before = scene.mei.top()
    const said = await scene.mei.submit({ what: 'x' })
    const [block] = before.blocks
    expect(said.body).toEqual({
      response_action: 'errors',
      errors: { [String(block?.block_id)]: 'A little more, please.' },
    })
    expect(scene.mei.top()).toBe(before)
  })

  test('twice with the same words after an error asks the core twice under one key', async () => {
    const { turns } = await open(() => ({ form: { ...form, errors: { what: 'No.' } } }))
    await scene.mei.submit({ what: 'x' })
    await scene.mei.submit({ what: 'y' })
    const [, first, second] = turns
    expect(first?.key).toBe(second?.key)
    expect(second?.entries?.what).toBe('y')
  })

  test('that leads to another form shows that one in its place', async () => {
    await open(() => ({
      form: { ...form, title: 'One more', do: 'incidents.more', fields: { when: { kind: 'date', label: 'When?' } } },
    }))
    await scene.mei.submit({ what: 'x' })
    expect(words(scene.mei.top().blocks)).toBe('When?: ____')
  })

  test('whose core fails keeps what was typed and says that nothing was recorded', async () => {
    await open(() => Promise.reject(new Error('database is gone')))
    const said = await scene.mei.submit({ what: 'x' })
    expect(JSON.stringify(said.body)).toMatch(/"response_action":"errors".*nothing was recorded/)
  })

  test('that takes too long shows one moment, and errors then with what was typed', async () => {
    const slow = held()
    await open(slow.answer)
    const waits = scene.clock.armed(2400)
    const said = scene.mei.submit({ what: 'x' })
    await waits
    scene.clock.pass(2400)
    expect((await said).body).toMatchObject({ response_action: 'update', view: { callback_id: 'moment' } })
    slow.release({ form: { ...form, values: { what: 'x' }, errors: { what: 'A little more, please.' } } })
    await settled()
    expect(words(scene.mei.top().blocks)).toContain('Please correct: A little more, please.')
    expect(JSON.stringify(scene.mei.top().blocks)).toContain('"initial_value":"x"')
  })

  test('searches people while somebody types', async () => {
    await open(() => ({}))
    expect(await scene.mei.search('who', 'om')).toEqual([{ label: 'Omar Said', value: 'per_02' }])
  })

  const withFiles = {
    what: form.fields.what,
    proof: { kind: 'file', label: 'Proof', optional: true },
  } as Form['fields']
  const file = (url: string, name = 'proof.txt') =>
    JSON.stringify({ id: 'F1', name, mimetype: 'text/plain', url_private: url, url_private_download: url })

  test('T28 with a file of another host sends the token nowhere and keeps the form', async () => {
    const { turns } = await open(() => ({ card: done }), withFiles, ['chat:write', 'files:read'])
    const said = await scene.mei.submit({
      what: 'x',
      proof: [file('https://evil.example/x'), file('http://files.slack.com/x')],
    })
    expect(JSON.stringify(said.body)).toContain('proof.txt could not be fetched')
    expect(turns.filter((turn) => turn.entries)).toHaveLength(0)
  })

  test('with an empty file says so at its field and keeps the form', async () => {
    const { turns, kept } = await open(() => ({ card: done }), withFiles, ['chat:write', 'files:read'])
    const said = await scene.mei.submit({ what: 'x', proof: [file(scene.workspace.keepFile(''), 'empty.txt')] })
    expect(JSON.stringify(said.body)).toContain('empty.txt is empty. Please choose another file.')
    expect([kept, turns.filter((turn) => turn.entries)]).toEqual([[], []])
  })

  test('with a file keeps its bytes and hands its id to the core', async () => {
    const { turns, kept } = await open(() => ({ card: done }), withFiles, ['chat:write', 'files:read'])
    await scene.mei.submit({ what: 'x', proof: [file(scene.workspace.keepFile('Some proof'))] })
    expect(turns.at(-1)?.entries).toMatchObject({ what: 'x', proof: ['fil_1'] })
    expect(Buffer.from(kept[0]?.bytes ?? []).toString()).toBe('Some proof')
    expect(kept[0]?.name).toBe('proof.txt')
  })
})

describe('a shortcut', () => {
  test('on a message carries it into the form', async () => {
    const { turns } = await given((turn) => ({ form: { ...form, values: { what: turn.carried?.text } } }))
    await scene.mei.messageShortcut('incidents.report:message', {
      user: 'U0OMAR0001',
      ts: '1763888300.000300',
      text: 'odd &lt;mail&gt;',
    })
    await settled()
    expect(turns[0]?.carried).toMatchObject({ text: 'odd <mail>', author: 'U0OMAR0001' })
    expect(JSON.stringify(scene.mei.top().blocks)).toContain('odd <mail>')
  })

  test('that is answered with a sentence shows it in a modal', async () => {
    await given(() => ({ say: plain('As a guest you cannot.') }))
    await scene.mei.shortcut('incidents.report:global')
    await settled()
    expect(words(scene.mei.top().blocks)).toBe('As a guest you cannot.')
  })
})

describe('Home', () => {
  const row: Card = {
    title: 'Inbox',
    blocks: [
      {
        kind: 'rows',
        rows: [{ title: plain('Acceptable Use'), buttons: [{ label: 'Read', do: 'policies.read', id: 'asg_1' }] }],
      },
    ],
  }

  test('is the inbox when it is opened, and again after an act, and nobody else’s is touched', async () => {
    const fake = await given((turn) => ({ card: turn.do === 'home.inbox' ? row : done }))
    expect((await scene.mei.openHome()).status).toBe(200)
    await settled()
    expect(words(scene.workspace.home('U0MEI00001')?.blocks)).toBe('Inbox\nAcceptable Use [Read]')
    fake.inbox.card = { title: 'All clear', blocks: [] }
    const view = scene.workspace.home('U0MEI00001')
    if (!view) throw new Error('no home')
    await scene.mei.click({ view }, 'Read')
    await settled()
    expect(words(scene.mei.top().blocks)).toBe('Nothing else is waiting for you.')
    expect(words(scene.workspace.home('U0MEI00001')?.blocks)).toBe('All clear')
    expect(scene.workspace.home('U0OMAR0001')).toBeUndefined()
    await scene.omar.command('/isms help')
    await settled()
    expect(called('views.publish').every((call) => call.args.user_id === 'U0MEI00001')).toBe(true)
  })

  test('is drawn anew when somebody else published meanwhile', async () => {
    await given(() => ({ card: row }))
    await scene.mei.openHome()
    await settled()
    scene.workspace.fail('views.publish', { error: 'hash_conflict' })
    await scene.mei.openHome()
    await settled()
    expect(called('views.publish')).toHaveLength(3)
    expect(called('views.publish').at(-1)?.args.hash).toBeUndefined()
  })

  test('opened twice by the same event is drawn once; a publish that fails does not bring the event again', async () => {
    const { turns } = await given(() => ({ card: row }))
    scene.workspace.fail('views.publish', { status: 503 })
    expect((await scene.mei.openHome({ event_id: 'Ev1' })).status).toBe(200)
    await scene.mei.openHome({ event_id: 'Ev1' })
    await settled()
    expect(turns).toHaveLength(1)
  })

  test('with a card in a modal pages inside it, and a sentence goes on top of a form', async () => {
    const page = (n: number): Card => ({
      title: `Page ${n}`,
      blocks: [{ kind: 'buttons', buttons: [{ label: 'Next', do: 'policies.page', with: { page: `${n + 1}` } }] }],
    })
    await given((turn) => ({ card: turn.do === 'home.inbox' ? row : page(Number(turn.with?.page ?? 1)) }))
    await scene.mei.openHome()
    await settled()
    const view = scene.workspace.home('U0MEI00001')
    if (!view) throw new Error('no home')
    await scene.mei.click({ view }, 'Read')
    await settled()
    await scene.mei.click({ view: scene.mei.top() }, 'Next')
    await settled()
    expect(scene.workspace.modals('U0MEI00001')).toHaveLength(1)
    expect((scene.mei.top().title as Json).text).toBe('Page 2')
  })
})

describe('T14 strangers', () => {
  const neutral = 'This is for the people of this organisation only.'

  test('get neutral words from a command, a click and a form, and reach nobody', async () => {
    const { turns } = await given(() => ({ card: done }))
    await scene.platform.deliver({ channel: 'C0ROOM0001' }, request, undefined, 'k1')
    const [post] = scene.workspace.messages('C0ROOM0001')
    if (!post) throw new Error('nothing stands in the room')
    const stranger = scene.as('U0STRANGE1')
    await stranger.command('/isms')
    expect(words(lastWhisper()?.blocks)).toContain(neutral)
    await stranger.click({ post }, 'Acknowledge')
    await settled()
    expect(words(lastWhisper()?.blocks)).toContain(neutral)
    scene.workspace.show('U0STRANGE1', [scene.workspace.makeView({ type: 'modal', callback_id: 'form', blocks: [] })])
    expect(JSON.stringify((await stranger.submit()).body)).toContain(neutral)
    await stranger.openHome()
    await stranger.shortcut('incidents.report:global')
    await settled()
    expect(turns).toHaveLength(0)
    expect(scene.workspace.home('U0STRANGE1')).toBeUndefined()
  })
})

describe('what Slack tells about people', () => {
  const event = (body: Json, id: string) =>
    scene.mei.send(
      JSON.stringify({ type: 'event_callback', team_id: 'T0COUNTER1', event_id: id, event: body }),
      'application/json',
    )
  const user = {
    id: 'U0NEW00001',
    team_id: 'T0COUNTER1',
    real_name: 'Nora New',
    profile: { real_name: 'Nora New', email: 'nora@kestrel.example' },
  }

  test('reaches whoever keeps the register; what failed is brought again and then worked once', async () => {
    const told: string[] = []
    let fails = true
    await given(() => ({}), {
      changed: async (actor, profile) => {
        if (fails) throw new Error('database is gone')
        told.push(`${actor.user} ${profile.name} ${profile.email} ${profile.standing}`)
      },
    })
    expect((await event({ type: 'team_join', user }, 'Ev1')).status).toBe(500)
    fails = false
    expect((await event({ type: 'team_join', user }, 'Ev1')).status).toBe(200)
    expect((await event({ type: 'team_join', user }, 'Ev1')).status).toBe(200)
    await event({ type: 'user_change', user: { ...user, deleted: true } }, 'Ev2')
    await event({ type: 'user_change', user: { ...user, team_id: 'T0ELSEWHER' } }, 'Ev3')
    expect(told).toEqual(['U0NEW00001 Nora New nora@kestrel.example member', 'U0NEW00001 Nora New undefined deleted'])
  })

  test('and that the app was removed', async () => {
    const told: string[] = []
    await given(() => ({}), { removed: async (team) => void told.push(team) })
    await event({ type: 'app_uninstalled' }, 'Ev1')
    await event({ type: 'tokens_revoked', tokens: { bot: ['U0BOT'] } }, 'Ev2')
    expect(told).toEqual(['T0COUNTER1', 'T0COUNTER1'])
  })
})

test('T30 no line of the log holds what anybody wrote, a token or an address', async () => {
  const lines: string[] = []
  const log = {
    info: (facts: object, event: string) => void lines.push(JSON.stringify([facts, event])),
    warn: (facts: object, event: string) => void lines.push(JSON.stringify([facts, event])),
    error: (facts: object, event: string) => void lines.push(JSON.stringify([facts, event])),
    child: () => log,
  }
  await given(() => Promise.reject(new Error('CANARY of the database')), { log })
  await scene.mei.command('/isms help CANARY')
  scene.workspace.fail('chat.postMessage', { status: 500 }, { error: 'CANARY_error' }, { error: 'invalid_blocks' })
  const card: Card = { title: 'CANARY', blocks: [] }
  for (const key of ['a', 'b', 'c']) await scene.platform.deliver(to, card, undefined, key).catch(() => undefined)
  await scene.mei.interact({
    type: 'block_actions',
    actions: [{ action_id: 'do.0' }],
    user: { id: 'U0MEI00001' },
    text: 'CANARY',
  })
  await settled()
  expect(lines.length).toBeGreaterThan(3)
  expect(lines.filter((line) => !line.includes('CANARY_error')).join('\n')).not.toMatch(/CANARY|xoxb|hooks|@kestrel/)
})
