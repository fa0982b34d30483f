import type { AudiencePart } from '../../db/schema/policies.ts'
import { md, type Text } from '../core/md.ts'
import { plural, words } from '../core/words.ts'
import type { Reason } from './audience.ts'
import { calendarIn } from './calendar.ts'

const people = (count: number) => plural(count, 'en', { one: '1 person', other: `${count} people` })
const minutes = (count: number) => plural(count, 'en', { one: '1 minute', other: `${count} minutes` })

function part({ by, is }: AudiencePart): string {
  switch (by) {
    case 'department':
      return `you are in ${is}`
    case 'site':
      return `you work at ${is}`
    case 'role':
      return is === 'manager' ? 'you manage people' : `you are ${is}`
    case 'employment':
      return `you are ${is === 'employee' ? 'an employee' : `a ${is}`}`
    case 'person':
      return 'you were chosen for it'
  }
}

const importing = {
  noFacts:
    'It does not begin with its facts: put title, version, owner, approved_by, approved_on, effective_from, audience and review_on between two lines of ---.',
  noYaml: (line: number) =>
    `Its facts cannot be read at line ${line}: write one "name: value" a line, and put text with a colon in quotes.`,
  factsTooLong: 'Its facts are longer than 20,000 characters: only the facts stand between the two lines of ---.',
  unknownKeys: (keys: string) =>
    `It has facts that are not known here (${keys}): correct the spelling or take them out.`,
  wrong: {
    title: 'The title is missing or longer than 150 characters.',
    version: 'The version is missing or no number such as 3.0.',
    code: 'The code may hold small letters, digits and hyphens only, as in acceptable-use.',
    owner: 'The owner is missing: give the mail address of a person in the register.',
    approved_by: 'approved_by is no mail address.',
    approved_on: 'approved_on is no date such as 2026-11-16.',
    effective_from: 'effective_from is no date such as 2026-11-16.',
    review_on: 'review_on is no date such as 2026-11-16.',
    classification: 'The classification is empty or longer than 40 characters.',
    controls: 'The controls are no list such as [A.5.10, A.8.1].',
    summary: 'The summary is longer than 500 characters.',
    changes: 'What changed is longer than 1,000 characters.',
    words: 'The number of words is no whole number.',
    minutes: 'The minutes are no whole number.',
  },
  wrongAudience: (is: string) =>
    `The audience "${is}" is not understood: write everyone, or a list of department, site, role or employment.`,
  halfApproved: 'approved_by and approved_on belong together: give both or neither.',
  approvedLater: 'The approval lies in the future: correct approved_on.',
  unknownOwner: (mail: string) =>
    `The owner ${mail} is not in the register of people: correct the address or import the person first.`,
  unknownApprover: (mail: string) =>
    `The approver ${mail} is not in the register of people: correct the address or import the person first.`,
  older: (version: string, newest: string) =>
    `Version ${version} is older than ${newest}, which is already here: versions are added in order.`,
  frozen: (version: string) => `Version ${version} is frozen and this file differs from it: give it a new number.`,
  notApproved: 'It cannot be launched yet: approval (approved_by and approved_on) is missing.',
  noDocument: 'There is no PDF or DOCX of the same name beside it.',
  noSidecar: (stem: string) => `Its facts are missing: put them into ${stem}.yaml beside it.`,
  noSummary: 'The summary is missing: of a PDF or DOCX people read it in chat, so two or three sentences are needed.',
  noText: 'It has no text after its facts.',
  twoTexts: 'The file beside it holds text of its own: it may hold the facts only.',
  wrongKind: 'Only Markdown (.md), PDF and DOCX can be imported.',
  wrongBytes: (format: string) => `It is called .${format}, but what it holds is no ${format.toUpperCase()} file.`,
  empty: 'It is empty.',
  tooLarge: (kilobytes: number) => `It is larger than ${kilobytes} kB.`,
  notUtf8: 'It is not UTF-8 text: save it as UTF-8.',
}

