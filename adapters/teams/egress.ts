import type { TeamsConfig } from './config.ts'
import { CALL_MS } from './limits.ts'

/**
 * The one way out (T07): https to the hosts of the Bot Connector, the token service and its keys, never redirected,
 * never waited for longer than ten seconds (or for as long as the caller bounds), never repeated by itself.
 */
export type Egress = {
  fetch: typeof fetch
  mayCall(url: string): boolean
  /** Where Microsoft keeps people's files; our token is never sent there. The caller bounds the time. */
  store(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Response>
  mayStore(url: string): boolean
}

/** Where our own tokens come from. */
export const LOGIN = 'https://login.microsoftonline.com'

/** Where it says which keys it signs with. */
export const KEYS = 'https://login.botframework.com/v1/.well-known/openidconfiguration'

/** Public cloud, GCC, GCC High, DoD. [learn.microsoft.com, Bot Connector: service addresses per cloud] */
const SERVICES = [
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
]

/**
 * SharePoint Online and OneDrive for work: each tenant has hosts of its own below these. Public cloud and GCC, GCC High,
 * DoD. [learn.microsoft.com, Office 365 URLs: id 31 worldwide, id 9 of the US government clouds]
 */
const STORES = ['.sharepoint.com', '.sharepoint.us', '.sharepoint-mil.us']

type Reach = Pick<TeamsConfig, 'serviceHosts' | 'login' | 'openIdMetadataUrl' | 'fetch'>

export function makeEgress(config: Reach, send: typeof fetch): Egress {
  const services = new Set([...SERVICES, ...(config.serviceHosts ?? [])])
  const logins = new Set([new URL(config.login ?? LOGIN).host])
  const isAmong = (url: string, hosts: ReadonlySet<string>): boolean => {
    if (!URL.canParse(url)) return false
    const { protocol, host, username, password } = new URL(url)
    return protocol === 'https:' && username === '' && password === '' && hosts.has(host)
  }
  const keys = new Set([new URL(config.openIdMetadataUrl ?? KEYS).host])
  // Only what a test hands in may reach keys without TLS.
  const isKeys = (url: string) => isAmong(config.fetch ? url.replace(/^http:/, 'https:') : url, keys)
  return {
    mayCall: (url) => isAmong(url, services),
    mayStore,
    async store(url, init) {
      if (!mayStore(url)) throw new Error('an address that is no store of files')
      return send(url, { ...init, redirect: 'error' })
    },
    fetch: async (input, init) => {
      const url = String(input instanceof Request ? input.url : input)
      if (!isAmong(url, services) && !isAmong(url, logins) && !isKeys(url))
        throw new Error('an address that is not of the service')
      return send(url, { ...init, redirect: 'error', signal: init?.signal ?? AbortSignal.timeout(CALL_MS) })
    },
  }
}

function mayStore(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  const isBelow = STORES.some((store) => host.endsWith(store) && /^[a-z0-9-]+$/.test(host.slice(0, -store.length)))
  return protocol === 'https:' && username === '' && password === '' && isBelow
}
