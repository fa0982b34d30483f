import type { Command } from 'commander'
import { checkSlack } from '../../adapters/slack/check.ts'
import { botScopes } from '../../manifest/slack.ts'
import { type Config, ConfigError } from '../config.ts'
import { makeLog } from '../core/log.ts'
import { openInstallation } from '../installation.ts'
import { type Answer, answering, config, EXIT } from './session.ts'
import { adapterConfig } from './setup-slack.ts'

type Finding = { what: string; ok: boolean; text: string }

/** A clock that is off by more than this makes signatures and deadlines wrong, in milliseconds (T45). */
const SKEW_MS = 120_000

/** `doctor`: configuration, database, platform, clock; what is missing and how to get it. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check settings, database, chat platform and clock; say what is missing and how to get it')
    .action((_options, command: Command) => answering(command, examine))
}

async function examine(): Promise<Answer> {
  const findings: Finding[] = []
  let settings: Config | undefined
  try {
    settings = config()
    findings.push({
      what: 'settings',
      ok: true,
      text: settings.demo ? 'No chat platform is set: this is the demo.' : 'The settings are complete.',
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) findings.push({ what: 'settings', ok: false, text: problem })
  }
  if (settings) {
    findings.push(...(await examineDatabase(settings)))
    findings.push(...(await examineSlack(settings)))
    findings.push(...(await examineTeams(settings)))
    if (!settings.demo && settings.publicUrl === undefined)
      findings.push({
        what: 'desk',
        ok: true,
        text: `PUBLIC_URL is not set: long policies and uploads have no browser page${settings.teams ? ', and Teams no tab' : ''}; everything else works in chat.`,
      })
  }
  const isWell = findings.every((finding) => finding.ok)
  return {
    text: findings
      .map((finding) => `${finding.ok ? 'ok     ' : 'PROBLEM'}  ${finding.what}: ${finding.text}`)
      .join('\n'),
    facts: { ok: isWell, findings },
    code: isWell ? EXIT.done : EXIT.attention,
  }
}

async function examineDatabase(settings: Config): Promise<Finding[]> {
  try {
    const installation = await openInstallation(settings, makeLog('silent'), { share: true })
    try {
      const [row] = await installation.sql<{ version: string; now: string; owned: number }[]>`
        select current_setting('server_version') as version, extract(epoch from clock_timestamp()) * 1000 as now,
          (select count(*)::int from pg_tables where schemaname = 'public' and tableowner = current_user) as owned`
      const skew = Math.abs(Number(row?.now) - Date.now())
      return [
        {
          what: 'database',
          ok: true,
          text: `PostgreSQL ${row?.version}${installation.home ? ', embedded' : ''}, at this version.`,
        },
        {
          what: 'rights',
          ok: row?.owned === 0,
          text:
            row?.owned === 0
              ? 'The product owns no table.'
              : 'The product owns tables: set DATABASE_OWNER_URL to an owner of their own.',
        },
        {
          what: 'clock',
          ok: skew < SKEW_MS,
          text:
            skew < SKEW_MS
              ? 'This computer and the database agree on the time.'
              : `This computer and the database are ${Math.round(skew / 1000)} s apart: switch time synchronisation on.`,
        },
      ]
    } finally {
      await installation.stop()
    }
  } catch (error) {
    return [{ what: 'database', ok: false, text: error instanceof Error ? error.message : String(error) }]
  }
}

async function examineSlack(settings: Config): Promise<Finding[]> {
  if (!settings.slack) return []
  const check = await checkSlack(adapterConfig(settings.slack), botScopes)
  if (check.problems.length > 0) return check.problems.map((text) => ({ what: 'slack', ok: false, text }))
  return [
    {
      what: 'slack',
      ok: true,
      text: `Connected to ${check.team?.name} as ${check.bot?.name}; ${check.scopes.length} scopes.`,
    },
  ]
}

async function examineTeams({ teams }: Config): Promise<Finding[]> {
  if (!teams) return []
  // Only here: loading it is a good part of the time that every other command takes to start.
  const { checkTeams } = await import('../../adapters/teams/check.ts')
  const problems = await checkTeams(teams)
  if (problems.length > 0) return problems.map((text) => ({ what: 'teams', ok: false, text }))
  return [
    { what: 'teams', ok: true, text: 'Entra accepts the credential of the bot, and the keys of Teams are at hand.' },
  ]
}
