import type { types } from '@slack/bolt'
import type { Names } from '../../src/core/answering.ts'
import { statusText } from '../../src/core/drawing.ts'
import { plain, type Text, textOf } from '../../src/core/md.ts'
import type { Card, Form } from '../../src/core/view.ts'
import { drawBlock, muted, type Piece } from './blocks.ts'
import { drawField } from './fields.ts'
import { fitted } from './fit.ts'
import { FALLBACK_TEXT, HEADER, MODAL_WORD } from './limits.ts'
import { cutEscaped, plainText } from './markup.ts'
import { type Meta, packMeta } from './payload.ts'
import { makePen, type Pen, type PenOptions } from './pen.ts'

/** Words and blocks of a message. `text` is read by notifications and screen readers: the title, never a detail (T18). */
export type Message = { text: string; blocks: types.KnownBlock[] }

export function drawMessage(card: Card, options: PenOptions = {}): Message {
  const pen = makePen(options)
  return { text: fallback(card.title), blocks: fitted(piecesOf(card, pen), 'message', pen) }
}

/** One sentence for one person. */
export function drawSaid(said: Text, options: PenOptions = {}): Message {
  const pen = makePen(options)
  return {
    text: fallback(textOf(said)),
    blocks: fitted(drawBlock({ kind: 'text', text: said }, pen), 'message', pen),
  }
}

export function drawHome(card: Card, options: PenOptions = {}): types.HomeView {
  const pen = makePen(options)
  return { type: 'home', blocks: fitted(piecesOf(card, pen), 'view', pen) }
}

/** A card in a modal: what a click on Home or a command shows when there is no message to show it in. */
export function drawCardModal(card: Card, meta: Omit<Meta, 'do'> = {}, options: PenOptions = {}): types.ModalView {
  const pen = makePen(options)
  return {
    type: 'modal',
    callback_id: 'card',
    title: plainText(card.title, MODAL_WORD),
    close: plainText(pen.words.close, MODAL_WORD),
    private_metadata: packMeta({ do: '', ...meta }),
    blocks: fitted(card.title.length > MODAL_WORD ? piecesOf(card, pen) : bodyOf(card, pen), 'view', pen),
  }
}

export function drawSaidModal(said: Text, options: PenOptions = {}): types.ModalView {
  const pen = makePen(options)
  return {
    type: 'modal',
    callback_id: 'said',
    title: plainText(pen.words.done, MODAL_WORD),
    close: plainText(pen.words.close, MODAL_WORD),
    blocks: fitted(drawBlock({ kind: 'text', text: said }, pen), 'view', pen),
  }
}

/** A trigger lives three seconds: this stands in for what takes longer. */
export function drawMoment(options: PenOptions = {}): types.ModalView {
  const pen = makePen(options)
  return {
    type: 'modal',
    callback_id: 'moment',
    title: plainText(pen.words.moment, MODAL_WORD),
    close: plainText(pen.words.close, MODAL_WORD),
    blocks: muted(plain(pen.words.working), pen),
  }
}

/** A title that is too long for a modal stands once more, whole, above the form. */
export function drawForm(
  form: Form,
  from: Omit<Meta, 'do'>,
  options: PenOptions = {},
  names: Names = {},
): types.ModalView {
  const pen = makePen(options)
  const pieces: Piece[] = [
    ...(form.title.length > MODAL_WORD ? [header(form.title)] : []),
    ...(form.intro ? drawBlock({ kind: 'text', text: form.intro }, pen) : []),
    ...(form.blocks ?? []).flatMap((block) => drawBlock(block, pen)),
    ...Object.entries(form.fields).flatMap(([name, field]) => drawField(form, name, field, pen, names)),
  ]
  return {
    type: 'modal',
    callback_id: 'form',
    title: plainText(form.title, MODAL_WORD),
    submit: plainText(form.submit, MODAL_WORD),
    close: plainText(pen.words.cancel, MODAL_WORD),
    private_metadata: packMeta({ ...from, do: form.do, id: form.id, shown: form.shown, with: form.with }),
    blocks: fitted(pieces, 'view', pen),
  }
}

const piecesOf = (card: Card, pen: Pen): Piece[] => [header(card.title), ...bodyOf(card, pen)]

const bodyOf = (card: Card, pen: Pen): Piece[] => [
  ...(card.status ? [{ drawn: muted(plain(statusText(card.status)), pen) }] : []),
  ...card.blocks.flatMap((block) => drawBlock(block, pen)),
]

const header = (title: string): Piece => ({
  drawn: [{ type: 'header', text: plainText(title, HEADER) }],
  keep: true,
})

const fallback = (words: string): string => cutEscaped(words.trim() === '' ? '–' : words, FALLBACK_TEXT)
