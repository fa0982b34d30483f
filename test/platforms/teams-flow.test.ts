import { afterEach, describe, expect, test } from 'vitest'
import { md, plain } from '../../src/core/md.ts'
import type { Actor, Card, Form, Profile, Reply, Turn } from '../../src/core/workflow.ts'
import { makeFakeCore } from './slack-scene.ts'
import { inputsIn, isForm, type Json, readCard } from './teams-cards.ts'
import { FEDERATED, GUS, MEI, OMAR, openTeamsScene, type TeamsScene } from './teams-scene.ts'
import type { Posted, TeamsUser } from './teams-stand-in.ts'
import { TENANT, userOf } from './teams-users.ts'

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
const asking: Form = { ...form, title: 'Ask', do: 'policies.ask', id: 'asg_1' }
const DONE = 'Done, 09:41\nNothing else is waiting for you.'
const WORKING = 'Working on it. The answer appears here in a moment.'
const CARD = 'application/vnd.microsoft.card.adaptive'
const MESSAGE = 'application/vnd.microsoft.activity.message'
const GENERAL = '19:general@thread.tacv2'
const to = { tenant: TENANT, user: MEI.id, mri: MEI.mri, serviceUrl: 'https://smba.trafficmanager.net/emea/' }

let scene: TeamsScene
afterEach(() => scene.stop())

async function given(
  answer: (turn: Turn) => Reply | Promise<Reply>,
  options: Parameters<typeof openTeamsScene>[1] = {},
  more: Parameters<typeof makeFakeCore>[1] = {},
) {
  const fake = makeFakeCore(answer, more)
  scene = await openTeamsScene(fake.core, options)
  return fake
}

/** A reply that comes when the test says so. */
function held() {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const asked = Promise.withResolvers<void>()
  const answer = () => {
    asked.resolve()
    return promise
  }
  return { answer, release: resolve, asked: asked.promise }
}

const chat = (user: TeamsUser = MEI): Posted[] => scene.standIn.chat(user.id)
const standing = (user = MEI): Posted => {
  const post = chat(user).at(-1)
  if (!post) throw new Error('nothing stands there')
  return post
}
/** What is drawn for its reader now, and what stands there for good. */
const shown = (post: Posted) => readCard(scene.mei.cardOf(post) ?? {})
const stored = ({ activity }: Posted) => readCard((activity.attachments as { content: Json }[])[0]?.content ?? {})
const called = (method: string) => scene.standIn.calls.filter((call) => call.method === method)
const dialog = () => {
  const open = scene.mei.dialog()
  if (!open) throw new Error('no dialog is open')
  return open
}
const typedIn = (card: Json | undefined, id: string) => inputsIn(card ?? {}).find((one) => one.id === id)?.value
const invoke = (name: string, value: Json, more: Json = {}) =>
  scene.mei.send({ ...scene.mei.common(), type: 'invoke', name, value, ...more })

/** The request stands in Mei's chat. */
async function asked(card = request) {
  const anchor = await scene.platform.deliver(to, card, undefined, 'k1')
  return { anchor, post: standing() }
}

/** The turn has taken ten seconds. */
async function late<T>(work: Promise<T>, waits = scene.clock.armed(10_000)): Promise<T> {
  await waits
  scene.clock.pass(10_000)
  return work
}

