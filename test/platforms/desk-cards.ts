import { md, plain } from '../../src/core/md.ts'
import type { Block, Card, Form, Option } from '../../src/core/view.ts'

/** Cards as the workflows draw them, with invented people and policies. */
export const FILE = 'fil_00000000000000000000000000'
export const OTHER_FILE = 'fil_00000000000000000000000002'
const ASSIGNMENT = 'asg_00000000000000000000000001'

export const PEOPLE: Option[] = [
  { value: 'per_00000000000000000000000002', label: 'Ines Fictional', hint: 'Security' },
  { value: 'per_00000000000000000000000003', label: 'Ingrid Invented', hint: 'Games' },
  { value: 'per_00000000000000000000000004', label: 'Omar Sample', hint: 'Platform' },
]

export const request: Card = {
  title: 'Acceptable Use, version 3',
  status: { label: 'Due Fri 27 November', tone: 'warning' },
  blocks: [
    { kind: 'text', text: md`**4 minutes** · new: personal AI accounts.` },
    { kind: 'text', text: md`You get this because it applies to everybody who works here.`, tone: 'muted' },
    {
      kind: 'buttons',
      buttons: [
        {
          label: 'Read and acknowledge',
          do: 'policies.acknowledge',
          id: ASSIGNMENT,
          shown: 'v3',
          style: 'primary',
          asks: true,
        },
        { label: 'Ask', do: 'policies.ask', id: ASSIGNMENT, asks: true },
        { label: 'Later', do: 'policies.later', id: ASSIGNMENT, asks: true },
      ],
    },
  ],
}

export const receipt: Card = {
  title: 'Acceptable Use, version 3',
  status: { label: 'Done', tone: 'good' },
  blocks: [
    { kind: 'text', text: md`**Done, 10:00.** Receipt \`A-10293\`. Nothing else is waiting for you.` },
    { kind: 'buttons', buttons: [{ label: 'Read it again', href: '/card/policies.policy/pov_1' }] },
  ],
}

export const policies: Card = {
  title: 'Your policies',
  blocks: [{ kind: 'text', text: md`**2 policies** apply to you.` }],
}

export const attested: Card = {
  title: 'Restore test of the build servers',
  status: { label: 'Done', tone: 'good' },
  blocks: [{ kind: 'text', text: md`**Done, 10:00.** Receipt \`A-10294\`.` }],
}

const policyText: Block[] = [
  {
    kind: 'facts',
    facts: [
      { label: 'Owner', value: plain('Lena Placeholder, Head of Engineering') },
      { label: 'Approved', value: plain('2 November 2026 by Cleo Imaginary') },
      { label: 'Applies from', value: plain('16 November 2026') },
      { label: 'SHA-256', value: md`\`3f7a…91c0\`` },
    ],
  },
  { kind: 'heading', text: 'What this is about' },
  {
    kind: 'text',
    text: md`You work with other people's games, streams and robots. What you do with a company account, a laptop or a dataset reaches them. This page says what is fine, what is not, and whom to ask when it is neither.`,
  },
  { kind: 'heading', text: 'Accounts and devices' },
  {
    kind: 'list',
    items: [
      md`Use **your own** account. Nobody, and no bot, will ever ask for your password.`,
      md`Lock the screen when you leave it. Encrypted disks stay encrypted.`,
      md`Tell us about a lost device at once: \`/incident lost laptop\`. You cannot get in trouble for reporting.`,
    ],
  },
  { kind: 'heading', text: 'Personal AI accounts' },
  {
    kind: 'text',
    text: md`Company source code, player data and unreleased material do not go into a personal AI account. The tools in the _approved list_ are there for this; see [the catalogue](/card/policies.catalogue).`,
  },
  {
    kind: 'table',
    caption: 'What may go where',
    columns: ['Material', 'Personal account', 'Approved tool', 'Ask first'],
    rows: [
      ['Public pages', 'Yes', 'Yes', '—'],
      ['Source code', 'No', 'Yes', 'Firmware keys'],
      ['Player data', 'No', 'No', 'Always'],
    ],
  },
]

