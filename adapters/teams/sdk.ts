import { verify } from 'node:crypto'
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node'
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import { MsalServiceClientCredentialsFactory } from 'botframework-connector'
import { JwtTokenExtractor } from 'botframework-connector/lib/auth/jwtTokenExtractor.js'
import type { Activity } from './activity.ts'
import type { Credential, TeamsConfig } from './config.ts'
import { KEYS, LOGIN } from './egress.ts'
import { bearerOf, CHANNEL } from './gate.ts'
import { type Key, type Keys, makeKeys } from './keys.ts'

/**
 * The only file that knows the Bot Framework SDK (4.23.3, archived upstream): who signed what comes in, and the token of
 * what goes out. A successor is a change of this file.
 */
export type Sdk = {
  /** `unavailable`: the keys could not be fetched, which says nothing of the sender. */
  authenticate(authorization: string, activity: Activity, now: Date): Promise<'yes' | 'no' | 'unavailable'>
  /** The bearer token for the Bot Connector; `anew` when the last one was refused. */
  token(anew?: boolean): Promise<string>
}

/** Its own types are of the other module format. */
type Application = ConstructorParameters<typeof MsalServiceClientCredentialsFactory>[1]

const SCOPE = 'https://api.botframework.com'
/** Nothing answers there: tokens of the emulator and of other bots find no keys. */
const NOWHERE = 'http://127.0.0.1:1/'

export function makeSdk(config: TeamsConfig, send: typeof fetch): Sdk {
  const { appId, tenantIds } = config
  const login = `${config.login ?? LOGIN}/${tenantIds[0]}`
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: appId,
      authority: login,
      knownAuthorities: [new URL(login).host],
      ...secretOf(config.credential),
    },
    system: { networkClient: networkOf(send) },
  })
  const keys = makeKeys(config.openIdMetadataUrl ?? KEYS, send)
  const credentials = new MsalServiceClientCredentialsFactory(appId, application as unknown as Application)
  // As soon as one of these is set, all must be.
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId,
      ToBotFromChannelTokenIssuer: SCOPE,
      ToBotFromChannelOpenIdMetadataUrl: lent(keys),
      ToBotFromEmulatorOpenIdMetadataUrl: NOWHERE,
      ToChannelFromBotLoginUrl: login,
      ToChannelFromBotOAuthScope: SCOPE,
      OAuthUrl: SCOPE,
      CallerId: '',
      ValidateAuthority: true,
    },
    credentials,
  )
  const outbound = credentials.createCredentials(appId, SCOPE, login, true)
  return {
    async authenticate(authorization, activity, now) {
      const bearer = bearerOf(authorization)
      if (!bearer || !isCurrent(bearer.claims, now)) return 'no'
      let key: Key | undefined
      try {
        key = await keys.find(bearer.header.kid, now)
      } catch {
        return 'unavailable'
      }
      if (!key || !isSigned(bearer, key)) return 'no'
      return authentication.authenticateRequest(activity as never, authorization).then(
        () => 'yes',
        () => 'no',
      )
    },
    async token(anew = false) {
      return ((await outbound) as unknown as { getToken(anew: boolean): Promise<string> }).getToken(anew)
    },
  }
}

let lendings = 0

/**
 * Our keys in the SDK's hands: the address to give it. It remembers keys by the address of their document, and asks for
 * one by its id with each token (jwtTokenExtractor.js); ours stand there under an address of their own where nothing
 * answers, so that the SDK fetches nothing itself: not past our way out, and not once for every request that waits. Were
 * they ever not found there, no token would hold.
 */
function lent(keys: Keys): string {
  const address = `${NOWHERE}keys/${++lendings}`
  const { openIdMetadataCache } = JwtTokenExtractor as unknown as { openIdMetadataCache: Map<string, Lent> }
  openIdMetadataCache.set(address, { getKey: async (kid) => keys.known(kid) ?? null })
  return address
}

type Lent = { getKey(kid: string): Promise<Key | null> }
type Bearer = NonNullable<ReturnType<typeof bearerOf>>

/** As the SDK has it. Seconds. */
const SKEW = 5 * 60
const HASH = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' } as const

/** The SDK asks the computer's clock as well. */
const isCurrent = ({ exp, nbf = 0 }: Bearer['claims'], now: Date): boolean =>
  exp > now.getTime() / 1000 - SKEW && nbf < now.getTime() / 1000 + SKEW

/**
 * Asked before the SDK is, for two reasons. It takes a key that is published for no channel at all; ours must be
 * published for Teams (T04). And it writes each token that does not hold to the console, with keys and a trace: whoever
 * reaches the port could fill the disk past our log (T36). What is left to it was signed by Microsoft for us.
 */
function isSigned({ header, signed, signature }: Bearer, { key, endorsements }: Key): boolean {
  if (!endorsements.includes(CHANNEL)) return false
  try {
    return verify(HASH[header.alg], Buffer.from(signed), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

const secretOf = (credential: Credential) =>
  'secret' in credential
    ? { clientSecret: credential.secret }
    : {
        clientCertificate: {
          thumbprintSha256: credential.thumbprint,
          privateKey: credential.privateKey,
        },
      }

/** MSAL asks for its tokens through the same way out as everything else. */
function networkOf(send: typeof fetch): INetworkModule {
  const call = async (url: string, method: string, options?: { headers?: Record<string, string>; body?: string }) => {
    const response = await send(url, {
      method,
      headers: options?.headers ?? {},
      ...(options?.body ? { body: options.body } : {}),
    })
    const headers = Object.fromEntries(response.headers)
    return { headers, body: (await response.json()) as never, status: response.status }
  }
  return {
    sendGetRequestAsync: (url, options) => call(url, 'GET', options),
    sendPostRequestAsync: (url, options) => call(url, 'POST', options),
  }
}
