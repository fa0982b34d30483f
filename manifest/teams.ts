import type { TeamsManifestV1D25 as Schema } from '@microsoft/app-manifest'
import product from '../package.json' with { type: 'json' }
import type { Command } from '../src/core/workflow.ts'
import { additionalLanguages } from './teams-languages.ts'

/**
 * The Teams app of an installation, from the commands of its workflows: the words that people type and the ids that
 * come back from a message's menu (the `do` of a command) are those that the adapter answers to. It asks for no
 * permission, so Teams hands in nothing but what is written to the bot, mentions it, or is passed on by hand.
 */
export type TeamsManifest = Schema.TeamsManifestV1D25

export type TeamsApp = {
  /** Application (client) id of the bot's registration in Entra ID; the Teams app bears the same. */
  appId: string
  /** Public https address of this server; with it the desk is a tab of the app. */
  url?: string
  /** Single sign-on in the tab; the registration then exposes this resource, and has to be an Azure Bot. */
  sso?: boolean
  /** Teams takes an upload in place of an earlier one only under another version. */
  version?: string
}

/** Throws one error that names every limit of Teams that is broken. */
export function teamsManifest(commands: readonly Command[], app: TeamsApp): TeamsManifest {
  const { appId } = app
  const url = app.url?.replace(/\/+$/, '')
  const host = url !== undefined && URL.canParse(url) ? new URL(url).host : undefined
  const site = url ?? NO_SITE
  const actions = messageActions(commands)
  const manifest: TeamsManifest = {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.schema.json',
    manifestVersion: '1.25',
    version: app.version ?? product.version,
    id: appId,
    localizationInfo: { defaultLanguageTag: 'en', additionalLanguages },
    developer: { name: 'Countersign', websiteUrl: `${site}/`, privacyUrl: `${site}/`, termsOfUseUrl: `${site}/` },
    name: { short: 'Countersign', full: 'Countersign: information security, done in chat' },
    description: {
      short: 'Policies, controls, access reviews and security reports, done in two clicks.',
      full: LONG,
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#12433a',
    defaultInstallScope: 'personal',
    bots: [
      {
        botId: appId,
        scopes: ['personal', 'team', 'groupChat'],
        supportsFiles: true,
        commandLists: menus(commands),
      },
    ],
    ...(actions.length === 0
      ? {}
      : { composeExtensions: [{ botId: appId, composeExtensionType: 'botBased', commands: actions }] }),
    staticTabs: [
      { entityId: 'conversations', scopes: ['personal'] },
      ...(url === undefined ? [] : [inboxTab(url)]),
      { entityId: 'about', scopes: ['personal'] },
    ],
    validDomains: host === undefined ? [] : [host],
    ...(app.sso === true ? { webApplicationInfo: { id: appId, resource: `api://${host}/botid-${appId}` } } : {}),
  }
  const problems = [...unreachable(app, url), ...broken(manifest)]
  if (problems.length > 0) throw new Error(`The Teams manifest would be refused: ${problems.join('; ')}.`)
  return manifest
}

/** The schema demands three addresses of whoever runs the app; nobody is there. [RFC 2606] */
const NO_SITE = 'https://example.com'

const LONG = `Countersign runs an information security management system (ISO/IEC 27001) where people already are. It brings policies to acknowledge, asks control owners and system owners for what is due, takes security reports, and keeps the results in your own database.

It is a bot: it never asks for a password, and it reads no messages except those that you write to it, that mention it, or that you hand over with "Report as incident".

Type help to see what it can do, and inbox for what waits for you.`

function menus(commands: readonly Command[]): Schema.CommandList[] {
  const listed = ({ word, hint }: Command) => ({ title: word, description: hint('en') })
  const lists: Schema.CommandList[] = [
    { scopes: ['personal'], commands: commands.map(listed) },
    { scopes: ['team', 'groupChat'], commands: commands.filter(isForAll).map(listed) },
  ]
  return lists.filter((list) => list.commands.length > 0)
}

/** In a channel or a group everybody reads along: what anybody may begin there, and the way to one's own things. */
const isForAll = ({ word, slash }: Command): boolean => slash !== undefined || word === 'inbox' || word === 'help'

/** In the menu of a message, and beside the field for a new one when the command is about no message in particular. */
const messageActions = (commands: readonly Command[]): Schema.ComposeExtensionCommand[] =>
  commands.flatMap(({ do: id, shortcut }) =>
    shortcut?.kinds.includes('message')
      ? [
          {
            id,
            type: 'action',
            context: shortcut.kinds.includes('global') ? ['message', 'commandBox', 'compose'] : ['message'],
            title: shortcut.name,
            description: shortcut.description,
            // The form is made when it is asked for, by the command's action.
            fetchTask: true,
          },
        ]
      : [],
  )

/** Where the tab begins, and the id by which links lead to it: as in adapters/teams/tab-places.ts. */
const inboxTab = (url: string): Schema.StaticTab => ({
  entityId: 'inbox',
  name: 'Inbox',
  contentUrl: `${url}/teams/tab`,
  websiteUrl: `${url}/`,
  scopes: ['personal'],
})

function unreachable({ sso }: TeamsApp, url: string | undefined): string[] {
  if (url === undefined) return sso ? ['single sign-on needs an address'] : []
  const { protocol, search, hash, username } = URL.canParse(url) ? new URL(url) : {}
  const isPlain = protocol === 'https:' && search === '' && hash === '' && username === ''
  return isPlain ? [] : [`${url} is not the https:// address of a server, with nothing after the path`]
}

/**
 * Limits of the manifest: MicrosoftTeams.schema.json, version 1.25, of microsoft/json-schemas, and what
 * learn.microsoft.com/microsoftteams/platform says of a title in the menu of a bot (32, where the schema has 128).
 */
function broken({ id, version, name, description, bots, composeExtensions }: TeamsManifest): string[] {
  const problems: string[] = []
  const atMost = (what: string, text: string | undefined, max: number): void => {
    if (text !== undefined && (text.length > max || text.trim() === ''))
      problems.push(`${what} has ${text.length} characters, Teams takes 1 to ${max}`)
  }
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id))
    problems.push(`the app id "${id.slice(0, 40)}" is not one of Entra ID (00000000-0000-0000-0000-000000000000)`)
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`the version ${version} is not three numbers`)
  atMost('the name', name.short, 30)
  atMost('the full name', name.full, 100)
  atMost('the short description', description.short, 80)
  atMost('the full description', description.full, 4000)
  const lists = bots?.[0]?.commandLists ?? []
  for (const { scopes, commands } of lists)
    if (commands.length > 12)
      problems.push(`the menu for ${scopes.join(' and ')} has ${commands.length} commands, Teams takes 12`)
  // What is offered in groups is offered to a person too.
  for (const one of lists[0]?.commands ?? []) {
    atMost(`the command ${one.title}`, one.title, 32)
    atMost(`the description of ${one.title}`, one.description, 128)
  }
  const actions = composeExtensions?.[0]?.commands ?? []
  for (const one of actions) {
    atMost(`the message action ${one.title}`, one.title, 32)
    atMost(`the id ${one.id}`, one.id, 64)
    atMost(`the description of ${one.title}`, one.description, 128)
  }
  if (actions.length > 10) problems.push('more than 10 message actions')
  return problems
}
