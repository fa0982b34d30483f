import { md, type Text } from '../../src/core/md.ts'
import { plural, words } from '../../src/core/words.ts'

const en = {
  working: 'Working on it. The answer appears here in a moment.',
  done: 'Done.',
  below: 'Look below.',
  failed: 'This did not work and nothing was recorded. Please try again in a minute.',
  outsider: 'This is for the people of this organisation only. Nothing was recorded.',
  answeredPrivately: 'I answered in our private chat.',
  notReached:
    'I have an answer and cannot write to you: open Countersign under Apps, add it for yourself, and ask again there.',
  introduced: (organisation: string): Text =>
    md`Hello. I am the bot of the information security team of **${organisation}**, not a person. Something odd, lost or sent to the wrong place? Write **incident** and a few words after my name, here or in our private chat: I ask the rest privately.`,
  unknownWord: (word: string) => md`I don't know “${word}”. Type help to see what I can do.`,
  more: (left: number) => plural(left, 'en', { one: '1 more in the browser.', other: `${left} more in the browser.` }),
  moreParts: 'There is more than fits here: see it in the browser.',
  picture: (alt: string) => `Picture: ${alt}`,
  progress: (done: number, of: number, percent: number) => `${done} of ${of} (${percent} %)`,
  fewerOptions: (left: number) =>
    plural(left, 'en', { one: '1 more choice in the browser.', other: `${left} more choices in the browser.` }),
  shortened: (left: number) => `What stood here was too long for Teams: the last ${left} characters were left out.`,
  onlyNewest: (most: number) => `Only the newest ${most} are offered here: send an older one again. `,
  sendFiles: 'Send a file to me in our chat and open this again: it is offered here. ',
  orBrowser: 'Or use the browser.',
  brought: {
    kept: (count: number) => plural(count, 'en', { one: 'Your file is here', other: 'Your files are here' }),
    notKept: 'This did not arrive',
    offered: 'The next form that takes a file offers it, for one hour. A form that is open already: open it again.',
    inbox: 'Inbox',
    size,
    tooLarge: (name: string, mb: number): Text =>
      md`**${name}** is larger than ${mb} MB and was not taken. Please send a smaller one.`,
    empty: (name: string): Text => md`**${name}** is empty and was not taken. Please send another file.`,
    failed: (name: string): Text =>
      md`**${name}** could not be fetched and was not taken. Please send it again, or add it in the browser.`,
    tooMany: (most: number) => `Only the first ${most} were taken. Please send the others in another message.`,
    picture: 'A picture that stands in the text cannot be fetched. Please send it as a file: attach it with the +.',
  },
  handing: {
    summary: 'The file you asked for',
    why: 'You asked for this file. It is put into your own OneDrive.',
    asked: (name: string) => `I ask below where to put ${name}.`,
    done: (name: string) => `${name} is in your OneDrive now.`,
    declined: 'All right, nothing was put into your OneDrive. The file can still be opened in the browser.',
    refused: (name: string) => `Your OneDrive did not take ${name}. Open it in the browser instead.`,
    noRoom: 'Teams made no room for the file in your OneDrive. Open it in the browser instead.',
    gone: 'This file is not yours, or it is no longer there. Type inbox to see what waits for you.',
  },
  errorSign: 'Please correct:',
  needed: 'Please fill this in.',
  openInTab: 'Open in the tab',
  tab: {
    title: 'Countersign',
    wait: 'One moment: your inbox opens here.',
    chatTitle: 'Come in from the chat',
    chat: 'Your inbox opens here with a link that is made for you in the chat. Write inbox there and choose “Open in the browser”: the card that comes has a button “Open in the tab”. Such a link works once, for ten minutes.',
    openChat: 'Open the chat',
    outsiderTitle: 'Not open to this account',
    outsider:
      'This account was not let in here, and nothing was recorded. Write inbox to Countersign in the chat: it shows what waits for you, with “Open in the browser”, or says why it does not.',
    laterTitle: 'Try again in a minute',
    later: 'Microsoft could not be asked who you are, so nothing was opened. Reload this tab in a minute.',
    awayTitle: 'This page belongs into Teams',
    away: 'In Teams, open Countersign and choose Inbox. In a browser, the desk opens with the link that you get in the chat.',
    noScript:
      'This tab needs JavaScript to learn from Teams who you are. Without it, write inbox to Countersign in the chat.',
  },
}

/** 12 KB, 3.4 MB: as file managers say it. */
function size(bytes: number): string {
  const [count, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1000)), 'KB'] : [bytes / 1_000_000, 'MB']
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(count)} ${unit}`
}

export const text = words({ en })
