import { md, type Text } from '../core/md.ts'
import { plural, words } from '../core/words.ts'
import type { Audience, Category, Known, Severity, Verdict } from './kinds.ts'

const category: Record<Category, string> = {
  'not-sure': 'Not sure',
  safeguard: 'A safeguard that did not work',
  information: 'Information lost, changed or seen by the wrong people',
  mistake: 'A mistake somebody made',
  rule: 'A rule that was not followed',
  premises: 'A break-in, an open door, something stolen',
  change: 'A change nobody approved',
  malfunction: 'Software or a device behaving strangely',
  access: 'Somebody got in who should not',
  'weak-spot': 'A weak spot somebody could use',
  suspicious: 'A suspicious message, file or program',
}
const known: Record<Known, string> = { unknown: 'Don’t know', yes: 'Yes', no: 'No' }
const audience: Record<Audience, string> = {
  responders: 'Security team only',
  manager: 'Also my manager',
  open: 'Everyone in the company',
}
const audienceOf: Record<Audience, string> = {
  responders: 'Security team only',
  manager: 'Also the reporter’s manager',
  open: 'Everyone in the company',
}
const seenBy: Record<Audience, string> = {
  responders: 'Only the security team and, where personal data may be involved, the data protection officer see it.',
  manager: 'The security team and your manager see it.',
  open: 'Everyone in the company may see it.',
}
const severity: Record<Severity, string> = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' }
const verdict: Record<Verdict, string> = {
  incident: 'Incident',
  weakness: 'Weakness',
  'false-alarm': 'False alarm',
  'no-action': 'No action',
  duplicate: 'Duplicate',
}

const form = {
  title: 'Report an incident',
  submit: 'Send',
  intro:
    'You can’t get in trouble for reporting. Don’t test it further, don’t delete anything. In chat a report is confidential, not anonymous.',
  what: 'What did you see?',
  whatHint: 'One sentence is enough. It’s all right if you are not sure.',
  kind: 'What kind of thing is it?',
  ongoing: 'Is it still going on?',
  personalData: 'Could personal data be involved?',
  audience: 'Who may see this?',
  carried: 'This goes along with your report:',
}

const receipt = {
  thanks: (number: string, at: string): Text => md`Thank you. **${number}** was recorded: ${at}.`,
  onDuty: (names: string, by: string) => md`${names} is on duty and answers by **${by}**.`,
  severalOnDuty: (names: string, by: string) => md`On duty: ${names}. One of them answers by **${by}**.`,
  nobody: (names: string) => md`Nobody is on duty. Urgent? Call ${names} or your manager. Your report waits for them.`,
  nobodyAtAll: 'Nobody is on duty. Urgent? Call your manager. Your report is kept until somebody takes it on.',
  late: (names: string) =>
    md`Nobody answered in time; we are sorry. Asked as well: ${names}. Urgent? Call them or your manager.`,
  calm: 'You can’t get in trouble for reporting. Don’t test it further, don’t delete anything.',
  many: (count: number) =>
    md`These are **${count}** reports of yours within an hour. Every one is kept and will be looked at. If they belong together, add detail to one of them instead of sending more: it is found faster.`,
  assessing: (name: string, at: string) => md`${name} has been looking at it since ${at}.`,
  withdrawn: 'You withdrew this report. It stays in the record; nothing more is asked of you.',
  names: (names: string, left: number) => `${names} and ${left} more`,
  addDetail: 'Add detail',
  withdraw: 'Withdraw',
  withdrawTitle: 'Withdraw this report?',
  withdrawText: 'It stays in the record as withdrawn and the security team still sees it.',
  withdrawYes: 'Withdraw',
  withdrawNo: 'Keep it',
}

const outcome = {
  title: (number: string) => `Your report ${number}`,
  incident: (number: string) =>
    md`You were right to report this: it is a security incident (**${number}**) and is being handled.`,
  weakness: (number: string) =>
    md`Good eye: this is a weak spot (**${number}**) and will be taken care of before somebody uses it.`,
  /** True in either order: the other report may have come later. Of somebody else's nothing more is told (T20). */
  duplicate: 'Somebody else reported this as well; yours was added to it. Two pairs of eyes are better than one.',
  ownDuplicate: (number: string) => md`This is the same as your **${number}**; both are kept together.`,
  'false-alarm': 'This turned out to be harmless. Better ten of these than one report too few.',
  'no-action': 'This was looked at and nothing needs to be done. Thank you for telling us.',
  decided: (name: string, at: string) => md`${name} decided this, ${at}.`,
  toReporter: (name: string) => md`From ${name}:`,
  again: 'Your report is being looked at again. You will hear the outcome.',
  more: 'Seen something else? Add it here.',
}

