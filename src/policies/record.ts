import { and, eq, inArray } from 'drizzle-orm'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { person } from '../../db/schema/people.ts'
import { acknowledgement, policy, policyVersion } from '../../db/schema/policies.ts'
import { isId } from '../core/id.ts'
import { has } from '../core/rules.ts'
import type { Button, Ctx, Happenings, Recorded, Told } from '../core/workflow.ts'
import { text } from './text.ts'
import { mayRead, VERSION, type Version } from './versions.ts'

/** The way into the record, for those who may read it. */
export const recordButton = (ctx: Ctx, about: string): Button[] =>
  has(ctx.by, 'isms-manager', 'auditor')
    ? [{ label: text(ctx.by.language).happenings.button, do: 'home.record', with: { about } }]
    : []

/** Done by one person about another. */
const SOMEBODYS = ['policy.nudged', 'acknowledgement.imported']

export const happenings: Happenings = {
  heading: (language) => text(language).happenings.heading,
  words: (language) => text(language).happenings.types,
  tell,
  async parts(ctx, about) {
    if (isId('cmp', about)) {
      const rows = await ctx.db.select({ id: campaign.subjectId }).from(campaign).where(eq(campaign.id, about))
      return rows.map((row) => row.id)
    }
    if (!isId('per', about)) return []
    // A reminder by hand names the request, an acknowledgement that was brought here its receipt: neither the person.
    const [asked, brought] = await Promise.all([
      ctx.db
        .select({ id: assignment.id })
        .from(assignment)
        .where(and(eq(assignment.personId, about), eq(assignment.workflow, 'policies'))),
      ctx.db
        .select({ id: acknowledgement.id })
        .from(acknowledgement)
        .where(and(eq(acknowledgement.personId, about), eq(acknowledgement.source, 'imported'))),
    ])
    return [...asked, ...brought].map((row) => row.id)
  },
}

/** A version or a campaign by the title of its policy; with whose it was where somebody else did it. */
async function tell(ctx: Ctx, entries: readonly Recorded[]): Promise<ReadonlyMap<string, Told>> {
  const say = text(ctx.by.language)
  const idsOf = (kind: 'pov' | 'cmp') => entries.flatMap(({ object }) => (isId(kind, object) ? [object] : []))
  const campaigns = await subjectsOf(ctx, idsOf('cmp'))
  const [versions, whose] = await Promise.all([
    versionsById(ctx, [...idsOf('pov'), ...campaigns.values()]),
    whoseOf(
      ctx,
      entries.flatMap(({ ref }) => ref ?? []),
    ),
  ])
  return new Map(
    entries.flatMap((it): [string, Told][] => {
      const version = versions.get(campaigns.get(it.object) ?? it.object)
      if (!version) return []
      const title = say.page.title(version.title, version.version)
      const name = SOMEBODYS.includes(it.type) ? whose.get(it.ref ?? '') : undefined
      const opens = isId('cmp', it.object)
        ? { do: 'home.show', id: it.object, with: { card: 'policies.campaign' } }
        : { do: 'policies.read', id: version.id }
      return [[it.id, { about: name ? say.happenings.whose(title, name) : title, opens }]]
    }),
  )
}

async function subjectsOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .select({ id: campaign.id, subjectId: campaign.subjectId })
    .from(campaign)
    .where(and(inArray(campaign.id, [...ids]), eq(campaign.workflow, 'policies')))
  return new Map(rows.map((row) => [row.id, row.subjectId]))
}

async function versionsById(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Version>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .select(VERSION)
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(inArray(policyVersion.id, [...ids]))
  const seen = await Promise.all(rows.map((version) => mayRead(ctx, version)))
  return new Map(rows.filter((_, n) => seen[n]).map((version) => [version.id, version]))
}

/** Who was reminded by hand, and whose acknowledgement was brought here. */
async function whoseOf(ctx: Ctx, refs: readonly string[]): Promise<Map<string, string>> {
  const [requests, receipts] = [refs.filter((id) => isId('asg', id)), refs.filter((id) => isId('ack', id))]
  const [asked, brought] = await Promise.all([
    requests.length === 0
      ? []
      : ctx.db
          .select({ id: assignment.id, name: person.name })
          .from(assignment)
          .innerJoin(person, eq(person.id, assignment.personId))
          .where(inArray(assignment.id, requests)),
    receipts.length === 0
      ? []
      : ctx.db
          .select({ id: acknowledgement.id, name: person.name })
          .from(acknowledgement)
          .innerJoin(person, eq(person.id, acknowledgement.personId))
          .where(and(inArray(acknowledgement.id, receipts), eq(acknowledgement.source, 'imported'))),
  ])
  return new Map([...asked, ...brought].map((row) => [row.id, row.name]))
}
