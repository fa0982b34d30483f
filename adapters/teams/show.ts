import { namesIn, withWords } from '../../src/core/answering.ts'
import { faultOf, type Log } from '../../src/core/log.ts'
import { plain } from '../../src/core/md.ts'
import type { Form, Reply } from '../../src/core/view.ts'
import type { Core } from '../../src/core/workflow.ts'
import { cardIn, closed, opened, type Shown, sentenceIn } from './answer.ts'
import { uploadsFor } from './bring.ts'
import type { Connector } from './connector.ts'
import type { Place } from './decode.ts'
import type { Post } from './deliver.ts'
import type { Edits } from './edit.ts'
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
import { SAID } from './limits.ts'
import { sentence } from './markup.ts'
import type { PenOptions } from './pen.ts'
import { text } from './text.ts'

export type ShowDeps = {
  core: Core
  connector: Connector
  edit: Edits['edit']
  post: Post
  pen: () => PenOptions
  after: (ms: number) => Promise<void>
  log: Log
}

export function makeShow({ core, connector, edit, post, pen, log }: ShowDeps) {
  /** In our own conversation with them: the only private place that every chat has. False: it could not be written to. */
  async function privately(place: Place, message: Message): Promise<boolean> {
    return post.to(place.by.address, message).then(
      () => true,
      (error: unknown) => {
        log.warn(faultOf(error), 'teams.call')
        return false
      },
    )
  }

  const penFor = async (form: Form, { by }: Place): Promise<PenOptions> => ({
    ...pen(),
    uploads: await uploadsFor(core, form, by),
  })

  const formMessage = async (form: Form, place: Place): Promise<Message> =>
    drawFormMessage(form, await penFor(form, place), await namesIn(core, form, place.by))

  const said = (reply: Reply): string => sentence(reply.say ?? plain(text('en').done), pen().desk, SAID)

  /** What was asked by a button of a card, or by a form drawn in one. */
  async function inMessage(reply: Reply, place: Place): Promise<Shown> {
    const { card, form } = reply
    if (form) {
      const drawn = drawForm(
        form,
        { origin: place.origin },
        'Action.Execute',
        await penFor(form, place),
        await namesIn(core, form, place.by),
      )
      return { body: cardIn(drawn) }
    }
    if (card && reply.beside) return { body: sentenceIn(text('en').below), later: () => besides(reply, place) }
    if (card) {
      const later = () => edit(place.at, drawMessage(card, pen()))
      return { body: reply.say ? sentenceIn(said(reply)) : cardIn(drawCard(card, pen())), later }
    }
    if (!place.inMessage || reply.failed) return { body: sentenceIn(said(reply)) }
    // The form is answered and gone: the sentence stands where it stood.
    const answer = drawSaid(reply.say ?? plain(text('en').done), pen())
    return { body: cardIn(answer.attachments?.[0]?.content), later: () => edit(place.at, answer) }
  }

  /** A page to look at: a message of its own. */
  async function besides(reply: Reply, place: Place): Promise<void> {
    if (reply.card) await privately(place, drawMessage(withWords(reply.card, reply), pen()))
  }

  /** What a dialog shows next; an empty answer closes it. */
  async function inDialog(reply: Reply, place: Place): Promise<Shown> {
    const { card, form } = reply
    if (form) {
      const from = { at: place.at?.id, origin: place.origin }
      return {
        body: opened(drawFormDialog(form, from, await penFor(form, place), await namesIn(core, form, place.by))),
      }
    }
    // Every answer would close the dialog; without one Teams says so itself and keeps what was typed.
    if (reply.failed && place.typed) {
      const words = drawSaid(reply.say ?? plain(text('en').failed), pen())
      return { status: 500, later: async () => void (await privately(place, words)) }
    }
    const closing = closed(said(reply))
    if (!card) return { body: closing }
    if (!place.at || reply.beside)
      return { body: opened(drawCardDialog(withWords(card, reply), { origin: place.origin }, pen())) }
    return { body: reply.say ? closing : {}, later: () => edit(place.at, drawMessage(card, pen())) }
  }

  /**
   * What a typed command answers: always in our own conversation, whatever room it was typed in. Its thread is told that
   * there is an answer, and nothing of it (T18).
   */
  async function afterCommand(reply: Reply, place: Place): Promise<void> {
    const answers: Message[] = []
    if (reply.form) answers.push(await formMessage(reply.form, place))
    else {
      if (reply.card) answers.push(drawMessage(reply.card, pen()))
      if (reply.say) answers.push(drawSaid(reply.say, pen()))
    }
    let arrived = true
    for (const answer of answers) arrived = (await privately(place, answer)) && arrived
    if (place.thread) await inThread(place.thread, arrived ? text('en').answeredPrivately : text('en').notReached)
  }

  async function inThread(thread: NonNullable<Place['thread']>, words: string): Promise<void> {
    await connector
      .send(thread.serviceUrl, thread.conversation, drawSaid(plain(words), pen()))
      .catch((error: unknown) => log.warn(faultOf(error), 'teams.call'))
  }

  /** When the answer came too late for the click that asked. */
  async function late(reply: Reply, place: Place): Promise<void> {
    if (reply.card && place.at && !reply.beside) await edit(place.at, drawMessage(reply.card, pen()))
    else if (reply.card) await privately(place, drawMessage(reply.card, pen()))
    if (reply.form) await privately(place, await formMessage(reply.form, place))
    if (reply.say) await privately(place, drawSaid(reply.say, pen()))
  }

  return { inMessage, inDialog, afterCommand, late }
}

export type Show = ReturnType<typeof makeShow>
