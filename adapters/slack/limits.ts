/**
 * What Slack takes, as named numbers. Lengths are UTF-16 code units.
 * Sources: [T] the published types (@slack/types 3.2), [D] docs.slack.dev, [I] an issue thread of slackapi,
 * [M] measured by us, [O] our own choice.
 */

/** Blocks per message, and per modal or Home tab. [D reference/block-kit/blocks] */
export const MOST_BLOCKS = { message: 50, view: 100 } as const
/** `msg_blocks_too_long` at about 13,200 although every block is legal; containers count as well. [I bolt-js 2509, 2867] */
export const MESSAGE_TEXT = 12_000
/** What one block or element adds to that sum: unknown, so guessed high. [O] */
export const MESSAGE_ELEMENT = 40
/** A view is refused above 250 kB (`view_too_large`); room is left for what Slack adds. [D] */
export const VIEW_JSON = 200_000
/** Top-level text of a message: chat.update refuses more than 4,000. [D] */
export const FALLBACK_TEXT = 4000
/** A header, one section text, one piece of rich text. [T; the last is ours] */
export const HEADER = 150
export const SECTION = 3000
export const RICH_TEXT = 3000
export const ACTIONS_ELEMENTS = 25
/** Title, submit and close of a modal. [T] */
export const MODAL_WORD = 24
export const PRIVATE_METADATA = 3000
export const BUTTON = { text: 75, value: 2000, url: 3000, accessibility: 75 } as const
/** Confirm dialogs: [T]. */
export const CONFIRM = { title: 100, text: 300, yes: 30, no: 30 } as const
export const INPUT = { label: 2000, hint: 2000, text: 3000, placeholder: 150 } as const
/** Radio buttons and checkboxes take 10 options, menus 100. [T] */
export const FEW_OPTIONS = 10
export const MOST_OPTIONS = 100
/** An option's value: 150 in today's docs, 75 in older ones; ids are far below. [D] */
export const OPTION = { text: 75, value: 150, hint: 75 } as const
/** Files of one input. [T] */
export const MOST_FILES = 10
/** One sentence under a field; longer ones wrap out of the modal. [O] */
export const FIELD_ERROR = 300

/** A table is drawn as text of equal width: columns and rows that still read well on a phone. [O] */
export const TABLE = { rows: 40, columns: 8, cell: 28, width: 96 } as const

/** Seconds a signed request is good for, before and after now. [D authentication/verifying-requests] */
export const FRESH_SECONDS = 300
/** Bytes of one inbound request. Slack sends far less; threat T37 sets the number. */
export const BODY = 1024 * 1024

/** Slack waits 3 s for an answer and a trigger lives 3 s. [D] What we allow ourselves of them: [O] */
export const ANSWER_MS = 2400
export const MOMENT_MS = 800
/** One call to the Web API. WebClient itself would wait for ever. [M] */
export const CALL_MS = 10_000
/** When Slack says 429 without saying how long (node-slack-sdk 1421). [O] */
export const UNKNOWN_WAIT_SECONDS = 30
/** Token or scopes are wrong: an operator's matter that no message must pay for. Seconds. [O] */
export const OPERATOR_WAIT_SECONDS = 300
/** People and channels remembered in this process. [O] */
export const MOST_REMEMBERED = 5000
