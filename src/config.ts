import { resolve } from 'node:path'
import { readTeams, type TeamsConfig } from './config-teams.ts'
import { isZone } from './core/zones.ts'

export type SlackConfig = {
  botToken: string
  /** HTTP mode. */
  signingSecret: string | undefined
  /** Socket Mode: no address of ours needs to be reachable. */
  appToken: string | undefined
  /** Workspaces that may talk to us; empty: the one the token belongs to. */
  teamIds: readonly string[]
  apiUrl: string | undefined
}

export type Config = {
  folder: string
  database: { url: string; ownerUrl: string | undefined; pooler: boolean } | undefined
  host: string
  port: number
  /** Where people's browsers find the desk; undefined: pages only on this computer (demo). */
  publicUrl: string | undefined
  organisation: string
  workday: { from: number; to: number; days: readonly number[] }
  timezone: string
  roles: readonly ('web' | 'worker')[]
  slack: SlackConfig | undefined
  teams: TeamsConfig | undefined
  /** No platform is configured: the demo company, on this computer only. */
  demo: boolean
  logLevel: string
}

/** Every problem of the settings at once, each with its cure. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The settings need attention:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

type Env = Readonly<Record<string, string | undefined>>

/** Settings from the environment: typed, or one ConfigError that names every problem. Unknown names are left alone. */
export function readConfig(env: Env): Config {
  const problems: string[] = []
  const get = (name: string) => (env[name]?.trim() ? env[name]?.trim() : undefined)
  const slack = readSlack(get, problems)
  const teams = readTeams(get, problems)
  const demo = !slack && !teams
  const host = get('HOST') ?? '127.0.0.1'
  const publicUrl = readUrl(get('PUBLIC_URL'), problems)
  if (demo && !LOOPBACK.includes(host))
    problems.push(
      `HOST is ${host}, but without a chat platform this is the demo, where anybody may sit at any seat: leave HOST away, or set the keys of Slack or Teams.`,
    )
  if (demo && publicUrl)
    problems.push(
      'PUBLIC_URL is set, but the demo stays on this computer: remove it, or set the keys of Slack or Teams.',
    )
  const config: Config = {
    folder: resolve(get('COUNTERSIGN_DATA') ?? '.countersign'),
    database: readDatabase(get, problems),
    host,
    port: readPort(get('PORT'), problems),
    publicUrl,
    organisation: get('ORGANISATION') ?? (demo ? 'Harbourlight' : 'our organisation'),
    workday: readWorkday(get('WORKING_HOURS'), get('WORKING_DAYS'), problems),
    timezone: readZone(get('TIMEZONE'), problems),
    roles: readRoles(get('ROLES'), problems),
    slack,
    teams,
    demo,
    logLevel: readLevel(get('LOG_LEVEL'), problems),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

type Get = (name: string) => string | undefined

function readSlack(get: Get, problems: string[]): SlackConfig | undefined {
  const [botToken, signingSecret, appToken] = [
    get('SLACK_BOT_TOKEN'),
    get('SLACK_SIGNING_SECRET'),
    get('SLACK_APP_TOKEN'),
  ]
  if (!botToken && !signingSecret && !appToken) return undefined
  if (!botToken)
    problems.push(
      'SLACK_BOT_TOKEN is missing: copy the "Bot User OAuth Token" (xoxb-…) from OAuth & Permissions of your Slack app.',
    )
  else if (!botToken.startsWith('xoxb-'))
    problems.push('SLACK_BOT_TOKEN must start with xoxb-: copy the "Bot User OAuth Token" from OAuth & Permissions.')
  if (!signingSecret && !appToken)
    problems.push(
      'SLACK_SIGNING_SECRET (Basic Information, for HTTP) or SLACK_APP_TOKEN (xapp-…, for Socket Mode) is missing: set one of them.',
    )
  if (signingSecret && !/^[0-9a-f]{32}$/i.test(signingSecret))
    problems.push(
      'SLACK_SIGNING_SECRET must be 32 hexadecimal characters: copy it from Basic Information, App Credentials.',
    )
  if (appToken && !appToken.startsWith('xapp-'))
    problems.push(
      'SLACK_APP_TOKEN must start with xapp-: make one under Basic Information, App-Level Tokens, with connections:write.',
    )
  const teamIds = (get('SLACK_TEAM_IDS') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  for (const id of teamIds)
    if (!/^[TE][A-Z0-9]{6,}$/.test(id))
      problems.push(
        `SLACK_TEAM_IDS holds "${id.slice(0, 20)}", which is no id of a workspace (T…) or organisation (E…): separate ids with commas.`,
      )
  const apiUrl = get('SLACK_API_URL')
  if (apiUrl !== undefined && !URL.canParse(apiUrl))
    problems.push('SLACK_API_URL is not an address: leave it away, it is for tests.')
  return { botToken: botToken ?? '', signingSecret, appToken, teamIds, apiUrl }
}

function readDatabase(get: Get, problems: string[]): Config['database'] {
  const [url, ownerUrl] = [get('DATABASE_URL'), get('DATABASE_OWNER_URL')]
  if (!url && ownerUrl)
    problems.push('DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither for the embedded database.')
  for (const [name, value] of [
    ['DATABASE_URL', url],
    ['DATABASE_OWNER_URL', ownerUrl],
  ] as const)
    if (value && !/^postgres(ql)?:\/\//.test(value))
      problems.push(`${name} must begin with postgres:// (postgres://user:password@host:5432/database).`)
  const pooler = get('DATABASE_POOLER')
  if (pooler !== undefined && pooler !== 'transaction')
    problems.push(
      'DATABASE_POOLER must be transaction, or not be set: it is for a pooler such as pgbouncer in that mode.',
    )
  return url ? { url, ownerUrl, pooler: pooler !== undefined } : undefined
}

function readUrl(value: string | undefined, problems: string[]): string | undefined {
  if (value === undefined) return undefined
  const url = URL.canParse(value) ? new URL(value) : undefined
  const safe = url && (url.protocol === 'https:' || LOOPBACK.includes(url.hostname.replace(/^\[|\]$/g, '')))
  if (!url || !safe || url.search || url.hash || url.username) {
    problems.push(
      'PUBLIC_URL must be the https:// address under which browsers reach this server, without anything after the path.',
    )
    return undefined
  }
  return url.href.replace(/\/$/, '')
}

function readPort(value: string | undefined, problems: string[]): number {
  const port = Number(value ?? 3000)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  problems.push(`PORT is "${value?.slice(0, 20)}": write a number from 0 to 65535.`)
  return 0
}

function readWorkday(hours: string | undefined, days: string | undefined, problems: string[]): Config['workday'] {
  const span = /^(\d{1,2})(?::([0-5]\d))?-(\d{1,2})(?::([0-5]\d))?$/.exec(hours ?? '09:00-17:00')
  const from = span ? Number(span[1]) + Number(span[2] ?? 0) / 60 : 0
  const to = span ? Number(span[3]) + Number(span[4] ?? 0) / 60 : 0
  if (!span || from >= to || to > 24)
    problems.push("WORKING_HOURS must look like 09:00-17:00, in each person's own time.")
  const names = (days ?? 'mon,tue,wed,thu,fri')
    .toLowerCase()
    .split(',')
    .map((day) => day.trim())
  if (names.some((day) => !DAYS.includes(day))) problems.push('WORKING_DAYS must look like mon,tue,wed,thu,fri.')
  return { from, to, days: names.map((day) => DAYS.indexOf(day) + 1) }
}

function readZone(value: string | undefined, problems: string[]): string {
  if (value === undefined || isZone(value)) return value ?? 'UTC'
  problems.push(`TIMEZONE is "${value.slice(0, 40)}": write an IANA zone such as Europe/Lisbon.`)
  return 'UTC'
}

function readRoles(value: string | undefined, problems: string[]): Config['roles'] {
  const roles = (value ?? 'web,worker').split(',').map((role) => role.trim())
  if (roles.length > 0 && roles.every((role) => role === 'web' || role === 'worker')) return roles as Config['roles']
  problems.push('ROLES must be web, worker, or web,worker.')
  return ['web', 'worker']
}

function readLevel(value: string | undefined, problems: string[]): string {
  const level = value ?? 'info'
  if (!['debug', 'info', 'warn', 'error', 'silent'].includes(level))
    problems.push('LOG_LEVEL must be debug, info, warn, error or silent.')
  return level
}
