import { textOf } from '../../src/core/md.ts'
import type { Block, Button, Card, Form, Reply } from '../../src/core/view.ts'
import { importPolicies } from '../../src/policies/importing.ts'
import type { World } from './world.ts'

/** A policy as a file: facts in front, text behind; `facts` replaces or (undefined) removes one. */
export function policyFile(
  facts: Record<string, string | undefined> = {},
  body = 'Lock your screen. Report what looks strange.',
): { name: string; bytes: Uint8Array } {
  const all: Record<string, string | undefined> = {
    title: 'Acceptable Use',
    version: '"1.0"',
    code: 'acceptable-use',
    owner: 'dora@example.com',
    approved_by: 'cleo@example.com',
    approved_on: '2026-11-16',
    effective_from: '2026-11-23',
    review_on: '2027-11-16',
    audience: 'everyone',
    ...facts,
  }
  const yaml = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
  const name = `${all.code}-v${(all.version ?? '').replaceAll('"', '')}.md`
  return { name, bytes: new TextEncoder().encode(`---\n${yaml}---\n\n${body}\n`) }
}

/** Imports one policy and answers its version id. */
export async function imported(world: World, facts: Record<string, string | undefined> = {}, body?: string) {
  const [outcome] = await world.system((ctx) => importPolicies(ctx, [policyFile(facts, body)]))
  if (!outcome?.version) throw new Error(outcome?.why)
  return outcome.version
}

export const wordsIn = (blocks: readonly Block[]): string =>
  blocks
    .flatMap((block) => {
      if (block.kind === 'text') return [textOf(block.text)]
      if (block.kind === 'list') return block.items.map((item) => textOf(item))
      if (block.kind === 'heading' || block.kind === 'quote') return [block.text]
      if (block.kind === 'facts') return block.facts.map((fact) => `${fact.label}: ${textOf(fact.value)}`)
      if (block.kind === 'rows') return block.rows.map((row) => `${textOf(row.title)} ${textOf(row.text ?? [])}`)
      if (block.kind === 'table') return block.rows.map((row) => row.join(': '))
      if (block.kind === 'progress') return [`${block.label} ${block.done}/${block.of}`]
      return []
    })
    .join('\n')

export const read = (card: Card | undefined) => (card ? `${card.title}\n${wordsIn(card.blocks)}` : '')
export const said = (reply: Reply) => textOf(reply.say ?? [])

export type Do = Extract<Button, { do: string }>

export function buttons(shown: Card | Form | undefined): Do[] {
  const blocks = shown?.blocks ?? []
  return blocks
    .flatMap((block) =>
      block.kind === 'buttons'
        ? block.buttons
        : block.kind === 'rows'
          ? block.rows.flatMap((row) => row.buttons ?? [])
          : [],
    )
    .filter((button): button is Do => 'do' in button)
}

export function button(shown: Card | Form | undefined, label: string): Do {
  const found = buttons(shown).find((one) => one.label === label)
  if (!found) throw new Error(`no button "${label}" on: ${JSON.stringify(shown)}`)
  return found
}

/** A click on a button that stands there, with what it carries. */
export const click = (world: World, who: string, it: Do) =>
  world.as(who).do(it.do, { id: it.id, shown: it.shown, with: it.with })

export const submit = (world: World, who: string, form: Form | undefined, entries: Record<string, string> = {}) => {
  if (!form) throw new Error('no form to submit')
  return world.as(who).do(form.do, { id: form.id, shown: form.shown, with: form.with, entries })
}

export async function publish(world: World, version: string, due = '2026-12-04'): Promise<Reply> {
  const form = (await world.as('mei').command('/isms publish')).form
  return submit(world, 'mei', form, { version, due })
}

export async function launch(world: World, version: string, due?: string): Promise<Reply> {
  const preview = (await publish(world, version, due)).card
  const form = (await click(world, 'mei', button(preview, 'Everyone'))).form
  const reply = await submit(world, 'mei', form)
  await world.work()
  return reply
}

export const last = (world: World, who: string) => world.chat(who).at(-1)
