import { readFileSync } from 'node:fs'

export type TeamsConfig = {
  appId: string
  credential: { secret: string } | { thumbprint: string; privateKey: string }
  /** The first is the tenant in which the bot is registered; people of these may act. */
  tenantIds: readonly string[]
}

type Get = (name: string) => string | undefined

const NAMES = [
  'TEAMS_APP_ID',
  'TEAMS_APP_SECRET',
  'TEAMS_CERT_THUMBPRINT',
  'TEAMS_CERT_KEY_FILE',
  'TEAMS_TENANT_IDS',
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
  const tenantIds = (get('TEAMS_TENANT_IDS') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (tenantIds.length === 0)
    problems.push(
      'TEAMS_TENANT_IDS is missing: copy the tenant id from "Overview" in Entra; separate several with commas.',
    )
  for (const id of tenantIds)
    if (!GUID.test(id))
      problems.push(
        `TEAMS_TENANT_IDS holds "${id.slice(0, 40)}", which is no tenant id: copy it from "Overview" in Entra.`,
      )
  // Tokens carry it in small letters, and are compared sign for sign.
  return { appId: (appId ?? '').toLowerCase(), tenantIds, credential: readCredential(get, problems) }
}

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
