import type { Warning } from './types.ts'

/** Names out of a file, shortened for a sentence. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name || '(no name)'))
  return shown.join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')
}

/** Why a file is refused and what to do. */
export const refusal = {
  empty: 'This file is empty; export it again and check that it has at least a header line.',
  bytes: (limit: number) =>
    `This file is larger than ${Math.floor(limit / 1024 / 1024)} MB; export fewer columns or split it by group.`,
  lines: (limit: number) => `This file has more than ${limit} lines; split it by group and import the parts.`,
  columns: (limit: number) => `This file has more than ${limit} columns; export only those about accounts and rights.`,
  cell: (line: number, limit: number) =>
    `A cell in line ${line} is longer than ${limit} characters; a quote may not be closed there, or the column does not belong in this file.`,
  row: (line: number) =>
    `The row that begins in line ${line} does not end within 1 MB; close the quote there or export the file again.`,
  rejected: (most: number, line: number, why: string) =>
    `More than ${most} lines cannot be read (line ${line}: ${why}); export the file again, or choose another format.`,
  quotes: (line: number, most: number) =>
    `More than ${most} rows have quotes out of place (line ${line} is one); export the file again as plain CSV.`,
  binary: (what: string) =>
    `This is ${what}, not text; open it and save the sheet as "CSV UTF-8", then import that file.`,
  page: 'This is a web page saved under another name, often a sign-in page; sign in, export again and check that the file opens as a table.',
  encoding: (line: number) =>
    `Line ${line} is not UTF-8 (the file may be GBK, Windows-1252 or another code page); save it as "CSV UTF-8" and import it again, or say that it is ISO-8859-1.`,
  latin1: (line: number) =>
    `Line ${line} holds bytes that ISO-8859-1 does not use, so this is another code page; save the file as "CSV UTF-8" and import it again.`,
  hashes:
    'This file holds password hashes, so nothing of it was stored; delete the copy you uploaded from and export accounts without passwords.',
  shadow:
    'This is a shadow file with password data, so nothing of it was stored; import /etc/passwd and /etc/group instead.',
  password: (column: string, line: number) =>
    `The column "${listed([column])}" holds secrets (first in line ${line}), so nothing was stored; export again without that column.`,
  property: (name: string) =>
    `The property "${listed([name])}" holds secrets, so nothing was stored; export again without it.`,
  wrong: (what: string, instead: string) => `This is ${what}; ${instead}.`,
  header: (columns: readonly string[], formats: readonly string[]) =>
    `No known export has these columns: ${listed(columns)}. Known: ${formats.join('; ')}. Export one of these, or map the columns.`,
  text: (formats: readonly string[]) =>
    `The first line is not a header and this is no known text file. Known: ${formats.join('; ')}. Export one of these.`,
  duplicate: (column: string) =>
    `Two columns are named "${listed([column])}"; rename or remove one and import the file again.`,
  unnamed: (position: number) => `Column ${position} has no name; name or remove it and import the file again.`,
  adapter: (name: string, known: readonly string[]) =>
    `There is no format "${listed([name])}"; choose one of ${known.join(', ')}.`,
  notThis: (title: string, columns: readonly string[]) =>
    `This is not "${title}": it has ${columns.length > 0 ? `the columns ${listed(columns)}` : 'another shape'}; leave the format out or choose another.`,
  sameField: (first: string, second: string, field: string) =>
    `The columns "${listed([first])}" and "${listed([second])}" both mean ${field}; remove one, or map the columns.`,
  missingField:
    'A column for the role and one for the account (account_id, login, email or name) are needed; map them and import again.',
  unmapped: (column: string) =>
    `The mapping names "${listed([column])}", which is no column of this file or no known field; correct the mapping.`,
  json: 'This JSON file is cut off or damaged; export it again.',
  jsonShape: (formats: readonly string[]) =>
    `This JSON is no known export. Known: ${formats.join('; ')}. Export one of these.`,
}

