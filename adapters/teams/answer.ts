import type { AdaptiveCard, Dialog } from './encode.ts'

/** The HTTP answer to one activity. */
export type Answer = { status: number; body?: unknown }

/** The body of an answer, and what is to be shown elsewhere once it is on its way. `status` where it is not 200. */
export type Shown = { status?: number; body?: unknown; later?: () => Promise<void> }

/** A card that stands in the clicked message's place; only the client that clicked draws it, so the message is edited too. */
export const cardIn = (value: AdaptiveCard | undefined) => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.card.adaptive',
  value,
})

/** A sentence beside the clicked card, for the one who clicked. */
export const sentenceIn = (value: string) => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value,
})

/** What a dialog shows next. */
export const opened = (value: Dialog) => ({ task: { type: 'continue', value } })

/** The dialog closes with a sentence. */
export const closed = (value: string) => ({ task: { type: 'message', value } })
