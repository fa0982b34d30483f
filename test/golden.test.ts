import { describe, expect, test } from 'vitest'
import { drawMessage, drawForm as slackForm } from '../adapters/slack/encode.ts'
import { type AdaptiveCard, drawCard as teamsCard, drawForm as teamsForm } from '../adapters/teams/encode.ts'
import { drawCard } from '../adapters/web/encode.ts'
import { drawForm as webForm } from '../adapters/web/form.ts'
import { sourceOf } from '../adapters/web/html.ts'
import type { Scene } from '../adapters/web/scene.ts'
import { text as webText } from '../adapters/web/text.ts'
import { parse } from './platforms/html.ts'
import { type Json, refusals, viewRefusals } from './platforms/slack-blocks.ts'
import { faultsOf } from './platforms/teams-faults.ts'
import { type Picture, playGallery } from './support/gallery.ts'
import { goldensOf, settled } from './support/golden.ts'

const DESK = 'https://desk.example'

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const scene: Scene = {
  base: new URL(DESK),
  csrf: 'csrf',
  key: () => 'key',
  back: '/',
  say: webText('en'),
  level: 1,
}

/** A line per element, so that a change is seen where it is. */
const lines = (html: string): string => `${html.replace(/>\s*</g, '>\n<').trim()}\n`

const PLATFORMS: Record<string, { ends: string; draw: (picture: Picture) => string }> = {
  neutral: { ends: 'json', draw: (picture) => json('card' in picture ? picture.card : picture.form) },
  slack: {
    ends: 'json',
    draw: (picture) =>
      json(
        'card' in picture
          ? drawMessage(picture.card, { desk: DESK, files: true })
          : slackForm(picture.form, {}, { desk: DESK, files: true }),
      ),
  },
  teams: { ends: 'json', draw: (picture) => json(forTeams(picture)) },
  web: {
    ends: 'html',
    draw: (picture) =>
      lines(sourceOf('card' in picture ? drawCard(picture.card, scene) : webForm(picture.form, scene))),
  },
}

const forTeams = (picture: Picture): AdaptiveCard =>
  'card' in picture
    ? teamsCard(picture.card, { desk: DESK })
    : teamsForm(picture.form, {}, 'Action.Submit', { desk: DESK })

const { pictures } = await playGallery()

describe.each(Object.entries(PLATFORMS))('%s', (platform, { ends, draw }) => {
  const goldens = goldensOf(platform)

  test.each(pictures.map((picture) => [picture.name, picture] as const))('%s', (name, picture) => {
    const drawn = draw(settled(picture))
    expect(drawn, 'npm run golden writes it anew: read what changed before you keep it').toBe(
      goldens.read(`${name}.${ends}`, drawn),
    )
  })

  test('no golden file is left over', () => {
    expect(goldens.stale(pictures.map(({ name }) => `${name}.${ends}`))).toEqual([])
  })
})

test('Slack takes every card and every form', () => {
  const refused = pictures.flatMap(({ name, ...shown }) => {
    const problems =
      'card' in shown
        ? refusals('message', drawMessage(shown.card, { desk: DESK }).blocks as unknown as Json[])
        : viewRefusals(slackForm(shown.form, {}, { desk: DESK, files: true }) as unknown as Json)
    return problems.map((problem) => `${name}: ${problem}`)
  })
  expect(refused).toEqual([])
})

test('Teams takes every card and every form: no complaint of the adaptivecards package, below 25 KB', () => {
  const refused = pictures.flatMap((picture) => {
    const card = forTeams(settled(picture))
    const bytes = Buffer.byteLength(JSON.stringify(card))
    const problems = [...faultsOf(card), ...(bytes < 25_000 ? [] : [`${bytes} bytes`])]
    return problems.map((problem) => `${picture.name}: ${problem}`)
  })
  expect(refused).toEqual([])
})

test('T18 what a notification shows holds no word of a report', () => {
  const own = /taxi|laptop|invoice|badge|encrypted|noise|stranger|Supplier/i
  const loud = pictures.filter(
    ({ name, ...shown }) => 'card' in shown && name.startsWith('incidents.') && own.test(drawMessage(shown.card).text),
  )
  expect(loud.map(({ name }) => name)).toEqual([])
})

test('every page of the desk is whole markup', () => {
  for (const picture of pictures) expect(() => parse(PLATFORMS.web?.draw(picture) ?? ''), picture.name).not.toThrow()
})
