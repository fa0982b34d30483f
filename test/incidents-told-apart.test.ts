import { describe, expect, test } from 'vitest'
import { drawForm as forSlack } from '../adapters/slack/encode.ts'
import { drawForm as forTeams } from '../adapters/teams/encode.ts'
import { CARD_JSON } from '../adapters/teams/limits.ts'
import { textOf } from '../src/core/md.ts'
import type { Card, Form, Option } from '../src/core/workflow.ts'
import { incidents } from '../src/incidents/index.ts'
import { newest, press, reports, submit, wordsOf } from './support/incidents.ts'
import { makeWorld } from './support/world.ts'

const world = await makeWorld({ workflows: [incidents] })

const LONG =
  'The door of the archive\n\tstood open this morning, and two binders that nobody can name are missing from it'
const CUT = 'The door of the archive stood open this morning, and two bi…'

const listOf = async (who: string): Promise<Card | undefined> => (await world.as(who).command('/isms reports')).card
const rowsOf = (card: Card | undefined) =>
  card?.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])) ?? []
const rowOf = async (who: string, number: string) => {
  const row = rowsOf(await listOf(who)).find((one) => textOf(one.title).startsWith(number))
  return row && { title: textOf(row.title), text: textOf(row.text ?? []) }
}
const choicesOf = (form: Form | undefined): Option[] => {
  const of = form?.fields.of
  return of?.kind === 'choice' ? of.options : []
}

describe('reports are told apart by their first words, where they may be read in full', () => {
  test('in one’s own list and in those of a responder: on one line, cut visibly, and never in a title', async () => {
    const { id, number } = await reports(world, 'omar', 'x', { what: LONG })
    for (const who of ['omar', 'ravi', 'mei']) {
      const row = await rowOf(who, number)
      expect(row?.title).toBe(`${number} · Kind not known yet`)
      expect(row?.text).toMatch(/ · Mon 23 November, \d\d:00 · just now$/)
      expect(row?.text.startsWith(`“${CUT}” · `), row?.text).toBe(true)
    }
    expect(CUT.length).toBeLessThanOrEqual(60)
    await world.as('ravi').do('incidents.weakness', { id, entries: { reason: 'a weak spot' } })
    expect((await rowOf('ines', number))?.text).toContain(CUT)
    expect((await listOf('ravi'))?.title).toBe('Reports')
  })

  test('T20 not to an auditor, who knows only that there is one, nor to anybody else who may not read it', async () => {
    const { number } = await reports(world, 'omar', 'sesame-9b2e', { personalData: 'no' })
    expect((await rowOf('aude', number))?.title).toBe(`${number} · Private report`)
    await world.as('ravi').do('incidents.weakness', {
      id: (await reports(world, 'kiran', 'sesame-4c1f', { personalData: 'no' })).id,
      entries: { reason: 'a weak spot' },
    })
    for (const who of ['aude', 'lena', 'dora', 'gus', 'cleo'])
      expect(wordsOf(await listOf(who)), who).not.toContain('sesame')
    expect(wordsOf(await listOf('kiran'))).not.toContain('sesame-9b2e')
    const open = await reports(world, 'omar', 'a window is broken', { audience: 'open' })
    expect((await rowOf('kiran', open.number))?.text).toContain('“a window is broken”')
  })

  test('in the choice of what it is the same as, which only those open who read every report', async () => {
    const first = await reports(world, 'yuki', 'x', { what: LONG })
    const second = await reports(world, 'omar', 'the archive is open')
    await world.work()
    const { form } = await press(world, 'ravi', newest(world, 'ravi', second.number), 'Duplicate')
    expect(choicesOf(form).find((one) => one.value === first.id)?.label).toBe(
      `${first.number} · Mon 23 November · “The door of the archive stood open…”`,
    )
    expect(JSON.stringify([form?.title, form?.with, form?.values, form?.shown])).not.toContain('archive')
    for (const who of ['omar', 'lena', 'dora', 'aude', 'gus'])
      expect((await world.as(who).do('incidents.duplicate', { id: second.id })).form, who).toBeUndefined()
  })

  test('a hundred choices in the widest letters are whole in Slack and leave room for the fields in Teams', async () => {
    const wide = await reports(world, 'yuki', 'x', { what: '鍵'.repeat(2000) })
    const { id } = await reports(world, 'omar', 'x', { what: '扉'.repeat(2000) })
    const { form } = await world.as('ravi').do('incidents.duplicate', { id })
    const label = choicesOf(form).find((one) => one.value === wide.id)?.label ?? ''
    expect(label).toContain('鍵鍵…')
    if (form?.fields.of?.kind !== 'choice') throw new Error('nothing to choose from')
    const options = Array.from({ length: 100 }, (_, n) => ({ value: `${wide.id.slice(0, -2)}${10 + n}`, label }))
    const full: Form = { ...form, fields: { ...form.fields, of: { ...form.fields.of, options } } }
    expect(JSON.stringify(forSlack(full, {})).split('鍵…”').length - 1).toBe(100)
    const drawn = JSON.stringify(forTeams(full, {}, 'Action.Submit'))
    expect(drawn.split('鍵…”').length - 1).toBe(100)
    for (const field of ['of', 'reason', 'toReporter']) expect(drawn).toContain(`"id":"f.${field}"`)
    expect(Buffer.byteLength(drawn)).toBeLessThan(CARD_JSON)
  })
})

