import { plural, words } from '../../src/core/words.ts'

const en = {
  product: 'Countersign',
  skip: 'Skip to the content',
  demo: 'Demo. Nothing leaves this computer.',
  nav: { name: 'Pages', desk: 'Desk', inbox: 'Inbox', help: 'Help' },
  leave: 'Sign out',
  back: 'Back to the desk',
  app: 'App',
  onlyYou: 'Only you can see this',
  edited: 'edited',
  close: 'Close',
  offline: 'The desk does not answer. Check that it is running, then try again.',
  cancel: 'Cancel',
  chat: {
    name: (person: string) => `Chat of ${person}`,
    views: 'What to show',
    messages: 'Messages',
    inbox: 'Inbox',
    empty: 'Nothing has been sent here yet. Type /isms to see what waits.',
    write: 'Write to Countersign',
    hint: '/incident and a few words, or /isms',
    send: 'Send',
    commands: 'What can I type?',
    unknown: 'Type /isms to see what waits for you, or /incident and a few words to report something.',
  },
  picture: {
    name: "The security lead's picture",
    own: 'The picture',
    live: 'Live',
    sit: (name: string) => `Sit at ${name}'s seat to act`,
    seenBy: (name: string) => `As ${name} sees it`,
  },
  seat: {
    label: 'You sit at the seat of',
    go: 'Sit here',
    find: 'Another seat: name or team',
    company: 'Company',
  },
  clock: {
    name: 'The clock of the demo',
    nextDay: 'Next day',
    days: (days: number) => `+${days} days`,
    reset: 'Start over',
  },
  look: { name: 'Look of the chat', desk: 'Desk', slack: 'Slack look', teams: 'Teams look' },
  guide: {
    name: 'The first minute',
    done: 'Done',
    progress: (done: number, of: number) => `${done} of ${of} done`,
    sit: 'Take me there',
  },
  form: {
    optional: 'optional',
    problems: (count: number) =>
      plural(count, 'en', { one: 'One answer needs a correction', other: `${count} answers need a correction` }),
    problem: 'Needs a correction',
    choose: 'Please choose',
    search: 'Search',
    nobody: 'I know nobody called that. Choose a name from the list.',
    noMatch: 'Nobody found. Try a part of the name or the mail address.',
    kept: (name: string) => `Attached: ${name}`,
    keptOne: (name: string) => `Attached: ${name}. Another file takes its place.`,
    tooLarge: (name: string, megabytes: number) => `${name} is larger than ${megabytes} MB: choose a smaller one.`,
    empty: (name: string) => `${name} is empty: choose another file.`,
    leftOut: (most: number, names: readonly string[]) =>
      `At most ${most} files at a time: ${names.length === 1 ? `${names[0]} was` : `${names.length} were`} left out.`,
    fewer: (most: number) =>
      `At most ${plural(most, 'en', { one: 'one file', other: `${most} files` })}: choose fewer.`,
    restStays: 'The rest of the form is as you left it.',
    files: (most: number, megabytes: number) =>
      `At most ${plural(most, 'en', { one: 'one file', other: `${most} files` })}, ${megabytes} MB each.`,
  },
  more: (left: number) => `${left} more`,
  progress: (done: number, of: number, percent: number) => `${done} of ${of} · ${percent} %`,
  enter: {
    title: 'Come in',
    text: (name: string) =>
      `This link opens the desk of ${name}, once. If that is somebody else, do not press the button: what you do there would count as theirs.`,
    go: (name: string) => `Come in as ${name}`,
    used: 'This link was used, is too old or is not complete. Ask Countersign in chat for a new one: your inbox has it.',
  },
  out: {
    title: 'You are signed out',
    text: 'The desk opens from chat: ask Countersign there for your inbox, then follow the link it gives you.',
    framed: 'Your desk in this tab was closed, or its eight hours are over.',
    again: 'Come in again',
  },
  left: {
    title: 'Signed out',
    text: 'You are signed out. Ask Countersign in chat for your inbox when you need the desk again.',
  },
  refused: {
    title: 'Not done',
    form: 'This page is too old or came from somewhere else, so nothing was done. Reload it and try again.',
    host: 'This address is not the desk. Use the address Countersign gave you.',
    large: (megabytes: number) => `That is too large: a file may have ${megabytes} MB. Nothing was sent.`,
    tooMuch: 'That is more than a form may hold. Shorten it and send it again.',
    manyFiles: (most: number) => `At most ${most} files at a time. Nothing was sent; choose fewer.`,
    broken: 'The form did not arrive whole. Send it again.',
    seat: 'There is nobody with that id in the demo company. Choose a seat from the list.',
  },
  missing: { title: 'Not here', text: 'This is not here, or it is not yours. Your inbox shows what is.' },
  method: { title: 'Not this way', text: 'This address answers to buttons only. Go back to the desk.' },
  broken: {
    title: 'That went wrong',
    text: (id: string) => `Nothing was changed. Tell the administrator this number if it happens again: ${id}.`,
  },
  gone: { title: 'Shown already', text: 'This answer is shown once. Your inbox shows how things stand now.' },
}

const languages: { en: DeskWords } & Record<string, DeskWords> = { en }

export const text = words(languages)

/** The language of those words, for whom they are read aloud: the reader's, or the one they get instead (see words). */
export const spokenIn = (language: string): string =>
  [language, language.split('-')[0] ?? ''].find((one) => one === 'en-XA' || Object.hasOwn(languages, one)) ?? 'en'

export type DeskWords = typeof en
