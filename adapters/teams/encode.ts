import type { Names } from '../../src/core/answering.ts'
import { plain, type Text, textOf } from '../../src/core/md.ts'
import type { Card, Form } from '../../src/core/view.ts'
import { drawBlock, drawStatus, type Piece } from './blocks.ts'
import { drawField } from './fields.ts'
import { fitted } from './fit.ts'
import { BUTTON, DIALOG_TITLE, HEADER, SUMMARY } from './limits.ts'
import { type Element, literal, richText } from './markup.ts'
import { type Meta, packForm } from './payload.ts'
import { makePen, type Pen, type PenOptions } from './pen.ts'

/** An Adaptive Card: 1.5 is what bots may send. [Teams cards reference] */
export type AdaptiveCard = { type: 'AdaptiveCard'; version: '1.5'; body: Element[]; [name: string]: unknown }

/** What is sent: plain JSON, an Activity without its address. */
export type Outgoing = {
  type: 'message'
  summary?: string
  attachments?: { contentType: string; name?: string; contentUrl?: string; content: unknown }[]
  [name: string]: unknown
}

/** One with our card, which is sent or edited. */
export type Message = Outgoing & { attachments?: { contentType: string; content: AdaptiveCard }[] }

/** What a dialog is: the `value` of a task that continues. */
export type Dialog = {
  title: string
  height: string
  width: string
  card: { contentType: string; content: AdaptiveCard }
}

const CONTENT = 'application/vnd.microsoft.card.adaptive'

const attached = (content: AdaptiveCard) => ({ contentType: CONTENT, content })

const framed = (pieces: readonly Piece[], pen: Pen): AdaptiveCard => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  msteams: { width: 'Full' },
  body: fitted(pieces, pen),
})

export const drawCard = (card: Card, options: PenOptions = {}): AdaptiveCard => {
  const pen = makePen(options)
  return framed([title(card.title), ...bodyOf(card, pen)], pen)
}

/** The notification shows the card's title and nothing else (T18). */
export const drawMessage = (card: Card, options: PenOptions = {}): Message => ({
  type: 'message',
  summary: literal(card.title, SUMMARY),
  attachments: [attached(drawCard(card, options))],
})

/** One sentence for one person, as a card: in a text message its words would be read as a format. */
export function drawSaid(said: Text, options: PenOptions = {}): Message {
  const pen = makePen(options)
  return {
    type: 'message',
    summary: literal(textOf(said), SUMMARY),
    attachments: [attached(framed([{ drawn: richText(said, pen.desk) }], pen))],
  }
}

/** A form inside a message: what a typed command answers, because only a click may open a dialog. */
export const drawFormMessage = (form: Form, options: PenOptions = {}, names: Names = {}): Message => ({
  type: 'message',
  summary: literal(form.title, SUMMARY),
  attachments: [attached(drawForm(form, {}, 'Action.Execute', options, names))],
})

export const drawFormDialog = (
  form: Form,
  from: Pick<Meta, 'at' | 'origin'>,
  options: PenOptions = {},
  names: Names = {},
): Dialog => dialog(form.title, drawForm(form, from, 'Action.Submit', options, names))

/** What a dialog shows when there is no message to show it in. */
export const drawCardDialog = (card: Card, from: Pick<Meta, 'at' | 'origin'>, options: PenOptions = {}): Dialog =>
  dialog(card.title, drawCard(card, { ...options, dialog: from }))

const dialog = (words: string, card: AdaptiveCard): Dialog => ({
  title: literal(words, DIALOG_TITLE),
  height: 'large',
  width: 'medium',
  card: attached(card),
})

/** `Action.Submit` answers to a dialog, `Action.Execute` to a card in a message. */
export function drawForm(
  form: Form,
  from: Pick<Meta, 'at' | 'origin'>,
  kind: 'Action.Submit' | 'Action.Execute',
  options: PenOptions = {},
  names: Names = {},
): AdaptiveCard {
  const pen = makePen(kind === 'Action.Submit' ? { ...options, dialog: from } : options)
  const pieces: Piece[] = [
    title(form.title),
    ...(form.intro ? drawBlock({ kind: 'text', text: form.intro }, pen) : []),
    ...(form.blocks ?? []).flatMap((block) => drawBlock(block, pen)),
    ...Object.entries(form.fields).flatMap(([name, field]) => drawField(form, name, field, pen, names)),
  ]
  const data = packForm(form, from)
  const submit = { title: literal(form.submit, BUTTON.title), style: 'positive', data }
  const action = kind === 'Action.Submit' ? { type: kind, ...submit } : { type: kind, verb: 'submit', ...submit }
  return { ...framed(pieces, pen), actions: [action] }
}

const bodyOf = (card: Card, pen: Pen): Piece[] => [
  ...(card.status ? [{ drawn: drawStatus(card.status) }] : []),
  ...card.blocks.flatMap((block) => drawBlock(block, pen)),
]

const title = (words: string): Piece => ({
  drawn: richText(
    plain(words.trim() === '' ? '–' : words.replace(/\s+/g, ' ')),
    undefined,
    { size: 'Large', weight: 'Bolder' },
    HEADER,
  ),
  keep: true,
})
