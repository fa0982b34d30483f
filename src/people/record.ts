import { and, eq, inArray, or } from 'drizzle-orm'
import { identity, person, personRole } from '../../db/schema/people.ts'
import { isId } from '../core/id.ts'
import { has } from '../core/rules.ts'
import type { Ctx, Happenings, Recorded, Told } from '../core/workflow.ts'
import { text } from './text.ts'

/** People and their accounts, by name, to those who answer for the register. */
export const happenings: Happenings = {
  heading: (language) => text(language).happenings.heading,
  words: (language) => text(language).happenings.types,
  async tell(ctx, entries) {
    if (!has(ctx.by, 'isms-manager', 'auditor')) return new Map()
    const say = text(ctx.by.language).happenings
    const [names, roles] = await Promise.all([namesOf(ctx, entries), rolesIn(ctx, entries)])
    return new Map(
      entries.flatMap((it): [string, Told][] => {
        // Whoever imported stands there as who did it already.
        const about = it.type === 'people.imported' ? undefined : names.get(it.object)
        const role = roles.get(it.id)
        return about ? [[it.id, { about, ...(role ? { what: say.granted(say.roles[role]) } : {}) }]] : []
      }),
    )
  },
  async parts(ctx, about) {
    if (!isId('per', about)) return []
    const rows = await ctx.db.select({ id: identity.id }).from(identity).where(eq(identity.personId, about))
    return rows.map((row) => row.id)
  },
}

async function namesOf(ctx: Ctx, entries: readonly Recorded[]): Promise<Map<string, string>> {
  const ids = entries.map((it) => it.object)
  const [people, accounts] = [ids.filter((id) => isId('per', id)), ids.filter((id) => isId('idn', id))]
  const [known, linked] = await Promise.all([
    people.length === 0
      ? []
      : ctx.db.select({ id: person.id, name: person.name }).from(person).where(inArray(person.id, people)),
    accounts.length === 0
      ? []
      : ctx.db
          .select({ id: identity.id, name: person.name, displayName: identity.displayName })
          .from(identity)
          .leftJoin(person, eq(person.id, identity.personId))
          .where(inArray(identity.id, accounts)),
  ])
  return new Map([
    ...known.map((row): [string, string] => [row.id, row.name]),
    ...linked.map((row): [string, string] => [row.id, row.name ?? row.displayName ?? '']),
  ])
}

/** Which role was granted: the grant and its entry are of one moment. */
async function rolesIn(ctx: Ctx, entries: readonly Recorded[]) {
  const granted = entries.filter((it) => it.type === 'role.granted')
  if (granted.length === 0) return new Map<string, never>()
  const rows = await ctx.db
    .select({ personId: personRole.personId, at: personRole.grantedAt, role: personRole.role })
    .from(personRole)
    .where(or(...granted.map((it) => and(eq(personRole.personId, it.object), eq(personRole.grantedAt, it.at)))))
  return new Map(
    granted.flatMap((it) => {
      const same = rows.filter((row) => row.personId === it.object && row.at.getTime() === it.at.getTime())
      // Two at once cannot be told apart by their moment.
      const [only] = same
      return only && same.length === 1 ? [[it.id, only.role] as const] : []
    }),
  )
}
