import { md } from '../../src/core/md.ts'
import { plural, words } from '../../src/core/words.ts'

const en = {
  moment: 'One moment…',
  working: 'Working on it. The answer appears here in a moment.',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  again: 'Slack did not wait long enough to open the form. Please try once more.',
  failed: 'This did not work and nothing was recorded. Please try again in a minute.',
  outsider: 'This is for the people of this organisation only. Nothing was recorded.',
  unknownWord: (word: string) => md`I don't know “${word}”. Type \`/isms help\` to see what I can do.`,
  more: (left: number) => plural(left, 'en', { one: '1 more in the browser.', other: `${left} more in the browser.` }),
  moreParts: 'There is more than fits here: see it in the browser.',
  open: 'Open',
  picture: (alt: string) => `Picture: ${alt}`,
  progress: (done: number, of: number, percent: number) => `${done} of ${of} (${percent} %)`,
  fewerOptions: (left: number) =>
    plural(left, 'en', { one: '1 more choice in the browser.', other: `${left} more choices in the browser.` }),
  shortened: (left: number) => `What stood here was too long for Slack: the last ${left} characters were left out.`,
  filesElsewhere: 'Files can be added in the browser.',
  agree: 'I agree',
  errorSign: 'Please correct:',
  fileTooLarge: (name: string) => `${name} is larger than 20 MB. Please add it in the browser.`,
  fileEmpty: (name: string) => `${name} is empty. Please choose another file.`,
  fileFailed: (name: string) => `${name} could not be fetched from Slack. Please try again, or go on without it.`,
}

export const text = words({ en })
