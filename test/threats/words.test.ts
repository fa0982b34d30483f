import { afterAll, describe, expect, test } from 'vitest'
import { drawMessage, drawForm as slackForm } from '../../adapters/slack/encode.ts'
import { drawCard } from '../../adapters/web/encode.ts'
import { drawForm as webForm } from '../../adapters/web/form.ts'
import { sourceOf } from '../../adapters/web/html.ts'
import type { Scene } from '../../adapters/web/scene.ts'
import { text as webText } from '../../adapters/web/text.ts'
import { registerSystem } from '../../src/access/systems.ts'
import { BIDI, NASTY } from '../platforms/corpus.ts'
import { nodes, parse } from '../platforms/html.ts'
import { bring } from '../support/access.ts'
import { type Picture, playGallery } from '../support/gallery.ts'
import { imported, launch } from '../support/policies.ts'
import { openCompany, signIn, slackId } from './company.ts'

const DESK = 'https://desk.example'
const scene: Scene = { base: new URL(DESK), csrf: 'csrf', key: () => 'key', back: '/', say: webText('en'), level: 1 }

/** What stands in data for machines, and is no word for people. */
const MACHINE = 'do id kind href style tone value shown with values name card fileId bold italic code min max'.split(
  ' ',
)

/** The same card with something nasty behind every word that a person reads. */
function spoiled<T>(shown: T, nasty: string): T {
  const walk = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return MACHINE.includes(name) ? value : `${value.slice(0, 20)} ${nasty}`
    if (Array.isArray(value)) return value.map((one) => walk(one, name))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, MACHINE.includes(key) ? inner : walk(inner, key)]),
    )
  }
  return walk(shown) as T
}

const { pictures, world: played } = await playGallery()
afterAll(() => played.close())
const options = { desk: DESK, files: true }
const inSlack = (it: Picture) => ('card' in it ? drawMessage(it.card, options) : slackForm(it.form, {}, options))
const inBrowser = (it: Picture) => parse(sourceOf('card' in it ? drawCard(it.card, scene) : webForm(it.form, scene)))

/** Everything in a Slack payload that reaches somebody, leads somewhere or stands for more than words. */
function livingInSlack(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(livingInSlack)
  if (typeof value !== 'object' || value === null) return []
  const node = value as Record<string, unknown>
  const found = Object.values(node).flatMap(livingInSlack)
  if (node.type === 'mrkdwn') found.push(...(String(node.text).match(/<[^>]*>/g) ?? []))
  if (['user', 'usergroup', 'channel', 'broadcast', 'emoji', 'team', 'link'].includes(String(node.type)))
    found.push(`${node.type} ${node.url ?? ''}`)
  if (typeof node.url === 'string' && node.type !== 'link') found.push(node.url)
  return found
}

/** Every element of a page with whatever it leads to. */
const livingInPage = (page: ReturnType<typeof parse>) =>
  nodes(page).map((node) =>
    [
      node.tag,
      node.attrs.href,
      node.attrs.src,
      node.attrs.action,
      node.attrs.formaction,
      ...Object.keys(node.attrs).filter((name) => name.startsWith('on')),
    ].join(' '),
  )

/** A line break of a person's own is one in the page, and words that run the other way are kept to themselves. */
const isBreak = (one: string) => ['br', 'bdi'].includes(one.trim())

const kinds = (all: string[]) => [...new Set(all)].sort()

