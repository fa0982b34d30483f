import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { teams } from '../../adapters/teams/index.ts'
import { TAB } from '../../adapters/teams/tab-places.ts'
import { web } from '../../adapters/web/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { accountChanged } from '../../src/core/introduce.ts'
import type { Facts, Log } from '../../src/core/log.ts'
import type { Actor, Platform } from '../../src/core/workflow.ts'
import { serve } from '../../src/http.ts'
import { CAST } from '../support/people.ts'
import { MONDAY, makeWorld } from '../support/world.ts'
import type { Json } from './teams-cards.ts'
import { makePerson } from './teams-person.ts'
import { startTeams } from './teams-stand-in.ts'
import { TENANT, userOf } from './teams-users.ts'

export const DESK = 'https://desk.kestrel.example'
export const HOST = 'desk.kestrel.example'
export const LOGIN = 'https://login.microsoftonline.com'
/** Of Teams on a desktop. */
export const TEAMS_CLIENT = '1fec8e78-bce4-4aaf-ab1b-5451cc387264'

/** `stranger`: a key that Entra never published, under the name of one that it did. */
export type Hand = { key?: 'ours' | 'stranger' | 'public' | 'none'; kid?: string; header?: Json }

const never = () => new Promise<void>(() => {})
const makeKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const KEYS = { ours: makeKey(), stranger: makeKey() }
const KID = 'entra-of-the-tests'

/**
 * A company in Teams whose desk stands behind https: the adapter and the desk on the product's own HTTP server, and
 * Entra as far as a tab meets it: who signs tokens, and the document of its keys.
 */
export async function openTabCompany(options: { seed: string; desk?: string }) {
  const { desk = DESK } = options
  let now = () => MONDAY
  const lines: string[] = []
  const keep = (facts: Facts, event: string) => void lines.push(JSON.stringify({ ...facts, event }))
  const log: Log = { info: keep, warn: keep, error: keep, child: () => log }
  const users = Object.entries(CAST).map(([who, { name }]) => userOf(who, name))
  const standIn = await startTeams({ now: () => now(), users, tenant: TENANT })
  const { appId } = standIn
  const asked: string[] = []
  const seat = (who: string): Actor => {
    const { id: user, mri } = userOf(who)
    return {
      platform: 'teams',
      tenant: TENANT,
      user,
      address: { tenant: TENANT, user, mri, serviceUrl: standIn.serviceUrl },
    }
  }
  const entra: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.origin !== LOGIN || !url.pathname.endsWith('/discovery/v2.0/keys')) return standIn.fetch(input, init)
    asked.push(url.pathname)
    const jwk = KEYS.ours.publicKey.export({ format: 'jwk' })
    return Response.json({ keys: [{ ...jwk, kid: KID, use: 'sig', alg: 'RS256' }] })
  }
  const configOf = (fetching: typeof fetch) => ({
    appId,
    tenantIds: [TENANT],
    credential: { secret: 'outbound-secret' },
    desk,
    openIdMetadataUrl: standIn.metadataUrl,
    fetch: fetching,
  })
  const made: Platform[] = []
  const world = await makeWorld({
    seed: options.seed,
    seat,
    log,
    desk: { address: desk, platform: 'web' },
    platforms(clock) {
      now = clock
      const base = new URL(desk)
      const secure = base.protocol === 'https:'
      made.push(
        teams(configOf(entra), { now: clock, log, random: systemRandom, after: never }),
        web({ base, secure, organisation: 'Harbour Test', frames: TAB }, { random: systemRandom, log }),
      )
      return made
    },
  })
  const listen = (routes: Parameters<typeof serve>[0]) =>
    serve(routes, { host: '127.0.0.1', port: 0, log, ready: async () => true })
  const http = await listen(world.routes)

  return {
    world,
    appId,
    port: http.port,
    lines,
    entra,
    /** Paths of Entra that were asked for keys. */
    asked,
    /** Somebody in front of Teams. */
    as: (who: string) => makePerson(standIn, http.address, userOf(who, CAST[who]?.name), () => now()),
    chat: (who: string) => standIn.chat(userOf(who).id),
    settled: () => made[0]?.stop?.(),
    /** The account in Teams stands otherwise from now on. */
    account: (who: string, standing: 'member' | 'guest' | 'deleted') =>
      accountChanged(world.deps, seat(who), { name: who, standing }),
    /** The same adapter once more, which has not yet asked for any key; its way out is `fetching`. */
    async another(fetching: typeof fetch) {
      const platform = teams(configOf(fetching), { now: () => now(), log, random: systemRandom, after: never })
      const other = await listen(platform.mount(world.core))
      return { port: other.port, stop: other.stop }
    },
    /** What Entra says of somebody who has Teams open. */
    token: (who: string, claims: Json = {}, hand: Hand = {}) =>
      signed({ ...usual(appId, Math.floor(now().getTime() / 1000)), oid: userOf(who).id, ...claims }, hand),
    async close() {
      for (const platform of made) await platform.stop?.()
      await http.stop()
      await standIn.close()
      await world.close()
    },
  }
}

export type TabCompany = Awaited<ReturnType<typeof openTabCompany>>

/** [learn.microsoft.com/entra, access token claims: version 2] */
const usual = (appId: string, seconds: number): Json => ({
  ver: '2.0',
  iss: `${LOGIN}/${TENANT}/v2.0`,
  aud: appId,
  tid: TENANT,
  azp: TEAMS_CLIENT,
  azpacr: '0',
  scp: 'access_as_user',
  iat: seconds - 60,
  nbf: seconds - 60,
  exp: seconds + 3600,
})

function signed(claims: Json, { key = 'ours', kid = KID, header = {} }: Hand): string {
  const alg = key === 'none' ? 'none' : key === 'public' ? 'HS256' : 'RS256'
  const body = [{ typ: 'JWT', alg, kid, ...header }, claims].map(encoded).join('.')
  return `${body}.${signatureOf(body, key)}`
}

function signatureOf(body: string, key: NonNullable<Hand['key']>): string {
  if (key === 'none') return ''
  if (key === 'public') return createHmac('sha256', pem(KEYS.ours.publicKey)).update(body).digest('base64url')
  return createSign('RSA-SHA256').update(body).sign(KEYS[key].privateKey, 'base64url')
}

const encoded = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string
