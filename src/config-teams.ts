import { readFileSync } from 'node:fs'

export type TeamsConfig = {
  appId: string
  credential: { secret: string } | { thumbprint: string; privateKey: string }
  /** The first is the tenant in which the bot is registered; people of these may act. */
  tenantIds: readonly string[]
  /** Another token service than that of the public cloud: `https://` and a host. */
  login?: string
  /** Another document of the Bot Framework's keys. */
  openIdMetadataUrl?: string
  /** Hosts of the Bot Connector beside the known ones, with their ports. */
  serviceHosts?: readonly string[]
}

type Get = (name: string) => string | undefined

const NAMES = [
  'TEAMS_APP_ID',
  'TEAMS_APP_SECRET',
  'TEAMS_CERT_THUMBPRINT',
  'TEAMS_CERT_KEY_FILE',
  'TEAMS_TENANT_IDS',
  'TEAMS_LOGIN_URL',
  'TEAMS_OPENID_METADATA_URL',
  'TEAMS_SERVICE_HOSTS',
] as const

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Id, credential and tenant, or nothing at all: with one of them missing anybody could speak as anybody (T05). */
export function readTeams(get: Get, problems: string[]): TeamsConfig | undefined {
  if (NAMES.every((name) => get(name) === undefined)) return undefined
  const appId = get('TEAMS_APP_ID')
  if (!appId)
    problems.push(
      'TEAMS_APP_ID is missing: copy the client id of the bot from the Teams Developer Portal or from Entra.',
    )
  else if (!GUID.test(appId))
    problems.push('TEAMS_APP_ID must look like 00000000-0000-0000-0000-000000000000: copy the client id of the bot.')
  const tenantIds = listed(get('TEAMS_TENANT_IDS')).map((id) => id.toLowerCase())
  if (tenantIds.length === 0)
    problems.push(
      'TEAMS_TENANT_IDS is missing: copy the tenant id from "Overview" in Entra; separate several with commas.',
    )
  for (const id of tenantIds)
    if (!GUID.test(id))
      problems.push(
        `TEAMS_TENANT_IDS holds "${id.slice(0, 40)}", which is no tenant id: copy it from "Overview" in Entra.`,
      )
  // Tokens and activities carry both in small letters, and are compared sign for sign.
  return {
    appId: (appId ?? '').toLowerCase(),
    tenantIds,
    credential: readCredential(get, problems),
    ...readPlaces(get, problems),
  }
}

const listed = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

type Places = Pick<TeamsConfig, 'login' | 'openIdMetadataUrl' | 'serviceHosts'>

/** Where Microsoft is, when it is not the public cloud. Whatever is named here is believed: https, and nothing but. */
function readPlaces(get: Get, problems: string[]): Places {
  const login = readAddress(get('TEAMS_LOGIN_URL'))
  if (login === null || (login && login.pathname !== '/'))
    problems.push(
      'TEAMS_LOGIN_URL must be the https:// address of the token service without a path, such as https://login.microsoftonline.com.',
    )
  const keys = readAddress(get('TEAMS_OPENID_METADATA_URL'))
  if (keys === null)
    problems.push(
      'TEAMS_OPENID_METADATA_URL must be an https:// address, such as https://login.botframework.com/v1/.well-known/openidconfiguration.',
    )
  const hosts = listed(get('TEAMS_SERVICE_HOSTS')).map((host) => host.toLowerCase())
  for (const host of hosts)
    if (!isHost(host))
      problems.push(
        `TEAMS_SERVICE_HOSTS holds "${host.slice(0, 60)}", which is no host: write names as smba.trafficmanager.net, with commas between and nothing around them.`,
      )
  return {
    ...(login ? { login: login.origin } : {}),
    ...(keys ? { openIdMetadataUrl: keys.href } : {}),
    ...(hosts.length > 0 ? { serviceHosts: hosts } : {}),
  }
}

/** null: set, and no https address by itself. */
function readAddress(value: string | undefined): URL | null | undefined {
  if (value === undefined) return undefined
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol !== 'https:' || url.username || url.password || url.search || url.hash) return null
  return url
}

/** A host as an address names it, with its port when that is another than 443. */
const isHost = (host: string): boolean =>
  /^[a-z0-9][a-z0-9.:-]*$/.test(host) && URL.canParse(`https://${host}/`) && new URL(`https://${host}/`).host === host

function readCredential(get: Get, problems: string[]): TeamsConfig['credential'] {
  const [secret, thumbprint, keyFile] = [
    get('TEAMS_APP_SECRET'),
    get('TEAMS_CERT_THUMBPRINT'),
    get('TEAMS_CERT_KEY_FILE'),
  ]
  if (secret && (thumbprint || keyFile))
    problems.push('TEAMS_APP_SECRET and a certificate are both set: keep one, the certificate is the safer one.')
  if (secret) return { secret }
  if (!thumbprint && !keyFile) {
    problems.push(
      'TEAMS_APP_SECRET, or TEAMS_CERT_THUMBPRINT with TEAMS_CERT_KEY_FILE, is missing: make one under "Certificates & secrets" of the registration.',
    )
    return { secret: '' }
  }
  if (!thumbprint || !keyFile) problems.push('TEAMS_CERT_THUMBPRINT and TEAMS_CERT_KEY_FILE belong together: set both.')
  if (thumbprint && !/^[0-9a-f]{64}$/i.test(thumbprint))
    problems.push('TEAMS_CERT_THUMBPRINT must be the SHA-256 thumbprint: 64 hexadecimal characters without colons.')
  return { thumbprint: thumbprint ?? '', privateKey: keyFile ? readKey(keyFile, problems) : '' }
}

function readKey(file: string, problems: string[]): string {
  try {
    const key = readFileSync(file, 'utf8')
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key))
      problems.push('TEAMS_CERT_KEY_FILE holds no private key in PEM: export the key of the certificate as PEM.')
    return key
  } catch {
    problems.push('TEAMS_CERT_KEY_FILE cannot be read: check the path, and that this user may read it.')
    return ''
  }
}