const triage = {
  title: (number: string) => `Report ${number}`,
  reported: 'Reported',
  by: (name: string, at: string) => md`${at} by ${name}`,
  category: 'Kind',
  ongoing: 'Still going on',
  personalData: 'Personal data',
  promised: 'Answer promised by',
  audience: 'Who may see it',
  occurred: 'When it happened',
  carriedFrom: (author: string) => md`The message it came from, by ${author}:`,
  carried: 'The message it came from:',
  link: (link: string) => md`Its address: \`${link}\``,
  late: 'Nobody has taken this on in the promised time.',
  noResponder: 'There is no responder for this report, so it comes to you.',
  assessing: (name: string, at: string) => md`${name} is on it since ${at}.`,
  detail: (name: string, at: string) => md`${name} added, ${at}:`,
  earlier: (count: number, language: string) =>
    plural(count, language, {
      one: '1 earlier addition on the page.',
      other: `${count} earlier additions on the page.`,
    }),
  withdrawn: (name: string, at: string) => md`${name} withdrew it, ${at}.`,
  reopened: (name: string, at: string) => md`${name} opened it again, ${at}:`,
  own: 'You reported this yourself, so somebody else decides.',
  take: 'I’m on it',
  takeOver: 'Take over',
  decide: verdict,
  reopen: 'Open again',
  page: 'Look at it',
}

const decision = {
  intro: (number: string, what: string) => md`**${number}**. ${what}`,
  reason: 'Why?',
  reasonHint: (least: number) => `For the record, at least ${least} characters. The reporter does not see it.`,
  severity: 'How bad is it?',
  of: 'Which report is it the same as?',
  toReporter: 'What may we tell the reporter?',
  toReporterHint: 'They hear the outcome in any case; this is added in your words.',
  submit: 'Decide',
  tooShort: (least: number, has: number) =>
    `At least ${least} characters, so that it can be followed later; this has ${has}.`,
  explained: {
    incident: 'A security incident: something that harmed us or is about to. It gets a number of its own.',
    weakness: 'Nothing happened yet, but something could. It gets a number of its own.',
    'false-alarm': 'It looked like something and was nothing.',
    'no-action': 'It happened, and nothing needs to be done.',
    duplicate: 'The same thing as another report.',
  } satisfies Record<Verdict, string>,
  done: (number: string, what: string) => md`**${number}**: ${what}. The reporter is told.`,
  line: (what: string, name: string, at: string) => md`**${what}**, decided by ${name}, ${at}.`,
  numbered: (what: string, number: string) => `${what} ${number}`,
  graded: (what: string, how: string) => `${what}, ${how}`,
  sameAs: (number: string) => md`The same as ${number}.`,
  because: 'Reason:',
  told: 'The reporter was told:',
  toldYou: 'You were told:',
  reasonKept: (characters: number, language: string) =>
    plural(characters, language, {
      one: 'A reason is on record.',
      other: `A reason of ${characters} characters is on record.`,
    }),
  option: (number: string, day: string, what: string) => `${number} · ${day} · ${what}`,
  optionTold: (number: string, day: string, words: string) => `${number} · ${day} · “${words}”`,
}

const refusal = {
  gone: 'There is no such report, or it is not for you.',
  own: 'You reported this yourself, so somebody else decides. It is with the other responders or the ISMS manager.',
  late: 'Somebody was faster; nothing was recorded from you. This is how it stands now.',
  notOpen: 'This report is no longer open; nothing was recorded. Open it again if it needs another look.',
  notDecided: 'This report is still open, so there is nothing to open again.',
  nothingElse: 'There is no other report it could be the same as.',
  noSuchOther: 'That report is itself a duplicate or was withdrawn. Please choose another.',
  withdrawn: 'You withdrew this report. If there is more to tell, please make a new one.',
  tooLate: 'This report is already decided, so it can’t be withdrawn any more. You can still add to it.',
}

