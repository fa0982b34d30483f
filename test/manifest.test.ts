import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { called, shortcutCalled } from '../adapters/slack/commands.ts'
import { makeReceiver } from '../adapters/slack/receiver.ts'
import { FILES } from '../manifest/files.ts'
import { botScopes, createAppUrl, slackManifest } from '../manifest/slack.ts'
import { silent } from '../src/core/log.ts'
import { makeUnder } from '../src/core/under.ts'
import type { Command } from '../src/core/workflow.ts'
import { workflows } from '../src/workflows.ts'

const commands = workflows.flatMap((workflow) => workflow.commands)
const http = slackManifest(commands, { mode: 'http', url: 'https://isms.kestrel.example/' })
const socket = slackManifest(commands, { mode: 'socket' })

test('the committed manifests are those of the workflows: npm run manifest writes them', () => {
  const folder = new URL('../manifest/', import.meta.url)
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort(),
  ).toEqual(Object.keys(FILES).sort())
  for (const [name, text] of Object.entries(FILES)) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text)
})

test('Slack sends everything to the one address that the adapter serves', () => {
  const after = async () => {}
  const { routes } = makeReceiver({ signingSecret: 'x', now: () => new Date(0), log: silent, under: makeUnder(after) })
  const url = `https://isms.kestrel.example${routes[0]?.path}`
  expect(http.features?.slash_commands?.map((one) => one.url)).toEqual(http.features?.slash_commands?.map(() => url))
  expect(http.settings).toMatchObject({
    event_subscriptions: { request_url: url },
    interactivity: { request_url: url, message_menu_options_url: url },
    socket_mode_enabled: false,
  })
})

test('Socket Mode needs no address at all', () => {
  expect(JSON.stringify(socket)).not.toContain('https://')
  expect(socket.settings?.socket_mode_enabled).toBe(true)
})

test('every command and shortcut that it declares leads to an action', () => {
  const actions = workflows.flatMap((workflow) =>
    Object.keys(workflow.actions).map((verb) => `${workflow.name}.${verb}`),
  )
  for (const { command } of http.features?.slash_commands ?? []) {
    const it = called(commands, command, '')
    expect(actions, command).toContain('do' in it ? it.do : it.unknown)
  }
  for (const { callback_id } of http.features?.shortcuts ?? [])
    expect(actions, callback_id).toContain(shortcutCalled(commands, callback_id)?.do)
})

test('it asks for these scopes and no more', () => {
  expect(http.oauth_config?.scopes).toEqual({
    bot: ['commands', 'chat:write', 'im:write', 'users:read', 'users:read.email'],
  })
  expect(socket.oauth_config).toEqual(http.oauth_config)
  expect(botScopes.some((scope) => scope.endsWith(':history'))).toBe(false)
})

test('a link makes the app of it', () => {
  const url = new URL(createAppUrl(socket))
  expect(url.origin).toBe('https://api.slack.com')
  expect(JSON.parse(url.searchParams.get('manifest_json') ?? '')).toEqual(socket)
})

describe('what Slack would refuse is refused here, all of it at once', () => {
  const command = (more: Partial<Command>): Command => ({ word: 'x', do: 'a.b', hint: () => 'Does x', ...more })
  test.each([
    [
      'a command that is too long',
      command({ slash: { command: `/${'x'.repeat(32)}`, usage: 'x' } }),
      /33 characters, Slack takes 1 to 32/,
    ],
    ['a command with a capital', command({ slash: { command: '/Incident', usage: 'x' } }), /not a slash command/],
    [
      'a shortcut that is too long',
      command({ shortcut: { name: 'x'.repeat(25), description: 'd', kinds: ['global'] } }),
      /1 to 24/,
    ],
    [
      'a command without a hint',
      command({ slash: { command: '/x', usage: 'x' }, hint: () => ' ' }),
      /the description of \/x/,
    ],
  ])('%s', (_what, one, expected) => {
    expect(() => slackManifest([one], { mode: 'socket' })).toThrow(expected)
  })

  test('six shortcuts of a kind, and an address that is not https', () => {
    const six = Array.from({ length: 6 }, (_, n) =>
      command({ do: `a.b${n}`, shortcut: { name: `S${n}`, description: 'd', kinds: ['message'] } }),
    )
    expect(() => slackManifest(six, { mode: 'http', url: 'http://isms.example' })).toThrow(
      /https address.*more than 5 message shortcuts/,
    )
  })
})