describe('a command', () => {
  test('is answered in our own chat with whoever typed it', async () => {
    const { turns } = await given(() => ({ card: done, say: md`Hello **Mei**` }))
    expect(await scene.mei.say('help')).toEqual({ status: 200, text: '' })
    await scene.settled()
    expect(chat().map(stored)).toEqual([DONE, 'Hello Mei'])
    expect(turns[0]).toMatchObject({ do: 'home.help', origin: 'command', by: { user: MEI.id, tenant: TENANT } })
    expect(called('POST').filter((call) => call.path.endsWith('/conversations'))).toHaveLength(0)
  })

  test.each([
    ['inbox', 'home.inbox', undefined],
    ['', 'home.inbox', undefined],
    ['HELP', 'home.help', undefined],
    ['/isms help', 'home.help', undefined],
    ['incident Lost my <b>laptop</b> & phone', 'incidents.report', 'Lost my <b>laptop</b> & phone'],
    ['/incident two\nlines', 'incidents.report', 'two\nlines'],
    ['incident **bold** [x](https://evil.example)', 'incidents.report', '**bold** [x](https://evil.example)'],
  ])('“%s” means %s, with the words as they were typed', async (line, action, text) => {
    const { turns } = await given(() => ({ say: plain('Yes.') }))
    await scene.mei.say(line)
    await scene.settled()
    expect([turns[0]?.do, turns[0]?.with?.text]).toEqual([action, text])
  })

  test.each([
    ['the bot’s name before it', 'incident the door', 'the door'],
    ['the bot’s name in it again', 'incident <at>Countersign</at> is down', '  is down'.trim()],
    ['somebody else’s name in it', 'incident <at>Omar</at> lost it', '<at>Omar</at> lost it'],
  ])('in a channel, with %s', async (_what, line, text) => {
    const { turns } = await given(() => ({ say: plain('Yes.') }))
    await scene.mei.say(line, { channel: GENERAL })
    await scene.settled()
    expect([turns[0]?.do, turns[0]?.with?.text]).toEqual(['incidents.report', text])
  })

  test('T18 typed in a channel is answered privately; its thread is told that there is an answer, and no word of it', async () => {
    await given((turn) => (turn.with ? { form } : { card: done, say: plain('canary') }))
    await scene.mei.say('help', { channel: GENERAL })
    await scene.mei.say('incident the door', { channel: GENERAL })
    await scene.mei.say('nonsense', { channel: GENERAL })
    await scene.settled()
    expect(chat()).toHaveLength(4)
    const personal = `/emea/v3/conversations/${encodeURIComponent(scene.standIn.personal(MEI.id))}/activities`
    const posts = called('POST').filter((call) => call.path.includes('/activities') && call.path !== personal)
    // One in each thread, below what was typed; none beside it in the channel.
    const threads = posts.map((call) => decodeURIComponent(call.path.split('/').at(-2) ?? ''))
    expect(threads.map((one) => one.replace(/\d+$/, '…'))).toEqual(Array(3).fill(`${GENERAL};messageid=…`))
    expect(new Set(threads).size).toBe(3)
    for (const thread of threads)
      expect(scene.standIn.messages(thread).map(stored)).toEqual(['I answered in our private chat.'])
    expect(scene.standIn.messages(GENERAL)).toEqual([])
  })

  test('in a channel by somebody we cannot write to: the thread says how, and nothing of the answer', async () => {
    await given(() => ({ card: done }))
    scene.standIn.block(MEI.id)
    expect((await scene.mei.say('help', { channel: GENERAL })).status).toBe(200)
    await scene.settled()
    const [post, ...others] = called('POST').filter((call) => call.path.includes('/activities'))
    expect(others).toEqual([])
    const thread = decodeURIComponent(post?.path.split('/').at(-2) ?? '')
    expect(thread).toContain(`${GENERAL};messageid=`)
    expect(scene.standIn.messages(thread).map(stored)).toEqual([
      'I have an answer and cannot write to you: open Countersign under Apps, add it for yourself, and ask again there.',
    ])
  })

  test('nobody knows is told what can be done, without touching the core', async () => {
    const { turns } = await given(() => ({}))
    await scene.mei.say('<at>everyone</at> [x](https://evil.example)')
    await scene.settled()
    expect(stored(standing())).toBe("I don't know “<at>everyone</at>”. Type help to see what I can do.")
    expect(turns).toHaveLength(0)
  })

  test('whose core fails is told so', async () => {
    await given(() => Promise.reject(new Error('database is gone')))
    await scene.mei.say('help')
    await scene.settled()
    expect(stored(standing())).toMatch(/nothing was recorded/)
  })

  test('T36 a hundred at once are all answered and none is lost', async () => {
    const { turns } = await given(() => ({ say: plain('Noted.') }))
    const said = await Promise.all(Array.from({ length: 100 }, (_, n) => scene.mei.say(`incident ${n}`)))
    await scene.settled()
    expect(said.every((one) => one.status === 200)).toBe(true)
    expect(new Set(turns.map((turn) => turn.with?.text)).size).toBe(100)
    expect(chat()).toHaveLength(100)
  })
})

describe('a command that asks', () => {
  const open = async (answer: (turn: Turn) => Reply | Promise<Reply>) => {
    const fake = await given((turn) =>
      turn.entries ? answer(turn) : { form: { ...form, values: { what: turn.with?.text } } },
    )
    await scene.mei.say('incident lost laptop')
    await scene.settled()
    return { ...fake, post: standing() }
  }

  test('draws its form in the card; success puts the answer in its place, here and for good', async () => {
    const { turns, post } = await open(() => ({ card: done }))
    expect(isForm(scene.mei.cardOf(post) ?? {})).toBe(true)
    expect(typedIn(scene.mei.cardOf(post), 'f.what')).toBe('lost laptop')
    const answer = await scene.mei.submitInCard(post, 'Send', { 'f.what': 'lost laptop in a taxi' })
    await scene.settled()
    expect(answer.body).toMatchObject({ statusCode: 200, type: CARD })
    expect(turns[1]).toMatchObject({
      do: 'incidents.report',
      id: 'rep_1',
      entries: { what: 'lost laptop in a taxi' },
      anchor: { conversation: post.conversation, id: post.id },
    })
    expect([shown(post), stored(post)]).toEqual([DONE, DONE])
    expect(chat()).toHaveLength(1)
  })

  test('with errors says them at the field and keeps what was typed', async () => {
    const { post } = await open((turn) => ({
      form: { ...form, values: turn.entries, errors: { what: 'A little more, please.' } },
    }))
    await scene.mei.submitInCard(post, 'Send', { 'f.what': 'x' })
    await scene.settled()
    expect(shown(post)).toContain('Please correct: A little more, please.')
    expect(typedIn(scene.mei.cardOf(post), 'f.what')).toBe('x')
    await scene.mei.submitInCard(post, 'Send', { 'f.what': 'x and more' })
    expect(typedIn(scene.mei.cardOf(post), 'f.what')).toBe('x and more')
    expect(post.edits).toBe(0)
  })

  test('answered with a sentence shows that in the form’s place, so that it is not sent twice', async () => {
    const { post } = await open(() => ({ say: plain('Thank you, R-7.') }))
    await scene.mei.submitInCard(post, 'Send', { 'f.what': 'x' })
    await scene.settled()
    expect([shown(post), stored(post)]).toEqual(['Thank you, R-7.', 'Thank you, R-7.'])
  })

  test('whose core fails keeps the form with what was typed and says that nothing was recorded', async () => {
    const { post } = await open(() => Promise.reject(new Error('database is gone')))
    await scene.mei.submitInCard(post, 'Send', { 'f.what': 'x' })
    await scene.settled()
    expect(scene.mei.said().join()).toMatch(/nothing was recorded/)
    expect(isForm(scene.mei.cardOf(post) ?? {})).toBe(true)
    expect(post.edits).toBe(0)
  })

  test('that leads to another form shows that one in its place', async () => {
    const { post } = await open(() => ({
      form: { ...form, title: 'One more', do: 'incidents.more', fields: { when: { kind: 'date', label: 'When?' } } },
    }))
    await scene.mei.submitInCard(post, 'Send', { 'f.what': 'x' })
    expect(shown(post)).toContain('One more')
    expect(inputsIn(scene.mei.cardOf(post) ?? {}).map((one) => one.label)).toEqual(['When?'])
  })
})