const detail = {
  title: (number: string) => `Add to ${number}`,
  submit: 'Add',
  what: 'What else did you see or learn?',
  added: (number: string) => md`Added to **${number}**.`,
  news: (number: string) => `News on ${number}`,
}

const reopening = {
  title: (number: string) => `Open ${number} again`,
  submit: 'Open again',
  reason: 'Why does it need another look?',
  reasonHint: 'The decision that stands is kept; you will give a new one.',
}

const page = {
  history: 'What happened',
  made: (name: string) => md`${name} reported it.`,
  madeRedacted: 'It was reported.',
  taken: (name: string) => md`${name} took it on.`,
  escalated: 'Nobody had taken it on in time, or nobody was there: the ISMS managers were asked.',
  decided: (what: string, name: string) => md`${name} decided: ${what}.`,
  added: (name: string) => md`${name} added to it.`,
  addedRedacted: 'Something was added.',
  withdrawn: 'It was withdrawn.',
  reopened: (name: string) => md`${name} opened it again.`,
  entry: (at: string, what: Text) => md`${at}: ${what}`,
  redacted: 'This report is private: what it says and who made it is not shown to you.',
}

const list = {
  title: 'Reports',
  mine: 'What you reported',
  none: 'You have reported nothing so far. Seen something odd? Tell us in one sentence.',
  open: 'Waiting for a decision',
  noneOpen: 'No report is waiting.',
  others: 'Other reports you may see',
  report: 'Report something',
  look: 'Look',
  private: 'Private report',
  anyKind: 'Kind not known yet',
  line: (number: string, what: string) => md`**${number}** · ${what}`,
  about: (at: string, what: string) => md`${at} · ${what}`,
  told: (words: string, at: string, since: string) => md`“${words}” · ${at} · ${since}`,
}

const state = {
  reported: 'New',
  'under-assessment': 'Being looked at',
  decided: 'Decided',
  withdrawn: 'Withdrawn',
  late: 'Late',
}

const dashboard = {
  heading: 'Incident reports',
  private: 'Private reports are counted here and shown only to those who may see them.',
  reported: 'New',
  assessing: 'Being looked at',
  decided: 'Decided',
  withdrawn: 'Withdrawn',
  late: 'Not answered in time',
  closed: 'Visible to the security team only',
  median: 'Median time to a decision',
  noMedian: 'Nothing was decided yet',
  verdicts: 'Decisions',
  none: 'None',
  count: (what: string, count: number) => `${what} ${count}`,
}

const time = {
  minutes: (n: number, language: string) => plural(n, language, { one: '1 minute', other: `${n} minutes` }),
  hours: (n: number, language: string) => plural(n, language, { one: '1 hour', other: `${n} hours` }),
  days: (n: number, language: string) => plural(n, language, { one: '1 day', other: `${n} days` }),
  now: 'just now',
  ago: (span: string) => `${span} ago`,
  at: (day: string, clock: string) => `${day}, ${clock}`,
}

const waiting = {
  decide: (number: string) => md`**${number}** waits for an answer`,
  yours: (number: string) => md`**${number}** waits for your decision`,
  about: (age: string, kind: string) => md`Reported ${age}. ${kind}.`,
  open: 'Look and decide',
}

const command = {
  report: 'Report an incident, a weakness or anything odd',
  reports: 'My reports, and for responders the open ones',
  usage: 'what you saw',
  shortcut: 'Report as incident',
  shortcutText: 'Tell the security team about this',
}

/** What the record says, by type of entry. */
const happenings = {
  heading: 'Incidents',
  button: 'Record',
  decided: (verdict: string) => `Decided: ${verdict}`,
  types: {
    'report.made': 'Report received',
    'report.detail': 'Detail added to a report',
    'report.withdrawn': 'Report withdrawn',
    'report.assessed': 'Report taken on',
    'report.decided': 'Report decided',
    'report.reopened': 'Report opened again',
    'report.returned': 'Report given back: whoever was on it left',
    'report.escalated': 'Report escalated',
  },
}

/** Every word of this workflow that a person reads. Names, numbers, dates and people's own words are put in. */
const en = {
  happenings,
  category,
  known,
  audience,
  audienceOf,
  seenBy,
  severity,
  verdict,
  form,
  receipt,
  outcome,
  triage,
  decision,
  refusal,
  detail,
  reopening,
  page,
  list,
  state,
  dashboard,
  time,
  waiting,
  command,
}
export const text = words({ en })
export type Say = typeof en
