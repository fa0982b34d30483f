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
