import { fileName } from '../../src/core/file-name.ts'
import { helpPage } from './commands.ts'
import { drawCard } from './encode.ts'
import { FILE_POLICY } from './headers.ts'
import { honest, html } from './html.ts'
import { MOST_OPTIONS } from './limits.ts'
import { drawPage } from './page.ts'
import { halt, sendJson, sendPage } from './respond.ts'
import { type Signed, sceneOf } from './visit.ts'

const HELP = 'home.help'
const PLACES = { 'home.inbox': 'inbox', [HELP]: 'help' } as const
const WIDE = ['home.dashboard', 'home.record']

/** Any card as a page: `/card/policies.policy/pov_…`. */
export async function showCard(visit: Signed): Promise<void> {
  const [, name, id] = /^([a-z][a-z-]*\.[a-z][a-zA-Z-]*)(?:\/([\w-]{1,64}))?$/.exec(visit.rest) ?? []
  if (name === undefined) throw halt(404, visit.say.missing.text)
  const card = await visit.desk.core.card(name, id, visit.visitor.actor)
  // The core answers missing and forbidden alike: a title and nothing else (T20). The sentence is that of any address.
  if (card.blocks.length === 0) throw halt(404, visit.say.missing.text)
  visit.desk.config.demo?.looked?.(name)
  const place = Object.hasOwn(PLACES, name) ? PLACES[name as keyof typeof PLACES] : undefined
  const isWide = WIDE.includes(name)
  const drawn =
    name === HELP
      ? drawCard(helpPage(visit, name, card), { ...sceneOf(visit, { back: '/' }, 1), isWay: true }, { name })
      : drawCard(card, sceneOf(visit, { back: visit.url.pathname }, 1), { name })
  const body = html`<div class="sheet${isWide ? ' sheet-wide' : ''}" data-region="card"><div data-slot>${drawn}</div></div>`
  sendPage(visit.response, await drawPage(visit, { title: card.title, body, place, wide: isWide }))
}

/** Choices for a field that is searched, for the script. */
export async function sendOptions(visit: Signed): Promise<void> {
  const field = visit.url.searchParams.get('field') ?? ''
  const typed = (visit.url.searchParams.get('q') ?? '').slice(0, 200)
  if (!/^[a-z][\w.-]{0,60}$/i.test(field)) throw halt(404, visit.say.missing.text)
  const options = await visit.desk.core.options(field, typed, visit.visitor.actor)
  // Here nothing is escaped: the script shows text as text. What turns it around is taken out all the same (T22).
  const shown = options.slice(0, MOST_OPTIONS).map((option) => ({
    ...option,
    label: honest(option.label),
    ...(option.hint === undefined ? {} : { hint: honest(option.hint) }),
  }))
  sendJson(visit.response, shown)
}

const SAVED_AS =
  /^(application\/pdf|application\/vnd\.openxmlformats-officedocument\.[a-z.]+|image\/(png|jpeg)|text\/(plain|csv))$/

/** A stored file, to be saved: never shown as a page, whatever it holds (T27). */
export async function sendFile(visit: Signed): Promise<void> {
  if (!/^fil_[0-9a-z]{26}$/.test(visit.rest)) throw halt(404, visit.say.missing.text)
  const file = await visit.desk.core.file(visit.rest, visit.visitor.actor)
  if (file === undefined) throw halt(404, visit.say.missing.text)
  const name = fileName(file.name)
  const { response } = visit
  response.setHeader('Content-Security-Policy', FILE_POLICY)
  response.writeHead(200, {
    'Content-Type': SAVED_AS.test(file.type) ? file.type : 'application/octet-stream',
    'Content-Length': file.size,
    'Content-Disposition': `attachment; filename="${name.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encoded(name)}`,
  })
  response.end(file.bytes)
}

const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