describe('a click in a message', () => {
  test('edits that message and tells the core which one it was', async () => {
    const { turns } = await given(() => ({ card: done }))
    const { anchor, post } = await asked()
    const answer = await scene.mei.click(post, 'Acknowledge')
    await scene.settled()
    expect(turns[0]).toMatchObject({ do: 'policies.acknowledge', id: 'asg_1', shown: '3', anchor, origin: 'button' })
    expect(answer.body).toMatchObject({ statusCode: 200, type: CARD })
    expect([shown(post), stored(post)]).toEqual([DONE, DONE])
    expect(chat()).toHaveLength(1)
  })

  test('answered with a card and a sentence shows the card in its place and says the sentence', async () => {
    await given(() => ({ card: done, say: md`Receipt **A-10293**.` }))
    const { post } = await asked()
    const answer = await scene.mei.click(post, 'Acknowledge')
    await scene.settled()
    expect(answer.body).toEqual({ statusCode: 200, type: MESSAGE, value: 'Receipt A-10293.' })
    expect([stored(post), post.edits, chat().length]).toEqual([DONE, 1, 1])
  })

  test('answered with nothing says that it is done', async () => {
    await given(() => ({}))
    const { post } = await asked()
    await scene.mei.click(post, 'Acknowledge')
    expect(scene.mei.said()).toEqual(['Done.'])
    expect(post.edits).toBe(0)
  })

  test('an edit that met a rate limit is made when it is over; one that is too far off is left to the next card', async () => {
    await given(() => ({ card: done }))
    const { post } = await asked()
    scene.standIn.fail('edit', { status: 429, headers: { 'retry-after': '20' } })
    const waits = scene.clock.armed(20_000)
    await scene.mei.click(post, 'Acknowledge')
    await waits
    scene.clock.pass(20_000)
    await scene.settled()
    expect(stored(post)).toBe(DONE)
    scene.standIn.fail('edit', { status: 429, headers: { 'retry-after': '60' } })
    const again = await asked()
    await scene.mei.click(again.post, 'Acknowledge')
    await scene.settled()
    expect(shown(again.post)).toBe(DONE)
    expect(again.post.edits).toBe(0)
  })

  test('an edit that the service failed at is tried again: old buttons must not stand on an answered card', async () => {
    await given(() => ({ card: done }))
    const { post } = await asked()
    scene.standIn.fail('edit', { status: 503 }, { status: 502 })
    const first = scene.clock.armed(1000)
    await scene.mei.click(post, 'Acknowledge')
    await first
    const second = scene.clock.armed(5000)
    scene.clock.pass(1000)
    await second
    expect(post.edits).toBe(0)
    scene.clock.pass(5000)
    await scene.settled()
    expect(stored(post)).toBe(DONE)
  })

  test('an older edit does not come through after a newer one', async () => {
    const { turns } = await given(() => ({ card: turns.length > 1 ? done : request }))
    const { post } = await asked()
    scene.standIn.fail('edit', { status: 503 })
    const waits = scene.clock.armed(1000)
    await scene.mei.click(post, 'Acknowledge')
    await waits
    await scene.mei.click(post, 'Acknowledge')
    scene.clock.pass(1000)
    await scene.settled()
    expect([post.edits, stored(post)]).toEqual([1, DONE])
  })

  test('an edit that is tried again does not come over a newer card that was delivered meanwhile', async () => {
    await given(() => ({ card: done }))
    const { post } = await asked()
    const at = { serviceUrl: scene.standIn.serviceUrl, conversation: scene.standIn.personal(MEI.id), id: post.id }
    scene.standIn.fail('edit', { status: 503 })
    const waits = scene.clock.armed(1000)
    await scene.mei.click(post, 'Acknowledge')
    await waits
    await scene.platform.deliver(to, { title: 'Newer', blocks: [] }, at, 'k9')
    scene.clock.pass(1000)
    await scene.settled()
    expect([post.edits, stored(post)]).toEqual([1, 'Newer'])
  })

  test('an edit of a message that is gone is not tried again', async () => {
    await given(() => ({ card: done }))
    const { post } = await asked()
    scene.standIn.fail('edit', { status: 404, code: 'ActivityNotFound' })
    await scene.mei.click(post, 'Acknowledge')
    await scene.settled()
    expect(called('PUT')).toHaveLength(1)
  })

  test('T11 by somebody else is that person’s act, and touches nobody’s message', async () => {
    const { turns } = await given((turn) => (turn.by.user === OMAR.id ? { say: plain('This is not yours.') } : {}))
    const { post } = await asked()
    await scene.omar.click(post, 'Acknowledge')
    await scene.settled()
    expect(turns[0]?.by.user).toBe(OMAR.id)
    expect(turns[0]?.anchor).toMatchObject({ conversation: scene.standIn.personal(OMAR.id) })
    expect(scene.omar.said()).toEqual(['This is not yours.'])
    expect(post.edits).toBe(0)
  })

  test.each([
    ['of an older version', { cs: { do: 'policies.gone', id: 'asg_1' } }, 'policies.gone'],
    ['of another layout', { action: 'policies.acknowledge', id: 'asg_1' }, ''],
    ['without data', null, ''],
    ['with data of the wrong kinds', { cs: { do: 7, id: ['asg_1'] } }, ''],
    ['with more than travels with ours', { cs: { do: 'x', id: 'y'.repeat(5000) } }, ''],
  ])('T10 %s is answered by the core, and nothing is thrown', async (_what, data, action) => {
    const { turns } = await given(() => ({ say: plain('This button belongs to an older version.') }))
    for (const answer of [
      await invoke('adaptiveCard/action', { action: { type: 'Action.Execute', data } }),
      await invoke('task/fetch', { data }),
      await invoke('task/submit', { data }),
    ]) {
      expect(answer.status).toBe(200)
      expect(answer.text).toContain('This button belongs to an older version.')
    }
    expect(turns.map((turn) => turn.do)).toEqual([action, action, action])
    expect(turns.every((turn) => turn.entries === undefined)).toBe(true)
  })
})

