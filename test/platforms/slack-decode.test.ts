import { readFileSync } from 'node:fs'
import type { BlockAction, MessageShortcut, SlashCommand, ViewSubmitAction } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import { actorOf } from '../../adapters/slack/actor.ts'
import { called } from '../../adapters/slack/commands.ts'
import { decodeAction, decodeCommand, decodeShortcut, decodeSubmit } from '../../adapters/slack/decode.ts'
import { cutEscaped, plainOf } from '../../adapters/slack/markup.ts'
import { fieldId, fieldName, packButton, packMeta, readButton, readMeta } from '../../adapters/slack/payload.ts'
import { cut } from '../../src/core/drawing.ts'
import { COMMANDS } from './slack-scene.ts'

const payload = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`payloads/slack/${name}.json`, import.meta.url), 'utf8')) as T

const TEAM = 'T0KESTREL1'
const allowed = new Set([TEAM])
const TRIGGER = 'trigger:5140839837137.4741111111111.ad1e7ac3c6dbd0f2ea7b4c6b9a2f9d10'
const mei = {
  platform: 'slack',
  tenant: TEAM,
  user: 'U0MEI00001',
  address: { team: TEAM, user: 'U0MEI00001' },
}

describe('a payload becomes a turn', () => {
  test('a command with words', () => {
    const it = decodeCommand(payload<SlashCommand>('command'), COMMANDS, allowed)
    expect(it).toMatchObject({
      turn: {
        key: TRIGGER,
        by: mei,
        do: 'incidents.report',
        with: { text: 'lost laptop <in taxi> & phone' },
        origin: 'command',
      },
      place: { kind: 'command', asks: true },
    })
  })

  test('a click in a message answers that message', () => {
    const it = decodeAction(payload<BlockAction>('block-actions-message'), allowed)
    expect(it?.turn).toEqual({
      key: `${TRIGGER}:do.0`,
      by: mei,
      do: 'policies.acknowledge',
      id: 'asg_01kb2m9pw0000000000000000a',
      shown: '3',
      with: { page: '2' },
      anchor: { channel: 'D0MEI00001', ts: '1763880000.000100' },
      origin: 'button',
    })
    expect(it?.place).toMatchObject({
      kind: 'message',
      asks: false,
      respond: expect.stringContaining('hooks.slack.com'),
    })
  })

  test('a click in an ephemeral message has no anchor, and its button says that a form follows', () => {
    const it = decodeAction(payload<BlockAction>('block-actions-ephemeral'), allowed)
    expect(it?.turn.anchor).toBeUndefined()
    expect(it?.place).toMatchObject({ kind: 'message', asks: true })
  })

  test('a click on Home and a click in a modal know their view', () => {
    expect(decodeAction(payload<BlockAction>('block-actions-home'), allowed)).toMatchObject({
      turn: { do: 'policies.acknowledge', origin: 'home' },
      place: { kind: 'home', view: { id: 'V0HOME0001', hash: '1763888000.aaaa' } },
    })
    const modal = decodeAction(payload<BlockAction>('block-actions-modal'), allowed)
    expect(modal).toMatchObject({
      turn: { do: 'controls.page', with: { page: '2' }, origin: 'button' },
      place: { kind: 'modal', view: { id: 'V0FORM0001' }, at: { channel: 'D0MEI00001' } },
    })
    expect(modal?.turn.anchor).toBeUndefined()
  })

  test('a submitted form carries what was typed, its files, and the message it was opened from', () => {
    const it = decodeSubmit(payload<ViewSubmitAction>('view-submission'), allowed)
    expect(it?.turn).toEqual({
      key: 'view:V0FORM0001:1763888390.1a2b3c',
      by: mei,
      do: 'controls.attest',
      id: 'occ_01kb2m9pw0000000000000000b',
      shown: '7',
      entries: {
        answer: 'operates',
        statement: 'Reviewed <weekly> & signed',
        note: undefined,
        count: '42',
        on: '2026-11-30',
        sites: ['ber', 'osa'],
        tools: [],
        owner: 'per_01kb2m9pw0000000000000000c',
        agreed: ['yes'],
      },
      anchor: { channel: 'D0MEI00001', ts: '1763880000.000100' },
      origin: 'button',
    })
    expect(it?.files).toEqual({
      proof: [
        {
          id: 'F0PROOF001',
          name: 'backup.pdf',
          type: 'application/pdf',
          url: 'https://files.slack.com/files-pri/T0KESTREL1-F0PROOF001/download/backup.pdf',
        },
      ],
    })
  })

  test('a message shortcut carries the message as its reader saw it', () => {
    const it = decodeShortcut(payload<MessageShortcut>('shortcut-message'), COMMANDS, allowed)
    expect(it?.turn).toMatchObject({ do: 'incidents.report', origin: 'message' })
    expect(it?.turn.carried).toEqual({
      text: 'Who sent this invoice (https://kestrel-login.example/x)? Asking @U0MEI00001 & #finance @here',
      author: 'U0OMAR0001',
      link: 'https://kestrel.slack.com/archives/C0GENERAL1/p1763888300000300',
      at: '2025-11-23T08:58:20.000Z',
    })
    expect(it?.turn.anchor).toBeUndefined()
  })

  test('a global shortcut, and one that nobody offers', () => {
    const body = payload<MessageShortcut>('shortcut-global')
    expect(decodeShortcut(body, COMMANDS, allowed)?.turn).toMatchObject({ do: 'incidents.report', origin: 'shortcut' })
    expect(decodeShortcut({ ...body, callback_id: 'home.inbox:global' }, COMMANDS, allowed)?.turn.do).toBe('')
  })
})