describe('T21 T22 T23 T24 nasty words in every place of every card and form', () => {
  const cases = pictures.flatMap((picture, n) =>
    [NASTY[n % NASTY.length], NASTY[(n + 7) % NASTY.length]].map((nasty) => [picture, nasty ?? ''] as const),
  )

  test('there is a picture of each slice, and each of the corpus is tried', () => {
    expect(kinds(pictures.map((one) => one.name.split('.')[0] ?? ''))).toEqual(
      expect.arrayContaining(['access', 'controls', 'home', 'incidents', 'policies']),
    )
    expect(new Set(cases.map(([, nasty]) => nasty)).size).toBe(NASTY.length)
  })

  test('in Slack nothing reaches anybody and leads nowhere that it did not before', () => {
    for (const [picture, nasty] of cases) {
      const before = kinds(livingInSlack(inSlack(picture)))
      const after = inSlack(spoiled(picture, nasty))
      for (const one of kinds(livingInSlack(after))) expect(before, `${picture.name}: ${nasty}`).toContain(one)
      expect(JSON.stringify(after), picture.name).not.toMatch(BIDI)
      const fallback = String((after as { text?: unknown }).text ?? '')
      expect(fallback, picture.name).not.toMatch(/<[!@#h]/)
    }
  })

  test('in the browser the page has the same elements and addresses as before', () => {
    for (const [picture, nasty] of cases) {
      const before = kinds(livingInPage(inBrowser(picture)))
      const after = inBrowser(spoiled(picture, nasty))
      for (const one of kinds(livingInPage(after)).filter((one) => !isBreak(one)))
        expect(before, `${picture.name}: ${nasty}`).toContain(one)
      expect(
        sourceOf(
          'card' in picture
            ? drawCard(spoiled(picture.card, nasty), scene)
            : webForm(spoiled(picture.form, nasty), scene),
        ),
      ).not.toMatch(BIDI)
    }
  })
})

test('T21 T22 nasty names, titles, comments, CSV cells and file names on their whole way to Slack and to the browser', async () => {
  const company = await openCompany({ seed: 'nasty words' })
  const { world, workspace } = company
  const all = NASTY.join(' ')
  for (const [n, who] of ['omar', 'lena', 'dora', 'kiran', 'ravi', 'mei'].entries())
    await world.owner`update person set name = ${`${NASTY[n]} ${NASTY[n + 6]}`}, department = ${NASTY[n + 12] ?? ''} where email = ${`${who}@example.com`}`
  const version = await imported(
    world,
    { title: JSON.stringify(`${NASTY[0]} ${NASTY[5]}`), changes: JSON.stringify(all.slice(0, 180)) },
    all,
  )
  await launch(world, version)
  await world.system((ctx) =>
    registerSystem(ctx, { code: 'crm', name: `CRM ${NASTY[0]}`, ownerId: world.person('lena').id }),
  )
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const rows = NASTY.map((nasty, n) =>
    [`A${n}`, 'omar@example.com', cell(nasty), cell(nasty), 'human', '', '2026-11-20', '2025-01-10'].join(','),
  )
  const bytes = Buffer.from(['account_id,email,name,role,type,hr_status,last_login,created', ...rows, ''].join('\n'))
  const { snapshotId = '' } = await bring(world, bytes, { name: '../<!channel>\u202egnp.csv' })
  const started = await world.as('lena').do('access.start', { id: snapshotId })
  if (started.form)
    await world.as('lena').do('access.start', {
      id: snapshotId,
      shown: started.form.shown,
      with: started.form.with,
      entries: { due: '2026-12-07' },
    })
  const omar = company.as('omar')
  await omar.command(`/incident ${all.slice(0, 500)}`)
  await company.settled()
  await omar.submit()
  await world.as('omar').do('policies.ask', { id: version, entries: { question: all.slice(0, 900) } })
  await world.work()
  for (const who of ['omar', 'lena', 'ravi', 'dora', 'mei']) {
    await company.as(who).openHome()
    for (const line of [
      '/isms',
      '/isms reports',
      '/isms reviews',
      '/isms status',
      '/isms policies',
      `/isms ${NASTY[0]}`,
    ])
      await company.as(who).command(line)
  }
  await company.settled()
  expect(company.told()).toContain('!channel')
  const sent = workspace.calls.filter(({ method }) => /^(chat|views)\.|response_url/.test(method))
  const allowed = (one: string) =>
    one.startsWith(`<${company.address}`) ||
    one.startsWith(company.address) ||
    one.startsWith(`link ${company.address}`)
  expect(
    kinds(livingInSlack([sent.map((one) => one.args), workspace.whispers, workspace.modals(slackId('omar'))])).filter(
      (one) => !allowed(one),
    ),
  ).toEqual([])
  for (const { args } of sent) expect(String(args.text ?? '')).not.toMatch(/<[!@#h]/)
  expect(JSON.stringify(sent)).not.toMatch(BIDI)

  const [report] = await world.sql<{ id: string }[]>`select id from report`
  for (const who of ['lena', 'ravi', 'mei', 'omar']) {
    const client = await signIn(company, who)
    for (const path of [
      '/',
      '/card/home.inbox',
      '/card/home.dashboard',
      '/card/access.reviews',
      `/card/access.receipt/${snapshotId}`,
      `/card/policies.policy/${version}`,
      `/card/incidents.report/${report?.id}`,
      '/options?field=person&q=a',
    ]) {
      const { text, headers } = await client.open(path)
      expect(text, path).not.toMatch(BIDI)
      if (!headers['content-type']?.startsWith('text/html')) continue
      const alive = nodes(parse(text)).filter(
        (node) =>
          (['svg', 'img', 'iframe'].includes(node.tag) && !node.attrs.src?.startsWith('/assets/')) ||
          Object.keys(node.attrs).some((name) => name.startsWith('on')) ||
          /evil|javascript:/.test(`${node.attrs.href} ${node.attrs.src} ${node.attrs.action}`),
      )
      expect(alive, path).toEqual([])
    }
  }
  await company.close()
}, 60_000)
