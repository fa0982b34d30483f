import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node'
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import { MsalServiceClientCredentialsFactory } from 'botframework-connector'
import type { Activity } from './activity.ts'
import type { Credential, TeamsConfig } from './config.ts'
import { LOGIN } from './egress.ts'

/**
 * The only file that knows the Bot Framework SDK (4.23.3, archived upstream): who signed what comes in, and the token of
 * what goes out. A successor is a change of this file.
 */
export type Sdk = {
  /** `unavailable`: the keys could not be fetched, which says nothing of the sender. */
  authenticate(authorization: string, activity: Activity): Promise<'yes' | 'no' | 'unavailable'>
  /** The bearer token for the Bot Connector; `anew` when the last one was refused. */
  token(anew?: boolean): Promise<string>
}

/** Its own types are of the other module format. */
type Application = ConstructorParameters<typeof MsalServiceClientCredentialsFactory>[1]

const SCOPE = 'https://api.botframework.com'
const KEYS = 'https://login.botframework.com/v1/.well-known/openidconfiguration'
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
  const credentials = new MsalServiceClientCredentialsFactory(appId, application as unknown as Application)
  // As soon as one of these is set, all must be.
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId,
      ToBotFromChannelTokenIssuer: SCOPE,
      ToBotFromChannelOpenIdMetadataUrl: config.openIdMetadataUrl ?? KEYS,
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
    async authenticate(authorization, activity) {
      try {
        await authentication.authenticateRequest(activity as never, authorization)
        return 'yes'
      } catch (error) {
        return isRefusal(error) ? 'no' : 'unavailable'
      }
    },
    async token(anew = false) {
      return ((await outbound) as unknown as { getToken(anew: boolean): Promise<string> }).getToken(anew)
    },
  }
}

/** Names of jsonwebtoken's and the SDK's own refusals; what else is thrown came from the network. */
const REFUSALS = ['AuthenticationError', 'JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError']

const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  (REFUSALS.includes(error.name) || 'statusCode' in error || /signing key|endorse|issuer|audience/i.test(error.message))

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
