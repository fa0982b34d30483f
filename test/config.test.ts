import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, ConfigError, readConfig } from '../src/config.ts'

const SECRET = '0123456789abcdef0123456789abcdef'
/** The least that a workspace over HTTP needs. */
const TEAMS = {
  TEAMS_APP_ID: '5d3f0c1e-0000-4000-8000-000000000001',
  TEAMS_APP_SECRET: 'secret',
  TEAMS_TENANT_IDS: '5d3f0c1e-0000-4000-8000-000000000002',
}
const THUMB = 'ab'.repeat(32)
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: SECRET }

type Env = Record<string, string>

function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('settings that work', () => {
  test('nothing set: the demo, on this computer only, with the embedded database', () => {
    expect(readConfig({})).toEqual({
      folder: resolve('.countersign'),
      database: undefined,
      host: '127.0.0.1',
      port: 3000,
      publicUrl: undefined,
      organisation: 'Harbourlight',
      workday: { from: 9, to: 17, days: [1, 2, 3, 4, 5] },
      timezone: 'UTC',
      roles: ['web', 'worker'],
      slack: undefined,
      teams: undefined,
      demo: true,
      logLevel: 'info',
    } satisfies Config)
  })

  const good: [what: string, env: Env, then: Partial<Config>][] = [
    [
      'Slack over HTTP is no demo, and may be reached from elsewhere',
      { ...SLACK, HOST: '0.0.0.0', PUBLIC_URL: 'https://isms.example.com/' },
      {
        demo: false,
        host: '0.0.0.0',
        publicUrl: 'https://isms.example.com',
        organisation: 'our organisation',
        slack: {
          botToken: 'xoxb-1',
          signingSecret: SECRET,
          appToken: undefined,
          teamIds: [],
          apiUrl: undefined,
        },
      },
    ],
    ['Socket Mode needs no signing secret', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, { demo: false }],
    [
      'a server as database, with an owner of its own behind a pooler',
      {
        DATABASE_URL: 'postgres://app:p%40ss@db.example:6432/isms',
        DATABASE_OWNER_URL: 'postgresql://owner@db.example/isms',
        DATABASE_POOLER: 'transaction',
      },
      {
        database: {
          url: 'postgres://app:p%40ss@db.example:6432/isms',
          ownerUrl: 'postgresql://owner@db.example/isms',
          pooler: true,
        },
      },
    ],
    [
      'hours and days as a town keeps them',
      { WORKING_HOURS: '8:30-16:15', WORKING_DAYS: 'Sun, mon,TUE' },
      { workday: { from: 8.5, to: 16.25, days: [7, 1, 2] } },
    ],
    ['round the clock', { WORKING_HOURS: '00:00-24:00' }, { workday: { from: 0, to: 24, days: [1, 2, 3, 4, 5] } }],
    ['a zone, a port that is free, one role', { TIMEZONE: 'Asia/Kathmandu', PORT: '0', ROLES: 'worker' }, { port: 0 }],
    ['empty and blank values are not set', { PORT: '', HOST: '  ', SLACK_BOT_TOKEN: ' ' }, { port: 3000, demo: true }],
    ['unknown names are left alone', { COUNTERSIGN_COLOUR: 'blue', PATH: '/bin' }, { demo: true }],
    ['the demo may listen on any address of this computer', { HOST: '::1' }, { host: '::1', demo: true }],
  ]
  test.each(good)('%s', (_what, env, then) => {
    expect(readConfig(env)).toMatchObject(then)
  })

  test('Teams alone is no demo; several tenants may be allowed, in capitals too', () => {
    const other = '5d3f0c1e-0000-4000-8000-000000000003'
    const written = {
      TEAMS_APP_ID: TEAMS.TEAMS_APP_ID.toUpperCase(),
      TEAMS_TENANT_IDS: `${TEAMS.TEAMS_TENANT_IDS.toUpperCase()}, ${other.toUpperCase()}`,
    }
    const config = readConfig({ ...TEAMS, ...written })
    expect(config).toMatchObject({ demo: false, slack: undefined })
    expect(config.teams).toEqual({
      appId: TEAMS.TEAMS_APP_ID,
      tenantIds: [TEAMS.TEAMS_TENANT_IDS, other],
      credential: { secret: 'secret' },
    })
  })

  test('Teams in another cloud: where its tokens, its keys and its service are', () => {
    const { teams } = readConfig({
      ...TEAMS,
      TEAMS_LOGIN_URL: 'https://login.example.com/',
      TEAMS_OPENID_METADATA_URL: 'https://keys.example.com/v1/.well-known/openidconfiguration',
      TEAMS_SERVICE_HOSTS: 'Smba.example.com, smba2.example.com:8443,',
    })
    expect(teams).toMatchObject({
      login: 'https://login.example.com',
      openIdMetadataUrl: 'https://keys.example.com/v1/.well-known/openidconfiguration',
      serviceHosts: ['smba.example.com', 'smba2.example.com:8443'],
    })
  })

  test('several workspaces may be allowed, by their ids', () => {
    expect(readConfig({ ...SLACK, SLACK_TEAM_IDS: 'T0HARBOUR1, E0GROUP123,' }).slack?.teamIds).toEqual([
      'T0HARBOUR1',
      'E0GROUP123',
    ])
  })
})

