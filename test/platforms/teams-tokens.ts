import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Json } from './teams-cards.ts'

/**
 * Which key signs: `ours` is the service's; `stranger` is a key nobody published under the service's id; `unendorsed` is
 * published without a word for whom, `elsewhere` for another channel; `public` signs with the public key as a shared
 * secret; `none` does not sign at all.
 */
export type Signer = 'ours' | 'stranger' | 'unendorsed' | 'elsewhere' | 'public' | 'none'
export type Signing = { key?: Signer; header?: Json }

const SERVICE = 'https://smba.trafficmanager.net/emea/'
const ISSUER = 'https://api.botframework.com'

const makeKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
type Pair = ReturnType<typeof makeKey>

/** Making keys takes longer than a test: the same ones for everybody in this process. */
const pairs = new Map<string, Pair>()
const pairOf = (name: string): Pair => {
  const pair = pairs.get(name) ?? makeKey()
  pairs.set(name, pair)
  return pair
}

/** The keys of the Bot Framework, as far as one bot meets them. */
export function makeTokens(appId: string, now: () => Date) {
  const kidOf = (key: Signer): string => (key === 'unendorsed' || key === 'elsewhere' ? `stand-in-${key}` : 'stand-in')
  const jwk = (key: Signer, more: Json): Json => {
    const { n, e } = pairOf(key).publicKey.export({ format: 'jwk' })
    return { kty: 'RSA', use: 'sig', kid: kidOf(key), n, e, ...more }
  }

  return {
    keys: (): Json[] => [
      jwk('ours', { endorsements: ['msteams'] }),
      jwk('unendorsed', {}),
      jwk('elsewhere', { endorsements: ['webchat'] }),
    ],

    /** A bearer token as the service sends with every activity; claims that are undefined are left out. */
    sign(claims: Json = {}, { key = 'ours', header = {} }: Signing = {}): string {
      // The adapter judges by the clock in hand, the SDK behind it by the computer's.
      const times = [now().getTime(), Date.now()].map((ms) => Math.floor(ms / 1000))
      const payload = {
        serviceurl: SERVICE,
        nbf: Math.min(...times) - 300,
        exp: Math.max(...times) + 3600,
        iss: ISSUER,
        aud: appId,
        ...claims,
      }
      const alg = key === 'none' ? 'none' : key === 'public' ? 'HS256' : 'RS256'
      const head = { typ: 'JWT', alg, kid: kidOf(key), ...header }
      const signed = `${encoded(head)}.${encoded(payload)}`
      return `${signed}.${signature(signed, key, pairOf(key === 'none' || key === 'public' ? 'ours' : key))}`
    },
  }
}

const encoded = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function signature(signed: string, key: Signer, { privateKey, publicKey }: Pair): string {
  if (key === 'none') return ''
  if (key === 'public') return createHmac('sha256', pem(publicKey)).update(signed).digest('base64url')
  return createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')
}

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string

/** What the adapter gets for its secret and must show the connector. */
export const TOKEN = 'OUTBOUND-TOKEN'

export const tokenAnswer = {
  status: 200,
  body: { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: TOKEN },
}

/** The documents that clients read before they ask for a token, and before they believe one. */
export function documentOf({ pathname }: URL, origin: string, tenant: string, keys: () => Json[]) {
  if (pathname === '/v1/.well-known/openidconfiguration') return found({ ...BOT_FRAMEWORK, jwks_uri: origin + KEYS })
  if (pathname === KEYS) return found({ keys: keys() })
  if (pathname === '/common/discovery/instance') return found(discovery(tenant))
  // What signs for the Bot Framework signs here for Entra as well: one key less to make.
  if (pathname === `/${tenant}/discovery/v2.0/keys`) return found({ keys: keys() })
  const [, of] = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(pathname) ?? []
  return of ? found(authority(of)) : undefined
}

const found = (body: Json) => ({ status: 200, body })

const KEYS = '/v1/.well-known/keys'
const LOGIN = 'login.microsoftonline.com'
const BOT_FRAMEWORK = {
  issuer: ISSUER,
  authorization_endpoint: 'https://invalid.botframework.com',
  id_token_signing_alg_values_supported: ['RS256'],
}

const authority = (tenant: string): Json => {
  const base = `https://${LOGIN}/${tenant}`
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  }
}

const discovery = (tenant: string): Json => ({
  tenant_discovery_endpoint: `https://${LOGIN}/${tenant}/v2.0/.well-known/openid-configuration`,
  'api-version': '1.1',
  metadata: [{ preferred_network: LOGIN, preferred_cache: LOGIN, aliases: [LOGIN] }],
})