/** Why one line is not taken. */
export const reason = {
  ragged: (has: number, wants: number) => `has ${has} ${has === 1 ? 'cell' : 'cells'}, the header has ${wants}`,
  quote: 'a quote is out of place',
  unclosed: 'a quote is opened here and never closed: the file may be cut off',
  duplicate: (line: number) => `same grant as line ${line}`,
  noAccount: 'names no account',
  noRole: 'names no role',
  resource: (paths: readonly string[]) => `is no SCIM user: ${listed(paths, 3)}`,
  netgroup: 'includes accounts from NIS that this file does not list',
  shape: 'is not a line of this file',
  continues: (line: number, why: string) => `continues line ${line}: ${why}`,
}

/** Why a line is no part of this review. */
export const rule = {
  blank: 'blank line',
  comment: 'comment',
  otherSystem: (system: string) => `belongs to ${listed([system])}`,
  noAccess: (word: string) => `${word.toLowerCase()}: the account holds no access`,
  builtIn: (name: string) => `built in: ${listed([name])}`,
  unassigned: (day: string) => `unassigned on ${day}: past access`,
  denied: (day: string) => `denied, and applied on ${day}: past access`,
  continues: (line: number, why: string) => `continues line ${line}: ${why}`,
}

/** Why a receipt does not balance. */
export const imbalance = {
  lines: (counted: number, lines: number) => `${counted} lines are accounted for, the file has ${lines}.`,
  typed: (typed: number, rows: number) => `${typed} rows were announced, the file has ${rows}.`,
  footer: (total: number, rows: number) => `The file's last lines speak of ${total} rows, it has ${rows}.`,
  totalResults: (total: number, rows: number) =>
    `The source has ${total} resources, the file holds ${rows}: it is one page of several, or was cut off.`,
}

const warned: Record<Warning, string> = {
  'unreadable date': 'Dates that cannot be read count as unknown',
  'ambiguous date': 'Dates that may be day/month or month/day count as unknown',
  'unreadable e-mail': 'E-mail addresses that cannot be read are left out',
  'unknown word': 'Words for a status, type or role that are not known here count as unknown',
  'id from e-mail':
    'Rows without an account id go by their e-mail address, so a renamed address will look like a new account',
  'id from name': 'Rows without an account id and an e-mail address go by their name',
  'repeated in row': 'Rights named more than once count once',
  'shared e-mail': 'Accounts have an e-mail address that another account has too',
  'several e-mails': 'Accounts have another e-mail address than in a row before',
}

/** `Dates that cannot be read count as unknown: 3 rows (lines 4, 9, 12).` */
export function warning(kind: Warning, count: number, lines: readonly number[]): string {
  const where = `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${count > lines.length ? ', …' : ''}`
  return `${warned[kind]}: ${count} ${count === 1 ? 'row' : 'rows'} (${where}).`
}

/** What an export of this kind never holds. */
export const note = {
  ignored: (columns: readonly string[]) => `Columns left out: ${listed(columns)}.`,
  noControlTotal: 'Nothing to hold the number of rows against: ask the source how many rows it has and enter that.',
  latin1: 'Read as ISO-8859-1 because the importer said so.',
  googleAdmins: 'Administrator roles are not in this export; read them in the Admin console.',
  slackChannels: 'Channels and last use are not in this export.',
  entraFilter:
    'This download holds only what the filters of the page showed; directory and application roles are not in it.',
  awsPermissions: 'A credential report holds no permissions, only ways to sign in.',
  atlassianFilter: 'This export may hold only selected groups or only active users.',
  oktaFilter: 'This report may have been filtered by date, user, group or application.',
  githubOutside: 'Outside collaborators, teams and pending invitations are not in this export.',
  netgroup: 'The file includes accounts from NIS, which this file does not list: the source is incomplete.',
  groupPrimary: 'Primary groups are in /etc/passwd, not in this file.',
  gitlabEmail: 'Pending invitations have only an e-mail address.',
  postgresqlRoles: 'Memberships and rights on tables are not in this file; read pg_auth_members too.',
  entraHistory: 'This is a finished review: it lists what was reviewed, not what exists today.',
}