describe('a dialog', () => {
  const open = async (answer: (turn: Turn) => Reply | Promise<Reply>) => {
    const fake = await given((turn) => (turn.entries ? answer(turn) : { form: asking }))
    const there = await asked()
    await scene.mei.fetchTask(there.post, 'Ask')
    return { ...fake, ...there }
  }

  test('opens from a button, and its submit closes it with a sentence and edits the message it came from', async () => {
    const { turns, anchor, post } = await open(() => ({ card: done, say: plain('Sent to Dora.') }))
    expect(dialog().title).toBe('Ask')
    await scene.mei.submit({ 'f.what': 'Does it cover phones?' })
    await scene.settled()
    expect(scene.mei.dialog()).toBeUndefined()
    expect(scene.mei.said()).toEqual(['Sent to Dora.'])
    expect(turns[1]).toMatchObject({ do: 'policies.ask', id: 'asg_1', anchor, origin: 'button' })
    expect(turns[1]?.entries).toMatchObject({ what: 'Does it cover phones?' })
    expect([stored(post), chat().length]).toEqual([DONE, 1])
  })

  test('with errors is drawn again with what was typed; corrected it goes through', async () => {
    const { turns } = await open((turn) =>
      turn.entries?.what === 'x'
        ? { form: { ...asking, values: turn.entries, errors: { what: 'A little more, please.' } } }
        : { say: plain('Sent.') },
    )
    await scene.mei.submit({ 'f.what': 'x' })
    expect(readCard(dialog().card)).toContain('Please correct: A little more, please.')
    expect(typedIn(dialog().card, 'f.what')).toBe('x')
    await scene.mei.submit({ 'f.what': 'x and more' })
    expect(scene.mei.said()).toEqual(['Sent.'])
    const [, first, second] = turns
    expect(first?.key).not.toBe(second?.key)
    expect(second?.anchor).toEqual(first?.anchor)
  })

  test('closed with a card and no sentence simply closes', async () => {
    const { post } = await open(() => ({ card: done }))
    const answer = await scene.mei.submit({ 'f.what': 'x' })
    await scene.settled()
    expect([answer.status, scene.mei.dialog(), scene.mei.said()]).toEqual([200, undefined, []])
    expect(stored(post)).toBe(DONE)
  })

  test.each([
    ['a core that throws', () => Promise.reject(new Error('database is gone')), /nothing was recorded/],
    ['a fault with its number', async (): Promise<Reply> => ({ say: plain('Our fault: ab12'), failed: true }), /ab12/],
  ])(
    'whose submit meets %s stays open with what was typed, and our chat says what to tell',
    async (_w, fault, words) => {
      const { post } = await open(fault)
      const answer = await scene.mei.submit({ 'f.what': 'A long story that nobody wants to type twice.' })
      await scene.settled()
      expect(answer).toEqual({ status: 500, text: '' })
      expect(dialog().title).toBe('Ask')
      expect(stored(standing())).toMatch(words)
      expect(post.edits).toBe(0)
    },
  )

  test('that cannot be opened says why', async () => {
    await given(() => ({ say: plain('As a guest you cannot.') }))
    const { post } = await asked()
    await scene.mei.click(post, 'Ask')
    expect([scene.mei.dialog(), scene.mei.said()]).toEqual([undefined, ['As a guest you cannot.']])
  })

  test('whose message was deleted meanwhile still answers', async () => {
    const { turns } = await open(() => ({ card: done, say: plain('Sent.') }))
    chat().length = 0
    await scene.mei.submit({ 'f.what': 'x' })
    await scene.settled()
    expect([turns.length, scene.mei.said()]).toEqual([2, ['Sent.']])
  })

  test('T10 a forged “from where” leads to no other conversation', async () => {
    const { turns } = await given(() => ({ card: done }))
    const { post: mine } = await asked()
    const address = { ...to, user: OMAR.id, mri: OMAR.mri }
    const { id } = (await scene.platform.deliver(address, request, undefined, 'k2')) as { id: string }
    const conversation = scene.standIn.personal(OMAR.id)
    const room = { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: GENERAL }
    const data = (at: unknown) => ({ cs: { do: 'policies.ask', id: 'asg_1', submit: true, at }, 'f.what': 'x' })
    for (const at of [id, `../${conversation}/activities/${id}`, '..', `${id}?x=`, '', { conversation, id }])
      expect((await invoke('task/submit', { data: data(at) })).status).toBe(200)
    await invoke('task/submit', { data: { ...data(mine.id), conversation } }, { conversation: room })
    await invoke('task/fetch', { data: data(id) }, { conversation: room })
    await scene.settled()
    expect([standing(OMAR).edits, chat(OMAR).length, mine.edits]).toEqual([0, 1, 0])
    const anchors = turns.flatMap((turn) => (turn.anchor ? [turn.anchor.conversation] : []))
    expect(new Set(anchors)).toEqual(new Set([scene.standIn.personal(MEI.id)]))
    // Nothing but the plain id was tried, in her own conversation.
    const own = `/emea/v3/conversations/${encodeURIComponent(scene.standIn.personal(MEI.id))}/activities/${id}`
    expect(called('PUT').map((call) => call.path)).toEqual([own])
  })
})