/** A text of two pages: the first leads on, at its end. */
export const acknowledgeForm = (page = '1'): Form => ({
  title: 'Acceptable Use, version 3',
  submit: 'I have read version 3 and will follow it',
  do: 'policies.acknowledge',
  blocks: [
    ...(page === '1' ? policyText : [{ kind: 'heading' as const, text: 'Page 2' }, ...policyText]),
    { kind: 'buttons', buttons: [{ label: 'Next page', do: 'policies.acknowledge', with: { page: '2' }, asks: true }] },
  ],
  fields: {},
})

export const reportForm: Form = {
  title: 'Report something',
  submit: 'Send',
  do: 'incidents.report',
  id: 'rep_00000000000000000000000009',
  intro: md`You can't get in trouble for reporting. Don't test it further, don't delete anything.`,
  fields: {
    what: { kind: 'lines', label: 'What happened?', hint: 'One sentence is enough.', max: 3000 },
    ongoing: {
      kind: 'choice',
      label: 'Is it still going on?',
      optional: true,
      options: [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' },
        { value: 'unknown', label: "I don't know" },
      ],
    },
    seen: { kind: 'date', label: 'When did you see it?', optional: true },
    who: { kind: 'person', label: 'Who else knows?', optional: true },
    proof: { kind: 'file', label: 'A picture or a file', optional: true, max: 3 },
  },
}

export const importForm: Form = {
  title: 'Bring an export',
  submit: 'Bring it',
  do: 'access.import',
  fields: {
    system: { kind: 'line', label: 'Which system?' },
    file: { kind: 'file', label: 'The export', max: 1 },
  },
}

export const reportReceipt: Card = {
  title: 'EVT-2026-0042',
  status: { label: 'Received', tone: 'good' },
  blocks: [{ kind: 'text', text: md`**EVT-2026-0042.** Ravi is on duty and answers by 14:30.` }],
}

export const triage: Card = {
  title: 'A new report: EVT-2026-0041',
  status: { label: 'Waits for you', tone: 'bad' },
  blocks: [
    {
      kind: 'quote',
      text: 'I left my laptop in a taxi <!channel> after the studio party.\nIt was locked. [Click here](https://evil.example)',
    },
    {
      kind: 'facts',
      facts: [
        { label: 'From', value: plain('Omar Sample, Platform') },
        { label: 'Still going on', value: plain("doesn't know") },
        { label: 'Personal data', value: plain("doesn't know") },
      ],
    },
    {
      kind: 'buttons',
      buttons: [
        { label: 'I take it', do: 'incidents.take', id: 'rep_00000000000000000000000001', style: 'primary' },
        { label: 'Decide', do: 'incidents.decide', id: 'rep_00000000000000000000000001', asks: true },
      ],
    },
  ],
}

const reviewRow = (name: string, what: string, flag?: string) => ({
  title: md`**${name}** · ${what}`,
  text: plain(flag ?? 'Last used 3 days ago.'),
  ...(flag ? { status: { label: 'Flagged', tone: 'bad' as const } } : {}),
  buttons: [
    { label: 'Keep', do: 'access.keep', id: 'rit_00000000000000000000000001' },
    {
      label: 'Remove',
      do: 'access.remove',
      id: 'rit_00000000000000000000000001',
      style: 'danger' as const,
      confirm: {
        title: `Remove the right of ${name}?`,
        text: 'The owner of the system is asked to take it away today.',
        yes: 'Remove',
        no: 'Leave it',
      },
    },
  ],
})

const review: Card = {
  title: 'GitHub: 42 people, 3 need you',
  status: { label: 'About 4 minutes', tone: 'neutral' },
  blocks: [
    { kind: 'progress', label: 'Decided', done: 12, of: 42 },
    {
      kind: 'rows',
      rows: [
        reviewRow('Sol Madeup', 'Owner: may delete every repository', 'Left the company on 13 November.'),
        reviewRow('שרה דוגמה', 'Write access to firmware', 'Not used for 214 days.'),
        reviewRow('Yuki Notreal', 'Write access to launcher'),
      ],
      more: { left: 39 },
    },
  ],
}

