import type { AppsManifestCreateArguments } from '@slack/web-api'
import type { Command } from '../src/core/workflow.ts'

/**
 * The Slack app of an installation, from the commands of its workflows. Names and ids here are those that
 * adapters/slack answers to; test/manifest.test.ts holds the two together.
 */
export type Reach = { mode: 'http'; url: string } | { mode: 'socket' }

export type Manifest = AppsManifestCreateArguments['manifest']

type Scope = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>[number]

/**
 * Each for one thing: commands and shortcuts; posting; opening a conversation; names and time zones; matching by mail
 * address. An operator may add files:read: then forms take uploads.
 */
export const botScopes: readonly Scope[] = ['commands', 'chat:write', 'im:write', 'users:read', 'users:read.email']

const EVENTS = ['app_home_opened', 'app_uninstalled', 'team_join', 'tokens_revoked', 'user_change'] as const
const PATH = '/slack/events'
const UMBRELLA = { command: '/isms', usage: 'inbox, help, status, …' }

/** `url`: public https address without a path. Throws one error that names every limit of Slack that is broken. */
export function slackManifest(commands: readonly Command[], reach: Reach): Manifest {
  const request = reach.mode === 'socket' ? undefined : `${reach.url.replace(/\/+$/, '')}${PATH}`
  const problems = request === undefined || URL.canParse(request) ? [] : [`${request} is not an address`]
  if (request !== undefined && !request.startsWith('https://')) problems.push('Slack needs an https address')
  const url = request === undefined ? {} : { url: request }
  const manifest: Manifest = {
    _metadata: { major_version: 2 },
    display_information: {
      name: 'Countersign',
      description:
        'Policies, controls, access reviews and security reports: what waits for you, and done in two clicks.',
      long_description: LONG,
      background_color: '#1f2a44',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'countersign', always_online: true },
      slash_commands: slashCommands(commands).map((one) => ({ ...one, ...url, should_escape: false })),
      shortcuts: shortcuts(commands),
    },
    oauth_config: { scopes: { bot: [...botScopes] } },
    settings: {
      event_subscriptions: { ...(request === undefined ? {} : { request_url: request }), bot_events: [...EVENTS] },
      interactivity: {
        is_enabled: true,
        ...(request === undefined ? {} : { request_url: request, message_menu_options_url: request }),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: reach.mode === 'socket',
      token_rotation_enabled: false,
    },
  }
  problems.push(...broken(manifest))
  if (problems.length > 0) throw new Error(`The Slack manifest would be refused: ${problems.join('; ')}.`)
  return manifest
}

const LONG = `Countersign runs an information security management system (ISO/IEC 27001) where people already are. It brings policies to acknowledge, asks control owners and system owners for what is due, takes security reports, and keeps the results in your own database. It is a bot: it never asks for a password, and it reads no messages except one that you hand over with "Report as incident".`

/** Slack's page that makes an app of this manifest. [docs.slack.dev/app-manifests, creating apps] */
export const createAppUrl = (manifest: Manifest): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`

const slashCommands = (commands: readonly Command[]) => [
  { command: UMBRELLA.command, description: 'What waits for you', usage_hint: UMBRELLA.usage },
  ...commands.flatMap(({ slash, hint }) =>
    slash && slash.command !== UMBRELLA.command
      ? [{ command: slash.command, description: hint('en'), usage_hint: slash.usage }]
      : [],
  ),
]

const shortcuts = (commands: readonly Command[]) =>
  commands.flatMap((command) =>
    (command.shortcut?.kinds ?? []).map((type) => ({
      name: command.shortcut?.name ?? '',
      type,
      callback_id: `${command.do}:${type}`,
      description: command.shortcut?.description ?? '',
    })),
  )

/** Limits of the manifest: manifest.schema.2.0.0 of slackapi/manifest-schema and docs.slack.dev/reference/app-manifest. */
function broken(manifest: Manifest): string[] {
  const problems: string[] = []
  const atMost = (what: string, text: string | undefined, max: number): void => {
    if (text !== undefined && (text.length > max || text.trim() === ''))
      problems.push(`${what} has ${text.length} characters, Slack takes 1 to ${max}`)
  }
  const { display_information: shown, features } = manifest
  atMost('the name', shown.name, 35)
  atMost('the description', shown.description, 140)
  atMost('the long description', shown.long_description, 4000)
  if ((shown.long_description?.length ?? 174) < 174) problems.push('the long description needs 174 characters')
  atMost('the name of the bot', features?.bot_user?.display_name, 80)
  for (const one of features?.slash_commands ?? []) {
    atMost(one.command, one.command, 32)
    if (!/^\/[a-z0-9_-]+$/.test(one.command)) problems.push(`${one.command} is not a slash command`)
    atMost(`the description of ${one.command}`, one.description, 2000)
    atMost(`the usage hint of ${one.command}`, one.usage_hint, 1000)
  }
  for (const one of features?.shortcuts ?? []) {
    atMost(`the shortcut ${one.name}`, one.name, 24)
    atMost(`the id ${one.callback_id}`, one.callback_id, 255)
    atMost(`the description of ${one.name}`, one.description, 150)
  }
  if ((features?.slash_commands?.length ?? 0) > 50) problems.push('more than 50 commands')
  for (const type of ['global', 'message'] as const)
    if ((features?.shortcuts ?? []).filter((one) => one.type === type).length > 5)
      problems.push(`more than 5 ${type} shortcuts`)
  return problems
}