describe('what takes longer than Teams waits', () => {
  test('a command is acknowledged in time, and its answer comes when it is done', async () => {
    const slow = held()
    await given(slow.answer)
    expect((await late(scene.mei.say('help'))).status).toBe(200)
    expect(chat()).toHaveLength(0)
    slow.release({ card: done })
    await scene.settled()
    expect(stored(standing())).toBe(DONE)
  })

  test('a command is acknowledged after its turn, so that what a dying process has not done is brought again', async () => {
    const slow = held()
    await given(slow.answer)
    let acknowledged = false
    const saying = scene.mei.say('help').then((answer) => {
      acknowledged = true
      return answer
    })
    await slow.asked
    // What needs no turn is asked later and answered first.
    expect((await scene.mei.say('umbrella')).status).toBe(200)
    expect(acknowledged).toBe(false)
    slow.release({ card: done })
    expect((await saying).status).toBe(200)
    await scene.settled()
    expect(chat().map(stored)).toContain(DONE)
  })

  test('a click is told at once that it takes a moment, and the message is edited when it is done', async () => {
    const slow = held()
    await given(slow.answer)
    const { post } = await asked()
    await late(scene.mei.click(post, 'Acknowledge'))
    expect(scene.mei.said()).toEqual([WORKING])
    expect(post.edits).toBe(0)
    slow.release({ card: done, say: plain('Receipt A-10293.') })
    await scene.settled()
    expect(stored(post)).toBe(DONE)
    expect(stored(standing())).toBe('Receipt A-10293.')
  })

  test('a dialog that opens late comes as a form in our chat', async () => {
    const slow = held()
    await given((turn) => (turn.entries ? { card: done } : slow.answer()))
    const { post } = await asked()
    await late(scene.mei.click(post, 'Ask'))
    expect([scene.mei.dialog(), scene.mei.said()]).toEqual([undefined, [WORKING]])
    slow.release({ form: asking })
    await scene.settled()
    expect(isForm(scene.mei.cardOf(standing()) ?? {})).toBe(true)
    await scene.mei.submitInCard(standing(), 'Send', { 'f.what': 'x' })
    await scene.settled()
    expect(stored(standing())).toBe(DONE)
  })

  test('a submit that comes back late with errors keeps what was typed, in our chat', async () => {
    const slow = held()
    await given((turn) => (turn.entries ? slow.answer() : { form: asking }))
    const { post } = await asked()
    await scene.mei.fetchTask(post, 'Ask')
    await late(scene.mei.submit({ 'f.what': 'x' }))
    expect(scene.mei.said()).toEqual([WORKING])
    slow.release({ form: { ...asking, values: { what: 'x' }, errors: { what: 'A little more, please.' } } })
    await scene.settled()
    expect(shown(standing())).toContain('Please correct: A little more, please.')
    expect(typedIn(scene.mei.cardOf(standing()), 'f.what')).toBe('x')
    expect(post.edits).toBe(0)
  })

  test('the same click again while it is under way gets the same answer and does nothing', async () => {
    const slow = held()
    const { turns } = await given(slow.answer)
    const { post } = await asked()
    const first = await late(scene.mei.click(post, 'Acknowledge'))
    const again = await scene.mei.again()
    expect(again.text).toBe(first.text)
    slow.release({ card: done })
    await scene.settled()
    expect(turns).toHaveLength(1)
  })
})