const request = {
  title: (title: string, version: string) => `Please read: ${title} v${version}`,
  reminderTitle: (title: string, version: string) => `A reminder: ${title} v${version}`,
  head: (title: string, version: string, count: number, due: string): Text =>
    md`**${title} v${version}** · ${minutes(count)} · due **${due}**.`,
  news: (changes: string): Text => md`New: ${changes}`,
  remind: (due: string): Text => md`This still waits for you until ${due}. Once it is done, I am quiet about it.`,
  remindLate: (due: string): Text =>
    md`This was due ${due}. It is not too late: a few minutes and it is off your list.`,
  read: 'Read and acknowledge',
  ask: 'Ask',
  later: 'Later',
  again: 'Read',
  overdue: 'Overdue',
  acknowledged: 'Acknowledged',
  doneTitle: (title: string, version: string) => `Acknowledged: ${title} v${version}`,
  done: (at: string, receipt: string): Text => md`Done, ${at}. Receipt **${receipt}**.`,
  imported: (on: string, receipt: string, source: string, recorded: string): Text =>
    md`You agreed on ${on}. This was imported and not witnessed here (${source}), recorded ${recorded}. Receipt **${receipt}**.`,
  nothing: md`Nothing else is waiting for you.`,
  nextWaits: (count: number): Text =>
    md`${plural(count, 'en', { one: 'One more thing waits for you.', other: `${count} more things wait for you.` })}`,
  next: (title: string) => `Next: ${title}`,
  replacedLabel: 'Replaced',
  replacedTitle: (title: string, version: string) => `Replaced: ${title} v${version}`,
  replaced: (version: string, at: string): Text => md`Version ${version} replaced this at ${at}. Here is what changed.`,
  replacedNow: (version: string, at: string): Text =>
    md`Version ${version} replaced this at ${at}. Nothing was recorded. Here is what changed.`,
  replacedAlone: md`A newer version replaced this. You are asked about the new one when your turn comes.`,
  alreadyNewer: (version: string, receipt: string): Text =>
    md`You acknowledged version ${version}: receipt **${receipt}**.`,
  stale: md`This is not the version you are asked about any more. Nothing was recorded. Here is how things stand.`,
  over: 'Over',
  overTitle: (title: string, version: string) => `No longer asked: ${title} v${version}`,
  stopped: md`This was stopped. There is nothing to do, and nothing was recorded.`,
  left: md`This is not asked of you any more.`,
  faster: 'It is already acknowledged: open it again to see the receipt.',
}

/** What the record says, by type of entry. */
const happenings = {
  heading: 'Policies',
  button: 'Record',
  whose: (title: string, name: string) => `${title}, ${name}`,
  types: {
    'policy.imported': 'Version imported',
    'policy.launched': 'Publication ordered',
    'campaign.opened': 'Published: people are asked',
    'campaign.stopped': 'Campaign stopped',
    'policy.superseded': 'Replaced by a newer version',
    'policy.acknowledged': 'Acknowledged',
    'acknowledgement.imported': 'Acknowledgement imported, not witnessed here',
    'policy.question': 'Question asked',
    'policy.answer': 'Question answered',
    'policy.later': 'Put off',
    'policy.nudged': 'Reminded by hand',
  },
}

const roster = {
  button: 'Who acknowledged',
  title: (title: string, version: string) => `Who acknowledged: ${title} v${version}`,
  ofCampaign: (due: string): Text => md`Everybody who was asked in this campaign, due **${due}**.`,
  ofVersion: md`Everybody who was asked for this version or acknowledged it.`,
  counts: (it: { all: number; done: number; imported: number; open: number; overdue: number; over: number }): Text =>
    md`**${people(it.all)}**: ${it.done} acknowledged${it.imported > 0 ? ` (${it.imported} imported, not witnessed here)` : ''}, ${it.open} open in time, ${it.overdue} overdue, ${it.over} left, stopped or replaced.`,
  nobody: md`Nobody.`,
  page: (from: number, to: number, of: number): Text => md`${from} to ${to} of ${of}, by name`,
  views: {
    all: 'All',
    done: 'Acknowledged',
    open: 'Open in time',
    overdue: 'Overdue',
    over: 'Left, stopped or replaced',
  },
  states: {
    done: 'Acknowledged',
    imported: 'Imported',
    open: 'Open',
    overdue: 'Overdue',
    left: 'Left',
    withdrawn: 'Withdrawn',
    superseded: 'Replaced',
  },
  done: (at: string, receipt: string): Text => md`Acknowledged on ${at}, receipt ${receipt}`,
  imported: (on: string, source: string, receipt: string): Text =>
    md`Agreed on ${on}, imported and not witnessed here (${source}), receipt ${receipt}`,
  open: (due: string): Text => md`Due ${due}`,
  overdue: (due: string): Text => md`Was due ${due}`,
  left: (due: string): Text => md`Left the organisation before answering; it was due ${due}`,
  withdrawn: (due: string): Text => md`Not asked any more; it was due ${due}`,
  superseded: (due: string): Text => md`A newer version asks instead; it was due ${due}`,
  previous: 'Previous',
  next: 'Next',
}

