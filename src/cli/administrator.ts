import { and, eq, isNull } from 'drizzle-orm'
import { identity, person, personRole } from '../../db/schema/people.ts'
import { record } from '../core/entries.ts'
import { Refusal } from '../core/errors.ts'
import { newId } from '../core/id.ts'
import { md } from '../core/md.ts'
import { personByEmail, personById } from '../core/people.ts'
import type { Actor, Card, Ctx, Person, Profile } from '../core/workflow.ts'
import { isZone } from '../core/zones.ts'

/**
 * The first administrator: found or made in the register by the address the platform vouches for, the account linked,
 * the role granted by the setup.
 */
export async function makeAdministrator(ctx: Ctx, actor: Actor, profile: Profile, mail: string): Promise<Person> {
  if (profile.email?.toLowerCase() !== mail.toLowerCase() || profile.standing !== 'member')
    throw new Refusal(
      `The account of ${mail} is no full member with a confirmed address there, so it cannot run the ISMS.`,
    )
  const person = await appoint(ctx, mail, profile)
  await link(ctx, actor, profile, person.id)
  return person
}

/**
 * The person of that address in the register, made where there is none, with the role. Nobody vouches for the address
 * here: whoever can call the setup on the server holds the database anyway.
 */
export async function appoint(ctx: Ctx, mail: string, as: Pick<Profile, 'name' | 'timezone'>): Promise<Person> {
  const known = await personByEmail(ctx.db, mail)
  const id = known?.id ?? newId('per', ctx.now, ctx.random)
  if (!known) {
    const timezone = as.timezone && isZone(as.timezone) ? as.timezone : ctx.house.timezone
    await ctx.db
      .insert(person)
      .values({ id, name: as.name, email: mail, timezone, createdAt: ctx.now, updatedAt: ctx.now })
    await record(ctx, {
      type: 'person.joined',
      object: id,
      action: 'setup.administrator',
      payload: { name: as.name, email: mail },
    })
  }
  const held = and(eq(personRole.personId, id), eq(personRole.role, 'isms-manager'), isNull(personRole.endedAt))
  const [has] = await ctx.db.select({ role: personRole.role }).from(personRole).where(held)
  if (!has) {
    await ctx.db
      .insert(personRole)
      .values({ personId: id, role: 'isms-manager', grantedAt: ctx.now, reason: 'first administrator' })
    await record(ctx, {
      type: 'role.granted',
      object: id,
      action: 'setup.administrator',
      payload: { role: 'isms-manager' },
    })
  }
  const made = await personById(ctx.db, id)
  if (!made) throw new Error('appoint: the person vanished')
  return made
}

async function link(ctx: Ctx, actor: Actor, profile: Profile, personId: string): Promise<void> {
  const linked = { personId, state: 'linked' as const, linkMethod: 'setup', linkedAt: ctx.now }
  const made = await ctx.db
    .insert(identity)
    .values({
      id: newId('idn', ctx.now, ctx.random),
      platform: actor.platform,
      tenant: actor.tenant,
      userId: actor.user,
      address: actor.address,
      email: profile.email ?? null,
      displayName: profile.name,
      createdAt: ctx.now,
      ...linked,
    })
    .onConflictDoUpdate({ target: [identity.platform, identity.tenant, identity.userId], set: linked })
    .returning({ id: identity.id })
  await record(ctx, {
    type: 'identity.linked',
    object: made[0]?.id ?? personId,
    action: 'setup.administrator',
    ref: personId,
    payload: { platform: actor.platform, tenant: actor.tenant, method: 'setup' },
  })
}

/** The first message: what it is, and the next step. `publish`: what is typed there to ask people. */
export const welcomeCard = (organisation: string, publish: string): Card => ({
  title: 'Countersign is connected',
  blocks: [
    {
      kind: 'text',
      text: md`I am the bot of the information security team of **${organisation}**. You are its first administrator.`,
    },
    {
      kind: 'text',
      text: md`Next: import your people and your policies on the server, then type \`${publish}\` here.`,
    },
    {
      kind: 'buttons',
      buttons: [
        { label: 'What I can do', do: 'home.help', style: 'primary' },
        { label: 'How things stand', do: 'home.status' },
      ],
    },
  ],
})
