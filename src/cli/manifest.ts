import { existsSync, writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { teamsPackage } from '../../manifest/package.ts'
import { createAppUrl, slackManifest } from '../../manifest/slack.ts'
import { teamsManifest } from '../../manifest/teams.ts'
import { Refusal } from '../core/errors.ts'
import { workflows } from '../workflows.ts'
import { type Answer, answering } from './session.ts'

const commands = workflows.flatMap((workflow) => workflow.commands)

/** `manifest slack`, `manifest teams`: what a platform needs to know of the app, made from the workflows of this installation. */
export function addManifest(program: Command): void {
  const manifest = program.command('manifest').description('make what a platform needs to know of the app')
  manifest
    .command('slack')
    .description('the app manifest, for a public address or for Socket Mode')
    .addOption(new Option('--url <address>', 'public https address of this server').conflicts('socket'))
    .option('--socket', 'Socket Mode: no public address is needed (default)')
    .action((options: { url?: string }, command: Command) =>
      answering(command, async () => {
        const made = slackManifest(
          commands,
          options.url === undefined ? { mode: 'socket' } : { mode: 'http', url: options.url },
        )
        return { text: JSON.stringify(made, null, 2), facts: { manifest: made, create: createAppUrl(made) } }
      }),
    )
  manifest
    .command('teams')
    .description('the app package: a zip to upload in Teams. With --json and no --out the manifest only')
    .option('--app-id <id>', 'application (client) id of the bot; default: TEAMS_APP_ID')
    .option('--url <address>', 'public https address of this server; default: PUBLIC_URL')
    .option('--sso', 'single sign-on in the tab; the registration exposes api://HOST/botid-ID (README)')
    .option(
      '--app-version <version>',
      'such as 1.0.1: Teams takes another package in place of one only under a new version',
    )
    .option('--out <file>', `the new file (default: ${PACKAGE})`)
    .action((options: TeamsOptions, command: Command) =>
      answering(command, async () => forTeams(options, command.optsWithGlobals<{ json?: boolean }>().json === true)),
    )
}

type TeamsOptions = { appId?: string; url?: string; sso?: boolean; appVersion?: string; out?: string }

const PACKAGE = 'countersign-teams.zip'

const NO_ID =
  'The id of the app is missing: name it with --app-id, or set TEAMS_APP_ID. It is the application (client) id of the bot: Teams Developer Portal, Tools, Bot management; or Azure, your Azure Bot, Configuration.'

function forTeams({ appId, url, sso = false, appVersion, out }: TeamsOptions, json: boolean): Answer {
  // Not readConfig: the package is made before the keys are complete.
  if (existsSync('.env')) process.loadEnvFile('.env')
  const id = appId ?? process.env.TEAMS_APP_ID?.trim()
  if (!id) throw new Refusal(NO_ID)
  const address = url ?? (process.env.PUBLIC_URL?.trim() || undefined)
  const manifest = teamsManifest(commands, {
    appId: id,
    sso,
    ...(address === undefined ? {} : { url: address }),
    ...(appVersion === undefined ? {} : { version: appVersion }),
  })
  if (json && out === undefined) return { text: '', facts: { manifest } }
  const file = out ?? PACKAGE
  writeNew(file, teamsPackage(manifest))
  return { text: nextSteps(file, id, address), facts: { file, manifest } }
}

function writeNew(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes, { flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new Error(`${file} exists already: name a new file with --out, a package replaces nothing.`)
    if (code === 'ENOENT')
      throw new Error(`${file} cannot be written, for there is no such folder: name one that exists.`)
    throw error
  }
}

/** Where things are: learn.microsoft.com/microsoftteams, app upload and the Teams Developer Portal. */
const nextSteps = (
  file: string,
  id: string,
  url: string | undefined,
): string => `${file} holds the app of ${id}: manifest and icons.
${
  url === undefined
    ? 'It names https://example.com as its site: call this again with --url and another --out once there is a public address.\n'
    : ''
}
1. Tell the bot where we are: ${url?.replace(/\/+$/, '') ?? 'https://HOST'}/api/messages is its messaging endpoint
   (Teams Developer Portal, https://dev.teams.microsoft.com: Tools, Bot management, your bot, Configure;
   or Azure, your Azure Bot: Configuration, and under Channels switch on Microsoft Teams).
2. Upload the file. To try it yourself: Teams, Apps, Manage your apps, Upload an app. For everybody, as an
   administrator: https://admin.teams.microsoft.com, Teams apps, Manage apps, Upload new app; then assign it
   under Setup policies, so that people need not install it themselves.
3. Set TEAMS_APP_ID, TEAMS_APP_SECRET (or a certificate) and TEAMS_TENANT_IDS, start, and write "inbox" to Countersign in Teams.`