describe('Report as incident', () => {
  const content =
    '<div>Odd <b>mail</b>: <a href="https://evil.example/x">click &amp; win</a><br>see &lt;script&gt;</div>'

  test('on a message carries its author, link, time and text into the form, and the report through', async () => {
    const { turns } = await given((turn) =>
      turn.entries ? { say: plain('Reported.') } : { form: { ...form, values: { what: turn.carried?.text } } },
    )
    await scene.mei.reportMessage('incidents.report', {
      createdDateTime: '2026-11-23T08:15:00.123Z',
      linkToMessage: 'https://teams.microsoft.com/l/message/19:general@thread.tacv2/1',
      from: { user: { id: OMAR.id, displayName: 'Omar Said' } },
      body: { contentType: 'html', content },
    })
    expect(turns[0]).toMatchObject({ do: 'incidents.report', origin: 'message' })
    expect(turns[0]?.carried).toEqual({
      text: 'Odd mail: click & win (https://evil.example/x)\nsee <script>',
      author: 'Omar Said',
      link: 'https://teams.microsoft.com/l/message/19:general@thread.tacv2/1',
      at: '2026-11-23T08:15:00.123Z',
    })
    expect(typedIn(dialog().card, 'f.what')).toBe(turns[0]?.carried?.text)
    await scene.mei.submit({ 'f.what': 'as above' })
    expect(scene.mei.said()).toEqual(['Reported.'])
    expect(turns[1]).toMatchObject({ do: 'incidents.report', id: 'rep_1', entries: { what: 'as above' } })
    expect(turns[1]?.anchor).toBeUndefined()
  })

  test('on a message of a bot, without a time, empty: what is there is carried', async () => {
    const { turns } = await given(() => ({ form }))
    await scene.mei.reportMessage('incidents.report', {
      from: { application: { displayName: 'Build' }, user: null },
      createdDateTime: null,
      linkToMessage: null,
      body: { contentType: 'html', content: '' },
    })
    expect(turns[0]?.carried).toEqual({ text: '' })
    expect(dialog().title).toBe('Report')
  })

  test('opens without a message, from the box where one writes', async () => {
    const { turns } = await given(() => ({ form }))
    const answer = await invoke('composeExtension/fetchTask', {
      commandId: 'incidents.report',
      commandContext: 'compose',
    })
    expect(answer.body).toMatchObject({ task: { type: 'continue', value: { title: 'Report' } } })
    expect(turns[0]).toMatchObject({ do: 'incidents.report', origin: 'shortcut' })
    expect(turns[0]?.carried).toBeUndefined()
  })

  test.each(['home.inbox', 'incidents.close', '', 7])(
    'T10 a message action %s that is not offered does nothing',
    async (id) => {
      const { turns } = await given(() => ({ form }))
      expect((await invoke('composeExtension/fetchTask', { commandId: id })).status).toBe(400)
      expect(turns).toHaveLength(0)
    },
  )

  test('answered with a card shows it in the dialog, where its buttons work', async () => {
    const { turns } = await given((turn) =>
      turn.do === 'policies.acknowledge' ? { say: plain('Receipt A-1.') } : { card: request, say: plain('Look:') },
    )
    await scene.mei.reportMessage('incidents.report', {})
    expect(readCard(dialog().card)).toContain('Look:')
    await scene.mei.submit({}, 'Acknowledge')
    expect(turns[1]).toMatchObject({ do: 'policies.acknowledge', id: 'asg_1', shown: '3' })
    expect(turns[1]?.entries).toBeUndefined()
    expect(scene.mei.said()).toEqual(['Receipt A-1.'])
  })
})

describe('people are searched while somebody types', () => {
  test('in a dialog and in a card', async () => {
    await given(() => ({ form }))
    const { post } = await asked()
    await scene.mei.click(post, 'Ask')
    expect(await scene.mei.search('f.who', 'om')).toEqual([{ title: 'Omar Said', value: 'per_02' }])
    scene.mei.close()
    await scene.mei.say('incident')
    await scene.settled()
    expect(await scene.mei.search('f.who', 'mei', standing())).toEqual([{ title: 'Mei Tanaka', value: 'per_01' }])
  })

  test('at most fifteen are offered; a search that fails, or is none, offers nobody', async () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ value: `per_${n}`, label: `Person ${n}` }))
    const asked: string[] = []
    await given(
      () => ({}),
      {},
      {
        options: async (field, typed) => {
          asked.push(`${field} ${typed}`)
          if (typed === 'broken') throw new Error('database is gone')
          return many
        },
      },
    )
    const search = (value: Json) => invoke('application/search', value)
    const found = ({ body = {} }: { body?: Json }) => (body.value as { results: unknown[] }).results.length
    expect(found(await search({ queryText: 'p', dataset: 'person' }))).toBe(15)
    expect(found(await search({ dataset: 'person' }))).toBe(15)
    expect(found(await search({ queryText: 'broken', dataset: 'person' }))).toBe(0)
    expect(found(await search({ queryText: { $ne: 1 }, dataset: ['person'] }))).toBe(0)
    expect(asked).toEqual(['person p', 'person ', 'person broken'])
  })

  test('who was chosen is still shown by name when the form comes back with errors', async () => {
    await given((turn) => ({
      form: turn.entries ? { ...asking, values: turn.entries, errors: { what: 'More, please.' } } : asking,
    }))
    const { post } = await asked()
    await scene.mei.click(post, 'Ask')
    await scene.mei.search('f.who', 'om')
    await scene.mei.submit({ 'f.what': 'x', 'f.who': 'per_02' })
    const input = inputsIn(dialog().card).find((one) => one.id === 'f.who')
    expect(input).toMatchObject({ value: 'per_02', choices: [{ title: 'Omar Said', value: 'per_02' }] })
  })
})

