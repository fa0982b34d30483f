import { expect, test } from 'vitest'
import { person } from '../db/schema/people.ts'
import type { Card, Form } from '../src/core/workflow.ts'
import { incidents } from '../src/incidents/index.ts'
import { makeWorld } from './support/world.ts'

/** Where words stand that a person reads; what is quoted is somebody's own. */
const READ = new Set(['title', 'label', 'text', 'hint', 'submit', 'yes', 'no', 'statement', 'placeholder'])

function wordsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return READ.has(name) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((one) => wordsIn(one, name))
  if (typeof value !== 'object' || value === null) return []
  if ('kind' in value && value.kind === 'quote') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'values' || key === 'with' || key === 'errors' ? [] : wordsIn(inner, key),
  )
}

/** Words that did not come from text.ts: the pseudo-locale puts its own into ⟦ ⟧. */
const foreign = (shown: Card | Form | undefined): string[] => {
  if (!shown) throw new Error('nothing is shown')
  // Names, numbers and dates may stand bare; a sentence may not.
  return wordsIn(shown).filter((words) => !/^⟦.*⟧$/su.test(words) && /[a-z]{3}/.test(words))
}

test('every card and form of incidents takes its words from text.ts, in every state, and every button leads somewhere', async () => {
  const world = await makeWorld({ workflows: [incidents] })
  await world.db.update(person).set({ language: 'en-XA' })
  const names = new Set<string>(['Omar Haddad', 'Ravi Okonjo', 'Inês Caldeira', 'Mei Tanaka-Voss'])
  const bare = (shown: Card | Form | undefined) => foreign(shown).filter((words) => !names.has(words))
  const drawn = new Set<string>()
  const omar = world.as('omar')
  const ravi = world.as('ravi')
  const other = await omar.do('incidents.report', { entries: { what: 'the first' } })
  expect(other.form).toBeUndefined()
  const carried = { text: 'look here', author: 'somebody', link: 'https://chat.example/1', at: '2026-11-23T08:00:00Z' }
  const opened = await world.as('omar').do('incidents.report', { carried })
  expect(bare(opened.form)).toEqual([])
  const id = opened.form?.id ?? ''
  await omar.do('incidents.report', { id, with: opened.form?.with, entries: { what: 'it says' } })

  const seen = async () => {
    const cards = await Promise.all([
      ravi.card('incidents.triage', id),
      ravi.card('incidents.report', id),
      ravi.card('incidents.mine'),
      omar.card('incidents.receipt', id),
      omar.card('incidents.report', id),
      omar.card('incidents.mine'),
      world.as('aude').card('incidents.report', id),
      world.as('aude').card('incidents.mine'),
    ])
    for (const card of cards) expect(bare(card)).toEqual([])
    for (const [, name = ''] of JSON.stringify(cards).matchAll(/"do":"incidents\.([^"]+)"/g)) drawn.add(name)
    const rows = await world.by('ravi', (ctx) => incidents.waiting?.(ctx) ?? Promise.resolve([]))
    const blocks = await world.by('mei', (ctx) => incidents.dashboard?.(ctx) ?? Promise.resolve([]))
    expect(wordsIn([rows, blocks]).filter((words) => !/⟦|^\d+$/.test(words))).toEqual([])
  }
  await seen()
  for (const verdict of ['incident', 'weakness', 'false-alarm', 'no-action', 'duplicate'])
    expect(bare((await ravi.do(`incidents.${verdict}`, { id })).form)).toEqual([])
  await world.pass('5 hours')
  await world.work()
  await seen()
  await ravi.do('incidents.take', { id })
  await omar.do('incidents.detail', { id, entries: { more: 'and more' } })
  await seen()
  expect(bare((await omar.do('incidents.detail', { id })).form)).toEqual([])
  await ravi.do('incidents.incident', { id, entries: { severity: 'high', reason: 'because', toReporter: 'thanks' } })
  await seen()
  expect(bare(await omar.card('incidents.outcome', id))).toEqual([])
  expect(bare((await ravi.do('incidents.reopen', { id })).form)).toEqual([])
  await ravi.do('incidents.reopen', { id, entries: { reason: 'again' } })
  await seen()
  expect(bare(await omar.card('incidents.outcome', id))).toEqual([])
  await omar.do('incidents.withdraw', { id })
  await seen()
  expect([...drawn].filter((name) => !Object.hasOwn(incidents.actions, name))).toEqual([])
  expect(drawn).toContain('take')
})

test('every command leads to an action', () => {
  for (const { do: name } of incidents.commands)
    expect(Object.keys(incidents.actions)).toContain(name.replace('incidents.', ''))
})
