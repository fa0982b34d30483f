import { createRemoteJWKSet, customFetch, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Log } from '../../src/core/log.ts'
import type { Actor } from '../../src/core/workflow.ts'
import type { TeamsConfig } from './config.ts'
import { type Egress, LOGIN } from './egress.ts'
import { CALL_MS, SKEW_SECONDS } from './limits.ts'

/**
 * Who sits in front of the tab, by the token that Teams gets for us from Entra (T04, T08). Only version 2 tokens are
 * taken: what the registration hands out is set in its manifest (requestedAccessTokenVersion: 2).
 * [learn.microsoft.com/entra, access tokens: claims and validation]
 */
export type Sso = (authorization: string | undefined) => Promise<Actor | 'no' | 'unavailable'>

/**
 * Teams on desktops and phones, and in the browser: the clients that the registration names, so that no other app of the
 * tenant opens a desk with a token it got for itself. [learn.microsoft.com/microsoftteams/platform, tab SSO]
 */
const CLIENTS = ['1fec8e78-bce4-4aaf-ab1b-5451cc387264', '5e3ce6c0-2b1f-4285-8d4b-75ee78787346'] as const

const SCOPE = 'access_as_user'

const claims = z.object({
  ver: z.literal('2.0'),
  azp: z.enum(CLIENTS),
  // An app that speaks for itself has none.
  scp: z.string().refine((scopes) => scopes.split(' ').includes(SCOPE)),
  oid: z.guid(),
})

type Deps = { egress: Pick<Egress, 'fetch'>; now: () => Date; log: Log }

export function makeSso(config: TeamsConfig, { egress, now, log }: Deps): Sso {
  const login = config.login ?? LOGIN
  const { appId, desk = '' } = config
  const audience = [appId, `api://${new URL(desk).host}/botid-${appId}`]
  // jose keeps keys for ten minutes and asks for unknown ones at most every thirty seconds, by the computer's clock.
  const keysOf = new Map(
    config.tenantIds.map((id) => {
      const url = new URL(`${login}/${id.toLowerCase()}/discovery/v2.0/keys`)
      return [id.toLowerCase(), createRemoteJWKSet(url, { [customFetch]: egress.fetch, timeoutDuration: CALL_MS })]
    }),
  )

  return async (authorization) => {
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '') ?? []
    const tid = token === undefined ? undefined : tenantIn(token)
    const keys = tid === undefined ? undefined : keysOf.get(tid)
    if (token === undefined || tid === undefined || keys === undefined) return 'no'
    try {
      const { payload } = await jwtVerify(token, reached(keys), {
        algorithms: ['RS256'],
        issuer: `${login}/${tid}/v2.0`,
        audience,
        requiredClaims: ['exp', 'nbf'],
        currentDate: now(),
        clockTolerance: SKEW_SECONDS,
      })
      const made = claims.safeParse(payload)
      if (made.success) return { platform: 'teams', tenant: tid, user: made.data.oid.toLowerCase(), address: {} }
      log.warn({ because: String(made.error.issues[0]?.path[0]) }, 'teams.sso')
      return 'no'
    } catch (error) {
      if (error instanceof Unreachable) return 'unavailable'
      log.warn({ because: claimOf(error) }, 'teams.sso')
      return 'no'
    }
  }
}

class Unreachable extends Error {}

/** Keys that cannot be fetched say nothing of the sender. */
const reached =
  (keys: JWTVerifyGetKey): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      throw new Unreachable()
    }
  }

/** Whose keys are to be asked; believed only with the signature, and with the issuer that goes with it. */
function tenantIn(token: string): string | undefined {
  try {
    const { tid } = decodeJwt(token)
    return typeof tid === 'string' ? tid.toLowerCase() : undefined
  } catch {
    return undefined
  }
}

/** For whoever set up the registration: which claim, never what stood in it. */
const claimOf = (error: unknown): string =>
  error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired
    ? error.claim
    : error instanceof errors.JOSEError
      ? error.code
      : 'token'