describe('what else Teams sends', () => {
  test.each([
    ['an invoke nobody handles', { type: 'invoke', name: 'config/fetch', value: {} }, 501],
    ['an answer to no question for a file', { type: 'invoke', name: 'fileConsent/invoke', value: {} }, 400],
    ['an invoke without a name', { type: 'invoke', value: {} }, 501],
    ['a sign-in', { type: 'invoke', name: 'signin/verifyState', value: {} }, 501],
    ['a click without an action', { type: 'invoke', name: 'adaptiveCard/action', value: {} }, 400],
    ['a dialog without data', { type: 'invoke', name: 'task/fetch' }, 400],
    ['a reaction', { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] }, 200],
    ['an edited message', { type: 'messageUpdate', text: 'inbox' }, 200],
    ['somebody typing', { type: 'typing' }, 200],
    ['something new', { type: 'event', name: 'application/vnd.microsoft.meetingStart', value: {} }, 200],
  ])('%s is answered and does nothing', async (_what, more, status) => {
    const { turns } = await given(() => ({ card: done }))
    const { from, ...common } = scene.mei.common()
    expect(await scene.mei.send({ ...common, from, ...more })).toEqual({ status, text: '' })
    await scene.settled()
    expect([turns.length, scene.standIn.calls.filter((call) => call.path.startsWith('/emea/')).length]).toEqual([0, 0])
  })
})