test('what kind it is reads the same in lists, on the card and on the page; "Not sure" is an answer in the form only', async () => {
  const { id, number } = await reports(world, 'omar', 'something odd')
  await world.work()
  expect((await rowOf('ravi', number))?.title).toContain('Kind not known yet')
  for (const card of [newest(world, 'ravi', number), await world.as('omar').card('incidents.report', id)]) {
    expect(wordsOf(card)).toContain('"label":"Kind","value":"Kind not known yet"')
    expect(wordsOf(card)).not.toContain('Not sure')
  }
  expect(JSON.stringify((await world.as('omar').command('/incident y')).form)).toContain('Not sure')
})

describe('a duplicate, as its reporter hears it', () => {
  const OWN = (number: string) => `This is the same as your ${number}; both are kept together.`
  const ELSE = 'Somebody else reported this as well; yours was added to it. Two pairs of eyes are better than one.'

  /** Decided as the same as another; what every place says to the reporter. */
  async function told(who: string, id: string, of: string): Promise<string[]> {
    const form = await world.as('ravi').do('incidents.duplicate', { id })
    await submit(world, 'ravi', form, { of, reason: 'the same' })
    await world.work()
    const as = world.as(who)
    const cards = ['outcome', 'receipt', 'report'].map((name) => as.card(`incidents.${name}`, id))
    return (await Promise.all(cards)).map(wordsOf)
  }

  test('of their own, earlier or later: it is named, and nobody else is spoken of', async () => {
    const [a, b, c] = [
      await reports(world, 'sol', 'a mail'),
      await reports(world, 'sol', 'the same mail'),
      await reports(world, 'sol', 'again the mail'),
    ]
    for (const words of [...(await told('sol', a.id, b.id)), ...(await told('sol', c.id, b.id))]) {
      expect(words).toContain(OWN(b.number))
      expect(words).not.toMatch(/Somebody|pairs of eyes/)
    }
  })

  test('T20 of somebody else’s, earlier or later: nothing is told of it', async () => {
    const [a, b, c] = [
      await reports(world, 'sol', 'a card'),
      await reports(world, 'yuki', 'the very card'),
      await reports(world, 'sol', 'again a card'),
    ]
    for (const words of [...(await told('sol', a.id, b.id)), ...(await told('sol', c.id, b.id))]) {
      expect(words).toContain(ELSE)
      for (const secret of [b.number, b.id, 'very card', world.person('yuki').name]) expect(words).not.toContain(secret)
    }
  })
})
