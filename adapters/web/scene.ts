import type { Tone } from '../../src/core/view.ts'
import { type Html, html, nothing } from './html.ts'
import type { DeskWords } from './text.ts'

/** What drawing needs to know of the page: who asked is already decided, so this holds no authority but the CSRF token. */
export type Scene = {
  base: URL
  /** Token of the session; every button carries it. */
  csrf: string
  /** A fresh key for one button or form: sent twice, it is one turn. */
  key(): string
  /** The path of this page, to come back to. */
  back: string
  say: DeskWords
  /** The delivered message these buttons stand in, so that a click is answered in place. */
  anchor?: string
  /** In a frame what leads elsewhere opens beside it: other sites stay out of frames. */
  framed?: boolean
  /** Somebody else's card is shown: links lead on, nothing can be done. */
  readOnly?: boolean
  /** The buttons here lead on, as links do: with a script too their answer is a page, and one can go back from it. */
  isWay?: boolean
  /** The level of a card's title on this page: 1 on its own page, 3 among other cards. */
  level: number
}

/** The word and a shape, so that the tone is never told by colour alone. */
export function drawStatus(status: { label: string; tone: Tone } | undefined): Html {
  if (status === undefined) return nothing
  return html`<span class="status status-${status.tone}"><span class="shape" aria-hidden="true">${SHAPE[status.tone]}</span>${status.label}</span>`
}

const SHAPE: Record<Tone, string> = { neutral: '○', good: '✓', warning: '▲', bad: '◆' }

export function heading(level: number, text: string, kind: string): Html {
  switch (level) {
    case 1:
      return html`<h1 class="${kind}" dir="auto">${text}</h1>`
    case 2:
      return html`<h2 class="${kind}" dir="auto">${text}</h2>`
    case 3:
      return html`<h3 class="${kind}" dir="auto">${text}</h3>`
    case 4:
      return html`<h4 class="${kind}" dir="auto">${text}</h4>`
    default:
      return html`<h5 class="${kind}" dir="auto">${text}</h5>`
  }
}
