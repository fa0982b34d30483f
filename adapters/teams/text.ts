import { md } from '../../src/core/md.ts'
import { plural, words } from '../../src/core/words.ts'

const en = {
  working: 'Working on it. The answer appears here in a moment.',
  done: 'Done.',
  failed: 'This did not work and nothing was recorded. Please try again in a minute.',
  outsider: 'This is for the people of this organisation only. Nothing was recorded.',
  unknownWord: (word: string) => md`I don't know “${word}”. Type help to see what I can do.`,
  more: (left: number) => plural(left, 'en', { one: '1 more in the browser.', other: `${left} more in the browser.` }),
  moreParts: 'There is more than fits here: see it in the browser.',
  picture: (alt: string) => `Picture: ${alt}`,
  progress: (done: number, of: number, percent: number) => `${done} of ${of} (${percent} %)`,
  fewerOptions: (left: number) =>
    plural(left, 'en', { one: '1 more choice in the browser.', other: `${left} more choices in the browser.` }),
  shortened: (left: number) => `What stood here was too long for Teams: the last ${left} characters were left out.`,
  filesElsewhere: 'Files can be added in the browser.',
  errorSign: 'Please correct:',
  needed: 'Please fill this in.',
}

export const text = words({ en })