describe('T14 only people of an allowed workspace act', () => {
  const cases: [string, Parameters<typeof actorOf>[0], string[], boolean][] = [
    ['a member', { user: 'U0MEI00001', userTeam: TEAM, team: TEAM }, [TEAM], true],
    ['a member whose payload names only the workspace', { user: 'U0MEI00001', team: TEAM }, [TEAM], true],
    ['a stranger of a shared channel', { user: 'U0STRANGE1', userTeam: 'T0ELSEWHER', team: TEAM }, [TEAM], false],
    ['another workspace', { user: 'U0MEI00001', userTeam: 'T0OTHER001', team: 'T0OTHER001' }, [TEAM], false],
    ['nobody', { team: TEAM }, [TEAM], false],
    ['a bot id', { user: 'B0BOT00001', team: TEAM }, [TEAM], false],
    ['Slackbot', { user: 'USLACKBOT', team: TEAM }, [TEAM], false],
    [
      'a workspace of an allowed organisation',
      { user: 'W0MEI00001', userTeam: TEAM, team: TEAM, enterprise: 'E0ORG00001' },
      ['E0ORG00001'],
      true,
    ],
    ['an organisation-wide installation', { user: 'W0MEI00001', enterprise: 'E0ORG00001' }, ['E0ORG00001'], true],
    [
      'a stranger beside an allowed organisation',
      { user: 'U0STRANGE1', userTeam: 'T0ELSEWHER', team: TEAM, enterprise: 'E0ORG00001' },
      ['E0ORG00001'],
      false,
    ],
    ['an empty allow-list', { user: 'U0MEI00001', userTeam: TEAM, team: TEAM }, [], false],
  ]
  test.each(cases)('%s', (_who, acting, list, expected) => {
    expect(actorOf(acting, new Set(list)) !== undefined).toBe(expected)
  })

  test('in an organisation the organisation is the tenant', () => {
    const acting = { user: 'W0MEI00001', userTeam: TEAM, team: TEAM, enterprise: 'E0ORG00001' }
    expect(actorOf(acting, new Set(['E0ORG00001', TEAM]))?.tenant).toBe('E0ORG00001')
    expect(actorOf(acting, new Set([TEAM]))?.tenant).toBe(TEAM)
  })

  test('a stranger’s click, form and shortcut decode to nothing', () => {
    const stranger = <T extends object>(body: T): T => ({
      ...body,
      user: { id: 'U0STRANGE1', name: 's', team_id: 'T0ELSEWHER' },
    })
    expect(decodeAction(stranger(payload<BlockAction>('block-actions-message')), allowed)).toBeUndefined()
    expect(decodeSubmit(stranger(payload<ViewSubmitAction>('view-submission')), allowed)).toBeUndefined()
    expect(decodeShortcut(stranger(payload<MessageShortcut>('shortcut-message')), COMMANDS, allowed)).toBeUndefined()
    expect(
      decodeCommand({ ...payload<SlashCommand>('command'), team_id: 'T0ELSEWHER' }, COMMANDS, allowed),
    ).toBeUndefined()
  })
})

