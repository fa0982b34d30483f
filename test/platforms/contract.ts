import { and, eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { delivery, message } from '../../db/schema/messages.ts'
import { post, refresh } from '../../src/core/messages.ts'
import { text as coreText } from '../../src/core/text.ts'
import { seeded, type World } from '../support/world.ts'
import { NASTY, shownAs } from './corpus.ts'
import { BLOCK_WORDS, EVERY_FIELD } from './every.ts'
import { newTask, type Probe, type Task } from './probe.ts'

export type SeenCard = { title: string; text: string; buttons: string[] }
export type SeenField = { label: string; value: string | string[]; error?: string }
export type SeenForm = { title: string; submit: string; text: string; fields: SeenField[] }

/** What stands in front of a person: the chat, oldest first; a card, a form or a sentence that answered their last click. */
export type Seen = { cards: SeenCard[]; shown?: SeenCard; form?: SeenForm; said?: string }

/** Which card, by a piece of its title, and in whose chat, when it is not one's own. */
export type On = { title?: string; of?: string }

export type Trouble = 'permanent' | 'limited' | 'unknown'

/**
 * A platform from the outside, with a world behind it. Every method resolves when all that it caused is done.
 * `who` is a name of the cast; `stranger` is somebody the register does not know.
 */
export type Bench = {
  world: World
  probe: Probe
  sees(who: string): Promise<Seen>
  press(who: string, label: string, on?: On): Promise<void>
  /** By the labels that are read; choices and people by what their option says. */
  fill(who: string, entries: Record<string, string | string[]>): Promise<void>
  submit(who: string): Promise<void>
  /** The last click or submit of this person arrives once more, byte for byte. */
  again(who: string): Promise<void>
  command(who: string, line: string): Promise<void>
  home(who: string): Promise<SeenCard>
  search(who: string, label: string, typed: string): Promise<string[]>
  /** Whatever acts by itself in what this person sees: links, mentions, formats, markup, controls that turn words around. */
  alive(who: string): Promise<string[]>
  /** The next delivery meets it. */
  trouble(how: Trouble): void
  close(): Promise<void>
}

/** `inbox`: what people there type for it. */
type Platform = { name: string; inbox: string; open: () => Promise<Bench>; skip?: { [name: string]: string } }

/** What every platform must do. A skip carries its reason. */
export async function contract({ name, inbox, open, skip = {} }: Platform): Promise<void> {
  const bench = await open()
  const { world, probe } = bench
  const random = seeded(`contract of ${name}`)
  const neutral = coreText('en').notYours(inbox)
  const person = (who: string) => world.person(who)
  let posted = 0

  /** Somebody is asked something; the card stands in their chat. */
  async function asked(who: string, more: { names?: string; card?: string } = {}): Promise<Task> {
    const title = `Question ${++posted} `
    const names = more.names ?? person(who).name
    const task = newTask(probe, world.now(), random, { ownerId: person(who).id, title, names })
    await send(task, more.card ?? 'probe.task')
    await world.work()
    return task
  }
  const send = (task: Task, card: string) =>
    world.system((ctx) => post(ctx, { key: `${task.id}/${card}`, to: task.ownerId, card, subject: task.id }))

  const standing = async (who: string, task: Task): Promise<SeenCard[]> =>
    (await bench.sees(who)).cards.filter((card) => card.title.startsWith(task.title.trim()))
  const only = async (who: string, task: Task): Promise<SeenCard> => {
    const cards = await standing(who, task)
    expect(cards, `${name} shows one card`).toHaveLength(1)
    return cards[0] as SeenCard
  }
  const answers = async (task: Task, type = 'probe.answered') =>
    (await world.entries(task.id)).filter((one) => one.type === type)

  const stateOf = async (task: Task) => {
    const [row] = await world.db
      .select({ state: delivery.state, attempts: delivery.attempts })
      .from(delivery)
      .innerJoin(message, eq(message.id, delivery.messageId))
      .where(and(eq(message.subjectId, task.id)))
    return row
  }

  const used = new Set<string>()
  const it = (what: string, work: () => Promise<void>) => {
    used.add(what)
    test.skipIf(skip[what] !== undefined)(skip[what] ? `${what} (not here: ${skip[what]})` : what, work)
  }

  afterAll(() => bench.close())
  beforeEach(() => world.pass('1 minute'))

  describe(`the contract of ${name}`, () => {
    it('a card arrives', async () => {
      const task = await asked('omar')
      const card = await only('omar', task)
      expect(card.text).toContain('For Omar Haddad: answered 0 times.')
      expect(card.buttons).toEqual(['Answer', 'Thank', 'Look'])
      expect(await standing('lena', task)).toEqual([])
    })

    it('the same card is edited in place, not sent again', async () => {
      const task = await asked('omar')
      const before = (await bench.sees('omar')).cards.length
      task.names = 'somebody new'
      await world.system((ctx) => refresh(ctx, task.id))
      await world.work()
      expect((await only('omar', task)).text).toContain('For somebody new')
      expect((await bench.sees('omar')).cards).toHaveLength(before)
    })

    it('T11 a click reaches the core as the person who clicked, never as who is named in the card', async () => {
      const task = await asked('omar', { names: person('cleo').name })
      await bench.press('omar', 'Thank', { title: task.title })
      expect((await bench.sees('omar')).said).toBe('Thank you, Omar Haddad.')
      const [entry] = await answers(task, 'probe.thanked')
      expect(entry?.actor).toBe(person('omar').id)
    })

    it('a form opens with its fields and what stands in them', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Answer', { title: task.title })
      const { form } = await bench.sees('omar')
      expect(form).toMatchObject({ title: 'Answer the probe', submit: 'Send it' })
      expect(form?.text).toContain(`About ${task.title.trim()}`)
      expect(form?.text).toContain('A word is enough.')
      expect(form?.fields).toEqual([
        { label: 'Your answer', value: 'as last time' },
        { label: 'How many', value: '3' },
        { label: 'Who helped', value: '' },
      ])
      expect(await answers(task)).toEqual([])
    })

    it('wrong entries keep what was typed and mark the field', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Answer', { title: task.title })
      await bench.fill('omar', { 'Your answer': 'wrong', 'How many': '7' })
      await bench.submit('omar')
      const { form } = await bench.sees('omar')
      expect(form?.fields).toEqual([
        { label: 'Your answer', value: 'wrong', error: 'Another word, please.' },
        { label: 'How many', value: '7' },
        { label: 'Who helped', value: '' },
      ])
      expect(await answers(task)).toEqual([])
      await bench.fill('omar', { 'Your answer': 'better' })
      await bench.submit('omar')
      expect(await answers(task)).toHaveLength(1)
    })

    it('a correct form is answered, and the clicked card is edited', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Answer', { title: task.title })
      await bench.fill('omar', { 'Your answer': 'all is well' })
      await bench.submit('omar')
      const seen = await bench.sees('omar')
      expect(seen.form).toBeUndefined()
      expect(seen.said).toBe('Kept: all is well.')
      expect((await only('omar', task)).text).toContain('answered 1 times')
      await world.work()
      expect((await only('omar', task)).text).toContain('answered 1 times')
    })

    it('what is said to one person is seen by nobody else', async () => {
      const task = await asked('omar')
      const before = await bench.sees('lena')
      await bench.press('omar', 'Thank', { title: task.title })
      const seen = await bench.sees('omar')
      expect(seen.said).toContain('Thank you')
      expect(JSON.stringify(seen.cards)).not.toContain('Thank you')
      expect(await bench.sees('lena')).toEqual(before)
    })

    it('the same click delivered twice is one change with one answer', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Thank', { title: task.title })
      const first = await bench.sees('omar')
      await bench.again('omar')
      expect(await bench.sees('omar')).toEqual(first)
      expect(await answers(task, 'probe.thanked')).toHaveLength(1)

      await bench.press('omar', 'Answer', { title: task.title })
      await bench.submit('omar')
      const after = await bench.sees('omar')
      await bench.again('omar')
      expect(await bench.sees('omar')).toEqual(after)
      expect(await answers(task)).toHaveLength(1)
    })

    it("T11 somebody else's button is refused with words that tell nothing", async () => {
      const task = await asked('omar')
      for (const label of ['Thank', 'Answer']) {
        await bench.press('lena', label, { title: task.title, of: 'omar' })
        const seen = await bench.sees('lena')
        expect(seen).toMatchObject({ said: neutral })
        expect(seen.form).toBeUndefined()
      }
      expect((await only('omar', task)).text).toContain('answered 0 times')
      expect((await world.entries(task.id)).map((one) => one.type)).toEqual(['turn.denied', 'turn.denied'])
    })

    it('T20 what is forbidden and what does not exist are answered alike', async () => {
      const task = await asked('omar')
      await bench.press('lena', 'Thank', { title: task.title, of: 'omar' })
      const forbidden = (await bench.sees('lena')).said
      const gone = await asked('lena')
      probe.tasks.delete(gone.id)
      await bench.press('lena', 'Thank', { title: gone.title })
      expect((await bench.sees('lena')).said).toBe(forbidden)
    })

    it('an unknown person is refused', async () => {
      const task = await asked('omar')
      const count = (await world.entries()).length
      await bench.press('stranger', 'Thank', { title: task.title, of: 'omar' })
      const { said, cards, form } = await bench.sees('stranger')
      expect(said).toMatch(/don't know you yet|opens from chat/)
      expect({ cards, form }).toEqual({ cards: [], form: undefined })
      expect(await world.entries()).toHaveLength(count)
    })

    it('a guest has the rights of a guest', async () => {
      const task = await asked('gus')
      await bench.press('gus', 'Answer', { title: task.title })
      expect(await bench.sees('gus')).toMatchObject({ said: neutral })
      await bench.press('gus', 'Thank', { title: task.title })
      expect((await bench.sees('gus')).said).toContain('Thank you')
      expect(await bench.search('gus', '', 'mei')).toEqual([])
    })

    it('somebody who has left can do nothing', async () => {
      const task = await asked('omar')
      await bench.press('lev', 'Thank', { title: task.title, of: 'omar' })
      expect((await bench.sees('lev')).said).toBeTruthy()
      expect(await answers(task, 'probe.thanked')).toEqual([])
    })

    it('the revision and the small parameters of a button travel with it', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Look', { title: task.title })
      const { cards, shown } = await bench.sees('omar')
      expect(shown ?? cards.find((one) => one.title === 'A closer look')).toMatchObject({
        text: expect.stringContaining('Page 2, revision r7.'),
      })
    })

    it('a page that is looked at stands beside the message that asks, which keeps its buttons', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Look', { title: task.title })
      await world.work()
      expect((await only('omar', task)).buttons).toEqual(['Answer', 'Thank', 'Look'])
      await bench.press('omar', 'Thank', { title: task.title })
      expect((await bench.sees('omar')).said).toBe('Thank you, Omar Haddad.')
    })

    it('T21 T22 T23 words of people reach nobody, lead nowhere and stay as they are', async () => {
      const task = await asked('yuki', { card: 'probe.nasty' })
      const card = await only('yuki', task)
      expect(await bench.alive('yuki')).toEqual([])
      const read = shownAs(`${card.title} ${card.text} ${card.buttons.join(' ')}`)
      for (const nasty of NASTY.map(shownAs)) expect(read).toContain(nasty)
    })

    it('T21 T22 what is typed into a command comes back as words', async () => {
      const typed = '/isms probe <!channel> <https://evil.example|Approve> <script>alert(1)</script> @here'
      await bench.command('sol', typed)
      const { shown } = await bench.sees('sol')
      expect(shown?.title).toBe('You said')
      expect(shownAs(shown?.text ?? '')).toContain(typed.replace('/isms probe ', ''))
      expect(await bench.alive('sol')).toEqual([])
    })

    it('what is too long is cut visibly, and the main button stays', async () => {
      const task = await asked('ravi', { card: 'probe.long' })
      expect(await stateOf(task)).toMatchObject({ state: 'sent' })
      const { text, buttons } = await only('ravi', task)
      expect(buttons).toContain('The one that matters')
      const whole = ['The end of the text.', 'Row 199:', 'cell 119/0'].every((end) => text.includes(end))
      expect(whole || /\bmore\b/.test(text), 'all of it, or a word that something is missing').toBe(true)
    })

    it('every kind of block is drawn', async () => {
      const task = await asked('ines', { card: 'probe.every' })
      const { text, buttons } = await only('ines', task)
      const read = `${text} ${buttons.join(' ')}`
      for (const word of BLOCK_WORDS) expect(read).toContain(word)
    })

    it('every kind of field is drawn', async () => {
      await bench.command('ines', '/isms fields')
      const { form } = await bench.sees('ines')
      expect(form?.fields.map((field) => field.label)).toEqual(Object.values(EVERY_FIELD).map((field) => field.label))
      for (const word of ['canary-hint', 'canary-statement', 'canary-option-2', 'canary-option-11'])
        expect(form?.text).toContain(word)
    })

    it('a person is searched and chosen, and reaches the core', async () => {
      const task = await asked('omar')
      await bench.press('omar', 'Answer', { title: task.title })
      expect(await bench.search('omar', 'Who helped', 'tanaka')).toEqual([expect.stringMatching(/^Mei Tanaka-Voss/)])
      expect(await bench.search('omar', 'Who helped', 'nobody at all')).toEqual([])
      await bench.fill('omar', { 'Who helped': 'Mei Tanaka-Voss' })
      await bench.submit('omar')
      const [entry] = await answers(task)
      const [payload] = await world.sql`select payload from entry_payload where entry_id = ${entry?.id ?? ''}`
      expect(JSON.parse(Buffer.from(payload?.payload).toString())).toMatchObject({ helper: person('mei').id })
    })

    it('the inbox shows what waits, until it is done', async () => {
      const task = await asked('kiran')
      expect((await bench.home('kiran')).text).toContain(task.title.trim())
      await bench.press('kiran', 'Answer', { title: task.title })
      await bench.submit('kiran')
      const { text } = await bench.home('kiran')
      expect(text).not.toContain(task.title.trim())
      expect(text).toContain('All clear')
    })

    it('nobody sees the inbox of another', async () => {
      const task = await asked('sol')
      expect((await bench.home('cleo')).text).not.toContain(task.title.trim())
    })

    it('what can never arrive is marked and not tried again', async () => {
      bench.trouble('permanent')
      const task = await asked('dora')
      expect(await stateOf(task)).toMatchObject({ state: 'failed' })
      await world.pass('1 hour')
      await world.work()
      expect(await standing('dora', task)).toEqual([])
    })

    it('T36 a rate limit makes the lane wait, and then it arrives', async () => {
      bench.trouble('limited')
      const task = await asked('dora')
      expect(await standing('dora', task)).toEqual([])
      expect(await stateOf(task)).toMatchObject({ state: 'due' })
      await world.pass('10 minutes')
      await world.work()
      await only('dora', task)
    })

    it('what may have arrived is not sent twice without saying so', async () => {
      bench.trouble('unknown')
      const task = await asked('aude')
      const before = await standing('aude', task)
      expect(await stateOf(task)).toMatchObject({ state: 'unknown' })
      await world.pass('10 minutes')
      await world.work()
      expect(await standing('aude', task)).toEqual(before)
      expect((await bench.home('aude')).text).toContain(task.title.trim())
    })

    test('every case that is left out exists', () => {
      expect(Object.keys(skip).filter((what) => !used.has(what))).toEqual([])
    })
  })
}
