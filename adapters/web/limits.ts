import { LARGEST_FILE } from '../../src/core/files.ts'

/** Numbers of the browser desk. None comes from a platform: each is ours, with its reason. */

/** A form of text: ten answers of 3,000 characters in UTF-8, percent-encoded, fit. */
export const LARGEST_FORM = 256 * 1024
export const MOST_FILES = 10
/** Chosen files that are read past: those above MOST_FILES are named at their field, and above this the body is refused. */
export const MOST_FILE_PARTS = 100
/** A whole upload: as many files as may come, each as large as it may be. What is too large is read past up to here. */
export const LARGEST_UPLOAD = MOST_FILES * LARGEST_FILE + LARGEST_FORM
/** The longest single answer within an upload form, in bytes. */
export const LARGEST_ANSWER = 64 * 1024
export const MOST_ANSWERS = 200
/** Longest words on a button's way back: ids, revisions, page numbers. */
export const LONGEST_PARAMETER = 500
/** Answers kept for the page after a click (see replies.ts). */
export const MOST_REPLIES = 500
/** Open live streams; browsers keep at most six connections to a host, and one process serves a company. */
export const MOST_STREAMS = 400
/** A proxy closes a silent connection after about a minute. */
export const HEARTBEAT_MS = 25_000
/** Changes that come together are told once: at once where one person plays, slower where many pages are open. */
export const GATHER_MS = { demo: 120, company: 2_000 }
/** Messages that stand in the chat; older ones are in the record. */
export const MOST_MESSAGES = 60
export const MOST_OPTIONS = 20
/** Characters from which a cell of a table is text to be read, and no name, number or date. */
export const LONG_CELL = 32
