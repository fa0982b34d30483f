import { teams } from '../../adapters/teams/index.ts'
import { systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Actor, Platform, Workflow } from '../../src/core/workflow.ts'
import { home } from '../../src/home/index.ts'
import { CAST } from '../support/people.ts'
import { MONDAY, makeWorld } from '../support/world.ts'
import type { Bench, SeenForm, Trouble } from './contract.ts'
import { makeProbe } from './probe.ts'
import { serveRoutes } from './slack-person.ts'
import {
  bodyOf,
  inputsIn,
  isForm,
  type Json,
  livingIn,
  livingInMessage,
  readCard,
  submitIn,
  titleOf,
} from './teams-cards.ts'
import { datasetOf, type Typed } from './teams-inputs.ts'
import { type Answer, makePerson, type TeamsPerson } from './teams-person.ts'
import { chosenIn, fieldsOf, seenCard } from './teams-seen.ts'
import { type Failure, type Posted, startTeams } from './teams-stand-in.ts'
import { TENANT, userOf } from './teams-users.ts'

const TROUBLES: Record<Trouble, Failure> = {
  permanent: { status: 403, code: 'BotDisabledByAdmin' },
  limited: { status: 429, headers: { 'retry-after': '60' } },
  unknown: { status: 502, after: true },
}

const DESK = 'https://isms.example.com'
/** Nothing is ever late: what is slow has tests of its own. */
const never = () => new Promise<void>(() => {})

type Front = {
  /** What stood in the chat before the last click. */
  before: Set<string>
  /** What came in answer to it. */
  answers: Posted[]
  /** Where it was clicked. */
  at?: Posted
  typed: Typed
  /** The form that the words were typed into. */
  form?: Json
}

/** Another platform in the same company, and who is there instead of in Teams. */
type Beside = { mount(now: () => Date): Platform; seats: Readonly<Record<string, Actor>> }

type TeamsBench = Bench & { url: string; seat(who: string): Actor }

