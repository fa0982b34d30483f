import { md, type Text } from '../core/md.ts'
import { plural, words } from '../core/words.ts'

const answer = { operates: 'Operates', deviations: 'Operates with deviations', fails: 'Does not operate' }

const standing = {
  ...answer,
  open: 'To attest',
  overdue: 'Overdue',
  missed: 'Missed',
  later: 'Not due yet',
  unowned: 'No owner',
  left: 'Owner has left',
}

const request = {
  title: (action: string) => `Attest: ${action}`,
  ask: (period: string, due: string): Text => md`Did this operate from ${period}? Please attest by **${due}**.`,
  overdue: (period: string, due: string): Text =>
    md`Did this operate from ${period}? This was due on **${due}**. You can still attest before it is marked as missed; it takes a minute.`,
  missed: (period: string, due: string, at: string): Text =>
    md`Did this operate from ${period}? It was due on ${due} and has been marked as missed since ${at}. You can still attest: your answer is written beside the mark.`,
  controls: 'Controls',
  earlier: (controls: string): Text => md`2013 edition: ${controls}`,
  evidence: 'What usually shows it',
  independence: 'Independence',
  last: (what: string, day: string): Text => md`Last time, on ${day}: **${what}**`,
  why: 'You get this because you own this duty.',
  attest: 'Attest',
  history: 'History',
  open: (file: string) => `Open ${file}`,
  finding: 'Thank you. This opens a finding; you are not blamed.',
  next: (period: string, due: string): Text => md`Next: ${period}, due on ${due}.`,
  nothing: 'Nothing for you to do here.',
  handed: (name: string): Text => md`This is with ${name} now.`,
  handedNobody: md`This was taken from you; the ISMS manager finds a new owner.`,
  guest: 'Only members of the organisation attest, and your account is a guest’s. The ISMS manager can help.',
  done: (what: string, at: string): Text => md`Done, ${at}. You attested: **${what}**.`,
  doneBy: (name: string, what: string, at: string): Text => md`Done, ${at}. ${name} attested: **${what}**.`,
  lateBeside: (at: string): Text =>
    md`It had been marked as missed since ${at}; the mark stays, and your answer stands beside it.`,
}

const form = {
  title: 'Attest',
  submit: 'Attest',
  intro: (action: string, period: string): Text => md`**${action}** · ${period}`,
  answer: 'Did it operate in this period?',
  hints: {
    operates: 'As intended, all the time.',
    deviations: 'It did its work, with exceptions you describe below.',
    fails: 'Opens a finding. You are not blamed.',
  },
  statement: 'What was done, and how do you know?',
  statementHint: 'One or two sentences: what, when, where the proof is.',
  statementAgain: 'From last time. Please change what is different now.',
  files: 'Evidence',
  filesHint: 'A log, a report, a picture. Only who may read this duty can open it.',
  before: 'This was attested before: that answer stands, and nothing new was recorded.',
  unchanged: 'Last time this said that it operates. Please say what is different now.',
}

const escalation = {
  title: (name: string) => `${name} has not attested yet`,
  settledTitle: (name: string) => `${name} has attested`,
  overTitle: 'No longer open',
  text: (name: string, action: string, due: string): Text =>
    md`**${action}** was due from ${name} on **${due}** and is still open.`,
  toManager:
    'You get this because you are the manager. A word with them often settles it; if the work lies elsewhere now, the ISMS manager can name another owner.',
  toIsms: 'You get this because reminders and the manager did not settle it. Talk to the owner, or name another one.',
  settled: (name: string, what: string, at: string): Text => md`Settled: ${name} attested **${what}**, ${at}.`,
  over: 'This is no longer open with this person.',
}

const handover = {
  title: (name: string) => `${name} has left: who takes over?`,
  text: (name: string, count: number, language: string) =>
    plural(count, language, {
      one: `${name} owned one thing that needs a new owner. Its periods go on; what is due waits for the new owner.`,
      other: `${name} owned ${count} things that need a new owner. Their periods go on; what is due waits for the new owner.`,
    }),
  all: 'Hand over all',
  one: 'Choose an owner',
  done: (name: string): Text => md`Everything that ${name} owned has a new owner. Thank you.`,
}

const assigning = {
  title: 'Choose an owner',
  titleAll: 'Hand over',
  submit: 'Hand over',
  intro: (what: string): Text => md`Who owns **${what}** from now on? What is open goes along.`,
  introAll: (name: string): Text => md`Who takes over everything that **${name}** owned? What is open goes along.`,
  owner: 'New owner',
  hint: 'The person is asked from now on and told at once about what is open.',
  cannot: 'This person cannot own a control: please choose a member of the organisation who works here.',
  already: 'This person owns it already. Please choose somebody else.',
  faster: 'Somebody was faster: it has another owner now. Nothing was changed.',
  done: (what: string, name: string): Text => md`${name} owns **${what}** now.`,
  doneAll: (count: number, name: string, language: string) =>
    plural(count, language, { one: `${name} owns it now.`, other: `${name} owns all ${count} now.` }),
}

