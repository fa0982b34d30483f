import { eq } from 'drizzle-orm'
import type { DemoDesk } from '../../adapters/web/index.ts'
import { web } from '../../adapters/web/index.ts'
import { person } from '../../db/schema/people.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Actor, Workflow } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { CAST } from '../support/people.ts'
import { makeWorld } from '../support/world.ts'
import type { Bench, SeenCard, SeenField, SeenForm } from './contract.ts'
import { BIDI } from './corpus.ts'
import { all, first, hasClass, isTag, isTest, type Node, nodes, parse, tidy, words } from './html.ts'
import { makeProbe } from './probe.ts'
import { portFor } from './web-server.ts'

type Posted = { path: string; body: string }
/** A browser without scripts: its cookies, the page it is on, what was typed there. */
type Browser = {
  cookies: Map<string, string>
  base: string
  page?: Node
  typed: Record<string, string | string[]>
  last?: Posted
}

/** The desk from the outside: pages fetched, buttons posted with the cookies and tokens of a browser. */
export async function openWeb(more: readonly Workflow[] = []): Promise<Bench> {
  const probe = makeProbe()
  const [desk, door] = await Promise.all([portFor(), portFor()])
  const seat = (_: string, personId: string): Actor => ({
    platform: 'web',
    tenant: 'desk',
    user: personId,
    address: {},
  })
  const options = { secure: false, organisation: 'Harbour Test' }
  const deps = { random: systemRandom, log: silent }
  const demo = (): DemoDesk => ({
    seats: async () =>
      (await world.db.select().from(person).where(eq(person.state, 'active'))).map((one) => ({
        ...one,
        title: '',
        group: '',
      })),
    now: () => world.now(),
    advance: async () => undefined,
    guide: async () => ({ steps: [] }),
  })
  const world = await makeWorld({
    workflows: [home, probe.workflow, ...more],
    seed: 'web bench',
    seat,
    desk: { address: desk.url, platform: 'web' },
    platforms: () => [web({ ...options, base: new URL(desk.url), demo: { ...lazily(demo) } }, deps)],
  })
  desk.serve(world.routes)
  // The same core behind a desk that wants to know who comes: there, a stranger is a stranger.
  door.serve(web({ ...options, base: new URL(door.url) }, deps).mount(world.core))

  const browsers = new Map<string, Browser>()
  const isOutside = (who: string) => who === 'stranger' || CAST[who]?.state === 'left'
  function browserOf(who: string): Browser {
    const known = browsers.get(who)
    if (known) return known
    const cookies = new Map<string, string>()
    if (!isOutside(who)) cookies.set('countersign-seat', world.person(who).id)
    const made: Browser = { cookies, base: isOutside(who) ? door.url : desk.url, typed: {} }
    browsers.set(who, made)
    return made
  }

  async function go(browser: Browser, path: string, posted?: string): Promise<Node> {
    const response = await fetch(browser.base + path, {
      method: posted === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(posted === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', origin: browser.base }),
      },
      body: posted,
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      browser.cookies.set(name, value)
    }
    const next = response.headers.get('location')
    return next === null ? parse(await response.text()) : go(browser, next)
  }

  async function post(browser: Browser, path: string, pairs: [string, string][]): Promise<void> {
    browser.last = { path, body: new URLSearchParams(pairs).toString() }
    browser.page = await go(browser, path, browser.last.body)
    browser.typed = {}
  }

  const chat = (browser: Browser): Promise<Node> => go(browser, '/')
  const messages = async (browser: Browser): Promise<Node[]> =>
    all(await chat(browser), isTest('message')).flatMap((one) => first(one, isTest('card')) ?? [])

  /** One's own token and cookies on what stands in the page of another. */
  async function asOneself(browser: Browser, pairs: [string, string][]): Promise<[string, string][]> {
    const own = first(await chat(browser), (node) => node.attrs.name === 'csrf')?.attrs.value ?? ''
    return pairs.map(([name, value]) => [name, name === 'csrf' ? own : value])
  }

  const openForm = (browser: Browser): Node | undefined => browser.page && first(browser.page, isTest('form'))

  function fieldOf(browser: Browser, label: string): { name: string; node: Node } {
    const form = openForm(browser)
    const node = form && all(form, isField).find((one) => labelOf(one) === label)
    if (!node) throw new Error(`no field ${label}`)
    return { name: node.attrs['data-field'] ?? '', node }
  }

  return {
    world,
    probe,
    async sees(who) {
      const browser = browserOf(who)
      const { page } = browser
      const part = (name: string) => page && first(page, (node) => node.attrs['data-part'] === name)
      const cardPart = part('card')
      const form = openForm(browser)
      const said = part('say')
      const card = cardPart && first(cardPart, isTest('card'))
      return {
        cards: isOutside(who) ? [] : (await messages(browser)).map(seenCard),
        ...(card ? { shown: seenCard(card) } : {}),
        ...(form ? { form: seenForm(form, browser.typed) } : {}),
        ...(said ? { said: tidy(words(said)) } : {}),
      }
    },
    async press(who, label, { title = '', of = who } = {}) {
      const card = (await messages(browserOf(of))).findLast((one) => seenCard(one).title.startsWith(title.trim()))
      const form = card && all(card, isTag('form')).find((one) => nodes(one).some(isButton(label)))
      if (!form) throw new Error(`no button ${label} in the chat of ${of}`)
      const browser = browserOf(who)
      await post(
        browser,
        form.attrs.action ?? '',
        who === of ? hiddenOf(form) : await asOneself(browser, hiddenOf(form)),
      )
    },
    async fill(who, entries) {
      const browser = browserOf(who)
      for (const [label, value] of Object.entries(entries)) {
        const { name, node } = fieldOf(browser, label)
        if (!hasClass('field-person')(node)) browser.typed[name] = entered(node, value)
        else await choose(browser, label, String(value))
      }
    },
    async submit(who) {
      const browser = browserOf(who)
      const form = openForm(browser)
      const inner = form && first(form, isTag('form'))
      if (!inner) throw new Error('no form is open')
      await post(browser, inner.attrs.action ?? '', filledIn(inner, browser.typed))
    },
    async again(who) {
      const browser = browserOf(who)
      if (!browser.last) throw new Error(`${who} has sent nothing`)
      browser.page = await go(browser, browser.last.path, browser.last.body)
    },
    async command(who, line) {
      const browser = browserOf(who)
      const composer = first(await chat(browser), hasClass('composer'))
      if (!composer) throw new Error('there is nowhere to type')
      await post(browser, '/say', [...hiddenOf(composer), ['line', line]])
    },
    async home(who) {
      const card = first(await go(browserOf(who), '/card/home.inbox'), isTest('card'))
      if (!card) throw new Error('no inbox')
      return seenCard(card)
    },
    async search(who, label, typed) {
      const browser = browserOf(who)
      if (label === '') return found(browser, typed)
      await searchFor(browser, label, typed)
      return optionsOf(browser, label).map((option) => option.label)
    },
    async alive(who) {
      const browser = browserOf(who)
      const answer = browser.page && first(browser.page, (node) => 'data-part' in node.attrs)
      return [...(await messages(browser)), ...(answer ? [answer] : [])].flatMap(livingIn)
    },
    trouble() {
      throw new Error('nothing is on its way: the page reads what stands in the database')
    },
    async close() {
      await Promise.all([desk.close(), door.close()])
    },
  }

  function optionsOf(browser: Browser, label: string): { value: string; label: string }[] {
    return all(fieldOf(browser, label).node, isTag('option'))
      .filter((option) => option.attrs.value !== '')
      .map((option) => ({ value: option.attrs.value ?? '', label: tidy(words(option)) }))
  }

  /** The search button: the same form again, with what was typed and who was found. */
  async function searchFor(browser: Browser, label: string, typed: string): Promise<void> {
    const { name } = fieldOf(browser, label)
    const inner = first(openForm(browser) ?? browser.page ?? parse(''), isTag('form'))
    if (!inner) throw new Error('no form is open')
    const pairs = filledIn(inner, browser.typed).filter(([one]) => one !== `q_${name}`)
    await post(browser, inner.attrs.action ?? '', [...pairs, [`q_${name}`, typed], ['search', name]])
  }

  async function choose(browser: Browser, label: string, called: string): Promise<void> {
    const { typed } = browser
    await searchFor(browser, label, called)
    const [one] = optionsOf(browser, label)
    if (!one) throw new Error(`nobody is called ${called}`)
    browser.typed = { ...typed, [fieldOf(browser, label).name]: one.value }
  }

  /** As the script asks while somebody types. */
  async function found(browser: Browser, typed: string): Promise<string[]> {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${browser.base}/options?field=person&q=${encodeURIComponent(typed)}`, {
      headers: { cookie },
    })
    return ((await response.json()) as { label: string }[]).map((option) => option.label)
  }
}

/** The demo is asked only once there is a world. */
const lazily = (make: () => DemoDesk): DemoDesk => ({
  seats: () => make().seats(),
  now: () => make().now(),
  advance: (days) => make().advance(days),
  guide: () => make().guide(),
})

const isField = (node: Node) => 'data-field' in node.attrs
const isButton = (label: string) => (node: Node) => {
  const isOpener = node.tag === 'summary'
  return (node.tag === 'button' || isOpener) && tidy(words(node)) === tidy(label)
}

const inputs = (form: Node): Node[] =>
  all(form, (node) => ['input', 'textarea', 'select'].includes(node.tag) && 'name' in node.attrs)

const hiddenOf = (form: Node): [string, string][] =>
  inputs(form)
    .filter((node) => node.attrs.type === 'hidden')
    .map((node) => [node.attrs.name ?? '', node.attrs.value ?? ''])

function standsIn(node: Node): string | string[] {
  const isTick = (one: Node) => one.attrs.type === 'radio' || one.attrs.type === 'checkbox'
  const values = inputs(node)
    .filter((one) => one.attrs.name?.startsWith('e_') && (!isTick(one) || 'checked' in one.attrs))
    .map((one) =>
      one.tag === 'textarea'
        ? words(one).replace(/^\n/, '')
        : one.tag === 'select'
          ? (first(one, (option) => 'selected' in option.attrs)?.attrs.value ?? '')
          : (one.attrs.value ?? ''),
    )
  return values.length > 1 ? values : (values[0] ?? '')
}

/** What a browser would send: what stands in the fields, and over it what was typed. */
function filledIn(form: Node, typed: Record<string, string | string[]>): [string, string][] {
  const entries = all(form, isField).flatMap((field): [string, string][] => {
    const name = field.attrs['data-field'] ?? ''
    return [typed[name] ?? standsIn(field)].flat().map((value) => [`e_${name}`, value])
  })
  return [...hiddenOf(form).filter(([name]) => !name.startsWith('e_')), ...entries]
}

/** Options by what they say. */
function entered(field: Node, value: string | string[]): string | string[] {
  const ticks = all(field, hasClass('tick'))
  if (ticks.length === 0) return value
  const values = [value].flat().map((label) => {
    const tick = ticks.find((one) => tidy(words(one)).startsWith(label))
    return (tick && first(tick, isTag('input'))?.attrs.value) ?? label
  })
  return Array.isArray(value) ? values : (values[0] ?? '')
}

const labelOf = (field: Node): string => {
  const label = first(field, (node) => node.tag === 'legend' || node.tag === 'label')
  return tidy((label?.children ?? []).map((child) => (typeof child === 'string' ? child : '')).join(''))
}

function seenCard(card: Node): SeenCard {
  const title = first(card, hasClass('card-title'))
  const text = card.children.map((child) => (child === title ? '' : words(child))).join('\n')
  return {
    title: tidy(title ? words(title) : ''),
    text: `${text}\n${all(card, isTag('progress'))
      .map((bar) => bar.attrs.value)
      .join(' ')}`,
    buttons: all(card, hasClass('button'))
      .filter((node) => !('data-dismiss' in node.attrs))
      .map((node) => tidy(words(node))),
  }
}

function seenForm(form: Node, typed: Record<string, string | string[]>): SeenForm {
  const title = first(form, hasClass('form-title'))
  const submit = first(form, isTest('submit'))
  return {
    title: title ? tidy(words(title)) : '',
    submit: submit ? tidy(words(submit)) : '',
    text: tidy(words(form)),
    fields: all(form, isField).map((field): SeenField => {
      const error = first(field, hasClass('error'))
      const value = typed[field.attrs['data-field'] ?? ''] ?? standsIn(field)
      return { label: labelOf(field), value, ...(error ? { error: tidy(words(error)).replace('▲ ', '') } : {}) }
    }),
  }
}

const QUIET =
  'article header h1 h2 h3 h4 h5 p div ul ol li blockquote dl dt dd span bdi strong em code br hr table caption thead tbody tr th td progress form input button details summary fieldset legend label'.split(
    ' ',
  )

/** Whatever would lead somewhere, run or turn words around. A form may post to the desk only. */
function livingIn(root: Node): string[] {
  return nodes(root).flatMap((node) => {
    const { attrs } = node
    const found = QUIET.includes(node.tag) ? [] : [`<${node.tag}>`]
    if (attrs.href !== undefined) found.push(`leads to ${attrs.href}`)
    if (node.tag === 'form' && attrs.action !== '/do') found.push(`posts to ${attrs.action}`)
    found.push(...Object.keys(attrs).filter((name) => /^on|^style$|^src$|^formaction$/.test(name)))
    const texts = [...Object.values(attrs), ...node.children.filter((child) => typeof child === 'string')]
    return [...found, ...texts.filter((text) => BIDI.test(text))]
  })
}
