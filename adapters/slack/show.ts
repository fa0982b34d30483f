import { namesIn, withWords } from '../../src/core/answering.ts'
import { plain } from '../../src/core/md.ts'
import type { Card, Form, Reply } from '../../src/core/view.ts'
import type { Core } from '../../src/core/workflow.ts'
import type { Place } from './decode.ts'
import { drawCardModal, drawForm, drawMessage, drawSaid, drawSaidModal } from './encode.ts'
import type { Meta } from './payload.ts'
import type { PenOptions } from './pen.ts'
import type { Surfaces } from './surfaces.ts'
import { text } from './text.ts'

type Show = {
  /** Brings a reply to where its reader is. `moment`: the view that was opened meanwhile. */
  reply(reply: Reply, place: Place, moment: string | undefined): Promise<void>
  /** Edits the message that was clicked, or that a submitted form was opened from. */
  inPlace(card: Card, place: Place): Promise<boolean>
  /** Where everything else is closed or too old: privately, at last as a direct message. */
  late(reply: Reply, place: Place): Promise<void>
}

export function makeShow(core: Core, surfaces: Surfaces, pen: () => PenOptions): Show {
  async function showForm(form: Form, place: Place, moment: string | undefined): Promise<void> {
    const view = drawForm(form, metaOf(place), pen(), await namesIn(core, form, place.by))
    const target = moment ?? (place.kind === 'modal' ? place.view?.id : undefined)
    const shown = target ? await surfaces.update(target, view) : await surfaces.open(place.trigger, view)
    if (!shown) await showLate({ say: plain(text('en').again) }, place)
  }

  const inPlace = async (card: Card, place: Place): Promise<boolean> => {
    const message = drawMessage(card, pen())
    const [first, second] =
      place.kind === 'message'
        ? [() => surfaces.respond(place.respond, message, 'replace'), () => surfaces.edit(place.at, message)]
        : [() => surfaces.edit(place.at, message), () => surfaces.respond(place.respond, message, 'replace')]
    return (await first()) || (await second())
  }

  async function showOnMessage(reply: Reply, place: Place, moment: string | undefined): Promise<void> {
    const view = modalOf(reply, place, pen())
    if (moment && view) await surfaces.update(moment, view)
    if (reply.beside) return moment ? undefined : showLate(reply, place)
    if (reply.card && !(await inPlace(reply.card, place)) && !moment) await showLate({ card: reply.card }, place)
    if (reply.say && !moment) await showLate({ say: reply.say }, place)
  }

  async function showInModal(reply: Reply, place: Place, moment: string | undefined): Promise<void> {
    const view = modalOf(reply, place, pen())
    if (!view) return
    const inside = place.kind === 'modal' ? place.view?.id : undefined
    // A sentence about a click inside a form must not cost what was typed there: it goes on top.
    const shown = moment
      ? await surfaces.update(moment, view)
      : inside && reply.card && !reply.beside
        ? await surfaces.update(inside, view)
        : inside
          ? await surfaces.push(place.trigger, view)
          : await surfaces.open(place.trigger, view)
    if (!shown) await showLate(reply, place)
  }

  async function showLate(reply: Reply, place: Place): Promise<void> {
    const message = messageOf(reply, pen())
    if (!message) return
    if (!(await surfaces.respond(place.respond, message, 'private'))) await surfaces.whisper(place.by, message)
  }

  return {
    inPlace,
    late: showLate,
    async reply(reply, place, moment) {
      // The view that was opened meanwhile must not wait for ever.
      if (moment && !reply.form && !modalOf(reply, place, pen()))
        await surfaces.update(moment, drawSaidModal(plain(text('en').done), pen()))
      if (reply.form) return showForm(reply.form, place, moment)
      if (place.kind === 'message') return showOnMessage(reply, place, moment)
      if (place.kind === 'command' && !moment) return showLate(reply, place)
      return showInModal(reply, place, moment)
    },
  }
}

/** What a form has to remember so that its submit reaches the message it was opened from. */
export const metaOf = (place: Place): Omit<Meta, 'do'> => ({
  at: place.at,
  ...(place.at === undefined && (place.kind === 'message' || place.kind === 'modal' || place.kind === 'submit')
    ? { reply: place.respond }
    : {}),
  origin: place.origin,
})

export function modalOf(reply: Reply, place: Place, pen: PenOptions) {
  if (reply.card) return drawCardModal(withWords(reply.card, reply), metaOf(place), pen)
  return reply.say ? drawSaidModal(reply.say, pen) : undefined
}

export function messageOf(reply: Reply, pen: PenOptions) {
  if (reply.card) return drawMessage(withWords(reply.card, reply), pen)
  return reply.say ? drawSaid(reply.say, pen) : undefined
}
