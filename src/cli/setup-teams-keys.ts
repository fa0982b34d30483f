import { Refusal } from '../core/errors.ts'
import { publicAddress } from './address.ts'
import { keep, setting } from './dotenv.ts'
import { ask, type Key, say } from './keys.ts'

export const MISSING =
  'The keys of the bot are missing: set TEAMS_APP_ID, TEAMS_APP_SECRET (or a certificate) and TEAMS_TENANT_IDS, and call this again.'

/** Where Teams calls us. Throws what is wrong with it. */
export function addressOf(given: string | undefined): string {
  const url = publicAddress(given)
  if (url === undefined)
    throw new Refusal('Teams calls us from outside: name the public https address of this server with --url.')
  const { protocol, username, search, hash } = URL.canParse(url) ? new URL(url) : {}
  if (protocol !== 'https:' || username || search || hash)
    throw new Refusal(
      'Teams calls the https:// address of a server, with nothing after the path: write it as --url https://isms.example.com.',
    )
  return url.replace(/\/+$/, '')
}

/** The messaging endpoint that the registration names. */
export const endpointAt = (url: string): string => `${url}/api/messages`

const hasCredential = (): boolean =>
  setting('TEAMS_APP_SECRET') !== undefined || setting('TEAMS_CERT_THUMBPRINT') !== undefined
export const hasKeys = (): boolean =>
  setting('TEAMS_APP_ID') !== undefined && setting('TEAMS_TENANT_IDS') !== undefined && hasCredential()

const APP: Key = ['TEAMS_APP_ID', 'Bot management → your bot: its id']
const SECRET: Key = ['TEAMS_APP_SECRET', 'Client secrets → the value, shown once (empty: a certificate instead)']
const CERTIFICATE: readonly Key[] = [
  ['TEAMS_CERT_THUMBPRINT', 'Entra → App registrations → Certificates & secrets → its SHA-256 thumbprint'],
  ['TEAMS_CERT_KEY_FILE', 'the file of its private key (PEM)'],
]
const TENANTS: Key = ['TEAMS_TENANT_IDS', 'https://entra.microsoft.com → Overview → Tenant ID']

/** Steps 1 and 2: the bot is registered, and its keys are copied into .env. Only what is not set yet is asked for. */
export async function askForKeys(url: string): Promise<void> {
  say(
    '1. Register the bot. No Azure subscription is needed: https://dev.teams.microsoft.com, Tools, Bot management, New bot.',
  )
  say(`   Configure → Endpoint address: ${endpointAt(url)}`)
  say('   Client secrets → Add a client secret for your bot.')
  say('   (Or make an Azure Bot of the type Single tenant, with the channel Microsoft Teams and the same endpoint.)')
  say('2. Copy its keys.')
  if (!process.stdin.isTTY) {
    say(
      '   Set TEAMS_APP_ID, TEAMS_APP_SECRET (or TEAMS_CERT_THUMBPRINT and TEAMS_CERT_KEY_FILE), TEAMS_TENANT_IDS and',
    )
    say(`   PUBLIC_URL=${url} in the environment or in .env, and call this again.`)
    return
  }
  const missing = [APP, ...(hasCredential() ? [] : [SECRET]), TENANTS].filter(([name]) => setting(name) === undefined)
  const given = await ask(missing)
  if (!hasCredential() && given.TEAMS_APP_SECRET === undefined) Object.assign(given, await ask(CERTIFICATE))
  keep({ ...given, ...(setting('PUBLIC_URL') === undefined ? { PUBLIC_URL: url } : {}) })
}
