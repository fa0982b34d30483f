/**
 * What Teams takes, as named numbers. Lengths are UTF-16 code units unless something else is said.
 * Sources: [D] learn.microsoft.com (platform/bots, platform/task-modules-and-cards), [M] measured by us, [O] our choice.
 */

/** Bytes of one card as JSON. A message may have about 100 KB, older pages say 28 and 40. [D, the smallest with room left] */
export const CARD_JSON = 24_000
/** One piece of text. [O] */
export const RICH_TEXT = 3000
/** The first line of a card. [O] */
export const HEADER = 150
/** What a notification shows. [O] */
export const SUMMARY = 150
/** A sentence that answers a click. [O] */
export const SAID = 2000
/** Actions that stand side by side: the drawing library's own limit; Teams shows six. [M, D cards reference] */
export const ACTIONS_ELEMENTS = 5
/** `side`: letters that stand side by side on a phone, `frame`: what a button takes besides its own. [M, O] */
export const BUTTON = { title: 75, url: 3000, side: 48, frame: 5 } as const
export const INPUT = { label: 500, hint: 1000, text: 4000, placeholder: 150 } as const
/** Up to that many choices are laid out; more are a menu. [O] */
export const FEW_OPTIONS = 10
export const MOST_OPTIONS = 200
export const OPTION = { title: 150, value: 150 } as const
/** Answers of one search. [D dynamic search: the client asks for 15] */
export const FOUND_OPTIONS = 15
export const FIELD_ERROR = 300
export const DIALOG_TITLE = 64
/** A table is cut to what a card can carry. [O] */
export const TABLE = { rows: 15, columns: 6, cell: 60 } as const

/** Bytes of one inbound activity. Threat T37. [O] */
export const BODY = 256 * 1024
/** Teams waits 15 s for an answer [D]; this much of it we allow ourselves. [O] */
export const ANSWER_MS = 10_000
/** One call of ours to the service. The SDK itself would wait for ever. [M] */
export const CALL_MS = 10_000
/** How far a clock may be off before a token counts as too old or too new: as the SDK has it for activities. Seconds. */
export const SKEW_SECONDS = 5 * 60
/** When the service says 429 without saying how long. [O] */
export const UNKNOWN_WAIT_SECONDS = 5
/** Credentials are not accepted: an operator's matter that no message must pay for. Seconds. [O] */
export const OPERATOR_WAIT_SECONDS = 300
/** An edit that met a rate limit is tried again, if that is soon. Seconds. [O] */
export const SOON_SECONDS = 30
/** When an edit that did not get through is tried again. [O] */
export const EDIT_AGAIN_SECONDS = [1, 5]
/** Conversations remembered in this process. [O] */
export const MOST_REMEMBERED = 5000
/** Members of one page of a roster: 50 to 500. [D] */
export const ROSTER_PAGE = 200
/** Files of one message that are fetched. [O] */
export const MOST_FILES = 10
/** Bytes of one file that goes out: less than 60 MiB in one piece. [D OneDrive, createUploadSession] */
export const LARGEST_PIECE = 60 * 1024 * 1024 - 1
/** One file may be on its way that long, in or out. [O] */
export const FILE_MS = 60_000
