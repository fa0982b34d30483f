import type { Text } from './md.ts'

/**
 * What a person sees and fills in: plain tagged data. A platform draws every kind or does not compile; there is no way
 * to reach platform JSON from here, so that one workflow serves every platform.
 */

/** A message, a page, the inbox. `title` is also the notification text: it never holds a confidential detail (T18). */
export type Card = {
  title: string
  blocks: Block[]
  /** Where things stand, as one word and a tone; drawn as a label, never by colour alone. */
  status?: { label: string; tone: Tone }
}

export type Tone = 'neutral' | 'good' | 'warning' | 'bad'

export type Block =
  | { kind: 'text'; text: Text; tone?: 'muted' }
  | { kind: 'heading'; text: string }
  | { kind: 'list'; items: Text[]; ordered?: boolean }
  /** Words of a person, shown as theirs: quoted and never read as markup (T22). */
  | { kind: 'quote'; text: string }
  | { kind: 'facts'; facts: { label: string; value: Text }[] }
  /** One thing each, with what can be done about it: the inbox, the lines of a review. */
  | { kind: 'rows'; rows: Row[]; more?: { left: number; href?: string } }
  | { kind: 'table'; caption: string; columns: string[]; rows: string[][] }
  | { kind: 'progress'; label: string; done: number; of: number }
  | { kind: 'image'; src: string; alt: string }
  | { kind: 'buttons'; buttons: Button[] }
  | { kind: 'rule' }

export type Row = { title: Text; text?: Text; status?: { label: string; tone: Tone }; buttons?: Button[] }

/**
 * A link, or something to do. A button carries an action, an id and the revision that was shown, never state or
 * authority: those are read again at the click.
 */
export type Button =
  | { label: string; href: string; style?: ButtonStyle }
  | {
      label: string
      /** workflow.action */
      do: string
      id?: string
      /** The revision that was on the screen; an action may refuse one that is no longer current. */
      shown?: string
      /** Small parameters that carry no authority: the number of a page. */
      with?: Record<string, string>
      style?: ButtonStyle
      confirm?: { title: string; text: string; yes: string; no: string }
      /** The click opens a form. Platforms that must know beforehand (Teams) are told by the core. */
      asks?: boolean
    }

export type ButtonStyle = 'primary' | 'danger'

export type Option = { value: string; label: string; hint?: string }

/** `hint` stands below the field; `optional` fields may stay empty. Lengths are in UTF-16 code units, as both chat platforms count. */
export type Field = { label: string; hint?: string; optional?: boolean } & (
  | { kind: 'line'; max?: number; placeholder?: string }
  | { kind: 'lines'; max?: number; placeholder?: string }
  | { kind: 'number'; min?: number; max?: number }
  | { kind: 'date'; min?: string; max?: string }
  | { kind: 'choice'; options: Option[] }
  | { kind: 'choices'; options: Option[] }
  /** A person of the register; the entry is a person id. */
  | { kind: 'person' }
  /** A box that must be ticked; `statement` is what is agreed to. */
  | { kind: 'agree'; statement: string }
  /** Files already stored; the entry is a list of file ids. */
  | { kind: 'file'; max?: number }
)

export type Fields = Record<string, Field>

/** What a platform hands in per field, before validation: text, a list of texts, or nothing. */
export type Entries = Record<string, string | string[] | undefined>

export type Form = {
  title: string
  /** The label of the one main button. */
  submit: string
  do: string
  id?: string
  shown?: string
  intro?: Text
  /** What is to be read before answering; may hold buttons. */
  blocks?: Block[]
  /** Carried to the submit as they are, like a button's. */
  with?: Record<string, string>
  fields: Fields
  values?: Entries
  /** One sentence per field that must be corrected; what was typed stays in `values`. */
  errors?: Record<string, string>
}

/**
 * What an action answers. `card` replaces the card that was clicked (or is shown to the person who asked), `form` opens
 * or stays open, `say` is one private sentence. `file` is what the card leads to, of which this person may have the bytes:
 * a platform that can hand a file over may do so in the card's place; others leave it. `beside`: something to look
 * at; what was clicked stays where it is. `failed`: a fault of ours, nothing was changed; what was typed must not be lost
 * where the form can stay open.
 */
export type Reply = { card?: Card; form?: Form; say?: Text; file?: Handed; beside?: true; failed?: true }

/** A stored file as it is offered to somebody; its bytes are asked for when they take it, and rights with them. */
export type Handed = { id: string; name: string; size: number }