/** Teams from the outside: signed activities to a real server, and what stands in front of people. */
export async function openTeams(more: readonly Workflow[] = [], beside?: Beside): Promise<TeamsBench> {
  const probe = makeProbe()
  let now = () => MONDAY
  const users = [...Object.entries(CAST), ['stranger', { name: 'A Stranger' }] as const].map(([who, { name }]) =>
    userOf(who, name),
  )
  const standIn = await startTeams({ now: () => now(), users, tenant: TENANT })
  const inTeams = (who: string): Actor => {
    const { id: user, mri } = userOf(who)
    const address = { tenant: TENANT, user, mri, serviceUrl: standIn.serviceUrl }
    return { platform: 'teams', tenant: TENANT, user, address }
  }
  const seat = (who: string): Actor => beside?.seats[who] ?? inTeams(who)
  let adapter: Platform | undefined
  const world = await makeWorld({
    workflows: [home, probe.workflow, ...more],
    seed: 'teams bench',
    seat,
    platforms(clock) {
      now = clock
      const config = {
        appId: standIn.appId,
        tenantIds: [TENANT],
        credential: { secret: 'outbound-secret' },
        desk: DESK,
        openIdMetadataUrl: standIn.metadataUrl,
        fetch: standIn.fetch,
      }
      adapter = teams(config, { now: clock, log: silent, random: systemRandom, after: never })
      return [adapter, ...(beside ? [beside.mount(clock)] : [])]
    },
  })
  await adapter?.start?.()
  const inner = await serveRoutes(world.routes)
  const people = new Map<string, TeamsPerson>()
  const fronts = new Map<string, Front>()
  const firsts = new Map<string, Answer>()
  /** Titles of people who were found, by the id that a menu hands in. */
  const names = new Map<string, string>()
  /** Answers to somebody's words and clicks: not what was sent to them. */
  const asides = new Set<string>()

  const personOf = (who: string): TeamsPerson => {
    const user = users.find((one) => one.id === userOf(who).id)
    if (!user) throw new Error(`nobody is called ${who}`)
    const person = people.get(who) ?? makePerson(standIn, inner.url, user, () => now())
    people.set(who, person)
    return person
  }
  const frontOf = (who: string): Front => {
    const front = fronts.get(who) ?? { before: new Set(), answers: [], typed: {} }
    fronts.set(who, front)
    return front
  }
  const chat = (who: string): Posted[] => standIn.chat(userOf(who).id)

  /** Everything under way has been shown; what came meanwhile is the answer. */
  async function settled(who: string): Promise<void> {
    await adapter?.stop?.()
    const front = frontOf(who)
    front.answers = chat(who).filter((message) => !front.before.has(message.id))
    for (const { id } of front.answers) asides.add(id)
  }

  /** What stood there before is out of sight. */
  async function acting(who: string, at: Posted | undefined, work: (person: TeamsPerson) => Promise<Answer>) {
    Object.assign(frontOf(who), { before: new Set(chat(who).map((message) => message.id)), at })
    const answer = await work(personOf(who))
    if (answer.status >= 300) throw new Error(`answered ${answer.status}: ${answer.text}`)
    firsts.set(who, answer)
    await settled(who)
  }

  /** Messages that answer the last click: those that came, and an earlier answer that it was made in. */
  const answering = (who: string): Posted[] => {
    const { at, answers } = frontOf(who)
    return [...(at && asides.has(at.id) && !answers.includes(at) ? [at] : []), ...answers]
  }
  const cardsIn = (who: string, messages: readonly Posted[]): Json[] =>
    messages.map((message) => personOf(who).cardOf(message)).filter((card) => card !== undefined)
  const cardsThere = (who: string): Json[] => cardsIn(who, answering(who))

  /** Where a form stands in a message: an answer, or the very message that was clicked. */
  const formMessage = (who: string): Posted | undefined => {
    const { at } = frontOf(who)
    return [...(at ? [at] : []), ...answering(who)].findLast((message) => {
      const card = personOf(who).cardOf(message)
      return card && isForm(card)
    })
  }

  /** The form in front of somebody; words typed into one that is gone are gone. */
  function formOf(who: string): { card: Json; title: string; typed: Typed; at?: Posted } | undefined {
    const front = frontOf(who)
    const dialog = personOf(who).dialog()
    const at = dialog ? undefined : formMessage(who)
    const card = dialog?.card ?? (at && personOf(who).cardOf(at))
    if (!card || !isForm(card)) return undefined
    if (front.form !== card) Object.assign(front, { form: card, typed: {} })
    return { card, title: dialog?.title ?? titleOf(card) ?? '', typed: front.typed, ...(at ? { at } : {}) }
  }

  const needed = (who: string) => {
    const form = formOf(who)
    if (!form) throw new Error(`no form in front of ${who}`)
    return form
  }

  const inputOf = (who: string, label: string): Json => {
    const input = inputsIn(needed(who).card).find((one) => one.label === label)
    if (!input) throw new Error(`no field ${label} in front of ${who}`)
    return input
  }

  function seenForm(who: string): SeenForm | undefined {
    const form = formOf(who)
    if (!form) return undefined
    const { card, title, typed } = form
    return { title, submit: submitIn(card)?.title ?? '', text: readCard(card), fields: fieldsOf(card, typed, names) }
  }

  const saidTo = (who: string): string[] => [
    ...personOf(who).said(),
    ...answering(who).flatMap(({ activity }) => (activity.text ? [String(activity.text)] : [])),
    ...cardsThere(who).flatMap((card) => (titleOf(card) === undefined ? [bodyOf(card)] : [])),
  ]

  async function found(who: string, input: string | undefined, typed: string, at?: Posted) {
    const results = await personOf(who).search(input, typed, at)
    for (const { title, value } of results) names.set(value, title)
    return results
  }

  return {
    world,
    probe,
    url: inner.url,
    seat: inTeams,
    async sees(who) {
      const person = personOf(who)
      const dialog = person.dialog()
      const card = cardsThere(who).findLast((one) => titleOf(one) !== undefined && !isForm(one))
      const shown =
        dialog && !isForm(dialog.card) ? { ...seenCard(dialog.card), title: dialog.title } : card && seenCard(card)
      const form = seenForm(who)
      const said = saidTo(who).join('\n')
      return {
        cards: cardsIn(
          who,
          chat(who).filter(({ id }) => !asides.has(id)),
        ).map(seenCard),
        ...(shown ? { shown } : {}),
        ...(form ? { form } : {}),
        ...(said ? { said } : {}),
      }
    },
    async press(who, label, { title = '', of = who } = {}) {
      const message = chat(of).findLast((one) => {
        const card = personOf(of).cardOf(one)
        return card && seenCard(card).title.startsWith(title.trim())
      })
      if (!message) throw new Error(`no message ${title} in the chat of ${of}`)
      personOf(who).close()
      await acting(who, message, (person) => person.click(message, label))
    },
    async fill(who, entries) {
      const { typed, at } = needed(who)
      for (const [label, value] of Object.entries(entries)) {
        const input = inputOf(who, label)
        const id = String(input.id)
        if (datasetOf(input) !== undefined) {
          const [first] = await found(who, id, String(value), at)
          if (!first) throw new Error(`nobody is called ${String(value)}`)
          typed[id] = first.value
        } else typed[id] = chosenIn(input, value)
      }
    },
    async submit(who) {
      const { card, typed, at } = needed(who)
      await acting(who, at, (person) =>
        at ? person.submitInCard(at, submitIn(card)?.title ?? '', typed) : person.submit(typed),
      )
    },
    async again(who) {
      const answer = await personOf(who).again()
      if (answer.text !== firsts.get(who)?.text) throw new Error(`another answer: ${answer.text}`)
      await settled(who)
    },
    async command(who, line) {
      personOf(who).close()
      await acting(who, undefined, (person) => person.say(line.replace(/^\/(isms\s+)?/, '')))
    },
    async home(who) {
      personOf(who).close()
      await acting(who, undefined, (person) => person.say('inbox'))
      const card = cardsThere(who).findLast((one) => titleOf(one) !== undefined)
      if (!card) throw new Error(`no inbox came: ${saidTo(who).join(' ')}`)
      return seenCard(card)
    },
    async search(who, label, typed) {
      const form = formOf(who)
      const results = form
        ? await found(who, String(inputOf(who, label).id), typed, form.at)
        : await found(who, undefined, typed)
      return results.map((one) => one.title)
    },
    async alive(who) {
      const person = personOf(who)
      const dialog = person.dialog()
      return [
        ...chat(who).flatMap(({ activity }) => livingInMessage(activity, DESK)),
        ...livingInMessage({ text: person.said().join('\n'), textFormat: 'plain' }, DESK),
        ...[...cardsIn(who, chat(who)), ...(dialog ? [dialog.card] : [])].flatMap((card) => livingIn(card, DESK)),
      ]
    },
    trouble: (how) => standIn.fail('send', TROUBLES[how]),
    async close() {
      await inner.close()
      await standIn.close()
    },
  }
}
