import type { Actor } from '../../src/core/workflow.ts'

/** What a payload says about who acts. Slack signed it; a name or mail address in it is never used (T11). */
export type Acting = { user?: string; userTeam?: string; team?: string; enterprise?: string }

/**
 * The actor, when the account's own workspace is on the allow-list; undefined for a stranger of a shared channel, another
 * workspace and Slack's own bot (T14). An organisation's id (E…) in the list admits all its workspaces and is then the
 * tenant, because user ids are unique in an organisation; otherwise the workspace is.
 */
export function actorOf(acting: Acting, allowed: ReadonlySet<string>): Actor | undefined {
  const { user, userTeam, team, enterprise } = acting
  if (user === undefined || user === 'USLACKBOT' || !/^[UW][A-Z0-9]{2,30}$/.test(user)) return undefined
  const home = userTeam ?? team ?? enterprise
  if (home === undefined) return undefined
  const throughOrganisation =
    enterprise !== undefined && allowed.has(enterprise) && (home === team || home === enterprise)
  if (!allowed.has(home) && !throughOrganisation) return undefined
  const tenant = enterprise !== undefined && allowed.has(enterprise) ? enterprise : home
  return { platform: 'slack', tenant, user, address: { team: home, user } }
}

type Body = {
  user?: { id?: string; team_id?: string }
  team?: { id?: string; enterprise_id?: string } | null
  enterprise?: { id?: string } | null
}

/** For everything interactive: clicks, forms, shortcuts, searched choices. */
export const actingIn = (body: Body): Acting => ({
  user: body.user?.id,
  userTeam: body.user?.team_id,
  team: body.team?.id,
  enterprise: body.enterprise?.id ?? body.team?.enterprise_id,
})