describe('the app is installed', () => {
  test('for a person: the inbox welcomes them, once', async () => {
    const { turns } = await given(() => ({ card: { title: 'Inbox', blocks: [] } }))
    const answers = await scene.mei.install()
    await scene.settled()
    expect(answers).toEqual([
      { status: 200, text: '' },
      { status: 200, text: '' },
    ])
    expect(turns.map((turn) => [turn.do, turn.origin])).toEqual([['home.inbox', 'install']])
    expect(chat().map((one) => one.activity.summary)).toEqual(['Inbox'])
  })

  test('for somebody whom the register does not know: a sentence; a failure stays ours', async () => {
    await given((turn) =>
      turn.by.user === MEI.id ? { say: plain('I don’t know you yet.') } : Promise.reject(new Error()),
    )
    await scene.mei.install()
    const [answer] = await scene.omar.install()
    await scene.settled()
    expect(stored(standing())).toBe('I don’t know you yet.')
    expect([answer?.status, chat(OMAR).length]).toEqual([200, 0])
  })

  test('taken away again: nothing is written', async () => {
    const { turns } = await given(() => ({ card: done }))
    await scene.mei.send({ ...scene.mei.common(), type: 'installationUpdate', action: 'remove' })
    await scene.mei.send({ ...scene.mei.common(), type: 'conversationUpdate', membersRemoved: [{ id: '28:x' }] })
    await scene.settled()
    expect([turns.length, chat().length]).toEqual([0, 0])
  })

  const visitor: TeamsUser = { ...userOf('vera', 'Vera Visitor'), userRole: 'anonymous' }
  const more = Array.from({ length: 12 }, (_, n) => userOf(`person${n}`, `Person ${n}`))
  const users = [MEI, OMAR, GUS, FEDERATED, visitor, ...more]

  async function inTeam(work: (met: [Actor, Profile][]) => Promise<unknown>, fails?: string) {
    const met: [Actor, Profile][] = []
    const { turns } = await given(() => ({ card: done }), {
      users,
      page: 5,
      changed: async (actor, profile) => {
        if (profile.name === fails) throw new Error('database is gone')
        met.push([actor, profile])
      },
    })
    await work(met)
    await scene.settled()
    return { met, turns }
  }
  const room = { isGroup: true, conversationType: 'channel', tenantId: TENANT, id: GENERAL }
  const installed = () => scene.mei.send({ ...scene.mei.common(room), type: 'installationUpdate', action: 'add' })

  test('T15 in a team: everybody on all pages of its roster is met, guests as guests, people of other tenants not', async () => {
    const { met, turns } = await inTeam(installed)
    expect(called('GET').filter((call) => call.path.includes('/pagedmembers'))).toHaveLength(4)
    expect(met.map(([, profile]) => profile.name)).toEqual([MEI, OMAR, GUS, ...more].map((one) => one.name))
    expect(met.map(([, profile]) => profile.standing).filter((one) => one !== 'member')).toEqual(['guest'])
    const [[actor, profile] = []] = met
    expect(actor).toEqual({ platform: 'teams', tenant: TENANT, user: MEI.id, address: to })
    expect(profile).toMatchObject({ email: 'mei@example.com' })
    expect([turns.length, scene.standIn.messages(GENERAL).length]).toEqual([0, 0])
  })

  test('in a team: one post in its General channel says who this is and what can be written to it', async () => {
    await inTeam(installed)
    const made = called('POST').filter((call) => call.path.endsWith('/conversations'))
    expect(made.map(({ body }) => body.channelData)).toEqual([{ channel: { id: GENERAL }, tenant: { id: TENANT } }])
    const [post] = made.map(({ body }) => stored({ activity: body.activity } as Posted))
    expect(post).toMatch(/not a person.*Write incident and a few words after my name/)
  })

  test('a newer version of the app greets nobody once more, and reads the roster', async () => {
    const upgraded = { type: 'installationUpdate', action: 'add-upgrade' }
    const { met, turns } = await inTeam(async () => {
      await scene.mei.send({ ...scene.mei.common(room), ...upgraded })
      await scene.mei.send({ ...scene.mei.common(), ...upgraded })
    })
    const posts = called('POST').filter((call) => call.path.includes('/conversations'))
    expect([met.length, turns.length, posts.length]).toEqual([15, 0, 0])
  })

  test('in a group chat nothing is posted: it was added by somebody who knows what it is', async () => {
    const group = { isGroup: true, conversationType: 'groupChat', tenantId: TENANT, id: '19:group@unq.gbl.spaces' }
    const { met } = await inTeam(() =>
      scene.mei.send({ ...scene.mei.common(group), type: 'installationUpdate', action: 'add' }),
    )
    expect([met.length, called('POST').filter((call) => call.path.includes('/conversations')).length]).toEqual([15, 0])
  })

  const update = (what: Json) =>
    scene.mei.send({ ...scene.mei.common(room), type: 'conversationUpdate', membersAdded: [], ...what })
  const bot = { id: '28:x' }
  const asked = () => called('GET').filter((call) => call.path.includes('members'))

  test('in a team, by somebody new in it: only they are asked for', async () => {
    const { met } = await inTeam(() => update({ membersAdded: [{ id: OMAR.mri }, bot, { id: GUS.mri }] }))
    expect(met.map(([actor, { standing }]) => [actor.user, standing])).toEqual([
      [OMAR.id, 'member'],
      [GUS.id, 'guest'],
    ])
    expect(met[0]?.[1]).toMatchObject({ name: OMAR.name, email: OMAR.email })
    expect(asked().map(({ path }) => path.replace(/^.*\//, ''))).toEqual(
      [OMAR, GUS].map(({ mri }) => encodeURIComponent(mri)),
    )
  })

  test('in a team, somebody who is gone again before they are asked for keeps nobody out', async () => {
    const { met } = await inTeam(() => update({ membersAdded: [{ id: '29:gone' }, { id: OMAR.mri }] }))
    expect(met.map(([actor]) => actor.user)).toEqual([OMAR.id])
  })

  test('in a team, by more people at once than are asked for one by one: the roster is read', async () => {
    const crowd = Array.from({ length: 101 }, (_, n) => ({ id: `29:${n}` }))
    const { met } = await inTeam(() => update({ membersAdded: crowd }))
    expect(met).toHaveLength(15)
    expect(asked()).toHaveLength(4)
  })

  test('T07 an id with a path in it is asked for as an id', async () => {
    const { met } = await inTeam(() => update({ membersAdded: [{ id: '../../../v3/conversations?x=' }] }))
    expect([met, asked().map(({ path }) => path.split('/').length)]).toEqual([[], [7]])
  })

  test.each([
    ['somebody left the team', { membersRemoved: [{ id: OMAR.mri }] }],
    ['the bot was taken out of it', { membersRemoved: [bot] }],
    ['the bot came in, which is told twice', { membersAdded: [bot] }],
    ['the app was removed from it', { type: 'installationUpdate', action: 'remove' }],
  ])('in a team, %s: nobody is asked for, nobody is changed, people are reached as before', async (_what, what) => {
    const { met } = await inTeam(async () => expect((await update(what)).status).toBe(200))
    expect([met, asked()]).toEqual([[], []])
    scene.standIn.meet(MEI.id)
    await scene.platform.deliver(to, { title: 'Still here', blocks: [] }, undefined, 'k')
    expect(scene.standIn.chat(MEI.id)).toHaveLength(1)
  })

  test('one who cannot be kept does not keep the others from being met', async () => {
    const { met } = await inTeam(installed, OMAR.name)
    expect(met).toHaveLength(14)
  })

  test('a roster that breaks off is left; Teams is not told to come again', async () => {
    const { met } = await inTeam(async () => {
      scene.standIn.fail('member', { status: 503 })
      expect((await installed()).status).toBe(200)
    })
    expect(met).toEqual([])
  })
})

test('T30 no line of the log holds what anybody wrote, a name, a token or an address', async () => {
  const lines: string[] = []
  const keep = (facts: object, event: string) => void lines.push(JSON.stringify([facts, event]))
  const log = { info: keep, warn: keep, error: keep, child: () => log }
  await given(() => Promise.reject(new Error('CANARY of the database')), { log })
  await scene.mei.say('incident CANARY')
  await scene.settled()
  const { post } = await asked()
  await scene.mei.click(post, 'Acknowledge')
  await scene.mei.fetchTask(post, 'Ask')
  scene.standIn.fail('send', { status: 500 }, { status: 403, code: 'BotDisabledByAdmin' }, { status: 413 })
  for (const key of ['a', 'b', 'c'])
    await scene.platform.deliver(to, { title: 'CANARY', blocks: [] }, undefined, key).catch(() => undefined)
  await scene.mei.reportMessage('incidents.report', { body: { content: 'CANARY' } })
  await invoke('adaptiveCard/action', { action: 'CANARY' })
  await scene.mei.install()
  await scene.settled()
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.join('\n')).not.toMatch(/CANARY|OUTBOUND|eyJ|Mei|@example|trafficmanager/)
})