describe('words after a command', () => {
  const cases: [string, string, unknown][] = [
    ['/isms', '', { do: 'home.inbox', text: '' }],
    ['/isms', '  ', { do: 'home.inbox', text: '' }],
    ['/isms', 'help', { do: 'home.help', text: '' }],
    ['/isms', 'HELP me', { do: 'home.help', text: 'me' }],
    ['/isms', 'incident  lost a laptop', { do: 'incidents.report', text: 'lost a laptop' }],
    ['/incident', ' lost a laptop ', { do: 'incidents.report', text: 'lost a laptop' }],
    ['/incident', '', { do: 'incidents.report', text: '' }],
    ['/isms', 'dance', { unknown: 'dance' }],
    ['/isms', '<!channel>', { unknown: '<!channel>' }],
    ['/else', 'x', { unknown: '/else' }],
  ]
  test.each(cases)('%s %s', (slash, typed, expected) => {
    expect(called(COMMANDS, slash, typed)).toMatchObject(expected as object)
  })
})

describe('T10 what travels with a button', () => {
  test('comes back as it went', () => {
    const button = { label: 'x', do: 'access.keep', id: 'rit_1', shown: '4', with: { page: '2' } }
    expect(readButton(packButton(button))).toEqual({ do: 'access.keep', id: 'rit_1', shown: '4', with: { page: '2' } })
    const meta = { do: 'access.keep', at: { channel: 'D1', ts: '1.2' }, origin: 'home' }
    expect(readMeta(packMeta(meta))).toEqual(meta)
  })

  test.each([undefined, '', 'nonsense', '[]', '{"do":7}', '{"do":"a.b","with":{"x":1}}', 'null'])(
    'what is not ours is no action: %s',
    (value) => {
      expect(readButton(value).do).toBe('')
    },
  )

  test('too much of it is a bug and says so', () => {
    const button = { label: 'x', do: 'access.keep', with: { note: 'y'.repeat(2000) } }
    expect(() => packButton(button)).toThrow('access.keep')
  })

  test('a field is known by its name, and apart from the same field of another form', () => {
    const form = { do: 'a.b', id: 'asg_1', shown: '1' }
    expect(fieldName(fieldId(form, 'why@work'))).toBe('why@work')
    expect(fieldId(form, 'why')).toBe(fieldId({ ...form }, 'why'))
    expect(fieldId(form, 'why')).not.toBe(fieldId({ ...form, shown: '2' }, 'why'))
  })
})

describe('text', () => {
  test('is cut visibly, never inside a character or an entity', () => {
    expect(cut('abcdef', 4)).toBe('abc…')
    expect(cut('ab😀cd', 4)).toBe('ab…')
    expect(cutEscaped('&'.repeat(40), 24)).toBe(`${'&amp;'.repeat(4)}…`)
    expect(cutEscaped('<&>', 3).length).toBeLessThanOrEqual(3)
  })

  test.each([
    ['<https://a.example|a>', 'a (https://a.example)'],
    ['<https://a.example>', 'https://a.example'],
    ['<mailto:x@a.example|x@a.example>', 'x@a.example'],
    ['<!subteam^S1|@security>', '@security'],
    ['<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
    ['<@U1|mei> &lt;3', '@mei <3'],
    ['a < b', 'a < b'],
  ])('%s reads %s', (text, expected) => {
    expect(plainOf(text)).toBe(expected)
  })

  test('T37 a hundred thousand odd characters are read in no time', () => {
    const begun = performance.now()
    for (const odd of ['<'.repeat(100_000), `<${'a|'.repeat(50_000)}`, '&lt;'.repeat(25_000)]) plainOf(odd)
    expect(performance.now() - begun).toBeLessThan(100)
  })
})
