import { words } from '../core/words.ts'

const en = {
  happenings: {
    heading: 'People',
    granted: (role: string) => `Role granted: ${role}`,
    roles: {
      responder: 'responder',
      'isms-manager': 'ISMS manager',
      dpo: 'data protection officer',
      auditor: 'auditor',
      guest: 'guest',
    },
    types: {
      'people.imported': 'Register of people imported',
      'person.joined': 'Person added',
      'person.changed': 'Person changed',
      'person.left': 'Person left',
      'role.granted': 'Role granted',
      'identity.linked': 'Account linked',
      'identity.changed': 'Account changed',
      'identity.ended': 'Account switched off',
    },
  },
  notUtf8: 'The file is not UTF-8 text: save it as "CSV UTF-8" and import it again.',
  empty: 'The file is empty: export the people again.',
  noColumns: (missing: string, seen: string) =>
    `The columns ${missing} are missing (seen: ${seen}): add them and import again.`,
  unknownColumns: (unknown: string, known: string) =>
    `The columns ${unknown} are not known here: remove or rename them (known: ${known}).`,
  broken: (line: number) =>
    `Quotes do not fit near line ${line}: put "" for a quote inside a quoted cell, and import again.`,
  ragged: (is: number, should: number) => `The line has ${is} cells, the header ${should}: check commas and quotes.`,
  cell: (column: string, wanted: string) => `The cell "${column}" needs ${wanted}.`,
  twice: (line: number) => `The same address stands in line ${line}: keep one of them.`,
  noManager: (email: string) =>
    `The manager ${email} is neither in the file nor in the register: add them or correct the address.`,
  circle: (email: string) => `${email} is their own manager, directly or through others: correct the managers.`,
  unbalanced: (rows: number, expected: number) =>
    `The file has ${rows} people and ${expected} were expected, so nothing was changed: export it again or correct the number.`,
  rejected: (count: number) =>
    `${count} ${count === 1 ? 'line' : 'lines'} cannot be read, so nothing was changed: correct them, or allow a partial import.`,
}

export const text = words({ en })
