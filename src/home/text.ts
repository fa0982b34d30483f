import { md, type Text } from '../core/md.ts'
import { plural, words } from '../core/words.ts'

const en = {
  inbox: 'Your inbox',
  clear: md`**All clear.** Nothing is waiting for you.`,
  waiting: (count: number) =>
    plural(count, 'en', { one: '1 thing waits for you', other: `${count} things wait for you` }),
  overdue: 'Overdue',
  soon: 'Due soon',
  refresh: 'Refresh',
  help: 'Help',
  helpIntro: (organisation: string): Text =>
    md`I am the bot of the information security team of **${organisation}**, not a person. I never ask for passwords. Here is what you can do:`,
  command: (command: string, hint: string): Text => md`\`${command}\`  ${hint}`,
  hints: {
    inbox: 'What waits for you',
    help: 'This list',
    status: 'How things stand',
    record: 'The record behind something',
    language: 'The language I write to you in',
    verify: 'Check that a message is really ours',
  },
  dashboard: 'How things stand',
  dashboardEmpty: md`Nothing is running yet. Import policies and publish one to begin.`,
  forLeads: 'The picture of the whole organisation is for the ISMS team and auditors. This is yours:',
  yours: (name: string, department: string): Text => md`**${name}**${department === '' ? '' : `, ${department}`}`,
  door: 'Open in the browser',
  doorText: md`This link works once, in the next ten minutes. It opens your own desk: keep it to yourself.`,
  open: 'Open',
  noDesk: 'The browser desk is not switched on here. Ask your ISMS team.',
  record: 'The record',
  recordIntro: (zone: string): Text =>
    md`What happened, newest first; times are those of ${zone}. Entries are added and never changed: quote one by its id.`,
  recordEmpty: md`Nothing has been recorded here.`,
  recordOf: (about: string): Text => md`Only what is about **${about}**`,
  entry: (it: { who: string; at: string; tried: Text; id: string }): Text =>
    md`${it.who} · ${it.at}${it.tried} · \`${it.id}\``,
  everything: 'Everything',
  about: (name: string) => `About ${name}`,
  by: (name: string) => `By ${name}`,
  older: 'Older',
  newer: 'Newer',
  newest: 'Newest',
  nobodyCalled: (typed: string): Text =>
    md`I found no person called “${typed}”. Give a mail address or a whole name, the code of a control such as A.5.18, or an id of the record.`,
  happenings: { 'turn.denied': 'Refused' },
  system: 'Countersign',
  notTold: 'not told',
  unlinked: 'People to link',
  unlinkedIntro: (count: number): Text =>
    md`**${count}** ${count === 1 ? 'account' : 'accounts'} wrote to me or could be written to, and I do not know whose they are.`,
  unlinkedRow: (email: string): Text => md`${email}`,
  noEmail: 'no verified address',
  link: 'Link',
  linkTitle: 'Link an account',
  linkPerson: 'Who is it?',
  linkHint: 'Make sure by asking the person, not by the name alone.',
  linked: (name: string): Text => md`Linked to **${name}**. Messages that were waiting are on their way.`,
  states: { ambiguous: 'has another account', unmatched: 'not in the register' },
  ours: (organisation: string, inbox: string, incident: string): Text =>
    md`Yes: this bot belongs to **${organisation}**. Whatever it asks of you stands in your inbox too (\`${inbox}\`). If you are asked for something that is not there, do not trust it and report it with \`${incident}\`.`,
  undelivered: 'Messages that did not arrive',
  undeliveredText: (count: number): Text =>
    md`**${count}** ${count === 1 ? 'message was' : 'messages were'} refused by the platform or got no answer. What they ask still stands in the inbox; talk to these people, or ask whoever runs the bot to look at its log.`,
  unreachable: 'Not reachable yet',
  unreachableText: (count: number): Text =>
    md`**${count}** ${count === 1 ? 'person has' : 'people have'} open duties and no account that I can write to.`,
}

export const text = words({ en })