describe('settings that cannot work are named with their cure', () => {
  const LOGIN = /^TEAMS_LOGIN_URL must be the https:\/\/ address of the token service without a path/
  const KEYS = /^TEAMS_OPENID_METADATA_URL must be an https:\/\/ address/
  const HOSTS = /^TEAMS_SERVICE_HOSTS holds "[^"]+", which is no host: write names as/
  const bad: [what: string, env: Env, sentence: RegExp][] = [
    ['a user token', { ...SLACK, SLACK_BOT_TOKEN: 'xoxp-1' }, /^SLACK_BOT_TOKEN must start with xoxb-: copy the/],
    ['no bot token', { SLACK_SIGNING_SECRET: SECRET }, /^SLACK_BOT_TOKEN is missing: copy the "Bot User OAuth Token"/],
    ['a bot token alone', { SLACK_BOT_TOKEN: 'xoxb-1' }, /^SLACK_SIGNING_SECRET .* or SLACK_APP_TOKEN .*: set one/],
    ['a secret that is cut', { ...SLACK, SLACK_SIGNING_SECRET: SECRET.slice(1) }, /^SLACK_SIGNING_SECRET must be 32/],
    ['a bot token for Socket Mode', { ...SLACK, SLACK_APP_TOKEN: 'xoxb-1' }, /^SLACK_APP_TOKEN must start with xapp-/],
    ['names of workspaces', { ...SLACK, SLACK_TEAM_IDS: 'harbour' }, /^SLACK_TEAM_IDS holds "harbour", which is no/],
    [
      'an address that is none',
      { ...SLACK, SLACK_API_URL: 'slack' },
      /^SLACK_API_URL is not an address: leave it away/,
    ],
    ['T05 Teams without an app id', { ...TEAMS, TEAMS_APP_ID: '' }, /^TEAMS_APP_ID is missing: copy the client id/],
    ['an app id that is none', { ...TEAMS, TEAMS_APP_ID: 'bot' }, /^TEAMS_APP_ID must look like 0000/],
    ['T05 Teams without a credential', { ...TEAMS, TEAMS_APP_SECRET: '' }, /^TEAMS_APP_SECRET, or TEAMS_CERT_THUMB/],
    ['T05 Teams without a tenant', { ...TEAMS, TEAMS_TENANT_IDS: ' , ' }, /^TEAMS_TENANT_IDS is missing: copy the/],
    [
      'a tenant by its name',
      { ...TEAMS, TEAMS_TENANT_IDS: 'contoso' },
      /^TEAMS_TENANT_IDS holds "contoso", which is no/,
    ],
    [
      'a secret and a certificate',
      { ...TEAMS, TEAMS_CERT_THUMBPRINT: THUMB },
      /^TEAMS_APP_SECRET and a certificate are/,
    ],
    [
      'half a certificate',
      { ...TEAMS, TEAMS_APP_SECRET: '', TEAMS_CERT_THUMBPRINT: THUMB },
      /^TEAMS_CERT_THUMBPRINT and TEAMS_CERT_KEY_FILE belong together/,
    ],
    [
      'a key that is not there',
      { ...TEAMS, TEAMS_APP_SECRET: '', TEAMS_CERT_THUMBPRINT: THUMB, TEAMS_CERT_KEY_FILE: 'no-such.pem' },
      /^TEAMS_CERT_KEY_FILE cannot be read: check the path/,
    ],
    ['a token service without TLS', { ...TEAMS, TEAMS_LOGIN_URL: 'http://login.example.com' }, LOGIN],
    ['a token service with a tenant', { ...TEAMS, TEAMS_LOGIN_URL: 'https://login.example.com/common' }, LOGIN],
    ['a token service with a password', { ...TEAMS, TEAMS_LOGIN_URL: 'https://me:pw@login.example.com' }, LOGIN],
    ['a token service that is a name', { ...TEAMS, TEAMS_LOGIN_URL: 'login.example.com' }, LOGIN],
    ['keys without TLS', { ...TEAMS, TEAMS_OPENID_METADATA_URL: 'http://keys.example.com/openid' }, KEYS],
    ['keys that are a file', { ...TEAMS, TEAMS_OPENID_METADATA_URL: 'file:///etc/keys.json' }, KEYS],
    ['an address for a host', { ...TEAMS, TEAMS_SERVICE_HOSTS: 'https://smba.example.com' }, HOSTS],
    ['a host with a path', { ...TEAMS, TEAMS_SERVICE_HOSTS: 'smba.example.com/emea' }, HOSTS],
    ['a host with a user', { ...TEAMS, TEAMS_SERVICE_HOSTS: 'me@smba.example.com' }, HOSTS],
    ['every host', { ...TEAMS, TEAMS_SERVICE_HOSTS: 'smba.example.com, *' }, HOSTS],
    [
      'T05 places of Teams and nothing else',
      { ...TEAMS, TEAMS_APP_ID: '', TEAMS_LOGIN_URL: 'https://login.example.com' },
      /^TEAMS_APP_ID is missing/,
    ],
    ['another database', { DATABASE_URL: 'mysql://localhost/isms' }, /^DATABASE_URL must begin with postgres:\/\//],
    ['an owner without the app', { DATABASE_OWNER_URL: 'postgres://o@h/d' }, /^DATABASE_OWNER_URL is set without/],
    [
      'an owner elsewhere',
      { DATABASE_URL: 'postgres:///d', DATABASE_OWNER_URL: 'h/d' },
      /^DATABASE_OWNER_URL must begin/,
    ],
    ['a pooler that is none', { DATABASE_URL: 'postgres:///d', DATABASE_POOLER: 'yes' }, /^DATABASE_POOLER must be/],
    ['a port that is none', { PORT: 'http' }, /^PORT is "http": write a number from 0 to 65535\.$/],
    ['a port too high', { PORT: '65536' }, /^PORT is "65536"/],
    ['half a port', { PORT: '80.5' }, /^PORT is "80\.5"/],
    ['hours the wrong way round', { WORKING_HOURS: '17:00-09:00' }, /^WORKING_HOURS must look like 09:00-17:00/],
    ['hours that no day has', { WORKING_HOURS: '09:00-25:00' }, /^WORKING_HOURS must look like/],
    ['words for hours', { WORKING_HOURS: 'nine to five' }, /^WORKING_HOURS must look like/],
    ['minutes that no hour has', { WORKING_HOURS: '09:75-17:00' }, /^WORKING_HOURS must look like/],
    ['a day that is none', { WORKING_DAYS: 'mon,caturday' }, /^WORKING_DAYS must look like mon,tue,wed,thu,fri\.$/],
    ['a zone that is none', { TIMEZONE: 'Mars/Olympus' }, /^TIMEZONE is "Mars\/Olympus": write an IANA zone/],
    ['a role that is none', { ROLES: 'web,cook' }, /^ROLES must be web, worker, or web,worker\.$/],
    ['a level that is none', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be debug, info, warn, error or silent\.$/],
    ['plain http in public', { ...SLACK, PUBLIC_URL: 'http://isms.example.com' }, /^PUBLIC_URL must be the https:\/\//],
    ['a page as address', { ...SLACK, PUBLIC_URL: 'https://isms.example.com/?a=1' }, /^PUBLIC_URL must be the https/],
    ['a password in it', { ...SLACK, PUBLIC_URL: 'https://me:pw@isms.example.com' }, /^PUBLIC_URL must be the https/],
  ]
  test.each(bad)('%s', (_what, env, sentence) => {
    const problems = problemsOf(env)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(sentence)
  })

  test('all of them at once, one line each', () => {
    const env = {
      SLACK_BOT_TOKEN: 'nonsense',
      PORT: 'x',
      TIMEZONE: 'x',
      ROLES: 'x',
      LOG_LEVEL: 'x',
      WORKING_HOURS: 'x',
      WORKING_DAYS: 'x',
      DATABASE_OWNER_URL: 'postgres://o@h/d',
      PUBLIC_URL: 'x',
    }
    const problems = problemsOf(env)
    expect(problems).toHaveLength(10)
    const { message } = new ConfigError(problems)
    expect(message.split('\n')).toHaveLength(11)
    expect(message).toMatch(/^The settings need attention:\n {2}- /)
  })

  test('no value of a secret is ever repeated', () => {
    const secrets = {
      SLACK_BOT_TOKEN: 'xoxp-very-secret',
      SLACK_SIGNING_SECRET: 'very-secret',
      SLACK_APP_TOKEN: 'very-secret',
      DATABASE_URL: 'mysql://isms:very-secret@localhost/isms',
      PUBLIC_URL: 'https://me:very-secret@isms.example.com',
    }
    const problems = problemsOf(secrets)
    expect(problems).toHaveLength(5)
    expect(problems.join('\n')).not.toContain('very-secret')
  })
})

describe('T49 the demo, where anybody may sit at any seat, stays on this computer', () => {
  test.each(['0.0.0.0', '::', '192.168.1.20', 'isms.example.com', '127.0.0.1.nip.io'])('not on HOST=%s', (HOST) => {
    expect(problemsOf({ HOST })).toEqual([
      `HOST is ${HOST}, but without a chat platform this is the demo, where anybody may sit at any seat: leave HOST away, or set the keys of Slack or Teams.`,
    ])
  })

  test('not under a public address', () => {
    expect(problemsOf({ PUBLIC_URL: 'https://isms.example.com' })).toEqual([
      'PUBLIC_URL is set, but the demo stays on this computer: remove it, or set the keys of Slack or Teams.',
    ])
  })

  test('and keys that are half there do not make it a demo', () => {
    const slack = [{ SLACK_BOT_TOKEN: 'xoxb-1' }, { SLACK_APP_TOKEN: 'xapp-1' }, { SLACK_SIGNING_SECRET: SECRET }]
    const teams = Object.entries(TEAMS).map(([name, value]) => ({ [name]: value }))
    for (const env of [...slack, ...teams]) expect(() => readConfig(env)).toThrow(ConfigError)
  })
})