const en = {
  happenings,
  roster,
  hints: {
    policies: 'The policies that apply to you, and what you agreed to',
    publish: 'Send a policy to the people it is for',
  },
  statement: (version: string) => `I have read version ${version} and will follow it.`,
  campaignTitle: (title: string, version: string) => `${title} v${version}`,
  import: importing,
  request,
  why: (reason: Reason, organisation: string): Text => {
    if (reason === 'everyone') return md`You get this because it applies to everyone at ${organisation}.`
    if (reason === 'me') return md`You get this because you sent it to yourself first.`
    if (reason === 'pilot') return md`You get this because you are in the pilot group.`
    return md`You get this because it applies to your part of ${organisation}: ${part(reason)}.`
  },
  reading: {
    page: (page: number, of: number, count: number): Text => md`Page ${page} of ${of} · ${minutes(count)} in all`,
    next: 'Next page',
    back: 'Back',
    acknowledge: 'Acknowledge',
    browser: 'Whole text in the browser',
    open: (file: string) => `Open ${file}`,
    file: (kind: string, count: number): Text =>
      md`This policy is a ${kind} file, about ${minutes(count)} to read. In short:`,
    statement: (sentence: string): Text => md`By clicking _Acknowledge_ you say: **${sentence}**`,
  },
  later: {
    title: 'Later',
    submit: 'Ask me then',
    when: 'When shall I ask again?',
    tomorrow: (day: string) => `Tomorrow, ${day}, 10:00`,
    monday: (day: string) => `${day}, 10:00`,
    date: 'On a date',
    day: 'Date',
    dayHint: 'Only if you chose a date; not after the due date.',
    whichDay: 'Please give the date.',
    tooLate: md`It is due too soon for that. It takes only a few minutes; or ask a question if something is in the way.`,
    done: (day: string, time: string): Text => md`All right. I ask again ${day} at ${time}.`,
  },
  ask: {
    title: 'Ask about this policy',
    submit: 'Send',
    intro: (owner: string, title: string, version: string): Text =>
      md`Your question goes to ${owner}, who owns **${title} v${version}**. The answer comes back here.`,
    question: 'Your question',
    sent: (names: string): Text =>
      md`Sent to ${names}. The answer comes back here. You can still acknowledge at any time.`,
    yours: (title: string, version: string) => `Your question about ${title} v${version}`,
    card: (title: string, version: string) => `A question about ${title} v${version}`,
    asked: (name: string): Text => md`${name} asks:`,
    said: (name: string): Text => md`${name} answers:`,
    waiting: 'Waiting for an answer',
    answered: 'Answered',
    reply: 'Answer',
    answerTitle: 'Answer a question',
    answer: 'Your answer',
    send: 'Send answer',
    about: (name: string, title: string, version: string): Text => md`${name} asks about **${title} v${version}**:`,
  },
  publish: {
    button: 'Publish',
    title: 'Publish a policy',
    preview: 'Preview',
    intro: md`Nothing is sent yet: first you see who is asked, and when.`,
    version: 'Policy',
    option: (title: string, version: string) => `${title} v${version}`,
    older: (title: string, version: string, newest: string) => `${title} v${version} (older than v${newest})`,
    due: 'Due date',
    opens: 'Not before',
    opensHint: 'Leave empty to send as soon as you confirm.',
    nothing: md`There is no policy to publish. Import one first: \`countersign import policies FOLDER\`.`,
  },
  bring: {
    button: 'Import',
    title: 'Import policies',
    submit: 'Import',
    intro: md`Each file becomes a version and is frozen. Nothing is sent to anybody.`,
    files: 'Files',
    hint: 'Markdown that begins with its facts; or a PDF or DOCX, and after it the YAML file with its facts.',
    done: 'Imported',
    outcomes: { new: 'New', 'new version': 'New version', unchanged: 'Unchanged', refused: 'Refused' },
  },
  launch: {
    noVersion: 'This version is not there: choose one from the list.',
    superseded: (version: string) => `Version ${version} was replaced by a newer one: publish that one.`,
    notApproved: (title: string, version: string) =>
      `${title} v${version} is not approved: import a version that says approved_by and approved_on.`,
    notEffective: (day: string) => `It takes effect on ${day}: publish it then, or give that day under “Not before”.`,
    opensPast: 'That day has passed: leave it empty or choose a later one.',
    duePast: 'The due date must be a date that has not passed when people are asked.',
    nobody: 'There is nobody to ask: everyone it is for has acknowledged it or is being asked already.',
  },
  preview: {
    title: (title: string, version: string) => `Preview: ${title} v${version}`,
    who: (count: number, due: string): Text => md`**${people(count)}** would be asked, due **${due}**.`,
    spared: (count: number): Text =>
      md`${people(count)} more in the audience acknowledged it or ${count === 1 ? 'is' : 'are'} being asked already.`,
    first: 'First person is asked',
    last: 'Last person is asked',
    sending: 'Sending takes',
    reading: 'Reading time of all',
    sample: 'For example',
    seconds: (count: number) => (count < 90 ? `about ${count} seconds` : `about ${Math.round(count / 60)} minutes`),
    minutes: (count: number) => (count < 120 ? minutes(count) : `${Math.round(count / 60)} hours`),
    departments: 'By department',
    department: 'Department',
    people: 'People',
    none: 'no department',
    others: 'others',
    toMe: 'Send to me only',
    toPilot: 'Pilot group',
    toEveryone: 'Everyone',
    firstTime: md`This is the first time that I write to everyone. Tell people beforehand, so that nobody takes me for phishing.`,
  },
  announcement: {
    button: 'Announcement text',
    title: 'Announce the bot before the first launch',
    how: md`Copy this into the channel or mail that people know you by, and send it in your own name:`,
    text: (organisation: string, name: string, verify: string, incident: string) =>
      [
        `From this week on, a bot called Countersign writes to you in chat on behalf of ${organisation}'s information security team.`,
        'It asks you to read and acknowledge policies, usually a few minutes each, and reminds you kindly when something is due.',
        'It is a program and says so. It never asks for passwords, codes or money, and it never sends you to another sign-in page.',
        `In doubt, write to it: ${verify}. It confirms that a message is ours. If something looks wrong, report it: ${incident}.`,
        `Questions? Ask me. ${name}`,
      ].join('\n'),
  },
  pilot: {
    title: 'Pilot group',
    submit: 'Send to them',
    intro: md`A department, a few people, or both. They are asked for real; everyone else is not.`,
    department: 'Department',
    person: (n: number) => `Person ${n}`,
    nobody: 'Choose a department or a person.',
  },
  everyone: {
    title: 'Send to everyone',
    submit: 'Send',
    intro: (title: string, version: string, count: number): Text =>
      md`**${title} v${version}** goes to **${people(count)}**, each in their working hours. You can stop it at any time.`,
    type: (count: number) => `Type the number of people (${count})`,
    wrongNumber: (count: number) => `Please type ${count}: so many people are asked.`,
    running: md`This version is being sent to everyone already.`,
  },
  stop: {
    button: 'Stop',
    title: 'Stop this campaign',
    submit: 'Stop it',
    intro: md`Nothing more is sent, at once. What people acknowledged stays.`,
    reason: 'Why?',
  },
  campaign: {
    heading: 'Policies',
    title: (title: string, version: string) => `How it goes: ${title} v${version}`,
    states: { planning: 'Being prepared', open: 'Running', stopped: 'Stopped', closed: 'Over' },
    /** A trial beside the campaign of everybody must not look like it. */
    named: {
      me: (title: string) => `${title} (one person)`,
      pilot: (title: string) => `${title} (pilot group)`,
      everyone: (title: string) => title,
    },
    scopes: {
      me: (due: string): Text => md`Sent to one person only, due **${due}**.`,
      pilot: (due: string): Text => md`Sent to a pilot group, due **${due}**.`,
      everyone: (due: string): Text => md`Sent to everyone it is for, due **${due}**.`,
    },
    opens: (day: string): Text => md`It opens on ${day}. Until then nobody is asked.`,
    preparing: md`The list of people is being written. Nobody is asked before it is complete.`,
    done: 'Acknowledged',
    asked: 'Asked',
    open: 'Still open',
    overdue: 'Overdue',
    left: 'Left, stopped or replaced',
    late: 'Overdue by department',
    bar: (title: string, due: string, overdue: number) =>
      overdue > 0 ? `${title}, due ${due}, ${overdue} overdue` : `${title}, due ${due}`,
  },
  team: {
    title: (title: string, version: string) => `Your team: ${title} v${version}`,
    intro: (count: number, due: string): Text =>
      md`**${people(count)}** of your team ${count === 1 ? 'has' : 'have'} not acknowledged it yet. It was due ${due}.`,
    nudge: 'Remind kindly',
    why: md`You get this because they report to you. Perhaps they were away, or something is in the way.`,
    allDone: 'Nothing left',
    nobody: md`Nobody of your team is late with this any more. Thank you.`,
    nudged: (name: string): Text => md`${name} gets a kind reminder in their working hours.`,
    nudgedToday: 'Reminded today',
    alreadyNudged: (name: string): Text => md`${name} has a reminder for today already.`,
    noNeed: (name: string): Text => md`Nothing is open for ${name} any more, so nothing was sent.`,
  },
  page: {
    title: (title: string, version: string) => `${title} v${version}`,
    version: 'Version',
    owner: 'Owner',
    approved: 'Approved',
    approvedBy: (name: string, day: string) => `by ${name} on ${day}`,
    approvedOn: (day: string) => `approved on ${day}`,
    notApproved: 'Not approved',
    effective: 'In effect from',
    review: 'Next review',
    classification: 'Classification',
    controls: 'Controls',
    changes: 'What changed',
    sha256: 'SHA-256',
    others: 'Other versions',
    open: 'Open',
  },
  mine: {
    title: 'Your policies',
    intro: (count: number, done: number): Text =>
      count === 0
        ? md`No policy applies to you today.`
        : md`**${plural(count, 'en', { one: '1 policy applies', other: `${count} policies apply` })}** to you${done === count ? ', and nothing is open' : ''}.`,
    agreed: (day: string, receipt: string): Text => md`You agreed on ${day}, receipt ${receipt}.`,
    imported: (day: string, receipt: string): Text =>
      md`You agreed on ${day}, receipt ${receipt}; imported and not witnessed here.`,
    waits: (due: string): Text => md`Waits for you, due ${due}.`,
    late: (due: string): Text => md`Waits for you, was due ${due}.`,
    earlier: (version: string, day: string): Text =>
      md`You agreed to version ${version} on ${day}. This version was not asked of you yet.`,
    notAsked: md`Applies to you; you were not asked yet.`,
    open: 'Open',
    before: 'What you agreed to before',
  },
  register: {
    button: 'All policies',
    title: 'Policy register',
    intro: (count: number): Text =>
      count === 0
        ? md`There is no policy yet. Import a folder: \`countersign import policies FOLDER\`.`
        : md`**${plural(count, 'en', { one: '1 policy', other: `${count} policies` })}**, each with its newest version.`,
    row: (it: { owner: string; approved: string; review: string; count: number }): Text =>
      md`Owner ${it.owner} · ${it.approved}${it.review === '' ? '' : ` · ${it.review}`} · ${plural(it.count, 'en', { one: '1 acknowledgement', other: `${it.count} acknowledgements` })}`,
    approved: (name: string, day: string) => `approved by ${name} on ${day}`,
    review: (day: string) => `next review ${day}`,
    reviewLate: 'Review is late',
  },
  elsewhere: {
    tooLarge: (megabytes: number) => `The file is larger than ${megabytes} MB: split it.`,
    notUtf8: 'The file is not UTF-8 text: export it as CSV in UTF-8.',
    notCsv: (line: number) => `The file cannot be read as CSV at line ${line}: look at its quotation marks.`,
    header: (columns: string, missing: string) =>
      missing === ''
        ? `A column stands there twice: the first line must be ${columns}.`
        : `The first line must be ${columns}; missing: ${missing}.`,
    noLines: 'The file holds no acknowledgement: only its header is there.',
    unknownPerson: (mail: string) =>
      mail === '' ? 'The mail address is missing.' : `${mail} is not in the register of people.`,
    noVersion: 'The policy or its version is missing.',
    unknownVersion: (code: string, version: string) =>
      `There is no policy ${code} in version ${version}: import it first.`,
    noDate: (day: string) => `"${day}" is no date such as 2025-11-18.`,
    future: (day: string) => `${day} lies in the future.`,
    noSource: 'The source is missing: say where the acknowledgement was given.',
    longSource: 'The source is longer than 300 characters.',
  },
}

const LANGUAGES = { en }
const dictionary = words(LANGUAGES)

export type Words = typeof en & ReturnType<typeof calendarIn>

const ready = new Map<string, Words>()

/** The words of this workflow, and dates, in a language. */
export function text(language: string): Words {
  const known = ready.get(language)
  if (known) return known
  const made = { ...dictionary(language), ...calendarIn(language) }
  if (ready.size < 100) ready.set(language, made)
  return made
}

/** The language a reader of `language` is really shown: for the record of what was agreed to. */
export function shownIn(language: string): string {
  if (language === 'en-XA') return language
  const base = language.split('-')[0] ?? 'en'
  return base in LANGUAGES ? base : 'en'
}
