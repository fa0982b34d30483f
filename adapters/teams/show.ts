import { faultOf, type Log } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import type { Card, Form, Reply } from '../../src/core/view.ts'
import type { Core } from '../../src/core/workflow.ts'
import type { Connector } from './connector.ts'
import type { Place } from './decode.ts'
import type { Post } from './deliver.ts'
import {
  drawCard,
  drawCardDialog,
  drawForm,
  drawFormDialog,
  drawFormMessage,
  drawMessage,
  drawSaid,
  type Message,
} from './encode.ts'
import { deliveryError } from './errors.ts'
import type { Names } from './fields.ts'
import { SAID, SOON_SECONDS } from './limits.ts'
import { sentence } from './markup.ts'
import type { PenOptions } from './pen.ts'
import { text } from './text.ts'

export type ShowDeps = {
  core: Core
  connector: Connector
  post: Post
  pen: () => PenOptions
  after: (ms: number) => Promise<void>
  log: Log
}

/** The body of an answer, and what is to be shown elsewhere once it is on its way. `status` where it is not 200. */
export type Shown = { status?: number; body?: unknown; later?: () => Promise<void> }

const CARD = 'application/vnd.microsoft.card.adaptive'
const MESSAGE = 'application/vnd.microsoft.activity.message'

/** A card that stands in the clicked message's place; only the client that clicked draws it, so the message is edited too. */
const inCard = (type: string, value: unknown) => ({ statusCode: 200, type, value })

export function makeShow({ core, connector, post, pen, after, log }: ShowDeps) {
  async function namesIn(form: Form, place: Place): Promise<Names> {
    const names: Names = {}
    for (const [name, field] of Object.entries(form.fields)) {
      const id = form.values?.[name]
      if (field.kind !== 'person' || typeof id !== 'string' || id === '') continue
      const found = await core.options('person', id, place.by).catch(() => [])
      const label = found.find((option) => option.value === id)?.label
      if (label !== undefined) names[id] = label
    }
    return names
  }

  /** Edits the message that was clicked, or that a form was opened from. Nothing throws: the click itself is done. */
  async function edit(place: Place, message: Message): Promise<void> {
    if (!place.at) return
    for (let again = false; ; again = true) {
      try {
        return await connector.edit(place.at, message)
      } catch (error) {
        const problem = deliveryError(error)
        log.warn({ what: 'edit', code: problem.message }, 'teams.call')
        if (again || problem.retryAfter === undefined || problem.retryAfter > SOON_SECONDS) return
        await after(problem.retryAfter * 1000)
      }
    }
  }

  /** In our own conversation with them: the only private place that every chat has. */
  async function privately(place: Place, message: Message): Promise<void> {
    await post.to(place.by.address, message).catch((error: unknown) => log.warn(faultOf(error), 'teams.call'))
  }

  const said = (reply: Reply): string => sentence(reply.say ?? plain(text('en').done), pen().desk, SAID)

  /** What was asked by a button of a card, or by a form drawn in one. */
  async function inMessage(reply: Reply, place: Place): Promise<Shown> {
    const { card, form } = reply
    if (form) {
      const drawn = drawForm(form, { origin: place.origin }, 'Action.Execute', pen(), await namesIn(form, place))
      return { body: inCard(CARD, drawn) }
    }
    if (card) {
      const later = () => edit(place, drawMessage(card, pen()))
      return { body: reply.say ? inCard(MESSAGE, said(reply)) : inCard(CARD, drawCard(card, pen())), later }
    }
    if (!place.inMessage || reply.failed) return { body: inCard(MESSAGE, said(reply)) }
    // The form is answered and gone: the sentence stands where it stood.
    const answer = drawSaid(reply.say ?? plain(text('en').done), pen())
    return { body: inCard(CARD, answer.attachments?.[0]?.content), later: () => edit(place, answer) }
  }

  /** What a dialog shows next; an empty answer closes it. */
  async function inDialog(reply: Reply, place: Place): Promise<Shown> {
    const { card, form } = reply
    if (form) {
      const from = { at: place.at?.id, origin: place.origin }
      return {
        body: { task: { type: 'continue', value: drawFormDialog(form, from, pen(), await namesIn(form, place)) } },
      }
    }
    // Every answer would close the dialog; without one Teams says so itself and keeps what was typed.
    if (reply.failed && place.typed)
      return { status: 500, later: () => privately(place, drawSaid(reply.say ?? plain(text('en').failed), pen())) }
    const closing = { task: { type: 'message', value: said(reply) } }
    if (!card) return { body: closing }
    if (!place.at)
      return {
        body: {
          task: { type: 'continue', value: drawCardDialog(withWords(card, reply), { origin: place.origin }, pen()) },
        },
      }
    return { body: reply.say ? closing : {}, later: () => edit(place, drawMessage(card, pen())) }
  }

  /** What a typed command answers: always in our own conversation, whatever room it was typed in. */
  async function afterCommand(reply: Reply, place: Place): Promise<void> {
    if (reply.form) return privately(place, drawFormMessage(reply.form, pen(), await namesIn(reply.form, place)))
    if (reply.card) await privately(place, drawMessage(reply.card, pen()))
    if (reply.say) await privately(place, drawSaid(reply.say, pen()))
  }

  /** When the answer came too late for the click that asked. */
  async function late(reply: Reply, place: Place): Promise<void> {
    if (reply.card && place.at) await edit(place, drawMessage(reply.card, pen()))
    else if (reply.card) await privately(place, drawMessage(reply.card, pen()))
    if (reply.form) await privately(place, drawFormMessage(reply.form, pen(), await namesIn(reply.form, place)))
    if (reply.say) await privately(place, drawSaid(reply.say, pen()))
  }

  return { inMessage, inDialog, afterCommand, late, privately }
}

export type Show = ReturnType<typeof makeShow>

/** Sentence and card where there is only one place for both. */
const withWords = (card: Card, { say }: Reply): Card =>
  say ? { ...card, blocks: [{ kind: 'text', text: say }, ...card.blocks] } : card