export const reviewAfter: Card = { ...review, title: 'GitHub: 42 people, 2 need you' }

export const inbox = (isClear: boolean): Card => ({
  title: 'Your inbox',
  blocks: isClear
    ? [{ kind: 'text', text: md`**All clear.** Next: GitHub review, 3 April.` }]
    : [
        { kind: 'text', text: md`**3 things** wait for you.` },
        {
          kind: 'rows',
          rows: [
            {
              title: md`Control: restore test of the build servers`,
              text: plain('3 minutes · was due Thu 19 November'),
              status: { label: 'Overdue', tone: 'bad' },
              buttons: [{ label: 'Attest', do: 'controls.attest', id: ASSIGNMENT, asks: true }],
            },
            {
              title: md`Acceptable Use, version 3`,
              text: plain('4 minutes · due Fri 27 November'),
              status: { label: 'Due soon', tone: 'warning' },
              buttons: [
                {
                  label: 'Read and acknowledge',
                  do: 'policies.acknowledge',
                  id: ASSIGNMENT,
                  style: 'primary',
                  asks: true,
                },
              ],
            },
            {
              title: md`GitHub review`,
              text: plain('4 minutes · due 4 December'),
              buttons: [{ label: 'Open', href: '/card/access.review/rev_1' }],
            },
          ],
        },
      ],
})

const dashboard = (isAcknowledged: boolean): Card => ({
  title: 'How things stand',
  blocks: [
    { kind: 'heading', text: 'Policies' },
    { kind: 'progress', label: 'Acceptable Use, version 3', done: isAcknowledged ? 88 : 87, of: 118 },
    { kind: 'progress', label: 'Remote Work, version 2', done: 118, of: 118 },
    {
      kind: 'buttons',
      buttons: [
        { label: 'Remind 30 people', do: 'policies.remind', id: 'cmp_1' },
        { label: 'The policies', href: '/card/policies.policy/pov_1' },
      ],
    },
    { kind: 'heading', text: 'Controls' },
    {
      kind: 'table',
      caption: 'Attestations this quarter',
      columns: ['Control', 'Owner', 'Result'],
      rows: [
        ['A.8.13 Information backup', 'Lena Placeholder', '✓ operates'],
        ['A.5.18 Access rights', 'Omar Sample', '▲ with deviations'],
        ['A.8.8 Management of technical vulnerabilities', 'Ravi Fictive', '◆ missed'],
      ],
    },
    { kind: 'heading', text: 'Incidents' },
    {
      kind: 'rows',
      rows: [
        {
          title: plain('EVT-2026-0041'),
          text: plain('Received 08:12, nobody has it yet'),
          status: { label: 'New', tone: 'bad' },
        },
        {
          title: plain('EVT-2026-0040'),
          text: plain('Weakness, decided by Ravi Fictive'),
          status: { label: 'Decided', tone: 'good' },
        },
      ],
    },
  ],
})

export function page(name: string, id: string | undefined, isAcknowledged: boolean): Card | undefined {
  switch (name) {
    case 'home.inbox':
      return inbox(false)
    case 'home.dashboard':
      return dashboard(isAcknowledged)
    case 'policies.policy':
      return id === 'pov_1'
        ? { title: 'Acceptable Use', status: { label: 'Version 3', tone: 'neutral' }, blocks: policyText }
        : undefined
    case 'home.help':
      return {
        title: 'Help',
        blocks: [
          { kind: 'text', text: md`Here is what you can do.` },
          { kind: 'list', items: [md`\`/isms policies\`  what applies to me`, md`\`/incident …\`  report something`] },
        ],
      }
    case 'access.review':
      return review
    case 'incidents.report':
      return triage
    default:
      return undefined
  }
}