const page = {
  owner: 'Owner',
  nobody: 'Nobody yet',
  left: (name: string) => `${name} (has left)`,
  period: 'How often',
  grace: 'Days of grace',
  since: 'Since',
  controls: 'Controls',
  earlier: 'Controls in the 2013 edition',
  evidence: 'What usually shows it',
  independence: 'Independence',
  next: 'Next',
  nextIs: (period: string, due: string) => `${period}, due on ${due}`,
  history: 'Periods',
  none: 'No period has come up yet.',
  row: (period: string, due: string): Text => md`**${period}** · due ${due}`,
  attested: (name: string, what: string, at: string): Text => md`${name}, ${at}: **${what}**`,
  late: 'Attested after the due date.',
  missedSince: (at: string): Text => md`Marked as missed, ${at}.`,
  missedLate: 'Missed, attested late',
  waits: (name: string): Text => md`Waits for ${name}.`,
  waitsNobody: 'Waits for an owner.',
  older: 'Older',
  newer: 'Newer',
}

const periods = {
  D: (count: number, language: string) => plural(count, language, { one: 'every day', other: `every ${count} days` }),
  W: (count: number, language: string) => plural(count, language, { one: 'every week', other: `every ${count} weeks` }),
  M: (count: number, language: string) =>
    count === 12 ? 'every year' : plural(count, language, { one: 'every month', other: `every ${count} months` }),
  Y: (count: number, language: string) => plural(count, language, { one: 'every year', other: `every ${count} years` }),
  fromTo: (from: string, to: string) => `${from} to ${to}`,
}

const control = {
  title: (edition: string, code: string, title: string) => `${code} ${title} (${edition})`,
  theme: 'Theme',
  successors: 'In the 2022 edition',
  predecessors: 'In the 2013 edition',
  isNew: 'New in 2022',
  relation: {
    'one-to-one': 'one to one',
    merged: 'merged with others',
    split: 'split in two',
  } as Record<string, string>,
  duties: 'What its owners do regularly',
  noDuties: 'A rule that is followed all the time; nothing recurs.',
  edition: { '2022': 'Edition 2022', '2013': 'Edition 2013' },
}

const register = {
  title: (edition: string) => `Controls of Annex A, ${edition}`,
  intro: (controls: number, owned: number): Text => md`${controls} controls, ${owned} with an owner.`,
  old: 'This edition is withdrawn; it is kept to read older evidence. Each control shows where it went.',
  owner: (name: string): Text => md`Owner: ${name}`,
  duties: (count: number, language: string) =>
    plural(count, language, { one: 'one recurring duty', other: `${count} recurring duties` }),
  went: (codes: string): Text => md`now ${codes}`,
  empty: 'The registers have not been loaded yet: run `countersign import controls`.',
  open: 'Open',
  next: 'Next page',
  previous: 'Previous page',
  page: (page: number, of: number): Text => md`Page ${page} of ${of}`,
  other: { '2022': 'Edition 2022', '2013': 'Edition 2013' },
}

const mine = {
  title: 'My controls',
  none: 'You own no control. If you should, tell your ISMS manager.',
  waiting: 'Waiting for you',
  clear: 'Nothing waits for you.',
  duties: 'What you attest regularly',
  controls: 'Controls you own',
  next: (period: string, due: string): Text => md`Next: ${period}, due ${due}`,
  due: (period: string, due: string): Text => md`${period} · due ${due}`,
}

const board = {
  title: 'Controls',
  progress: 'Attested of what came up in the last 12 months',
  open: 'Open',
  missed: 'Missed',
  late: 'Missed, attested late',
  unowned: 'Duties without an owner',
  attention: 'Needs a look',
  finding: (name: string, at: string): Text => md`Open finding: ${name} attested on ${at} that it does not operate.`,
  missedBy: (name: string, due: string): Text => md`${name} did not attest; due ${due}.`,
  noOwner: 'Nobody is asked until it has an owner.',
  nothing: 'No period has come up yet.',
  register: 'Register',
}

const file = {
  needs: 'The file needs the columns "code" (or "key" or "control") and "owner". Please add them and import again.',
  unreadable: (line: number) => `Line ${line} has another number of columns than the header. Please correct it.`,
  empty: 'The file holds no line below its header.',
  noCode: (code: string) => `There is no control or duty "${code}".`,
  noPerson: (email: string) => `Nobody active in the register has the address "${email}".`,
  guest: (email: string) => `"${email}" is a guest and cannot own a control.`,
  twice: (code: string) => `"${code}" stands on more than one line.`,
  noDay: (day: string) => `"${day}" is no date as YYYY-MM-DD.`,
  begun: (code: string) => `"${code}" has begun: the start of its periods stays as it is.`,
}

/** What the record says, by type of entry. */
const happenings = {
  heading: 'Controls',
  button: 'Record',
  attested: (answer: string) => `Attested: ${answer}`,
  assigned: (name: string) => `Owner named: ${name}`,
  types: {
    'control.registered': 'Registered',
    'control.changed': 'Description changed',
    'control.assigned': 'Owner named',
    'control.attested': 'Attested',
    'control.orphaned': 'Owner left: a new one is needed',
    'occurrence.opened': 'Attestation asked for',
    'occurrence.missed': 'Attestation missed',
  },
}

export const text = words({
  en: {
    happenings,
    hint: 'Your controls and what there is to attest',
    answer,
    standing,
    request,
    form,
    escalation,
    handover,
    assigning,
    page,
    periods,
    control,
    register,
    mine,
    board,
    file,
  },
})

export type Say = ReturnType<typeof text>
