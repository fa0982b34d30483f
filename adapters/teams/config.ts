import type { Random } from '../../src/core/id.ts'
import type { Log } from '../../src/core/log.ts'
import type { Actor, Profile } from '../../src/core/workflow.ts'

export type Credential =
  | { secret: string }
  /** `privateKey` in PEM; `thumbprint` is the certificate's SHA-256 in hexadecimal. */
  | { thumbprint: string; privateKey: string }

export type TeamsConfig = {
  /** Client id of the bot's registration in Entra. */
  appId: string
  credential: Credential
  /** Tenants whose people may act; the first is the one the bot is registered in. */
  tenantIds: readonly string[]
  /** Public address of the browser desk, for links to its paths. */
  desk?: string
  /** Hosts of the Bot Connector beside those of the public cloud: government clouds, tests. */
  serviceHosts?: readonly string[]
  /** Where the keys of the Bot Framework are: tests, sovereign clouds. */
  openIdMetadataUrl?: string
  /** https address that issues our tokens; default https://login.microsoftonline.com. */
  login?: string
  /** The one way out; replaced in tests. */
  fetch?: typeof fetch
}

export type TeamsDeps = {
  now: () => Date
  log: Log
  random: Random
  /** Resolves after that many milliseconds; replaced in tests. */
  after?: (ms: number) => Promise<void>
  /** Somebody is there, as the roster of their tenant says now. */
  changed?: (actor: Actor, profile: Profile) => Promise<void>
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** One sentence per problem, with its cure. Without id, credential and tenant anybody could speak as anybody (T05). */
export function problemsOf(config: TeamsConfig): string[] {
  const problems: string[] = []
  if (!GUID.test(config.appId))
    problems.push(
      'The app id must be the client id of the bot’s registration: copy it from the Teams Developer Portal.',
    )
  if (config.tenantIds.length === 0)
    problems.push('No tenant is named: give the id of your Microsoft 365 tenant, whose people may act.')
  for (const id of config.tenantIds)
    if (!GUID.test(id))
      problems.push(`"${id.slice(0, 40)}" is not the id of a tenant: "Overview" in Entra names yours.`)
  const { credential } = config
  if ('secret' in credential ? credential.secret.trim() === '' : credential.privateKey.trim() === '')
    problems.push('The credential is missing: make a client secret or upload a certificate in the registration.')
  if ('thumbprint' in credential && !/^[0-9a-f]{64}$/i.test(credential.thumbprint))
    problems.push('The thumbprint must be the SHA-256 of the certificate: 64 hexadecimal characters.')
  return problems
}
