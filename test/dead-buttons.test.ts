import { describe, expect, test } from 'vitest'
import { isId, type Kind } from '../src/core/id.ts'
import type { Action, Card } from '../src/core/workflow.ts'
import { workflows } from '../src/workflows.ts'
import { doing, playGallery, type Sight } from './support/gallery.ts'

/** Reached in another way than by a button, a form or a command; each with its reason. */
const ELSEWHERE: Record<string, string> = {}

/** Cards that stand behind something else than a picture. */
const UNSHOWN: Record<string, string> = {}

const { pictures, sights } = await playGallery()

const actionOf = (name: string): Action | undefined => {
  const [workflow, verb = ''] = name.split('.')
  const actions = workflows.find((one) => one.name === workflow)?.actions
  return actions && Object.hasOwn(actions, verb) ? actions[verb] : undefined
}
const fits = (action: Action, id: string | undefined): boolean =>
  action.about === undefined || action.about === 'new' || isId(action.about as Kind, id)

const blocksOf = ({ card, form }: Sight): Card['blocks'] => [...(card?.blocks ?? []), ...(form?.blocks ?? [])]
const drawn = sights.flatMap((sight) => doing(blocksOf(sight)).map((button) => ({ button, where: sight.where })))
const forms = sights.flatMap(({ form, where }) => (form ? [{ form, where }] : []))
const commands = workflows.flatMap((workflow) => workflow.commands)
const once = (found: string[]) => [...new Set(found)].sort()

describe('every button', () => {
  test('does something that exists', () => {
    const dead = [
      ...drawn.filter(({ button }) => !actionOf(button.do)).map(({ button, where }) => `${button.do} on ${where}`),
      ...forms.filter(({ form }) => !actionOf(form.do)).map(({ form, where }) => `${form.do} after ${where}`),
      ...commands.filter((command) => !actionOf(command.do)).map((command) => `${command.do} by /isms ${command.word}`),
    ]
    expect(once(dead)).toEqual([])
  })

  test('carries an id of the kind its action is about', () => {
    const wrong = [
      ...drawn.map(({ button, where }) => ({ it: button, where })),
      ...forms.map(({ form, where }) => ({ it: form, where })),
    ].filter(({ it }) => {
      const action = actionOf(it.do)
      return action && !fits(action, it.id)
    })
    expect(once(wrong.map(({ it, where }) => `${it.do} with ${it.id} on ${where}`))).toEqual([])
  })

  test('says that it asks exactly when a form opens', () => {
    const wrong = drawn.filter(({ button }) => (actionOf(button.do)?.asks !== undefined) !== (button.asks ?? false))
    expect(once(wrong.map(({ button, where }) => `${button.do} on ${where}`))).toEqual([])
  })

  test('shows a card that exists, when it shows one', () => {
    const names = drawn.filter(({ button }) => button.do === 'home.show').map(({ button }) => button.with?.card ?? '')
    const known = workflows.flatMap(({ name, cards }) => Object.keys(cards).map((card) => `${name}.${card}`))
    expect(once(names.filter((name) => !known.includes(name)))).toEqual([])
  })

  test('is drawn once on its card, with a label that tells it apart', () => {
    const twice = sights.flatMap((sight) => {
      const labels = blocksOf(sight).flatMap((block) =>
        block.kind === 'buttons' ? block.buttons.map((one) => one.label) : [],
      )
      return labels.filter((label, n) => labels.indexOf(label) !== n).map((label) => `${label} on ${sight.where}`)
    })
    expect(once(twice)).toEqual([])
  })
})

describe('everything can be reached and was shown', () => {
  test('every action stands on a card, in a form or behind a command', () => {
    const reached = new Set([
      ...drawn.map(({ button }) => button.do),
      ...forms.map(({ form }) => form.do),
      ...commands.map((command) => command.do),
    ])
    const all = workflows.flatMap(({ name, actions }) => Object.keys(actions).map((verb) => `${name}.${verb}`))
    expect(all.filter((name) => !reached.has(name) && !ELSEWHERE[name])).toEqual([])
    expect(Object.keys(ELSEWHERE).filter((name) => !all.includes(name))).toEqual([])
  })

  test('the gallery shows every card and every form', () => {
    const shown = new Set(pictures.map((picture) => picture.name.split('--')[0]))
    const missing = workflows.flatMap(({ name, cards, actions }) => [
      ...Object.keys(cards).map((card) => `${name}.${card}`),
      ...Object.entries(actions)
        .filter(([, action]) => action.asks)
        .map(([verb]) => `${name}.${verb}`),
    ])
    expect(missing.filter((name) => !shown.has(name) && !UNSHOWN[name])).toEqual([])
  })
})
